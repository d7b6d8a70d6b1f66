"""How many queries and mutations of one caller may be under way at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.resolvers.asking import gid
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.world import World

RENAME = "mutation ($tag: ID!, $name: String!) { renameTag(input: {tagId: $tag, name: $name}) { __typename } }"
MOST = 3


@pytest.fixture(scope="module")
def busy(database_url: str, redis_url: str) -> Iterator[Site]:
    """Return a web process in which few operations of a caller may be under way."""
    with Site(database_url, redis_url, {"COMITY_MAX_OPERATIONS": str(MOST)}).running() as running:
        yield running


@asynccontextmanager
async def held(database_url: str, tag: UUID) -> AsyncIterator[None]:
    """Keep a tag locked, so that whoever would write it waits."""
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM tags WHERE id = $1 FOR UPDATE", tag)
            yield
    finally:
        await connection.close()


async def waiting(database_url: str, many: int) -> None:
    """Return once so many wait for a lock."""
    connection = await asyncpg.connect(database_url)
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    try:
        async with asyncio.timeout(20):
            while True:
                if await connection.fetchval(asked) >= many:
                    return
                await asyncio.sleep(0.02)
    finally:
        await connection.close()


async def test_a_caller_has_so_many_operations_under_way_and_others_are_not_held_up(
    busy: Site, world: World, database_url: str
) -> None:
    north, south = await world.nations("north", "south")
    tag, token, other = await north.tag("members"), await token_of(north), await token_of(south)
    async with held(database_url, tag):
        given = {"tag": gid("Tag", tag)}
        begun = [asyncio.create_task(busy.post(RENAME, token, **given, name=f"name {n}")) for n in range(MOST)]
        await waiting(database_url, MOST)
        refused = await busy.post("{ __typename }", token)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        (error,) = refused.json()["errors"]
        assert error["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        assert "3 operations of yours already" in error["message"]
        assert (await busy.post("{ __typename }", other)).status_code == 200
        assert not any(task.done() for task in begun)
    answers: list[httpx.Response] = await asyncio.gather(*begun)
    assert [answer.status_code for answer in answers] == [200] * MOST
    assert (await busy.post("{ __typename }", token)).status_code == 200


async def test_what_a_client_gives_up_on_gives_its_place_back(busy: Site, world: World, database_url: str) -> None:
    north = await world.nation("north")
    tag, token = await north.tag("members"), await token_of(north)
    async with held(database_url, tag), busy.line(token) as line:
        given = {"tag": gid("Tag", tag)}
        begun = [await line.subscribe(RENAME, **given, name=f"name {n}") for n in range(MOST)]
        await waiting(database_url, MOST)
        refused = await line.subscribe("{ __typename }")
        message = await line.receive()
        assert (message["id"], message["type"]) == (refused, "error")
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        for number in begun:
            await line.send({"id": number, "type": "complete"})
        async with asyncio.timeout(20):
            while True:
                if (await busy.post("{ __typename }", token)).status_code == 200:
                    break
                await asyncio.sleep(0.02)
    assert (await busy.post("{ __typename }", token)).status_code == 200


@pytest.mark.parametrize(
    "document", ['{ node(id: "x") { id } }', '{ nodes(ids: ["x"]) { id } }', "mutation { a: __typename }"]
)
async def test_operations_that_fail_give_their_places_back(busy: Site, world: World, document: str) -> None:
    token = await token_of(await world.nation("north"))
    for _ in range(MOST + 2):
        assert (await busy.post(document, token)).status_code == 200
