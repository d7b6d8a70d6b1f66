"""Those who are told the results of subscriptions, as the tests of cohorts have them: in this process, each result kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from graphql import GraphQLError

from actions.post import Job
from resolvers.context import Context
from resolvers.log import Log
from resolvers.positions import position_of
from resolvers.roots import Reads
from server.auth import Tokens
from server.cohorts import Cohorts
from server.hub import Hub
from server.members import Told
from server.reception import Asked
from sharing.visibility import Caller
from tests.resolvers.asking import SCHEMA, SEAL
from tests.server.site import SECRET
from tests.world import Basket, Nation, World

PATIENCE = 10.0


class Ringing(Basket):
    """A post that keeps the jobs, and rings for the nations."""

    def __init__(self) -> None:
        super().__init__()
        self.hub = Hub()

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Keep the jobs, ring."""
        await super().send(jobs, nations)
        for nation_id in nations:
            self.hub.ring(nation_id)


@dataclass
class Ear:
    """One who is told, and takes so much at a time."""

    room: int = 1_000_000
    told: list[Told] = field(default_factory=list)
    errors: list[GraphQLError] | None = None
    task: asyncio.Task[None] | None = None
    _taken: int = 0
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, told: Told) -> bool:
        """Keep a result; whether there is room for more."""
        self.told.append(told)
        self._moved.set()
        return len(self.told) - self._taken < self.room

    async def drained(self) -> None:
        """Wait until there is room."""
        while len(self.told) - self._taken >= self.room:
            self._moved.clear()
            await self._moved.wait()

    def read(self) -> None:
        """Make room."""
        self._taken = len(self.told)
        self._moved.set()

    async def hears(self, count: int) -> list[Any]:
        """Return what was told so far, once it is so much."""
        async with asyncio.timeout(PATIENCE):
            while len(self.told) < count:
                assert self.task is not None
                assert not self.task.done(), self.errors
                self._moved.clear()
                await self._moved.wait()
        return [orjson.loads(told.body)["data"] for told in self.told]

    async def ends(self) -> list[str]:
        """Return the codes of the errors that end it."""
        assert self.task is not None
        await asyncio.wait_for(self.task, PATIENCE)
        return [str((error.extensions or {})["code"]) for error in self.errors or []]


class Room:
    """Where they are told."""

    def __init__(self, world: World, post: Ringing) -> None:
        self.world = world
        self._tokens = Tokens(SECRET)
        log = Log(post.hub)

        def new_context(caller: Caller) -> Context:
            return Context(caller, world.post, self._tokens, SEAL, log, Reads)

        self.cohorts = Cohorts(SCHEMA, self._tokens, new_context)
        self._ears: list[Ear] = []

    async def sit(self, user_id: UUID, document: str, *, room: int = 1_000_000, **variables: Any) -> Ear:
        """Have a user watch, as over a websocket; it has begun when this returns."""
        token = self._tokens.issue(user_id).token
        caller = await self._tokens.caller_of(f"Bearer {token}")
        return await self.seat(caller, document, room=room, **variables)

    async def seat(self, caller: Caller, document: str, *, room: int = 1_000_000, **variables: Any) -> Ear:
        """Have a caller watch."""
        ear = Ear(room)
        beginning = SCHEMA.beginning(document, None)
        assert beginning is not None

        async def follow() -> None:
            try:
                ear.errors = await self.cohorts.follow(Asked(document, variables=variables), beginning, caller, ear)
            except Exception as error:
                ear.errors = [GraphQLError(str(error), extensions={"code": type(error).__name__})]

        ear.task = asyncio.create_task(follow())
        self._ears.append(ear)
        await asyncio.sleep(0.1)
        return ear

    def get_up(self, ear: Ear) -> None:
        """Have one go away."""
        assert ear.task is not None
        ear.task.cancel()

    async def close(self) -> None:
        """Have everybody go away."""
        for ear in self._ears:
            self.get_up(ear)
        for ear in self._ears:
            assert ear.task is not None
            with suppress(asyncio.CancelledError):
                await ear.task


@asynccontextmanager
async def opened() -> AsyncIterator[Room]:
    """Open a room."""
    post = Ringing()
    room = Room(World(post), post)
    yield room
    await room.close()


def place_of(nation_id: int, cursor: str) -> int:
    """Return the position that a cursor stands for, which must be that nation's."""
    return position_of(SEAL, nation_id, cursor)  # type: ignore[arg-type]


async def shared(room: Room) -> tuple[Nation, Nation, object]:
    """Return two nations, and a share between them that nobody has answered."""
    north, south = await room.world.nation("north"), await room.world.nation("south")
    return north, south, await north.share(await north.tag("friends"), south)
