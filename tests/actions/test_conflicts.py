"""Review: each side takes the other's value, or leaves a field out of step; it never writes into the other nation."""

from uuid import UUID, uuid4

import pytest

from actions.conflicts import apply_conflicts, skip_conflicts
from actions.decisions import MAX_CONFLICTS
from models.conflict import Conflict
from sharing.errors import InvalidInput, NotFound, StaleVersion
from sharing.events import EventKind, Noun
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchState
from tests.couples import ANN, BEN, couple
from tests.refusals import paths, refused
from tests.tables import events, holdings, position
from tests.world import Nation, SharedTag, World

OPEN, SKIPPED, RESOLVED = ConflictState.OPEN, ConflictState.SKIPPED, ConflictState.RESOLVED
UNREVIEWED, SYNCED = {"unreviewed_changes": 1}, {"synced": 1}


async def reviewed(world: World, ours: dict, theirs: dict, *groups: Group) -> tuple[SharedTag, UUID, UUID]:
    """Share one person under review, who is a bit different on both sides."""
    pair = await couple(world, ours, theirs, SyncMode.ALWAYS_REVIEW, *groups)
    return pair.share, pair.ours, pair.theirs


async def apply(nation: Nation, *conflict_ids: UUID, caller=None, seen=()) -> None:
    async with nation.world.unit(caller or nation.member) as unit:
        await apply_conflicts(unit, nation.id, conflict_ids, dict(seen))


async def skip(nation: Nation, *conflict_ids: UUID, caller=None) -> None:
    async with nation.world.unit(caller or nation.member) as unit:
        await skip_conflicts(unit, nation.id, conflict_ids)


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_either_side_applies_the_others_value_to_its_own_profile(world: World, side: str) -> None:
    """Field by field; the other nation's profile is not touched."""
    share, ours, theirs = await reviewed(world, {"employer": "Mill", "sex": "F"}, {"employer": "Shop", "sex": "O"})
    nation, other = (share.sender, share.receiver) if side == "sender" else (share.receiver, share.sender)
    mine, untouched = (ours, theirs) if side == "sender" else (theirs, ours)
    before = await other.record(untouched)
    await apply(nation, (await share.conflict("employer")).id)
    await world.work()
    assert await other.record(untouched) == before
    assert await nation.value(mine, "employer") == before.value("employer")
    assert await nation.value(mine, "sex") != before.value("sex")
    assert [conflict.state for conflict in await share.conflicts()] == [RESOLVED, OPEN]
    assert await share.boxes() == UNREVIEWED


async def test_all_that_are_selected_are_applied_at_once_across_people_and_shares(world: World) -> None:
    north, south, west = await world.nations("north", "south", "west")
    people = [await north.person(**who, employer="Mill") for who in (ANN, BEN)]
    for nation in (south, west):
        for who in (ANN, BEN):
            await nation.person(**who, employer=f"{nation.slug} works")
    tag = await north.tag("board", people)
    shares = [await (await north.share(tag, nation)).accept(SyncMode.ALWAYS_REVIEW) for nation in (south, west)]
    await world.work()
    assert [await share.boxes() for share in shares] == [{"unreviewed_changes": 2}] * 2
    await apply(south, *[conflict.id for conflict in await shares[0].conflicts()])
    assert await shares[0].boxes() == {"synced": 2}
    assert await shares[1].boxes() == {"unreviewed_changes": 2}
    assert [await north.value(person, "employer") for person in people] == ["Mill", "Mill"]
    back = await south.share(await south.tag("back", [p.id for p in await south.people()]), north)
    await back.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    one, two = people
    await south.edit((await south.people())[0].id, employer="Works")
    await world.work()
    both = await Conflict.filter(share_id__in=[shares[0].id, back.id], state=OPEN)
    assert len(both) == 2
    await apply(north, *[conflict.id for conflict in both])
    await world.work()
    assert [await north.value(person, "employer") for person in (one, two)] == ["Works", "Mill"]
    assert [await share.boxes() for share in (shares[0], back)] == [{"synced": 2}] * 2


async def test_two_nations_values_for_one_field_are_not_both_taken(world: World) -> None:
    """Whoever selects all has to choose: nothing is written."""
    north, south, west = await world.nations("north", "south", "west")
    for nation in (south, west):
        await nation.person(**ANN, employer=f"{nation.slug} works")
    tag = await north.tag("board", [await north.person(**ANN, employer="Mill")])
    shares = [await (await north.share(tag, nation)).accept(SyncMode.ALWAYS_REVIEW) for nation in (south, west)]
    await world.work()
    async with refused(InvalidInput, north, south, west) as info:
        await apply(north, *[(await share.conflict("employer")).id for share in shares])
    assert paths(info) == [("conflictIds",)]


