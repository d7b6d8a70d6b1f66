"""Sync runs: step by step, killed and resumed, stopped in flight, joined, failed and repeated."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from actions import running
from actions.post import Job
from actions.running import fail_run, step_run
from actions.shares import sync_share_now
from models.match import Match
from models.profile import Profile
from models.run import SyncRun
from models.tag import Tagging
from sharing.events import EventKind, Noun
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import MatchState, RunState
from sharing.visibility import Caller
from tests.couples import ANN, BEN, CLEO
from tests.tables import events, holdings, position
from tests.world import SharedTag, World
from workers.jobs import JOBS

DORA = {"first_name": "Dora", "last_name": "Quist", "birthdate": "1950-01-20", "phone": "+14155550104"}
EVE = {"first_name": "Eve", "last_name": "Sandoval", "birthdate": "1944-09-09", "phone": "+14155550105"}
NEW = {"first_name": "Fay", "last_name": "Tanaka", "birthdate": "1999-12-01"}


class Killed(BaseException):
    """As a worker ends that is killed."""


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("MATCH_CHUNK", 3), ("SETTLE_CHUNK", 1), ("SYNC_CHUNK", 2)):
        monkeypatch.setattr(running, name, size)


async def accepted(world: World) -> tuple[SharedTag, UUID]:
    """Share seven people, of whom one is lacking, two claim one and two claim another; gives the run that waits."""
    north, south = await world.nations("north", "south")
    known = [
        {**ANN, "employer": "Mill"},
        {**BEN, "emails": ["b@example.org"]},
        NEW,
        CLEO,
        CLEO,
        DORA,
        {**DORA, "last_name": "Qvist"},
        EVE,
    ]
    people = [await north.person(**who) for who in known]
    for who in ({**ANN, "employer": "Shop", "church": "St Ann"}, {**BEN, "emails": ["c@example.org"]}, CLEO, DORA, EVE):
        await south.person(**who)
    share = await north.share(await north.tag("board", people), south, Group.EMAILS, offer_new_profiles=True)
    await share.accept(SyncMode.ACCEPT_BLANK_ONLY, create=True)
    (run,) = await SyncRun.filter(share_id=share.id)
    return share, run.id


async def step(world: World, run_id: UUID, *, killed: bool = False) -> bool:
    async with world.unit(Caller()) as unit:
        more = await step_run(unit, run_id)
        if killed:
            raise Killed
    return more


async def ending(share: SharedTag) -> dict[str, Any]:
    """Return what a story came to, told without ids and moments."""
    names = {p.id: p.first_name for n in (share.sender, share.receiver) for p in await Profile.filter(nation_id=n.id)}
    links = [
        (names[m.sender_profile_id], m.state, m.stage, m.ambiguity, names.get(m.receiver_profile_id), m.out_of_step)
        for m in await share.matches()
    ]
    values = [
        sorted(
            [
                (str(sorted((await nation.values(person.id)).items())), person.version)
                for person in await nation.people()
            ]
        )
        for nation in (share.sender, share.receiver)
    ]
    tagged = sorted(names[profile_id] for profile_id in await share.tagged())
    return {"links": sorted(map(str, links)), "values": values, "tagged": tagged, "boxes": await share.boxes()}


async def test_a_run_passes_its_phases_and_tells_its_progress(world: World) -> None:
    share, run_id = await accepted(world)
    before = await position(share.sender.id)
    seen = [(run := await SyncRun.get(id=run_id)).phase]
    while await step(world, run_id):
        run = await SyncRun.get(id=run_id)
        assert run.state is RunState.RUNNING
        assert 0 <= run.done <= run.total
        seen.append(run.phase)
    assert list(dict.fromkeys(seen)) == ["MATCHING", "SETTLING", "SYNCING"]
    run = await SyncRun.get(id=run_id)
    assert (run.state, run.done, run.total) == (RunState.SUCCEEDED, 4, 4)
    assert run.queued_at < run.started_at < run.finished_at
    assert run.counts == {"created": 1, "pairs": 4, "filled": 3, "overwritten": 0, "conflicts": 0}
    told = [row for row in await events(share.sender.id, before) if row["noun"] == Noun.SYNC_RUN]
    assert {(row["kind"], *row["subjects"]) for row in told} == {(EventKind.PROGRESS, run_id)}
    assert len(told) >= len(seen)
    assert await step(world, run_id) is False


async def test_the_boxes_equal_a_recount_after_every_step(world: World) -> None:
    """Exact at any time, and in the figures of every event."""
    share, run_id = await accepted(world)
    while await step(world, run_id):
        boxes = await share.boxes()
        told = [row["detail"] for row in await events(share.receiver.id) if row["kind"] == EventKind.STATS]
        assert {box: number for box, number in (told[-1] if told else {}).items() if number} == boxes
    assert await share.boxes() == {"synced": 4, "ambiguous": 4}


async def whole(world: World) -> dict[str, Any]:
    share, run_id = await accepted(world)
    await world.work()
    assert (await SyncRun.get(id=run_id)).state is RunState.SUCCEEDED
    return await ending(share)


@pytest.mark.parametrize("lap", range(4))
async def test_a_run_that_is_killed_within_any_step_ends_as_if_it_had_not(world: World, lap: int) -> None:
    """Its transaction is lost; another worker goes on from what was committed, and ends the same."""
    expected = await whole(world)
    for crash in range(lap, 100, 4):
        share, run_id = await accepted(world)
        steps = [await step(world, run_id) for _ in range(crash)]
        before = await holdings([share.sender.id, share.receiver.id])
        with pytest.raises(Killed):
            await step(world, run_id, killed=True)
        assert await holdings([share.sender.id, share.receiver.id]) == before
        await share.boxes()
        world.post.jobs.clear()
        await JOBS["run_sync"](world.post, run_id)
        await world.work()
        assert await ending(share) == expected
        assert (await SyncRun.get(id=run_id)).state is RunState.SUCCEEDED
        if False in steps:
            return
    pytest.fail("the run does not end")


async def test_several_workers_at_once_end_the_same(world: World) -> None:
    expected = await whole(world)
    share, run_id = await accepted(world)
    world.post.jobs.clear()
    await asyncio.gather(*(JOBS["run_sync"](world.post, run_id) for _ in range(3)))
    await JOBS["run_sync"](world.post, run_id)
    await world.work()
    assert await ending(share) == expected
    run = await SyncRun.get(id=run_id)
    assert (run.state, run.done, run.counts["pairs"], run.counts["created"]) == (RunState.SUCCEEDED, 4, 4, 1)


@pytest.mark.parametrize("steps", [0, 1, 3, 6, 8])
async def test_a_share_that_is_stopped_while_its_run_is_in_flight_writes_nothing_after_the_stop(world, steps) -> None:
    share, run_id = await accepted(world)
    for _ in range(steps):
        await step(world, run_id)
    await share.stop(share.receiver)
    nations = [share.sender.id, share.receiver.id]
    before = await holdings(nations)
    assert await step(world, run_id) is False
    await JOBS["run_sync"](world.post, run_id)
    await world.work()
    assert await holdings(nations) == before
    assert (await SyncRun.get(id=run_id)).state is RunState.CANCELLED
    assert (await share.boxes(), await share.tagged()) == ({}, set())


async def test_a_stop_waits_for_the_step_under_way_and_takes_it_down_with_the_rest(world: World) -> None:
    share, run_id = await accepted(world)
    while (await SyncRun.get(id=run_id)).phase != "SYNCING":
        await step(world, run_id)
    done, waiting = [], asyncio.Event()

    async def stop() -> None:
        await waiting.wait()
        await share.stop(share.sender)
        done.append("stopped")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stop())
        async with world.unit(Caller()) as unit:
            await step_run(unit, run_id)
            waiting.set()
            await asyncio.sleep(0.1)
            done.append("stepped")
    assert done == ["stepped", "stopped"]
    assert await Tagging.filter(tag__nation_id=share.receiver.id).count() == 0
    assert not await Match.filter(share_id=share.id).exclude(state=MatchState.ENDED).exists()
    assert await share.boxes() == {}


async def test_edits_and_tags_during_a_run_wait_for_its_matching_and_are_not_lost(world: World) -> None:
    """A link is not synced before every rival claim is known."""
    share, run_id = await accepted(world)
    north, south = share.sender, share.receiver
    await step(world, run_id)
    await step(world, run_id)
    late = await north.person(**{**EVE, "first_name": "Gus", "birthdate": "1930-05-05"}, twitter_id="77")
    theirs = await south.person(first_name="Gus", twitter_id="77")
    await north.put_on((await share.row()).tag_id, late)
    await JOBS["advance_share"](world.post, share.id)
    assert theirs not in await share.tagged()
    assert not await Match.filter(share_id=share.id, state=MatchState.SYNCED).exists()
    await world.work()
    assert theirs in await share.tagged()
    assert await share.boxes() == {"synced": 5, "ambiguous": 4}


async def test_sync_now_joins_the_run_under_way_and_starts_one_where_there_is_none(world: World) -> None:
    share, run_id = await accepted(world)

    async def ask(caller: Caller) -> UUID:
        async with world.unit(caller) as unit:
            return await sync_share_now(unit, share.id)

    assert await ask(share.sender.admin) == run_id
    await step(world, run_id)
    assert await ask(share.receiver.admin) == run_id
    await world.work()
    another = await ask(share.receiver.admin)
    assert another != run_id
    assert list(world.post.jobs) == [Job("run_sync", str(another))]
    assert ((run := await SyncRun.get(id=another)).state, run.trigger) == (RunState.QUEUED, "ASKED")


async def test_a_run_that_cannot_go_on_says_so_and_what_it_did_stands(world: World, monkeypatch) -> None:
    """It is tried again the next day, like any other; edits flow meanwhile."""
    share, run_id = await accepted(world)
    while (await SyncRun.get(id=run_id)).phase != "SYNCING":
        await step(world, run_id)
    await step(world, run_id)
    before = await share.boxes()
    with monkeypatch.context() as patch:
        patch.setattr(running, "link", None)
        await JOBS["run_sync"](world.post, run_id)
    run = await SyncRun.get(id=run_id)
    assert (run.state, await share.boxes()) == (RunState.FAILED, before)
    assert run.error.startswith("It met an internal error")
    async with world.unit(Caller()) as unit:
        await fail_run(unit, run_id, "Again.")
    assert (await SyncRun.get(id=run_id)).error == run.error
    due = (await share.row()).next_sync_at - datetime.now(UTC)
    assert timedelta(hours=23) < due < timedelta(hours=25)
    await world.work()
    await share.sync()
    assert await share.boxes() == {"synced": 4, "ambiguous": 4}


async def test_a_run_ends_what_lost_its_tag_or_its_profile_unnoticed(world: World) -> None:
    """The daily sync catches whatever was missed: here the list of work is lost."""
    share, _ = await accepted(world)
    await world.work()
    tag = (await share.row()).tag_id
    linked = {m.sender_profile_id: m.receiver_profile_id for m in await share.matches() if m.state == MatchState.SYNCED}
    one, two, *rest = sorted(linked)
    await share.sender.take_off(tag, one)
    await share.receiver.delete(linked[two])
    async with world.unit(Caller()) as unit:
        await unit.pg.execute("DELETE FROM changes WHERE share_id = $1", share.id)
    world.post.jobs.clear()
    await share.sync()
    after = {m.sender_profile_id: m.receiver_profile_id for m in await share.matches() if m.state == MatchState.SYNCED}
    assert after.keys() == {two, *rest}
    assert after[two] != linked[two]
    assert await share.tagged() == set(after.values())
