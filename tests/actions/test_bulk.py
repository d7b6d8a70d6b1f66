"""Runs matched in bulk: they end as those do that match chunk by chunk, whatever happens on the way."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from actions import bulk, running
from actions.bulk import match_in_bulk
from actions.calculators import CalculationFailed, calculator
from actions.running import step_run
from actions.unit import unit_of_work
from models.match import Match
from models.run import SyncRun
from models.share import Share
from server.demo.people import by_nation
from sharing.kinds import Group
from sharing.states import MatchState, RunState
from sharing.visibility import Caller
from tests.couples import ANN, BEN, CLEO
from tests.world import Nation, SharedTag, World
from workers import jobs
from workers.jobs import JOBS

NEVER = 1 << 30


@pytest.fixture
def in_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Match few people in bulk too, in small pieces, and never give it up."""
    _set(monkeypatch, bulk_from=1)

    async def given_up(*_: Any) -> None:
        pytest.fail("matching in bulk was given up")

    monkeypatch.setattr(jobs, "give_up_bulk", given_up)


def _set(monkeypatch: pytest.MonkeyPatch, bulk_from: int) -> None:
    for module, name, value in (
        (running, "BULK_FROM", bulk_from),
        (running, "BULK_CHUNK", 3),
        (running, "MATCH_CHUNK", 7),
        (bulk, "SLICE", 5),
        (bulk, "TOGETHER", 2),
    ):
        monkeypatch.setattr(module, name, value)


async def filled(world: World, people: int = 24) -> tuple[Nation, Nation, list[UUID]]:
    """Two nations of made-up people, and the ids of the first one's."""
    north, south = await world.nations("north", "south")
    ours, theirs = by_nation(people, 2, seed=5, dirt=0.4)
    ids = [await north.person(**profile.values) for profile in ours]
    for profile in theirs:
        await south.person(**profile.values)
    return north, south, ids


async def accepted(north: Nation, south: Nation, people: list[UUID], name: str = "board") -> SharedTag:
    share = await north.share(
        await north.tag(name, people), south, Group.EMAILS, sync_profiles=False, fields=("van_id",)
    )
    await share.accept(None)
    return share


async def found(share: SharedTag) -> dict[UUID, Any]:
    """Return all that is kept of a share's matches, by the sender's profile."""
    return {
        match.sender_profile_id: (
            match.state,
            match.receiver_profile_id,
            match.stage,
            match.score,
            match.ambiguity,
            match.evidence,
            match.candidates,
        )
        for match in await share.matches()
    }


async def begun(world: World, share: SharedTag) -> UUID:
    """Begin a share's run, so that all is left to be matched; gives the run."""
    (run,) = await SyncRun.filter(share_id=share.id)
    async with world.unit(Caller()) as unit:
        assert await step_run(unit, run.id)
    world.post.jobs.clear()
    return run.id


async def test_in_bulk_everybody_ends_as_chunk_by_chunk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """State, link, stage, score, doubt, evidence and candidates; what was learnt, and the boxes."""
    north, south, people = await filled(world, 60)
    shares = []
    for name, bulk_from in (("one", NEVER), ("all", 1)):
        _set(monkeypatch, bulk_from)
        shares.append(await accepted(north, south, people, name))
        await world.work()
    one, all_at_once = shares
    assert await found(one) == await found(all_at_once)
    assert len(await found(one)) == len(people)
    assert await one.boxes() == await all_at_once.boxes()
    qualities = [(await Share.get(id=share.id)).match_quality for share in shares]
    assert qualities[0] == qualities[1] != {}


@pytest.mark.usefixtures("in_bulk")
async def test_whoever_waits_is_matched_again_in_bulk_and_whoever_is_linked_is_left(world: World) -> None:
    north, south = await world.nations("north", "south")
    people = [await north.person(**who) for who in (ANN, BEN, CLEO)]
    for who in (ANN, CLEO):
        await south.person(**who)
    share = await accepted(north, south, people)
    await world.work()
    before = {match.sender_profile_id: match for match in await share.matches()}
    assert await share.boxes() == {"synced": 2, "not_found": 1}
    theirs = await south.person(**BEN)
    world.post.jobs.clear()
    await share.sync()
    after = {match.sender_profile_id: match for match in await share.matches()}
    assert {match.id for match in after.values()} == {match.id for match in before.values()}
    assert after[people[1]].receiver_profile_id == theirs
    assert await share.boxes() == {"synced": 3}


@pytest.mark.usefixtures("in_bulk")
async def test_what_is_written_after_a_crash_is_what_would_have_been(world: World, monkeypatch) -> None:
    """A run that ends in the midst of its chunks keeps those that were written, and begins again with the others."""
    north, south, people = await filled(world)
    expected = await accepted(north, south, people, "whole")
    await world.work()
    share = await accepted(north, south, people, "crashed")
    run_id = await begun(world, share)
    write, written = bulk._write_chunk, []

    async def crash(*arguments: Any) -> bool:
        if len(written) == 3:
            raise ConnectionError
        written.append(arguments)
        return await write(*arguments)

    monkeypatch.setattr(bulk, "_write_chunk", crash)
    with pytest.raises(ConnectionError):
        await JOBS["run_sync"](world.post, run_id)
    assert await Match.filter(share_id=share.id).count() == 9
    monkeypatch.setattr(bulk, "_write_chunk", write)
    await JOBS["run_sync"](world.post, run_id)
    await world.work()
    assert await found(share) == await found(expected)
    run = await SyncRun.get(id=run_id)
    assert (run.state, run.error) == (RunState.SUCCEEDED, None)


