"""Limits of a share: a run is held before its first write past one, and what changes between runs becomes a run."""

from __future__ import annotations

import asyncio

import pytest

from actions import running
from models.run import SyncRun
from sharing.brakes import Brake, Hold, holds_from_json
from sharing.events import EventKind, Noun
from sharing.states import RunState
from tests.crowd import Crowd, crowd, in_step, somebody, step
from tests.tables import events, holdings, position
from tests.world import World
from workers.jobs import JOBS

MADE, THEIRS, OURS = Brake.RECEIVER_CREATED, Brake.RECEIVER_OVERWRITTEN, Brake.SENDER_OVERWRITTEN


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("MATCH_CHUNK", 3), ("SETTLE_CHUNK", 1), ("SYNC_CHUNK", 2)):
        monkeypatch.setattr(running, name, size)


def held(run: SyncRun) -> tuple[Hold, ...]:
    assert run.state is RunState.HELD
    return holds_from_json(run.held_by)


@pytest.mark.parametrize(
    ("limit", "made", "wanted"), [(0, 0, 2), (1, 0, 2), (2, 2, 4), (3, 2, 4), (4, 4, 5), (5, 5, 0)]
)
async def test_a_run_is_held_before_it_makes_people_past_the_limit(world: World, limit: int, made: int, wanted: int):
    """Two are made at a time here, and of two that would go past the limit neither is."""
    people = await crowd(world, lacking=5)
    await people.limit(people.receiver, made=limit)
    run = await people.run_off(await people.accept())
    assert await people.made() == made
    assert run.counts.get("created", 0) == made
    if wanted:
        assert held(run) == (Hold(MADE, limit, wanted),)
        assert await people.share.boxes() == {"synced": made, "not_found": 5 - made} if made else {"not_found": 5}
    else:
        assert (run.state, run.held_by) == (RunState.SUCCEEDED, None)
    assert len(await people.share.tagged()) == made


@pytest.mark.parametrize(("limit", "written"), [(0, 0), (1, 0), (2, 2), (3, 2), (4, 4)])
async def test_a_run_is_held_before_it_overwrites_past_the_receivers_limit(world: World, limit: int, written: int):
    people = await crowd(world, known=4)
    await people.limit(people.receiver, overwritten=limit)
    run = await people.run_off(await people.accept())
    assert sorted(await people.employers(people.receiver)) == ["Mill"] * written + ["Shop"] * (4 - written)
    assert run.counts.get("overwritten", 0) == written
    if written < 4:
        assert held(run) == (Hold(THEIRS, limit, written + 2),)
    else:
        assert run.state is RunState.SUCCEEDED


async def test_a_run_is_held_before_it_overwrites_past_the_senders_limit(world: World):
    """Each side's limit is about its own people: here the receiver's edits would travel to the sender."""
    people = await in_step(world, known=4)
    for profile_id in people.theirs:
        await people.receiver.edit(profile_id, employer="Bank")
    await people.limit(people.receiver, made=0, overwritten=0)
    await people.limit(people.sender, overwritten=3)
    run = await people.run_off(await people.ask())
    assert held(run) == (Hold(OURS, 3, 4),)
    assert sorted(await people.employers(people.sender)) == ["Bank", "Bank", "Mill", "Mill"]


async def test_filling_a_blank_is_limited_by_nobody(world: World):
    people = await crowd(world, known=4, theirs={"church": "St Ann"})
    await people.limit(people.receiver, made=0, overwritten=0)
    await people.limit(people.sender, overwritten=0)
    assert (await people.run_off(await people.accept())).state is RunState.SUCCEEDED
    assert await people.employers(people.receiver) == ["Mill"] * 4
    assert [await people.sender.value(profile_id, "church") for profile_id in people.ours] == ["St Ann"] * 4


