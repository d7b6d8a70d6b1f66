"""Comity with some thousand users who watch one share, or ten nations, over sockets of their own."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from tortoise.connection import get_connection
from uuid_utils.compat import uuid7

from actions.post import Job
from actions.unit import unit_of_work
from resolvers.ids import encode
from server.auth import Tokens
from server.database import open_database
from server.post import RedisPost, open_post
from sharing.events import Noun
from sharing.states import MatchState
from tests.journeys.stage import SECRET
from tests.resolvers.asking import gid
from tests.world import Nation, World

SHARE = """subscription($id: ID!, $after: EventCursor) { share(id: $id, after: $after) { cursor at topic change {
  __typename ... on StatsChanged { shareId stats { matched notFound ambiguous synced unreviewedChanges total } }
  ... on ShareStatusChanged { shareId to }
} } }"""
CHANGES = """subscription Number%d($nation: ID!) { changes(nation: $nation, topics: [PROFILES]) { cursor at topic
  change { __typename ... on NodeChanged { node { __typename id ... on Profile { firstName lastName } } }
} } }"""
MAKE_USER = "INSERT INTO users (id, email, name, password_hash, created_at) VALUES ($1, $2, '', '', now())"
MAKE_MEMBER = "INSERT INTO memberships (user_id, nation_id, role) VALUES ($1, $2, 'ADMIN')"


class Stamped:
    """A post that notes when it was first given something: units of work hand it over once they are committed."""

    def __init__(self, post: RedisPost) -> None:
        self._post = post
        self.committed = 0

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Note the moment, and send."""
        self.committed = self.committed or time.monotonic_ns()
        await self._post.send(jobs, nations)


@dataclass
class Comity:
    """What is there to be watched."""

    post: Stamped
    nations: list[Nation]
    share_id: UUID

    async def count(self) -> int:
        """Change the figures of the share; returns when that was committed, by the monotonic clock, in nanoseconds."""
        self.post.committed = 0
        async with unit_of_work(self.post) as unit:
            unit.count(self.share_id, MatchState.MATCHED, 1)
        return self.post.committed

    async def make_people(self) -> int:
        """Make somebody in each nation at once; returns when the first was committed."""
        self.post.committed = 0
        await asyncio.gather(*(nation.person(first_name="Ada", last_name="King") for nation in self.nations))
        return self.post.committed

    async def watching_share(self, count: int) -> list[list[str]]:
        """Return what each of so many users says to watch the share."""
        subscription = _subscription(SHARE, id=encode(Noun.TAG_SHARE, self.share_id))
        return [[_greeting(await _user(self.nations[0].id)), subscription] for _ in range(count)]

    async def watching_nations(self, count: int, documents: int) -> list[list[str]]:
        """Return what each of so many users says to watch a nation, by one of so many documents."""
        hellos = []
        for number in range(count):
            nation = self.nations[number % len(self.nations)]
            subscription = _subscription(CHANGES % (number % documents), nation=gid("Nation", nation.id))
            hellos.append([_greeting(await _user(nation.id)), subscription])
        return hellos


@asynccontextmanager
async def opened(database_url: str, redis_url: str, nations: int) -> AsyncIterator[Comity]:
    """Found nations, of which the first shares a tag with the second."""
    async with open_database(database_url, pool=nations, everywhere=False), open_post(redis_url) as redis:
        post = Stamped(redis)
        world = World(post)  # type: ignore[arg-type]
        found = [await world.nation(f"nation{number}") for number in range(nations)]
        share = await found[0].share(await found[0].tag("friends"), found[1])
        yield Comity(post, found, share.id)


def _greeting(token: str) -> str:
    return json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})


def _subscription(document: str, **variables: str) -> str:
    payload = {"query": document, "variables": variables}
    return json.dumps({"id": "1", "type": "subscribe", "payload": payload})


async def _user(nation_id: int) -> str:
    """Make a user of a nation; returns its token. It never signs in: no password is hashed."""
    user_id = uuid7()
    database = get_connection("default")
    await database.execute_query(MAKE_USER, [user_id, f"{user_id}@example.org"])
    await database.execute_query(MAKE_MEMBER, [user_id, nation_id])
    return Tokens(SECRET).issue(user_id).token