async def test_where_the_calculating_process_dies_the_run_goes_on_chunk_by_chunk(world: World, monkeypatch) -> None:
    _set(monkeypatch, bulk_from=1)
    north, south, people = await filled(world)
    share = await accepted(north, south, people)
    read = bulk._read_all

    async def killed(post: Any, plan: Any, readers: Any) -> None:
        await read(post, plan, readers)
        readers[0]._process.kill()

    monkeypatch.setattr(bulk, "_read_all", killed)
    await world.work()
    assert len(await found(share)) == len(people)
    (run,) = await SyncRun.filter(share_id=share.id)
    assert run.state is RunState.SUCCEEDED


@pytest.mark.usefixtures("in_bulk")
async def test_a_run_is_matched_in_bulk_by_one_at_a_time(world: World) -> None:
    north, south, people = await filled(world, 12)
    share = await accepted(north, south, people)
    run_id = await begun(world, share)
    async with bulk._alone(world.post, run_id) as alone:
        assert alone
        assert await match_in_bulk(world.post, run_id) is False
    assert await found(share) == {}
    assert sorted(await asyncio.gather(*(match_in_bulk(world.post, run_id) for _ in range(3)))) == [False, False, True]
    assert len(await found(share)) == len(people)
    assert await match_in_bulk(world.post, run_id) is False


async def _stop(share: SharedTag) -> None:
    await share.stop(share.receiver)


async def _delete(share: SharedTag) -> None:
    for person in await share.receiver.people():
        await share.receiver.delete(person.id)


async def _tag(share: SharedTag) -> None:
    late = await share.sender.person(**BEN)
    await share.sender.put_on((await share.row()).tag_id, late)


async def _untag(share: SharedTag) -> None:
    await share.sender.take_off((await share.row()).tag_id, (await share.sender.people())[0].id)


async def _edit(share: SharedTag) -> None:
    ben = next(person for person in await share.receiver.people() if person.first_name == "Ben")
    await share.receiver.edit(ben.id, first_name="Zoltan", last_name="Quist", birthdate="1931-01-31", phone=None)


@pytest.mark.parametrize(
    ("deed", "boxes"),
    [
        (_stop, {}),
        (_delete, {"not_found": 2}),
        (_tag, {"synced": 1, "ambiguous": 2}),
        (_untag, {"synced": 1}),
        (_edit, {"synced": 2}),
    ],
)
@pytest.mark.usefixtures("in_bulk")
async def test_what_happens_while_everybody_is_being_compared_counts(world: World, monkeypatch, deed, boxes) -> None:
    """Whoever is gone by then is not linked, and whoever came is looked for; an edit is as one just after the match."""
    north, south = await world.nations("north", "south")
    people = [await north.person(**who) for who in (ANN, BEN)]
    for who in (ANN, BEN):
        await south.person(**who)
    share = await accepted(north, south, people)
    read = bulk._read_all

    async def then(*arguments: Any) -> None:
        await read(*arguments)
        monkeypatch.setattr(bulk, "_read_all", read)
        await deed(share)

    monkeypatch.setattr(bulk, "_read_all", then)
    await world.work()
    if deed is not _stop:
        assert await share.boxes() == boxes
    assert {str(match.state) for match in await share.matches()} <= {MatchState.SYNCED, *map(str.upper, boxes)}


async def test_few_people_are_matched_chunk_by_chunk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So are few who are looked for among many: to read all of those would take longer."""
    north, south, people = await filled(world, 40)
    monkeypatch.setattr(running, "BULK_FROM", 2)
    for some, in_bulk in ((people[:1], False), (people[:4], True)):
        share = await accepted(north, south, some, f"of {len(some)}")
        run_id = await begun(world, share)
        async with unit_of_work(world.post) as unit:
            marked = await unit.pg.fetchval("SELECT bool_or(in_bulk) FROM run_chunks WHERE run_id = $1", run_id)
        assert marked is in_bulk
    monkeypatch.setattr(running, "BULK_PART", 0.5)
    share = await accepted(north, south, people[:4], "a small part")
    run_id = await begun(world, share)
    async with unit_of_work(world.post) as unit:
        assert not await unit.pg.fetchval("SELECT bool_or(in_bulk) FROM run_chunks WHERE run_id = $1", run_id)


async def test_an_error_in_the_calculating_process_is_told() -> None:
    async with calculator() as desk:
        with pytest.raises(CalculationFailed, match="KeyError"):
            await desk.ask("no_such_thing")
        with pytest.raises(CalculationFailed, match="AssertionError"):
            await desk.ask("learn", [])
        await desk.end()
        with pytest.raises(CalculationFailed, match="gone"):
            await desk.ask("learn", [])
