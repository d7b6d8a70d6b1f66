"""Runs that are held: what waits meanwhile, what is refused, and what a killed worker leaves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from actions import running
from actions.brakes import set_share_limits
from actions.holding import cancel_run, resume_run
from actions.nations import update_nation
from actions.post import Job
from models.run import SyncRun
from models.share import Share
from sharing.brakes import Limit
from sharing.errors import Forbidden, IllegalTransition, NotFound
from sharing.events import EventKind, Noun
from sharing.states import RunState
from sharing.visibility import Caller, Role
from tests.crowd import Crowd, Killed, crowd, in_step, somebody, step
from tests.refusals import refused
from tests.tables import events, holdings, position
from tests.world import World
from workers import sweep as clock
from workers.sweep import rematch, sweep


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("MATCH_CHUNK", 3), ("SETTLE_CHUNK", 1), ("SYNC_CHUNK", 2)):
        monkeypatch.setattr(running, name, size)


async def state(run_id: UUID) -> RunState:
    return (await SyncRun.get(id=run_id)).state


async def held(world: World, lacking: int = 3) -> tuple[Crowd, UUID]:
    """Return people none of whom may be made, and the run that is held for it."""
    people = await crowd(world, known=1, lacking=lacking, theirs={})
    await people.limit(people.receiver, made=0)
    run = await people.run_off(await people.accept())
    assert run.state is RunState.HELD
    return people, run.id


async def test_a_second_request_joins_a_held_run_and_neither_sweep_nor_day_begins_another(world, monkeypatch):
    people, run_id = await held(world)
    monkeypatch.setattr(clock, "PATIENCE", timedelta(0))
    assert await people.ask() == run_id
    asked: list[Job] = []

    class Told:
        async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
            asked.extend(jobs)

    await sweep(Told())
    assert str(run_id) not in [job.subject for job in asked]
    await Share.filter(id=people.share.id).update(next_sync_at=(await SyncRun.get(id=run_id)).queued_at)
    await rematch(world.post)
    assert await SyncRun.filter(share_id=people.share.id).count() == 1
    assert (await state(run_id), await people.made()) == (RunState.HELD, 0)


async def test_while_a_run_is_held_the_share_writes_nothing_and_what_changes_waits(world: World):
    people, run_id = await held(world)
    await people.sender.edit(people.ours[0], church="St Ann")
    await people.receiver.edit(people.theirs[0], bio="Paints.")
    late = await people.sender.person(**somebody(8))
    await people.sender.put_on(people.tag, late)
    before = await holdings(people.nations)
    await world.work()
    assert await holdings(people.nations) == before
    await people.resume(run_id, people.receiver)
    await world.work()
    values = await people.sender.values(people.ours[0]), await people.receiver.values(people.theirs[0])
    assert [(found["church"], found["bio"]) for found in values] == [("St Ann", "Paints.")] * 2
    assert (await people.made(), await people.share.boxes()) == (3, {"synced": 4, "not_found": 1})


async def test_whoever_loses_the_tag_leaves_a_held_share_at_once(world: World):
    people = await in_step(world, known=3)
    await people.limit(people.receiver, overwritten=0)
    await people.sender.edit(people.ours[1], employer="Dock")
    await world.work()
    run = await people.latest()
    await people.sender.take_off(people.tag, people.ours[0])
    await people.sender.edit(people.ours[2], church="St Ann")
    await world.work()
    assert (await state(run.id), await people.share.boxes()) == (RunState.HELD, {"synced": 2})
    assert await people.share.tagged() == set(people.theirs[1:])
    assert await people.receiver.value(people.theirs[2], "church") is None
    await people.resume(run.id, people.receiver)
    await world.work()
    assert (await people.employers(people.receiver), await people.share.boxes()) == (
        ["Mill", "Dock", "Mill"],
        {"synced": 2},
    )
    assert await people.receiver.value(people.theirs[2], "church") == "St Ann"


async def test_what_people_decide_while_a_run_is_held_is_kept_and_done_once_it_goes_on(world: World):
    people = await crowd(world, lacking=2)
    twins = [await people.receiver.person(**somebody(0)) for _ in range(2)]
    await people.limit(people.receiver, made=0)
    run = await people.run_off(await people.accept())
    assert await people.share.boxes() == {"ambiguous": 1, "not_found": 1}
    await people.share.choose(people.ours[0], twins[0])
    await world.work()
    assert (await state(run.id), await people.share.boxes()) == (RunState.HELD, {"matched": 1, "not_found": 1})
    await people.resume(run.id, people.receiver)
    await world.work()
    assert await people.share.boxes() == {"synced": 2}
    assert twins[0] in await people.share.tagged()


async def test_a_stop_ends_a_held_run_and_a_setting_that_changes_what_travels_begins_it_anew(world: World):
    people, run_id = await held(world)
    for nation in (people.sender, people.receiver):
        async with world.unit(nation.admin) as unit:
            await update_nation(unit, nation.id, voters=True)
    run = await SyncRun.get(id=run_id)
    assert (run.state, run.held_by, run.phase) == (RunState.QUEUED, None, "MATCHING")
    await world.work()
    assert (await state(run_id), await people.made()) == (RunState.HELD, 0)
    await people.share.stop(people.receiver)
    await world.work()
    run = await SyncRun.get(id=run_id)
    assert (run.state, run.held_by, await people.made(), await people.share.boxes()) == (
        RunState.CANCELLED,
        None,
        0,
        {},
    )
    async with refused(IllegalTransition, people.sender, people.receiver):
        await people.cancel(run_id)


@pytest.mark.parametrize("act", ["resume", "cancel"])
async def test_a_worker_that_is_killed_as_it_holds_a_run_leaves_nothing(world: World, act: str):
    """Neither the hold nor a write; the next one holds it, and it ends as it would have."""
    people = await crowd(world, lacking=3)
    await people.limit(people.receiver, made=1)
    run_id = await people.accept()
    while (await SyncRun.get(id=run_id)).phase != "SYNCING":
        await step(world, run_id)
    before = await holdings(people.nations), [await position(nation_id) for nation_id in people.nations]
    with pytest.raises(Killed):
        await step(world, run_id, killed=True)
    assert (await holdings(people.nations), [await position(n) for n in people.nations]) == before
    assert await state(run_id) is RunState.RUNNING
    assert (await people.run_off(run_id)).state is RunState.HELD
    for killed in (True, False):
        try:
            async with world.unit(people.receiver.admin) as unit:
                await (resume_run if act == "resume" else cancel_run)(unit, run_id)
                if killed:
                    raise Killed
        except Killed:
            assert await state(run_id) is RunState.HELD
    await world.work()
    made, ending = (3, RunState.SUCCEEDED) if act == "resume" else (0, RunState.CANCELLED)
    assert (await people.made(), await state(run_id)) == (made, ending)


async def test_only_an_admin_of_a_nation_whose_limit_holds_a_run_lets_it_go_on(world: World):
    people, run_id = await held(world)
    both = Caller(token_id=uuid4(), roles={people.sender.id: Role.ADMIN, people.receiver.id: Role.MEMBER})
    for caller in (people.sender.admin, people.sender.member, people.receiver.member, both):
        async with refused(Forbidden, people.sender, people.receiver), world.unit(caller) as unit:
            await resume_run(unit, run_id)
    assert await state(run_id) is RunState.HELD


@pytest.mark.parametrize("act", [resume_run, cancel_run])
async def test_a_run_of_others_is_as_unknown_as_none(world: World, act):
    people, run_id = await held(world)
    stranger = await world.nation("stranger")
    for caller, asked in ((stranger.admin, run_id), (Caller(), run_id), (people.receiver.admin, uuid4())):
        async with refused(NotFound, people.sender, people.receiver) as info, world.unit(caller) as unit:
            await act(unit, asked)
        assert (info.value.message, info.value.path) == ("There is no such run.", ("runId",))


async def test_what_a_runs_state_does_not_allow_is_refused_with_the_state(world: World):
    people = await in_step(world, known=1)
    run = await people.latest()
    queued = await people.ask()
    for act, run_id, stands in (
        (resume_run, run.id, "SUCCEEDED"),
        (cancel_run, run.id, "SUCCEEDED"),
        (resume_run, queued, "QUEUED"),
    ):
        async with refused(IllegalTransition, people.sender) as info, world.unit(people.sender.admin) as unit:
            await act(unit, run_id)
        assert (info.value.run_state, info.value.status) == (stands, "APPROVED")


async def test_limits_are_set_by_admins_of_the_nation_on_a_share_they_may_see(world: World):
    people = await crowd(world, lacking=1)
    stranger, asked = await world.nation("stranger"), {Limit.OVERWRITTEN_VALUES: 3}
    sender, receiver = people.sender, people.receiver
    for caller, share_id, nation_id, error, path in (
        (receiver.member, people.share.id, receiver.id, Forbidden, ()),
        (sender.admin, people.share.id, receiver.id, NotFound, ("nationId",)),
        (sender.admin, people.share.id, stranger.id, NotFound, ("nationId",)),
        (sender.admin, people.share.id, 10**8, NotFound, ("nationId",)),
        (stranger.admin, people.share.id, stranger.id, NotFound, ("shareId",)),
        (stranger.admin, uuid4(), stranger.id, NotFound, ("shareId",)),
    ):
        async with refused(error, sender, receiver) as info, world.unit(caller) as unit:
            await set_share_limits(unit, share_id, nation_id, asked)
        assert info.value.path == path
    await people.share.stop(sender)
    async with refused(NotFound, sender, receiver), world.unit(receiver.admin) as unit:
        await set_share_limits(unit, people.share.id, receiver.id, asked)


async def test_both_nations_are_told_of_a_limit_and_of_one_that_stands_already_nobody(world: World):
    people = await crowd(world, lacking=1)
    before = [await position(nation_id) for nation_id in people.nations]
    version = (await people.share.row()).version
    for _ in range(2):
        await people.limit(people.receiver, made=3)
    for nation_id, log in zip(people.nations, before, strict=True):
        told = [(row["kind"], row["noun"], row["subjects"]) for row in await events(nation_id, log)]
        assert told == [(EventKind.CHANGED, Noun.TAG_SHARE, [people.share.id])]
    assert (await people.share.row()).version == version + 1
