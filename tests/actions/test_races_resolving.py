"""Two at once, of those who say who is whom: whoever comes second waits, and finds what the first has done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from actions.merging import merge_profiles
from actions.profiles import delete_profile
from actions.resolving import choose_candidate, reject_candidates, unlink_match
from models.run import SyncRun
from sharing.errors import InvalidInput, NotFound
from sharing.states import MatchStage, MatchState, RunState
from tests.actions.test_races import meanwhile, refusal, second_while_first
from tests.couples import ANN, BEN, couple, shared_people, under_way
from tests.tables import holdings
from tests.world import Nation, World


async def test_of_two_who_choose_for_one_match_at_once_the_second_is_told_that_it_is_settled(world: World) -> None:
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    (error,) = await second_while_first(
        share.receiver,
        lambda unit: choose_candidate(unit, match.id, one),
        lambda unit: choose_candidate(unit, match.id, two),
    )
    assert refusal(error) == [("matchId",)]
    assert (await share.link(ann), await share.tagged()) == (one, {one})


async def test_of_two_matches_that_are_given_one_person_at_once_the_second_is_refused(world: World) -> None:
    share, people, (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    first, second = [await share.match_of(person) for person in people]
    (error,) = await second_while_first(
        share.receiver,
        lambda unit: choose_candidate(unit, first.id, theirs),
        lambda unit: choose_candidate(unit, second.id, theirs),
    )
    assert refusal(error) == [("profileId",)]
    assert [await share.link(person) for person in people] == [theirs, None]


async def test_whoever_chooses_while_another_turns_down_comes_too_late(world: World) -> None:
    share, (ann,), (one, _) = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    (error,) = await second_while_first(
        share.receiver,
        lambda unit: reject_candidates(unit, match.id),
        lambda unit: choose_candidate(unit, match.id, one),
    )
    assert refusal(error) == [("matchId",)]
    assert await share.link(ann) is None


async def test_a_candidate_that_is_being_deleted_is_not_chosen(world: World) -> None:
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    (error,) = await second_while_first(
        share.receiver, lambda unit: delete_profile(unit, one), lambda unit: choose_candidate(unit, match.id, one)
    )
    assert isinstance(error, NotFound)
    assert await share.link(ann) == two


async def test_both_sides_unlink_at_once(world: World) -> None:
    pair = await couple(world, {}, {})
    match = await pair.match()

    async def too() -> None:
        async with world.unit(pair.receiver.admin) as unit:
            await unlink_match(unit, match.id)

    (error,) = await meanwhile(pair.sender, lambda unit: unlink_match(unit, match.id), too)
    assert refusal(error) == [("matchId",)]
    assert (await pair.share.link(pair.ours), await pair.share.boxes()) == (None, {"not_found": 1})


async def test_of_two_merges_of_the_same_people_one_is_done(world: World) -> None:
    """Each would leave the other's; the second finds its own survivor gone."""
    north = await world.nation("north")
    one, two = await north.person(**ANN), await north.person(**ANN)
    (error,) = await second_while_first(
        north, lambda unit: merge_profiles(unit, one, [two]), lambda unit: merge_profiles(unit, two, [one])
    )
    assert isinstance(error, NotFound)
    assert [person.id for person in await north.people()] == [one]
    three = await north.person(**ANN)
    (error,) = await second_while_first(
        north, lambda unit: delete_profile(unit, three), lambda unit: merge_profiles(unit, one, [three])
    )
    assert refusal(error) == [("duplicateIds", "0")]


async def test_merges_in_both_nations_at_once_do_not_wait_in_a_ring(world: World) -> None:
    """Nor is it forgotten that two of them are not one person."""
    pair = await couple(world, {}, {})
    await pair.share.unlink(pair.ours)
    tag = await pair.receiver.tag("back", [pair.theirs])
    back = await (await pair.receiver.share(tag, pair.sender)).accept()
    await world.work()
    for _ in range(3):
        ours, theirs = await pair.sender.person(**BEN), await pair.receiver.person(**BEN)
        async with asyncio.timeout(20):
            await asyncio.gather(
                pair.sender.merge(ours, pair.ours), pair.receiver.merge(theirs, pair.theirs), world.work()
            )
        pair.ours, pair.theirs = ours, theirs
        await world.work()
        one, other = sorted([ours, theirs])
        (record,) = (await holdings([pair.sender.id]))["strangers"]
        assert str(one) in record
        assert str(other) in record
    assert (await pair.share.boxes(), await back.boxes()) == ({"not_found": 1}, {"not_found": 1})


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_a_merge_at_the_moment_in_which_a_step_links_loses_nobody(world: World, side: str) -> None:
    """The step waits for the merge, or the merge for the step."""
    share, people, there = await shared_people(world, [ANN, BEN], [ANN, BEN])
    await under_way(share, "SYNCING")
    nation: Nation = getattr(share, side)
    one, two = people if side == "sender" else there
    await meanwhile(nation, lambda unit: merge_profiles(unit, one, [two]), world.work)
    await world.work()
    assert await share.link(people[0]) == there[0]
    assert await share.tagged() == {there[0]}
    assert await share.boxes() == ({"synced": 1} if side == "sender" else {"synced": 1, "not_found": 1})
    assert {run.state for run in await SyncRun.filter(share_id=share.id)} == {RunState.SUCCEEDED}


Said = Callable[[], Awaitable[object]]


async def test_a_choice_while_the_share_works_and_people_edit_comes_to_rest(world: World) -> None:
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    await under_way(share, "MATCHING")
    deeds: list[Said] = [
        lambda: share.choose(ann, two),
        world.work,
        lambda: share.sender.edit(ann, employer="Mill"),
        lambda: share.receiver.edit(two, church="St Ann"),
        lambda: share.receiver.edit(one, sex="F"),
    ]
    await asyncio.gather(*(deed() for deed in deeds))
    await world.work()
    assert await share.link(ann) == two
    match = await share.match_of(ann)
    assert (match.state, match.stage) == (MatchState.SYNCED, MatchStage.CHOSEN)
    ours, theirs = await share.sender.values(ann), await share.receiver.values(two)
    assert (ours["employer"], ours["church"]) == ("Mill", "St Ann")
    assert ours == theirs


async def test_a_run_that_waits_for_who_says_so_finds_it_said(world: World) -> None:
    """And whoever says so waits for a step of it that is under way."""
    share, (ann,), (one, _) = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    await under_way(share, "QUEUED")
    await meanwhile(share.receiver, lambda unit: choose_candidate(unit, match.id, one), world.work)
    assert await share.link(ann) == one
    with pytest.raises(InvalidInput):
        await share.turn_down(ann)
