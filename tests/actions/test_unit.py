"""The unit of work: one transaction; its log, counts and post follow from it, or nothing does."""

import asyncio
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from actions.post import Job
from actions.profiles import create_profile
from actions.tags import add_taggings, create_tag
from actions.unit import BOXES, Unit, unit_of_work
from models.profile import Profile
from models.share import ShareStats
from sharing.events import Event, EventKind, Noun
from sharing.states import MatchState
from sharing.visibility import Caller
from tests.tables import events, holdings, position
from tests.world import Basket, World


class Ended(Exception):
    """Anything that goes wrong."""


def log_of(rows: list[dict]) -> list[tuple[int, UUID]]:
    """Return positions and subjects: a row with n subjects spans positions up to its own."""
    return [
        (row["position"] - len(row["subjects"]) + place, subject)
        for row in rows
        for place, subject in enumerate(row["subjects"], 1)
    ]


async def test_a_log_has_a_place_for_each_subject_without_a_gap(world: World) -> None:
    """Positions run from 1 without a gap for each nation; the unit tells where its log ended."""
    north, south = await world.nations("north", "south")
    ids = [uuid7() for _ in range(7)]
    async with world.unit(north.admin) as unit:
        unit.changed(north.id, Noun.PROFILE, ids[:3])
        unit.changed(south.id, Noun.TAG, ids[3:4])
        unit.emit(north.id, Event(EventKind.STATUS, Noun.TAG_SHARE, (ids[4],), ids[4], {"to": "PENDING"}))
    assert unit.positions == {north.id: 4, south.id: 1}
    async with world.unit(north.admin) as unit:
        unit.deleted(north.id, Noun.PROFILE, ids[5:])
    assert unit.positions == {north.id: 6}
    told = log_of(await events(north.id))
    assert [place for place, _ in told] == [1, 2, 3, 4, 5, 6]
    assert {subject for _, subject in told} == {*ids[:3], ids[4], *ids[5:]}
    assert (await position(north.id), await position(south.id)) == (6, 1)


async def test_a_change_is_told_once_however_often_it_is_said(world: World) -> None:
    north = await world.nation("north")
    one, two, share = uuid7(), uuid7(), uuid7()
    async with world.unit(north.admin) as unit:
        unit.changed(north.id, Noun.PROFILE, [one, two, one])
        unit.changed(north.id, Noun.PROFILE, [two])
        unit.changed(north.id, Noun.PROFILE, [])
        unit.changed(north.id, Noun.MATCH, [one], share)
    rows = await events(north.id)
    assert [(row["noun"], row["subjects"], row["share_id"]) for row in rows] == [
        (Noun.PROFILE, [one, two], None),
        (Noun.MATCH, [one], share),
    ]
    assert [row["topic"] for row in rows] == ["PROFILES", "MATCHES"]


async def test_a_unit_without_news_writes_no_log_and_wakes_nobody(world: World) -> None:
    north = await world.nation("north")
    async with world.unit(north.admin) as unit:
        unit.changed(north.id, Noun.PROFILE, [])
    assert (unit.positions, await position(north.id), world.post.woken) == ({}, 0, set())


async def test_units_at_the_same_time_leave_no_gap_and_commit_in_the_order_of_their_places(world: World) -> None:
    """Whoever reads past a position later misses nothing."""
    north, south = await world.nations("north", "south")
    ids = [uuid7() for _ in range(8)]

    async def write(subject: UUID) -> None:
        async with world.unit(north.admin) as unit:
            for nation in (south, north):
                unit.changed(nation.id, Noun.PROFILE, [subject, uuid7()])

    await asyncio.gather(*(write(subject) for subject in ids))
    for nation in (north, south):
        told = log_of(await events(nation.id))
        assert [place for place, _ in told] == list(range(1, 17))
        assert set(ids) < {subject for _, subject in told}


