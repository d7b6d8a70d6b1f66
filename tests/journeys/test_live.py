"""Following a nation's log while the net, the web and the worker break: every subscriber hears exactly the log."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest
from websockets.exceptions import WebSocketException

from resolvers.positions import cursor_at
from resolvers.seal import Seal
from server.auth import derived
from tests.journeys.stage import SECRET, Client, Stage, next_data, next_event
from tests.journeys.test_febrl import IMPORT
from tests.resolvers.asking import node_id_text

EVENTS = 10_000
PEOPLE = 9_500
EDITS = 500
FOLLOWERS = 2  # of each kind, at each web process
HEAD = "query ($nation: ID!) { changes(nation: $nation) { cursor } }"
COUNT = "query ($slug: String!) { nation(slug: $slug) { profiles(first: 1) { totalCount } } }"
CHANGES = """subscription ($nation: ID!, $after: EventCursor) {
  changes(nation: $nation, after: $after) { cursor change { __typename } }
}"""
CREATE = """mutation ($input: CreateProfileInput!) { createProfile(input: $input) { __typename } }"""
BROKEN = (WebSocketException, httpx.HTTPError, OSError, TimeoutError)

Next = Callable[[], Awaitable[dict[str, Any]]]


def people() -> bytes:
    """Return a file of people, half of them with a tag."""
    rows = [f"{number},First{number},Last{number},{'friends' if number % 2 else ''}" for number in range(PEOPLE)]
    return "\n".join(["external_id,first_name,last_name,tags", *rows, ""]).encode()


@asynccontextmanager
async def by_socket(client: Client, last: str) -> AsyncIterator[Next]:
    """Follow over a websocket, and break it off at the end."""
    async with client.subscribed(CHANGES, nation=client.nation, after=last) as socket:
        yield partial(next_data, socket, 1.0)
        socket.transport.abort()


@asynccontextmanager
async def by_stream(client: Client, last: str) -> AsyncIterator[Next]:
    """Follow by server-sent events."""
    async with client.streamed(CHANGES, last, nation=client.nation) as lines:
        yield partial(next_event, lines, 1.0)


Way = Callable[[Client, str], Any]


async def follow(
    client: Client, way: Way, cursors: list[str], ends: Callable[[str], bool], chance: random.Random
) -> None:
    """Follow a log from the cursor last heard, over one connection after the other, each broken off somewhere."""
    while not ends(cursors[-1]):
        with suppress(*BROKEN):
            async with way(client, cursors[-1]) as coming:
                for _ in range(chance.randrange(1, 3_000)):
                    event = (await coming())["changes"]
                    assert event["change"]["__typename"] != "StreamReset"
                    cursors.append(event["cursor"])
                    if ends(cursors[-1]):
                        break
        await asyncio.sleep(chance.random() / 10)


async def edit(clients: list[Client], chance: random.Random) -> None:
    """Make people through one web process or the other, however often it is away, each once by its key."""
    for number in range(EDITS):
        given = {
            "nationId": clients[0].nation,
            "fields": {"firstName": f"Edit {number}"},
            "idempotencyKey": str(number),
        }
        while True:
            client = chance.choice(clients)
            address = f"http://127.0.0.1:{client.port or client.stage.port}/graphql"
            body = {"query": CREATE, "variables": {"input": given}}
            with suppress(*BROKEN):
                answer = await client.stage.http.post(address, json=body, headers=client.headers)
                if answer.status_code == 200 and answer.json().get("data"):
                    assert answer.json()["data"]["createProfile"]["__typename"] == "CreateProfilePayload"
                    break
            await asyncio.sleep(0.05)


async def heard(cursors: list[str], count: int) -> None:
    """Wait until so many events were heard."""
    async with asyncio.timeout(120):
        while True:
            if len(cursors) > count:
                return
            await asyncio.sleep(0.02)


async def kill(stage: Stage, cursors: list[str], chance: random.Random) -> None:
    """Kill web processes and the worker in turn, each time after some more events, and start them again."""
    ports = {"serve": stage.port, "second": stage.second_port}
    names = ["worker", "serve", "second", "worker", "second", "serve"]
    chance.shuffle(names)
    for turn, name in enumerate(names, 1):
        await heard(cursors, EVENTS * turn // (len(names) + 2))
        stage.kill(name)
        await asyncio.sleep(chance.random() / 2)
        stage.start("worker" if name == "worker" else "serve", name, ports.get(name))


@pytest.mark.parametrize("seed", [5])
async def test_every_subscriber_hears_the_log_whatever_is_killed(stage: Stage, seed: int):
    """Two web processes and the worker die amid ten thousand events, connections all the time: none lost, none twice."""
    chance = random.Random(seed)
    stage.start("serve", "second", stage.second_port)
    await stage.ready(stage.second_port)
    north = await stage.founded("north")
    both = [north, replace(north, port=stage.second_port)]
    number = int(node_id_text(north.nation).partition(":")[2])
    seal, last = Seal(derived(SECRET, "cursor")), ""
    start = cursor_at(seal, number, 0)
    ways = [(client, way) for client in both for way in (by_socket, by_stream) for _ in range(FOLLOWERS)]
    heard_by = [[start] for _ in ways]
    async with asyncio.TaskGroup() as group:
        for (client, way), cursors in zip(ways, heard_by, strict=True):
            own = random.Random(chance.random())
            group.create_task(follow(client, way, cursors, lambda cursor: cursor == last, own))
        run_id = await north.upload(people())
        killing = group.create_task(kill(stage, heard_by[0], chance))
        editing = group.create_task(edit(both, random.Random(chance.random())))
        await killing
        await editing
        await stage.ready()
        done = await north.until(IMPORT, lambda data: data["node"]["runState"] not in ("QUEUED", "RUNNING"), id=run_id)
        assert (done["node"]["runState"], done["node"]["created"]) == ("SUCCEEDED", PEOPLE)
        people_there = (await north.ask(COUNT, slug=north.slug))["nation"]["profiles"]["totalCount"]
        assert people_there == PEOPLE + EDITS
        last = (await north.ask(HEAD, nation=north.nation))["changes"]["cursor"]
    log = [start]
    while log[-1] != last:
        log.append(cursor_at(seal, number, len(log)))
    assert [cursors == log for cursors in heard_by] == [True] * len(ways)
    assert len(log) > EVENTS