async def test_taking_a_blank_clears_ones_own_and_taking_a_value_undoes_the_clearing(world: World) -> None:
    """A deliberate clearing is a conflict under review, like any other difference."""
    share, ours, theirs = await reviewed(world, {"church": "St Ann"}, {"religion": "None"})
    north, south = share.sender, share.receiver
    await north.edit(ours, clear=["church", "religion"])
    await world.work()
    assert [(c.field, c.sender_value, c.receiver_value) for c in await share.conflicts()] == [
        ("church", None, "St Ann"),
        ("religion", None, "None"),
    ]
    await apply(south, (await share.conflict("church")).id)
    await apply(north, (await share.conflict("religion")).id)
    await world.work()
    assert await south.value(theirs, "church") is None
    assert "church" in (await south.record(theirs)).cleared
    assert (await north.value(ours, "religion"), (await north.record(ours)).cleared) == ("None", {"church"})
    assert await share.boxes() == SYNCED


async def test_a_person_may_weaken_an_opt_out_by_applying(world: World) -> None:
    """No sync ever weakens one; an edit by a person in that nation does."""
    groups = (Group.NATION_SPECIFIC,)
    share, ours, theirs = await reviewed(world, {"do_not_call": True}, {"do_not_call": False}, *groups)
    await apply(share.sender, (await share.conflict("do_not_call")).id)
    await world.work()
    assert await share.sender.value(ours, "do_not_call") is False
    assert await share.receiver.value(theirs, "do_not_call") is False
    assert await share.boxes() == SYNCED


async def test_a_skipped_field_leaves_the_queue_and_stays_out_of_sync(world: World) -> None:
    """Until someone resolves it or the value changes again; blank fields keep being filled meanwhile."""
    share, ours, theirs = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    north, south = share.sender, share.receiver
    conflict = await share.conflict("employer")
    await skip(north, conflict.id)
    assert (await share.conflict("employer")).state is SKIPPED
    assert await share.boxes() == SYNCED
    await south.edit(theirs, church="St Ann")
    await world.work()
    assert (await north.value(ours, "church"), await north.value(ours, "employer")) == ("St Ann", "Mill")
    assert (await share.conflict("employer")).state is SKIPPED
    held = await holdings([north.id, south.id])
    await skip(south, conflict.id)
    assert await holdings([north.id, south.id]) == held
    await apply(south, conflict.id)
    assert await south.value(theirs, "employer") == "Mill"
    assert (await share.conflict("employer")).state is RESOLVED


async def test_a_whole_profile_is_skipped_by_all_its_conflicts(world: World) -> None:
    share, *_ = await reviewed(world, {"employer": "Mill", "sex": "F"}, {"employer": "Shop", "sex": "O"})
    await skip(share.receiver, *[conflict.id for conflict in await share.conflicts()])
    assert {conflict.state for conflict in await share.conflicts()} == {SKIPPED}
    assert await share.boxes() == SYNCED


async def test_a_skipped_conflict_comes_back_when_a_value_changes(world: World) -> None:
    share, ours, _ = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    before = await share.conflict("employer")
    await skip(share.receiver, before.id)
    await share.sender.edit(ours, employer="Hospital")
    await world.work()
    conflict = await share.conflict("employer")
    assert (conflict.id, conflict.state, conflict.sender_value) == (before.id, OPEN, "Hospital")
    assert await share.boxes() == UNREVIEWED


async def test_an_open_conflict_follows_its_values(world: World) -> None:
    share, ours, _ = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    before = await share.conflict("employer")
    await share.sender.edit(ours, employer="Hospital")
    await world.work()
    conflict = await share.conflict("employer")
    assert (conflict.id, conflict.state) == (before.id, OPEN)
    assert (conflict.sender_value, conflict.receiver_value) == ("Hospital", "Shop")
    assert conflict.sender_changed_at > before.sender_changed_at
    assert (conflict.receiver_changed_at, conflict.opened_at) == (before.receiver_changed_at, before.opened_at)