async def test_a_held_run_goes_on_to_its_end_once_an_admin_says_so_and_the_next_is_measured_anew(world: World):
    people = await crowd(world, lacking=5)
    await people.limit(people.receiver, made=3)
    run = await people.run_off(await people.accept())
    before = await position(people.sender.id)
    await people.resume(run.id, people.receiver)
    told = [row for row in await events(people.sender.id, before) if row["noun"] == Noun.SYNC_RUN]
    assert [(row["kind"], row["subjects"]) for row in told] == [(EventKind.PROGRESS, [run.id])]
    assert ((await SyncRun.get(id=run.id)).state, (await SyncRun.get(id=run.id)).held_by) == (RunState.RUNNING, None)
    await world.work()
    assert (await SyncRun.get(id=run.id)).state is RunState.SUCCEEDED
    assert (await people.made(), await people.share.boxes()) == (5, {"synced": 5})
    late = [await people.sender.person(**somebody(5 + number)) for number in range(4)]
    await people.sender.put_on(people.tag, *late)
    assert held(await people.run_off(await people.ask())) == (Hold(MADE, 3, 4),)
    assert await people.made() == 8


async def test_each_nation_lets_a_run_past_its_own_limit_and_it_goes_on_once_neither_holds_it(world: World):
    people = await in_step(world, known=2)
    await people.sender.edit(people.ours[0], employer="Dock")
    await people.receiver.edit(people.theirs[1], employer="Bank")
    for nation in (people.sender, people.receiver):
        await people.limit(nation, overwritten=0)
    run = await people.run_off(await people.ask())
    assert held(run) == (Hold(OURS, 0, 1), Hold(THEIRS, 0, 1))
    await people.resume(run.id, people.receiver)
    assert held(await SyncRun.get(id=run.id)) == (Hold(OURS, 0, 1),)
    assert (await step(world, run.id), await people.employers(people.sender)) == (False, ["Dock", "Mill"])
    await people.resume(run.id, people.sender)
    assert (await people.run_off(run.id)).state is RunState.SUCCEEDED
    assert await people.employers(people.sender) == await people.employers(people.receiver) == ["Dock", "Bank"]


async def test_a_held_run_is_told_to_both_nations_with_nothing_of_what_was_not_written(world: World):
    people = await crowd(world, lacking=2)
    await people.limit(people.receiver, made=0)
    run_id = await people.accept()
    while (await SyncRun.get(id=run_id)).phase != "SYNCING":
        await step(world, run_id)
    before, logs = await holdings(people.nations), [await position(nation_id) for nation_id in people.nations]
    assert await step(world, run_id) is False
    assert await step(world, run_id) is False
    assert await holdings(people.nations) == before
    for nation_id, log in zip(people.nations, logs, strict=True):
        told = [(row["kind"], row["noun"], row["subjects"]) for row in await events(nation_id, log)]
        assert told == [(EventKind.PROGRESS, Noun.SYNC_RUN, [run_id])]
    assert held(await SyncRun.get(id=run_id)) == (Hold(MADE, 0, 2),)


@pytest.mark.parametrize(
    ("limit", "goes_on", "allowed"), [(3, False, 3), (1, False, 1), (0, False, 0), (4, True, None), (None, True, None)]
)
async def test_a_limit_that_is_raised_far_enough_or_cleared_lets_the_run_go_on(world, limit, goes_on, allowed):
    people = await crowd(world, lacking=4)
    await people.limit(people.receiver, made=2)
    run = await people.run_off(await people.accept())
    assert held(run) == (Hold(MADE, 2, 4),)
    await people.limit(people.receiver, made=limit)
    await world.work()
    run = await SyncRun.get(id=run.id)
    if goes_on:
        assert (run.state, await people.made()) == (RunState.SUCCEEDED, 4)
    else:
        assert (held(run), await people.made()) == ((Hold(MADE, allowed, 4),), 2)


async def test_a_limit_that_is_set_while_a_run_is_under_way_counts_what_was_written_and_holds_who_adds_to_it(
    world: World,
):
    """Who overwrites nothing is not held by a limit on that, though it allows nothing."""
    people = await crowd(world, lacking=4)
    run_id = await people.accept()
    while await people.made() < 2:
        await step(world, run_id)
    await people.limit(people.receiver, made=1, overwritten=0)
    assert held(await people.run_off(run_id)) == (Hold(MADE, 1, 4),)
    await people.limit(people.receiver, made=4)
    assert (await people.run_off(run_id)).state is RunState.SUCCEEDED


