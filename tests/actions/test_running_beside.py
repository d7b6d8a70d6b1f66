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
from models.share import Share
from sharing.modes import SyncMode
from sharing.states import RunPhase, RunState
from sharing.visibility import Caller
from tests.couples import ANN
from tests.world import SharedTag, World

ASKED = ("execute", "executemany", "fetch", "fetchrow", "fetchval")


Asked = list[str]
When = Callable[[Asked], bool]
Meanwhile = Callable[[], Awaitable[None]]


class Slow:
    """A connection that waits before some of its statements.

    Args:
        pg: the connection.
        pauses: when to wait, once each: what says so by the statements asked so far, the one that comes now included; and
            what happens meanwhile.
    """

    def __init__(self, pg: asyncpg.Connection, *pauses: tuple[When, Meanwhile]) -> None:
        self._pg, self._pauses = pg, list(pauses)
        self._asked: Asked = []

    def __getattr__(self, name: str) -> Any:
        """Give what the connection has; statements are noted."""
        method = getattr(self._pg, name)
        if name not in ASKED:
            return method

        async def ask(statement: str, *arguments: Any) -> Any:
            self._asked.append(statement)
            for pause in [pause for pause in self._pauses if pause[0](self._asked)]:
                self._pauses.remove(pause)
                await pause[1]()
            return await method(statement, *arguments)

        return ask


def holds_the_run(asked: Asked) -> bool:
    return any(statement == query("lock_run") or statement.startswith("SELECT FROM shares") for statement in asked)


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
        slow = Slow(unit.pg, (lambda asked: len(asked) == number + 1 and not holds_the_run(asked), meanwhile))
        unit.pg = cast("asyncpg.Connection", slow)
        await step_run(unit, run_id)
    await world.work()
    assert (await SyncRun.get(id=run_id)).state is RunState.SUCCEEDED
    assert await share.boxes() == {"synced": 1}
    (person,) = await share.receiver.people()
    assert person.employer == "Mill"


async def waiting(world: World, other: asyncio.Task[bool]) -> None:
    """Wait until somebody waits for a lock, or the other has come to the end."""
    while True:
        async with world.unit(Caller()) as unit:
            if other.done() or await unit.pg.fetchval(_WAITING):
                return
        await asyncio.sleep(0.01)


_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_two_who_come_to_the_end_of_a_run_do_not_wait_for_each_other(world: World) -> None:
    """One of them notes what the share carries, as another has done meanwhile; the other has the run."""
    share, run_id = await one_shared(world)
    while await share.boxes() != {"synced": 1}:
        assert await step(world, run_id)
    carried = (await Share.get(id=share.id)).carried
    outside, others = copy_context(), list[asyncio.Task[bool]]()

    async def note(known: dict[str, int] | None) -> None:
        await Share.filter(id=share.id).update(carried=known)

    async def noted() -> None:
        await asyncio.create_task(note(carried), context=outside.copy())

    async def meanwhile() -> None:
        others.append(asyncio.create_task(step(world, run_id), context=outside.copy()))
        await asyncio.wait_for(asyncio.create_task(waiting(world, others[0]), context=outside.copy()), 30)

    await note(None)
    async with world.unit(Caller()) as unit:
        slow = Slow(
            unit.pg,
            (lambda asked: asked[-1] == query("note_carried"), noted),
            (lambda asked: asked[-2:-1] == [query("note_carried")], meanwhile),
        )
        unit.pg = cast("asyncpg.Connection", slow)
        await step_run(unit, run_id)
    await others[0]
    assert (await SyncRun.get(id=run_id)).state is RunState.SUCCEEDED
