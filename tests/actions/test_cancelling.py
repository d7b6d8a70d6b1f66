"""Runs that are cancelled: at any step, under workers who are at it, and what flows afterwards."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from actions import running
from actions.holding import cancel_run
from actions.running import step_run
from models.run import SyncRun
from sharing.errors import Forbidden, IllegalTransition
from sharing.events import EventKind, Noun
from sharing.states import RunState
from sharing.visibility import Caller
from tests.crowd import crowd, in_step, step
from tests.refusals import refused
from tests.tables import events, holdings, position
from tests.world import World
from workers.jobs import JOBS


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("MATCH_CHUNK", 3), ("SETTLE_CHUNK", 1), ("SYNC_CHUNK", 2)):
        monkeypatch.setattr(running, name, size)


async def state(run_id: UUID) -> RunState:
    return (await SyncRun.get(id=run_id)).state


@pytest.mark.parametrize("steps", range(12))
async def test_a_run_that_is_cancelled_at_any_step_writes_nothing_more_and_leaves_what_is_consistent(world, steps):
    """The figures are right, and a later run ends as if there had been no other."""
    people = await crowd(world, known=3, lacking=3)
    run_id = await people.accept()
    taken = [await step(world, run_id) for _ in range(steps)]
    if not all(taken):
        async with refused(IllegalTransition, people.sender, people.receiver):
            await people.cancel(run_id, people.receiver)
        return
    logs = [await position(nation_id) for nation_id in people.nations]
    await people.cancel(run_id, people.receiver)
    before = await holdings(people.nations, but=["shares"])
    for nation_id, log in zip(people.nations, logs, strict=True):
        told = {(row["kind"], row["noun"]) for row in await events(nation_id, log)}
        assert told == {(EventKind.PROGRESS, Noun.SYNC_RUN), (EventKind.CHANGED, Noun.TAG_SHARE)}
    assert await step(world, run_id) is False
    await JOBS["run_sync"](world.post, run_id)
    await world.work()
    assert await holdings(people.nations, but=["shares"]) == before
    run, share = await SyncRun.get(id=run_id), await people.share.row()
    assert (run.state, run.finished_at is not None) == (RunState.CANCELLED, True)
    assert share.next_sync_at - run.finished_at > timedelta(hours=23)
    boxes = await people.share.boxes()
    assert run.counts.get("created", 0) == await people.made() <= boxes.get("synced", 0)
    assert (await people.run_off(await people.ask())).state is RunState.SUCCEEDED
    assert await people.share.boxes() == {"synced": 6}
    assert (await people.made(), await people.employers(people.receiver)) == (3, ["Mill"] * 3)


async def test_a_cancellation_waits_for_the_step_under_way_and_nothing_follows_it(world: World):
    people = await crowd(world, lacking=6)
    run_id = await people.accept()
    while (await SyncRun.get(id=run_id)).phase != "SYNCING":
        await step(world, run_id)
    done, begun = [], asyncio.Event()

    async def cancel() -> None:
        await begun.wait()
        await people.cancel(run_id)
        done.append("cancelled")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(cancel())
        async with world.unit(Caller()) as unit:
            assert await step_run(unit, run_id)
            begun.set()
            await asyncio.sleep(0.1)
            done.append("stepped")
    assert (done, await people.made()) == (["stepped", "cancelled"], 2)
    await JOBS["run_sync"](world.post, run_id)
    assert (await people.made(), await people.share.boxes()) == (2, {"synced": 2, "not_found": 4})


@pytest.mark.parametrize("lanes", [1, 3])
async def test_a_run_that_is_cancelled_under_workers_who_are_at_it_ends_for_all_of_them(world: World, lanes: int):
    people = await crowd(world, known=5, lacking=5)
    run_id = await people.accept()
    await step(world, run_id)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(lanes):
            tasks.create_task(JOBS["run_sync"](world.post, run_id))
        await people.cancel(run_id)
        before = await holdings(people.nations, but=["changes"])
    assert await holdings(people.nations, but=["changes"]) == before
    assert await state(run_id) is RunState.CANCELLED
    await people.share.boxes()


async def test_after_a_cancelled_run_edits_flow_and_what_it_had_no_leave_for_is_asked_for_by_the_next(world: World):
    """What the held run was about does not come back by itself before the next run."""
    people = await in_step(world, known=2)
    await people.limit(people.receiver, overwritten=0)
    await people.sender.edit(people.ours[0], employer="Dock")
    await world.work()
    run = await people.latest()
    await people.cancel(run.id, people.receiver)
    await world.work()
    assert (await people.latest()).state is RunState.CANCELLED
    await people.sender.edit(people.ours[1], church="St Ann")
    await world.work()
    assert await people.receiver.value(people.theirs[1], "church") == "St Ann"
    assert await people.employers(people.receiver) == ["Mill", "Mill"]
    assert (await people.run_off(await people.ask())).state is RunState.HELD


async def test_whoever_lost_the_tag_leaves_though_the_run_that_was_to_see_it_is_cancelled_before_it_begins(
    world: World,
):
    people = await in_step(world, known=2)
    await people.limit(people.receiver, overwritten=0)
    await people.sender.edit(people.ours[0], employer="Dock")
    await people.sender.take_off(people.tag, people.ours[1])
    await JOBS["advance_share"](world.post, people.share.id)
    run = await people.latest()
    assert (run.state, run.trigger) == (RunState.QUEUED, "CHANGES")
    await people.cancel(run.id)
    await world.work()
    assert (await people.latest()).state is RunState.CANCELLED
    assert (await people.share.tagged(), await people.share.boxes()) == ({people.theirs[0]}, {"synced": 1})


async def test_only_admins_of_either_side_cancel(world: World):
    people = await crowd(world, lacking=1)
    run_id = await people.accept()
    for caller in (people.sender.member, people.receiver.member):
        async with refused(Forbidden, people.sender, people.receiver), world.unit(caller) as unit:
            await cancel_run(unit, run_id)
    await people.cancel(run_id, people.sender)
    assert await state(run_id) is RunState.CANCELLED
