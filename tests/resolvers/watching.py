"""Watching a nation's log, as the tests of live updates do it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection

from tortoise.connection import get_connection

from actions.post import Job, Post
from resolvers.positions import cursor_at
from resolvers.seal import Seal
from server.auth import derived
from tests.resolvers.asking import gid
from tests.server.site import SECRET, Line, Site
from tests.server.test_auth import token_of
from tests.world import Basket, Nation, World

CHANGE = """cursor at topic change { __typename
  ... on NodeChanged { node { __typename id ... on Profile { firstName } ... on Tag { name taggings } } }
  ... on NodeDeleted { deletedId }
  ... on ShareStatusChanged { shareId from to share { id status } }
  ... on StatsChanged { shareId stats { matched notFound synced total } }
  ... on RunProgressed { runId run { id runState } }
  ... on StreamReset { reason resumeFrom }
}"""
CHANGES = f"""subscription($nation: ID!, $after: EventCursor, $topics: [Topic!]) {{
  changes(nation: $nation, after: $after, topics: $topics) {{ {CHANGE} }}
}}"""
PULL = f"""query($nation: ID!, $after: EventCursor, $first: Int) {{
  changes(nation: $nation, after: $after, first: $first) {{ events {{ {CHANGE} }} cursor hasMore }}
}}"""
SHARE = f"subscription($id: ID!, $after: EventCursor) {{ share(id: $id, after: $after) {{ {CHANGE} }} }}"
STATS = "subscription($id: ID!) { shareStats(id: $id) { matched notFound ambiguous synced unreviewedChanges total } }"


class Hinting(Basket):
    """A post that keeps the jobs, and wakes whoever watches."""

    def __init__(self, post: Post) -> None:
        super().__init__()
        self._post = post

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Keep the jobs, send the hints on."""
        await super().send(jobs, nations)
        await self._post.send([], nations)


async def north_of(world: World) -> tuple[Nation, str]:
    """Return a nation and a token of it."""
    nation = await world.nation("north")
    return nation, await token_of(nation)


def cursor(nation: Nation, place: int) -> str:
    """Return the cursor that the site gives for a position of a nation's log."""
    return cursor_at(Seal(derived(SECRET, "cursor")), nation.id, place)


async def watch(line: Line, nation: Nation, **variables: object) -> str:
    """Subscribe to a nation; from now on unless told, in which case it has begun when this returns."""
    operation_id = await line.subscribe(CHANGES, nation=gid("Nation", nation.id), **variables)
    if "after" not in variables:
        await asyncio.sleep(0.3)
    return operation_id


async def told(line: Line, seconds: float = 10.0) -> dict:
    """Return the next event."""
    event: dict = (await line.next(seconds))["changes"]
    return event


async def name_told(line: Line) -> str:
    """Return the first name of the profile that the next event is about."""
    name: str = (await told(line))["change"]["node"]["firstName"]
    return name


async def refused(line: Line) -> str:
    """Return the code of the error that ends the operation."""
    message = await line.receive()
    assert message["type"] == "error", message
    code: str = message["payload"][0]["extensions"]["code"]
    return code


async def pull(site: Site, nation: Nation, token: str, **variables: object) -> dict:
    """Return a page of a nation's log."""
    answer = await site.post(PULL, token, nation=gid("Nation", nation.id), **variables)
    page: dict = answer.json()["data"]["changes"]
    return page


async def pulled(site: Site, nation: Nation, token: str) -> AsyncIterator[dict]:
    """Pull a log from its beginning to its end."""
    after, more = cursor(nation, 0), True
    while more:
        page = await pull(site, nation, token, after=after)
        for event in page["events"]:
            yield event
        after, more = page["cursor"], page["hasMore"]


async def execute(statement: str, nation_id: int) -> None:
    """Change the tables behind everybody's back."""
    await get_connection("default").execute_query(statement, [nation_id])