async def test_several_workers_at_once_hold_a_run_once_and_pass_no_limit(world: World):
    people = await crowd(world, lacking=8)
    await people.limit(people.receiver, made=5)
    run_id = await people.accept()
    await asyncio.gather(*(JOBS["run_sync"](world.post, run_id) for _ in range(3)))
    run = await SyncRun.get(id=run_id)
    assert held(run) == (Hold(MADE, 5, 6),)
    assert (await people.made(), run.counts["created"], run.written[MADE]) == (4, 4, 4)
    await people.share.boxes()
    await people.resume(run_id, people.receiver)
    await asyncio.gather(*(JOBS["run_sync"](world.post, run_id) for _ in range(3)))
    await world.work()
    assert ((await SyncRun.get(id=run_id)).state, await people.made()) == (RunState.SUCCEEDED, 8)


async def test_what_changes_between_runs_flows_within_the_limit_and_past_it_becomes_a_run_that_is_held(world: World):
    people = await in_step(world, known=4)
    await people.limit(people.receiver, overwritten=2)
    for number in (0, 1):
        await people.sender.edit(people.ours[number], employer="Dock")
        await world.work()
    assert await people.employers(people.receiver) == ["Dock", "Dock", "Mill", "Mill"]
    runs = await SyncRun.filter(share_id=people.share.id).count()
    for number in range(4):
        await people.sender.edit(people.ours[number], employer="Farm")
    await world.work()
    run = await people.latest()
    assert await SyncRun.filter(share_id=people.share.id).count() == runs + 1
    assert (run.trigger, held(run)) == ("CHANGES", (Hold(THEIRS, 2, 4),))
    assert (await people.employers(people.receiver)).count("Farm") == 2
    await people.resume(run.id, people.receiver)
    await world.work()
    assert await people.employers(people.receiver) == ["Farm"] * 4
    assert (await SyncRun.get(id=run.id)).state is RunState.SUCCEEDED


async def test_what_a_run_may_write_is_not_lessened_by_what_was_written_before_it(world: World):
    """Past the limit between two runs a run is begun, which may write as much itself; and so may what follows it."""
    people = await in_step(world, known=4)
    await people.limit(people.receiver, overwritten=1)
    for employer in ("Dock", "Farm", "Bank"):
        await people.sender.edit(people.ours[0], employer=employer)
        await world.work()
        assert (await people.employers(people.receiver))[0] == employer
    assert (await people.latest()).state is RunState.SUCCEEDED


async def test_people_who_are_tagged_between_runs_are_made_within_the_limit_alone(world: World):
    people = await crowd(world)
    await people.limit(people.receiver, made=0)
    await people.run_off(await people.accept())
    late = await people.sender.person(**somebody(0))
    await people.sender.put_on(people.tag, late)
    await world.work()
    assert held(await people.latest()) == (Hold(MADE, 0, 1),)
    assert (await people.made(), await people.share.boxes()) == (0, {"not_found": 1})


async def test_a_wrong_match_that_is_unlinked_makes_nobody_past_the_limit(world: World):
    """Whoever's decision it was: the receiver's limit is the receiver's."""
    people = await in_step(world, known=1)
    await people.share.stop(people.sender)
    await people.share.request()
    await people.accept()
    await people.run_off((await people.latest()).id)
    await people.limit(people.receiver, made=0)
    await people.share.unlink(people.ours[0], people.sender)
    await world.work()
    assert held(await people.latest()) == (Hold(MADE, 0, 1),)
    assert (await people.made(), await people.share.boxes()) == (0, {"not_found": 1})


async def test_a_limit_holds_on_whatever_the_share_goes_through(world: World):
    """It is set before the share is accepted, and outlives a stop: nobody's own limit is the other's to forget."""
    people: Crowd = await crowd(world, lacking=2)
    await people.limit(people.receiver, made=0)
    await people.limit(people.sender, overwritten=7)
    await people.accept()
    await people.share.stop(people.sender)
    await people.share.request()
    assert (await people.share.row()).limits == {"RECEIVER_CREATED": 0, "SENDER_OVERWRITTEN": 7}
    assert held(await people.run_off(await people.accept())) == (Hold(MADE, 0, 2),)