async def test_nothing_is_written_posted_or_told_when_the_block_raises(world: World) -> None:
    """Nothing leaves before commit."""
    north = await world.nation("north")
    ann = await north.person(first_name="Ann")
    before, told, jobs = await holdings([north.id]), await position(north.id), dict(world.post.jobs)
    world.post.woken.clear()

    async def attempt(unit: Unit) -> None:
        await create_profile(unit, north.id, {"first_name": "Ben"})
        tag_id = await create_tag(unit, north.id, "board")
        await add_taggings(unit, tag_id, [ann])
        unit.enqueue("advance_share", uuid4())
        raise Ended

    with pytest.raises(Ended):
        async with world.unit(north.admin) as unit:
            await attempt(unit)
    assert (await holdings([north.id]), await position(north.id)) == (before, told)
    assert (world.post.jobs, world.post.woken) == (jobs, set())


async def test_what_cannot_be_closed_is_not_written_either(world: World) -> None:
    """The log and the counts are part of the transaction."""
    north = await world.nation("north")
    unwritable = Event(EventKind.STATS, Noun.TAG_SHARE, (uuid7(),), None, {"odd": object()})

    async def attempt() -> None:
        async with world.unit(north.admin) as unit:
            await create_profile(unit, north.id, {"first_name": "Ben"})
            unit.enqueue("advance_share", uuid7())
            unit.emit(north.id, unwritable)

    with pytest.raises(TypeError):
        await attempt()
    assert await Profile.filter(nation_id=north.id).count() == 0
    assert (await position(north.id), world.post.jobs, world.post.woken) == (0, {}, set())


async def test_jobs_are_posted_after_the_commit_each_once(world: World) -> None:
    north = await world.nation("north")
    subject = uuid7()
    async with world.unit(north.admin) as unit:
        unit.enqueue("run_sync", subject)
        unit.enqueue("advance_share", subject)
        unit.enqueue("run_sync", subject)
        unit.changed(north.id, Noun.PROFILE, [subject])
        assert (world.post.jobs, world.post.woken) == ({}, set())
    assert list(world.post.jobs) == [Job("run_sync", str(subject)), Job("advance_share", str(subject))]
    assert world.post.woken == {north.id}


async def test_a_post_that_drops_everything_loses_no_truth(world: World) -> None:
    north = await world.nation("north")
    async with unit_of_work(Basket(), north.admin) as unit:
        await create_profile(unit, north.id, {"first_name": "Ann"})
    assert len(await north.people()) == 1
    assert await position(north.id) == 1


async def test_boxes_and_their_event_are_written_with_the_change_that_they_count(world: World) -> None:
    """The figures of that moment travel with the event; a change that cancels out is none."""
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board"), south)
    before = {nation.id: await position(nation.id) for nation in (north, south)}
    async with world.unit(Caller()) as unit:
        unit.count(share.id, MatchState.MATCHED, 3)
        unit.count(share.id, MatchState.MATCHED, -1)
        unit.count(share.id, MatchState.CONFLICTED, 1)
        unit.count(share.id, MatchState.AMBIGUOUS, 1)
        unit.count(share.id, MatchState.AMBIGUOUS, -1)
        unit.count(share.id, MatchState.ENDED, 5)
    figures = {**dict.fromkeys(BOXES, 0), "matched": 2, "unreviewed_changes": 1}
    stats = await ShareStats.get(share_id=share.id)
    assert {box: getattr(stats, box) for box in BOXES} == figures
    for nation_id, place in before.items():
        (told,) = await events(nation_id, place)
        assert (told["kind"], told["subjects"], told["detail"]) == (EventKind.STATS, [share.id], figures)
    async with world.unit(Caller()) as unit:
        unit.count(share.id, MatchState.SYNCED, 1)
        unit.count(share.id, MatchState.SYNCED, -1)
    assert unit.positions == {}


async def test_now_is_later_than_the_locks_that_were_taken(world: World) -> None:
    """So that whoever waited for a lock writes with a later time than who held it."""
    north = await world.nation("north")
    tag = await north.tag("board")
    moments: list = []
    held = asyncio.Event()

    async def first() -> None:
        async with world.unit(north.admin) as unit:
            await unit.pg.execute("SELECT FROM tags WHERE id = $1 FOR UPDATE", tag)
            held.set()
            await asyncio.sleep(0.05)
            moments.append(await unit.now())

    async def second() -> None:
        await held.wait()
        async with world.unit(north.admin) as unit:
            await unit.pg.execute("SELECT FROM tags WHERE id = $1 FOR UPDATE", tag)
            moments.append(await unit.now())

    await asyncio.gather(first(), second())
    assert moments == sorted(moments)
    assert len(moments) == 2