async def test_a_conflict_on_which_both_came_to_agree_closes_by_itself_and_reopens_when_they_part(world) -> None:
    share, ours, theirs = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    opened = await share.conflict("employer")
    await share.receiver.edit(theirs, employer="Mill")
    await world.work()
    closed = await share.conflict("employer")
    assert (closed.state, closed.closed_at is not None) == (RESOLVED, True)
    assert await share.boxes() == SYNCED
    await share.sender.edit(ours, employer="Hospital")
    await world.work()
    again = await share.conflict("employer")
    assert (again.id, again.state, again.closed_at) == (opened.id, OPEN, None)
    assert again.opened_at > opened.opened_at
    assert await share.boxes() == UNREVIEWED


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_a_value_that_changed_since_the_conflict_was_recorded_is_not_applied(world: World, side) -> None:
    """Stale between display and apply: refused, nothing written, even for those that are fresh."""
    share, ours, theirs = await reviewed(world, {"employer": "Mill", "sex": "F"}, {"employer": "Shop", "sex": "O"})
    ids = [conflict.id for conflict in await share.conflicts()]
    if side == "sender":
        await share.sender.edit(ours, employer="Hospital")
    else:
        await share.receiver.edit(theirs, employer="Hospital")
    async with refused(StaleVersion, share.sender, share.receiver) as info:
        await apply(share.receiver, *ids)
    assert info.value.path == ("conflictIds",)
    await world.work()
    await apply(share.receiver, *ids)
    assert await share.boxes() == SYNCED


async def test_a_conflict_that_has_moved_on_since_it_was_shown_is_not_applied(world: World) -> None:
    """Its new values are on record already, but nobody has looked at them."""
    share, ours, theirs = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    conflict = await share.conflict("employer")
    await share.sender.edit(ours, employer="Hospital")
    await world.work()
    async with refused(StaleVersion, share.sender, share.receiver):
        await apply(share.receiver, conflict.id, seen={conflict.id: ("Mill", "Shop")})
    await apply(share.receiver, conflict.id, seen={conflict.id: ("Hospital", "Shop")})
    assert await share.receiver.value(theirs, "employer") == "Hospital"


async def test_a_profile_that_is_gone_makes_its_conflicts_stale_and_then_unknown(world: World) -> None:
    share, _, theirs = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    conflict = await share.conflict("employer")
    await share.receiver.delete(theirs)
    async with refused(StaleVersion, share.sender, share.receiver):
        await apply(share.sender, conflict.id)
    before = await position(share.sender.id)
    await world.work()
    assert await share.conflicts() == []
    told = [row for row in await events(share.sender.id, before) if row["noun"] == Noun.CONFLICT]
    assert [(row["kind"], row["subjects"]) for row in told] == [(EventKind.DELETED, [conflict.id])]
    async with refused(NotFound, share.sender, share.receiver):
        await apply(share.sender, conflict.id)


@pytest.mark.parametrize("act", [apply, skip])
async def test_a_resolved_conflict_is_decided_no_more(world: World, act) -> None:
    share, *_ = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    conflict = await share.conflict("employer")
    await apply(share.receiver, conflict.id)
    async with refused(InvalidInput, share.sender, share.receiver) as info:
        await act(share.receiver, conflict.id)
    assert paths(info) == [("conflictIds",)]


@pytest.mark.parametrize("act", [apply, skip])
async def test_none_or_more_than_a_thousand_at_once_are_refused(world: World, act) -> None:
    share, *_ = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    for ids in ([], [uuid4() for _ in range(MAX_CONFLICTS + 1)]):
        async with refused(InvalidInput, share.sender, share.receiver) as info:
            await act(share.receiver, *ids)
        assert paths(info) == [("conflictIds",)]


@pytest.mark.parametrize("act", [apply, skip])
async def test_conflicts_of_others_are_as_unknown_as_none_and_spoil_the_whole_request(world: World, act) -> None:
    """Also for somebody who belongs to both: a nation decides only what is its own."""
    share, *_ = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    conflict = await share.conflict("employer")
    stranger = await world.nation("stranger")
    answers = []
    for ids in ([conflict.id], [uuid4()]):
        async with refused(NotFound, share.sender, share.receiver, stranger) as info:
            await act(stranger, *ids)
        answers.append((info.value.message, info.value.path))
    assert answers[0] == answers[1]
    async with refused(NotFound, share.sender, share.receiver):
        await act(share.receiver, conflict.id, uuid4())
    everywhere = type(stranger.admin)(user_id=uuid4(), roles=stranger.admin.roles | share.receiver.admin.roles)
    async with refused(NotFound, share.sender, share.receiver, stranger):
        await act(stranger, conflict.id, caller=everywhere)
    async with refused(NotFound, share.sender, share.receiver):
        await act(share.receiver, conflict.id, caller=share.sender.admin)


async def test_conflicts_end_with_the_share(world: World) -> None:
    share, *_ = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    conflict = await share.conflict("employer")
    await share.stop(share.sender)
    async with refused(NotFound, share.sender, share.receiver):
        await apply(share.sender, conflict.id)


async def test_under_review_the_match_tells_that_it_waits(world: World) -> None:
    share, ours, _ = await reviewed(world, {"employer": "Mill"}, {"employer": "Shop"})
    assert (await share.match_of(ours)).state is MatchState.CONFLICTED
    await apply(share.receiver, (await share.conflict("employer")).id)
    assert (await share.match_of(ours)).state is MatchState.SYNCED
