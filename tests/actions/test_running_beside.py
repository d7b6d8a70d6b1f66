"""A worker that is slow within a step, while others take the run further."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest

from actions.running import step_run
from models.queries import query
from models.run import SyncRun
from sharing.modes import SyncMode
from sharing.states import RunPhase, RunState
from sharing.visibility import Caller
from tests.couples import ANN
from tests.world import SharedTag, World

ASKED = ("execute", "executemany", "fetch", "fetchrow", "fetchval")


class Slow:
    """A connection that waits before one of its statements, the n-th, unless it is one that makes others wait."""

    def __init__(self, pg: asyncpg.Connection, number: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._pg, self._left, self._meanwhile = pg, number, meanwhile

    def __getattr__(self, name: str) -> Any:
        """Give what the connection has; statements are counted."""
        method = getattr(self._pg, name)
        if name not in ASKED:
            return method

        async def ask(statement: str, *arguments: Any) -> Any:
            if self._left == 0 and statement != query("lock_run"):
                await self._meanwhile()
            self._left -= 1
            return await method(statement, *arguments)

        return ask


async def step(world: World, run_id: UUID) -> bool:
    async with world.unit(Caller()) as unit:
        return await step_run(unit, run_id)


async def one_shared(world: World) -> tuple[SharedTag, UUID]:
    north, south = await world.nations("north", "south")
    who = await north.person(**ANN, employer="Mill")
    await south.person(**ANN)
    share = await north.share(await north.tag("board", [who]), south)
    await share.accept(SyncMode.ACCEPT_ALL)
    (run,) = await SyncRun.filter(share_id=share.id)
    assert await step(world, run.id)
    return share, run.id


@pytest.mark.parametrize("number", range(16))
async def test_others_may_take_a_run_to_its_next_phase_within_a_workers_step(world: World, number: int) -> None:
    """What is cut out for the next phase is not mistaken for what the worker was about to do in the last."""
    share, run_id = await one_shared(world)

    async def others() -> None:
        while (await SyncRun.get(id=run_id)).phase != RunPhase.SYNCING and await step(world, run_id):
            pass

    outside = copy_context()  # a task of this transaction would work in it

    async def meanwhile() -> None:
        await asyncio.create_task(others(), context=outside)

    async with world.unit(Caller()) as unit:
        unit.pg = cast("asyncpg.Connection", Slow(unit.pg, number, meanwhile))
        await step_run(unit, run_id)
    await world.work()
    assert (await SyncRun.get(id=run_id)).state is RunState.SUCCEEDED
    assert await share.boxes() == {"synced": 1}
    (person,) = await share.receiver.people()
    assert person.employer == "Mill"
