"""Who is whom, as people say it: a candidate chosen, or all of them turned down."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from actions.resolving import choose_candidate, reject_candidates
from actions.running import step_run
from models.match import Match
from models.run import SyncRun
from sharing.errors import Forbidden, InvalidInput, NotFound
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import AmbiguityReason, MatchStage, MatchState, RunState
from sharing.visibility import Caller, Role
from tests.couples import ANN, BEN, CLEO, PHASES, shared_people, under_way
from tests.refusals import paths, refused
from tests.tables import holdings
from tests.world import SharedTag, World

ALREADY_LINKED = AmbiguityReason.ALREADY_LINKED


async def states(share: SharedTag, *people: UUID) -> list[MatchState]:
    return [(await share.match_of(person)).state for person in people]


# Choosing


async def test_the_chosen_candidate_is_linked_tagged_and_synced_at_once(world: World) -> None:
    """As by a first sync; the match says that a person chose it, and what spoke for it."""
    share, (ann,), (one, two) = await shared_people(
        world, [{**ANN, "employer": "Mill"}], [ANN, {**ANN, "church": "St Ann"}]
    )
    before = await share.match_of(ann)
    await share.choose(ann, two)
    match = await share.match_of(ann)
    assert (match.id, match.state, match.stage) == (before.id, MatchState.SYNCED, MatchStage.CHOSEN)
    assert (match.receiver_profile_id, match.ambiguity) == (two, None)
    chosen = next(one for one in before.candidates if one["profile"] == str(two))
    assert (match.score, match.evidence) == (chosen["score"], chosen["evidence"])
    assert match.first_synced_at is not None
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1}, {two})
    assert await share.receiver.value(two, "employer") == "Mill"
    assert await share.sender.value(ann, "church") == "St Ann"
    assert await share.receiver.value(one, "employer") is None


async def test_no_later_run_and_no_surer_rival_undoes_a_choice(world: World) -> None:
    share, (ann,), (_, two) = await shared_people(world, [ANN], [ANN, {**ANN, "van_id": "7"}], Group.UNIQUE_IDS)
    await share.choose(ann, two)
    nations = [share.sender.id, share.receiver.id]
    before = await holdings(nations)
    await share.sync()
    assert await holdings(nations) == before
    surer = await share.sender.person(last_name="Okonkwo", van_id="7")
    await share.sender.put_on((await share.row()).tag_id, surer)
    assert [await share.link(person) for person in (ann, surer)] == [two, None]
    await share.sync()
    assert [await share.link(person) for person in (ann, surer)] == [two, None]


async def test_the_chosen_one_wins_whom_another_held(world: World) -> None:
    """The other is left in doubt, without the link, its conflicts, and what was known of its step."""
    ours = [{**ANN, "employer": "Mill", "van_id": "7"}, ANN]
    share, (first, ann), (theirs, _) = await shared_people(
        world,
        ours,
        [{**ANN, "employer": "Shop", "van_id": "7"}, {**ANN, "van_id": "8"}],
        Group.UNIQUE_IDS,
        mode=SyncMode.ALWAYS_REVIEW,
    )
    assert await share.link(first) == theirs
    assert theirs in [UUID(one["profile"]) for one in (await share.match_of(ann)).candidates]
    assert len(await share.conflicts()) == 1
    await share.choose(ann, theirs)
    loser = await share.match_of(first)
    assert (loser.state, loser.ambiguity, loser.first_synced_at) == (MatchState.AMBIGUOUS, ALREADY_LINKED, None)
    assert (await share.conflicts(), await share.tagged()) == ([], {theirs})
    assert await share.boxes() == {"synced": 1, "ambiguous": 1}
    await share.sync()
    assert [await share.link(person) for person in (first, ann)] == [None, theirs]


async def test_of_two_equals_one_may_be_chosen(world: World) -> None:
    share, (one, two), (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    await share.choose(two, theirs)
    assert [await share.link(person) for person in (one, two)] == [None, theirs]
    await share.sync()
    assert [await share.link(person) for person in (one, two)] == [None, theirs]


async def test_whoever_was_kept_from_a_person_gets_it_where_the_rival_turns_to_another(world: World) -> None:
    share, (one, two), (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    match = await share.match_of(one)
    other = await share.receiver.person(first_name="Anne", last_name="Okonkwo")
    await Match.filter(id=match.id).update(
        candidates=[*match.candidates, {**match.candidates[0], "profile": str(other)}]
    )
    await share.choose(one, other)
    assert [await share.link(person) for person in (one, two)] == [other, theirs]


async def test_a_held_candidate_is_not_taken_from_a_choice_or_from_whom_the_share_made(world: World) -> None:
    share, (one, two), (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    await share.choose(one, theirs)
    match = await share.match_of(two)
    async with refused(InvalidInput, share.sender, share.receiver) as info, world.unit(share.receiver.admin) as unit:
        await choose_candidate(unit, match.id, theirs)
    assert (paths(info), "unlink" in str(info.value)) == ([("profileId",)], True)


async def test_only_an_admin_of_the_receiver_chooses_or_turns_down(world: World) -> None:
    share, (ann,), (theirs, _) = await shared_people(world, [ANN], [ANN, ANN])
    east, match = await world.nation("east"), await share.match_of(ann)
    both = Caller(user_id=uuid4(), roles={share.sender.id: Role.ADMIN, share.receiver.id: Role.MEMBER})
    nations = (share.sender, share.receiver)
    for caller, kind in ((share.receiver.member, Forbidden), (both, Forbidden), (east.admin, NotFound)):
        async with refused(kind, *nations), world.unit(caller) as unit:
            await choose_candidate(unit, match.id, theirs)
    for caller, kind in ((share.sender.admin, Forbidden), *((one, Forbidden) for one in (share.receiver.member, both))):
        async with refused(kind, *nations), world.unit(caller) as unit:
            await reject_candidates(unit, match.id)
    async with refused(NotFound, *nations), world.unit(share.sender.admin) as unit:
        await choose_candidate(unit, match.id, theirs)
    async with refused(NotFound, *nations), world.unit(east.admin) as unit:
        await reject_candidates(unit, match.id)


async def test_who_is_no_candidate_is_not_found(world: World) -> None:
    """A made-up id, one of the sender's, one of the receiver's who does not fit, one who is gone, one turned down elsewhere."""
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    ben = await share.receiver.person(**BEN)
    third = await share.receiver.person(**ANN)
    await world.work()
    other = await share.sender.share(await share.sender.tag("other", [ann]), share.receiver)
    await other.accept()
    await world.work()
    await Match.filter(id=match.id).update(candidates=(await share.match_of(ann)).candidates)
    await share.receiver.delete(third)
    for stranger in (uuid4(), ann, ben, third):
        async with refused(NotFound, share.sender, share.receiver) as info, world.unit(share.receiver.admin) as unit:
            await choose_candidate(unit, match.id, stranger)
        assert paths(info) == [("profileId",)]
    stale = (await share.match_of(ann)).candidates
    await other.turn_down(ann)
    await Match.filter(id=match.id).update(candidates=stale, state=MatchState.AMBIGUOUS)
    for turned_down in (one, two):
        with pytest.raises(NotFound):
            await share.choose(ann, turned_down)


@pytest.mark.parametrize("deed", ["choose", "turn down"])
@pytest.mark.parametrize("how", ["linked", "not found", "ended", "stopped"])
async def test_what_is_not_in_doubt_any_more_is_not_settled(world: World, deed: str, how: str) -> None:
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    match, kind = await share.match_of(ann), InvalidInput
    if how == "linked":
        await share.receiver.edit(two, **BEN)
    elif how == "not found":
        await share.turn_down(ann)
    elif how == "ended":
        await share.sender.take_off((await share.row()).tag_id, ann)
    else:
        await share.stop(share.sender)
        kind = NotFound
    await world.work()
    async with refused(kind, share.sender, share.receiver) as info, world.unit(share.receiver.admin) as unit:
        await (choose_candidate(unit, match.id, one) if deed == "choose" else reject_candidates(unit, match.id))
    assert paths(info) == [("matchId",)]


# None of these


async def test_where_none_of_these_is_the_person_nobody_is_found(world: World) -> None:
    share, (ann,), there = await shared_people(world, [ANN], [ANN, ANN])
    match = await share.match_of(ann)
    await share.turn_down(ann)
    assert (await share.match_of(ann)).id == match.id
    assert await share.boxes() == {"not_found": 1}
    for _ in range(2):
        await share.sync()
        assert await share.boxes() == {"not_found": 1}
    await share.receiver.edit(there[0], employer="Mill", sex="F")
    assert (await share.link(ann), await share.boxes()) == (None, {"not_found": 1})


async def test_whoever_comes_later_may_be_found(world: World) -> None:
    share, (ann,), _ = await shared_people(world, [ANN], [ANN, ANN])
    await share.turn_down(ann)
    third = await share.receiver.person(**ANN)
    assert await share.link(ann) == third


async def test_where_new_people_are_taken_one_is_made(world: World) -> None:
    share, (ann,), there = await shared_people(world, [ANN], [ANN, ANN], create=True)
    await share.turn_down(ann)
    match = await share.match_of(ann)
    assert (match.stage, match.state) == (MatchStage.CREATED, MatchState.SYNCED)
    assert match.receiver_profile_id not in there
    assert await share.tagged() == {match.receiver_profile_id}


async def test_a_rival_gets_whom_another_turns_down(world: World) -> None:
    share, (one, two), (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    await share.turn_down(one)
    assert [await share.link(person) for person in (one, two)] == [None, theirs]
    assert await states(share, one, two) == [MatchState.NOT_FOUND, MatchState.SYNCED]
    await share.sync()
    assert [await share.link(person) for person in (one, two)] == [None, theirs]


async def test_whom_a_rival_holds_is_turned_down_too(world: World) -> None:
    ours = [ANN, {"last_name": "Okonkwo", "van_id": "7"}]
    share, (one, two), _ = await shared_people(world, ours, [{**ANN, "van_id": "7"}], Group.UNIQUE_IDS)
    assert (await share.match_of(one)).ambiguity is ALREADY_LINKED
    await share.turn_down(one)
    assert await states(share, one, two) == [MatchState.NOT_FOUND, MatchState.SYNCED]
    await share.sender.take_off((await share.row()).tag_id, two)
    assert await share.link(one) is None
    assert await states(share, one) == [MatchState.NOT_FOUND]


# While a run is under way


@pytest.mark.parametrize("phase", PHASES)
async def test_what_is_said_while_a_run_is_under_way_holds(world: World, phase: str) -> None:
    """The run matches no more whoever was chosen, and links nobody who was turned down or unlinked."""
    ours, there = [ANN, BEN, CLEO], [ANN, ANN, BEN, BEN, CLEO]
    share, (ann, ben, cleo), (one, *_) = await shared_people(world, ours, there)
    await under_way(share, phase)
    await share.choose(ann, one)
    # While rival claims may yet come up, nobody is synced.
    assert await states(share, ann) == [MatchState.SYNCED if phase == "SYNCING" else MatchState.MATCHED]
    await share.turn_down(ben)
    await share.unlink(cleo)
    await world.work()
    assert [await share.link(person) for person in (ann, ben, cleo)] == [one, None, None]
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1, "not_found": 2}, {one})
    nations = [share.sender.id, share.receiver.id]
    before = await holdings(nations)
    await share.sync()
    assert await holdings(nations) == before


@pytest.mark.parametrize("phase", PHASES)
async def test_who_is_chosen_while_a_run_is_under_way_takes_whom_another_held(world: World, phase: str) -> None:
    ours = [{**ANN, "van_id": "7"}, ANN]
    there = [{**ANN, "van_id": "7"}, {**ANN, "van_id": "8"}]
    share, (first, ann), (theirs, _) = await shared_people(world, ours, there, Group.UNIQUE_IDS)
    assert await share.link(first) == theirs
    await under_way(share, phase)
    await share.choose(ann, theirs)
    assert [await share.link(person) for person in (first, ann)] == [None, theirs]
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1, "ambiguous": 1}, {theirs})


async def test_who_is_chosen_once_the_run_has_settled_that_part_takes_whom_another_held_all_the_same(
    world: World,
) -> None:
    """The run does not come by again before it syncs."""
    ours, there = [{**ANN, "van_id": "7"}, ANN, BEN, BEN], [{**ANN, "van_id": "7"}, {**ANN, "van_id": "8"}, BEN]
    share, (first, ann, *_), (theirs, _, later) = await shared_people(world, ours, there, Group.UNIQUE_IDS)
    assert await share.link(first) == theirs
    run_id = await under_way(share, "SETTLING")
    async with world.unit(Caller()) as unit:
        await step_run(unit, run_id)
    run = await SyncRun.get(id=run_id)
    assert (run.phase, run.cursor) == ("SETTLING", later)
    await share.choose(ann, theirs)
    assert [await share.link(person) for person in (first, ann)] == [None, theirs]
    assert (await SyncRun.get(id=run_id)).state is RunState.SUCCEEDED
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1, "ambiguous": 3}, {theirs})
