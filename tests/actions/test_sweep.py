"""What runs by the clock: lost work is asked for again, shares run daily, and what is old is forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from actions.post import Job
from models.run import ImportPiece, ImportRun, SyncRun
from models.share import Share
from sharing.states import RunState
from sharing.visibility import Caller
from tests.couples import ANN, BEN, couple
from tests.imports import upload
from tests.tables import events, position
from tests.world import World
from workers import sweep as clock
from workers.jobs import JOBS
from workers.sweep import prune, rematch, sweep


class Told:
    """A post that notes what it is given and does nothing."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Note it."""
        self.jobs += jobs


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sweep ask again for the youngest work, too."""
    monkeypatch.setattr(clock, "PATIENCE", timedelta(0))


async def found(*subjects: UUID) -> list[str]:
    """Sweep; gives the jobs asked for that are about one of these."""
    post = Told()
    await sweep(post)
    assert len(set(post.jobs)) == len(post.jobs)
    return [job.name for job in post.jobs if UUID(job.subject) in subjects]


async def swept(world: World, *subjects: UUID) -> None:
    """Lose all jobs, as a queue does that lost its data; sweep and work until nothing is found."""
    world.post.jobs.clear()
    while names := await found(*subjects):
        for name in names:
            for subject in subjects:
                await JOBS[name](Told(), subject)


@pytest.mark.usefixtures("impatient")
async def test_runs_changes_and_imports_whose_job_was_lost_are_found_again(world: World) -> None:
    north, south = await world.nations("north", "south")
    ours, theirs = await north.person(**ANN), await south.person(**ANN)
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept()
    (run,) = await SyncRun.filter(share_id=share.id)
    import_id = await upload(north, "first_name,tags\nBen,board\n")
    assert await found(run.id, share.id, import_id) == ["run_sync", "run_import"]
    world.post.jobs.clear()
    await JOBS["run_sync"](Told(), run.id)
    assert await found(run.id, share.id, import_id) == ["run_import"]
    await JOBS["run_import"](Told(), import_id)
    assert await found(run.id, share.id, import_id) == ["advance_share"]
    await JOBS["advance_share"](Told(), share.id)
    assert await found(run.id, share.id, import_id) == []
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1, "not_found": 1}, {theirs})


@pytest.mark.usefixtures("impatient")
async def test_a_story_whose_every_job_is_lost_ends_as_if_none_had_been(world: World) -> None:
    """Redis carries hints: with all its data gone, nothing is lost but time."""
    north, south = await world.nations("north", "south")
    ours, theirs = await north.person(**ANN, employer="Mill"), await south.person(**ANN)
    tag = await north.tag("board", [ours])
    share = await north.share(tag, south, offer_new_profiles=True)
    await share.accept(create=True)
    (run,) = await SyncRun.filter(share_id=share.id)
    await swept(world, run.id)
    assert await south.value(theirs, "employer") == "Mill"
    await south.edit(theirs, employer="Shop")
    ben = await north.person(**BEN)
    await north.put_on(tag, ben)
    await swept(world, share.id)
    assert (await north.value(ours, "employer"), await share.boxes()) == ("Shop", {"synced": 2})
    await north.take_off(tag, ours)
    await north.delete(ben)
    await swept(world, share.id)
    assert (await share.boxes(), await share.tagged()) == ({}, set())


async def test_young_work_has_a_job_on_its_way_and_is_left_alone(world: World) -> None:
    pair = await couple(world, {}, {})
    await pair.sender.edit(pair.ours, employer="Mill")
    assert await found(pair.share.id) == []
    async with world.unit(Caller()) as unit:
        await unit.pg.execute(
            "UPDATE changes SET queued_at = queued_at - interval '6 seconds' WHERE share_id = $1", pair.share.id
        )
    assert await found(pair.share.id) == ["advance_share"]


@pytest.mark.usefixtures("impatient")
async def test_work_of_a_share_that_was_stopped_is_none(world: World) -> None:
    pair = await couple(world, {}, {})
    await pair.sender.edit(pair.ours, employer="Mill")
    await pair.share.stop(pair.sender)
    assert await found(pair.share.id) == []


@pytest.mark.usefixtures("impatient")
async def test_an_upload_under_way_is_not_taken_in_by_the_sweep(world: World) -> None:
    north = await world.nation("north")
    run_id = await upload(north, "first_name\nAnn\n", ends=False)
    assert await found(run_id) == []


async def test_every_share_runs_again_a_day_later_and_tries_who_was_not_found(world: World) -> None:
    """Not before, not while a run is under way, and not when it was stopped."""
    pair = await couple(world, {}, {})
    (first,) = await SyncRun.filter(share_id=pair.share.id)
    await rematch(world.post)
    assert await SyncRun.filter(share_id=pair.share.id).count() == 1
    await Share.filter(id=pair.share.id).update(next_sync_at=first.queued_at)
    await rematch(world.post)
    await rematch(world.post)
    _, again = await SyncRun.filter(share_id=pair.share.id).order_by("queued_at")
    assert (again.state, again.trigger) == (RunState.QUEUED, "DAILY")
    person = await pair.sender.person(**BEN)
    await pair.sender.put_on(pair.tag, person)
    await world.work()
    assert await pair.share.boxes() == {"synced": 1, "not_found": 1}
    await pair.receiver.person(**BEN)
    world.post.jobs.clear()
    assert await pair.share.boxes() == {"synced": 1, "not_found": 1}
    await Share.filter(id=pair.share.id).update(next_sync_at=first.queued_at)
    await rematch(world.post)
    await world.work()
    assert await pair.share.boxes() == {"synced": 2}
    await pair.share.stop(pair.sender)
    await rematch(world.post)
    assert await SyncRun.filter(share_id=pair.share.id).count() == 3


async def test_an_upload_of_which_nothing_came_for_long_is_given_up(world: World) -> None:
    north = await world.nation("north")
    old, young = [await upload(north, "first_name\nAnn\n", ends=False) for _ in range(2)]
    await ImportRun.filter(id=old).update(queued_at=(await ImportRun.get(id=old)).queued_at - timedelta(hours=2))
    await prune(world.post)
    assert [(await ImportRun.get(id=run_id)).state for run_id in (old, young)] == [RunState.FAILED, RunState.QUEUED]
    assert "Send the file again" in (await ImportRun.get(id=old)).error
    assert [await ImportPiece.filter(run_id=run_id).count() for run_id in (old, young)] == [0, 1]


async def test_events_older_than_a_week_are_forgotten_and_it_is_remembered_up_to_where(world: World) -> None:
    """Whoever asks for them is told to start over."""
    north, south = await world.nations("north", "south")
    await north.tag("board", [await north.person(**ANN), await north.person(**BEN)])
    await south.person(**ANN)
    old = await position(north.id)
    async with world.unit(Caller()) as unit:
        await unit.pg.execute("UPDATE events SET at = at - interval '8 days' WHERE nation_id = $1", north.id)
    await north.person(first_name=str(uuid4()))
    before = {nation.id: await position(nation.id) for nation in (north, south)}
    await prune(world.post)
    rows = await events(north.id)
    assert [row["position"] for row in rows] == [before[north.id]]
    assert len(await events(south.id)) == 1
    async with world.unit(Caller()) as unit:
        pruned = await unit.pg.fetch(
            "SELECT nation_id, position, pruned FROM streams WHERE nation_id = ANY($1)", list(before)
        )
    assert {row["nation_id"]: (row["position"], row["pruned"]) for row in pruned} == {
        north.id: (before[north.id], old),
        south.id: (before[south.id], 0),
    }
