"""Archived people and shares: matches end as if they were gone, from either side, and begin anew when they are back."""

from __future__ import annotations

import pytest

from actions import running
from actions.archiving import put_away
from actions.candidates import count_names
from actions.explaining import explain_match
from models.match import Match
from models.profile import Profile
from sharing.errors import ComityError, NotFound
from sharing.kinds import Group
from sharing.matching.accounts import MatchRuling
from sharing.modes import SyncMode
from sharing.states import MatchState
from sharing.visibility import Caller
from tests.actions.test_races import meanwhile
from tests.couples import ANN, BEN, couple, shared_people
from tests.refusals import refused
from tests.tables import holdings
from tests.world import World


async def test_whom_the_sender_archives_ends_the_match_and_whom_it_restores_begins_anew(world: World) -> None:
    pair = await couple(world, {"employer": "Mill"}, {})
    ended = await pair.match()
    await pair.sender.archive(pair.ours)
    await world.work()
    assert (await pair.share.tagged(), await pair.share.boxes()) == (set(), {})
    assert (await Match.get(id=ended.id)).state is MatchState.ENDED
    assert await pair.receiver.value(pair.theirs, "employer") == "Mill"
    await pair.answer(employer="Shop")
    assert (await Profile.get(id=pair.ours)).employer == "Mill"
    await pair.sender.restore(pair.ours)
    await world.work()
    assert (await pair.share.tagged(), await pair.share.boxes()) == ({pair.theirs}, {"synced": 1})
    assert (await pair.match()).id != ended.id
    assert await pair.both("employer") == ("Mill", "Mill")


async def test_whom_the_receiver_archives_is_not_found_until_restored(world: World) -> None:
    pair = await couple(world, {"employer": "Mill"}, {})
    await pair.receiver.archive(pair.theirs)
    await world.work()
    assert (await pair.share.tagged(), await pair.share.boxes()) == (set(), {"not_found": 1})
    await pair.send(employer="Shop")
    assert (await Profile.get(id=pair.theirs)).employer == "Mill"
    await pair.receiver.restore(pair.theirs)
    await world.work()
    assert (await pair.share.tagged(), await pair.share.boxes()) == ({pair.theirs}, {"synced": 1})
    assert await pair.both("employer") == ("Shop", "Shop")


async def test_whom_the_receiver_archives_is_made_anew_and_the_restored_stays_without_the_tag(world: World) -> None:
    """As one whom it deletes is: the share has its person, and the one who is back does not bear the shared tag."""
    share, (ours,), _ = await shared_people(world, [ANN], [], create=True)
    first = (await share.match_of(ours)).receiver_profile_id
    assert first is not None
    await share.receiver.archive(first)
    second = await share.link(ours)
    assert second not in (None, first)
    await share.receiver.restore(first)
    assert await share.link(ours) == second
    assert await share.tagged() == {second}


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_archived_and_restored_before_anybody_looked_the_link_goes_on(world: World, side: str) -> None:
    pair = await couple(world, {"employer": "Mill"}, {})
    before = await pair.match()
    nation, person = (pair.sender, pair.ours) if side == "sender" else (pair.receiver, pair.theirs)
    await nation.archive(person)
    await nation.restore(person)
    await world.work()
    assert (await pair.match()).id == before.id
    assert (await pair.share.tagged(), await pair.share.boxes()) == ({pair.theirs}, {"synced": 1})


async def test_an_archived_candidate_is_not_chosen_and_leaves_the_other_to_be_matched(world: World) -> None:
    share, (ours,), (one, other) = await shared_people(world, [ANN], [ANN, ANN])
    assert await share.boxes() == {"ambiguous": 1}
    await share.receiver.archive(one)
    async with refused(NotFound, share.sender, share.receiver):
        await share.choose(ours, one)
    assert await share.link(ours) == other
    await share.receiver.restore(one)
    assert await share.link(ours) == other


async def test_whom_a_rival_had_is_matched_once_the_rival_is_archived(world: World) -> None:
    """Of two of the sender's who claim one person as surely, the one that is left has it."""
    share, (ann, anne), (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    assert await share.boxes() == {"ambiguous": 2}
    await share.sender.archive(anne)
    assert await share.link(ann) == theirs


@pytest.mark.parametrize("in_bulk", [False, True])
async def test_a_run_passes_over_the_archived_of_both_sides(
    world: World, monkeypatch: pytest.MonkeyPatch, in_bulk: bool
) -> None:
    monkeypatch.setattr(running, "BULK_FROM", 1 if in_bulk else 1 << 30)
    north, south = await world.nations("north", "south")
    ours, theirs = [[await nation.person(**who) for who in (ANN, BEN)] for nation in (north, south)]
    tag = await north.tag("board", ours)
    await north.archive(ours[0])
    await south.archive(theirs[1])
    share = await (await north.share(tag, south)).accept()
    await world.work()
    assert await share.boxes() == {"not_found": 1}
    await share.sync()
    assert await share.boxes() == {"not_found": 1}


async def test_a_run_finds_links_whose_archiving_nobody_heard_of(world: World) -> None:
    """As where the hint and the work to do were lost."""
    pair = await couple(world, {}, {})
    for nation, person, box in ((pair.receiver, pair.theirs, {"not_found": 1}), (pair.sender, pair.ours, {})):
        await nation.archive(person)
        async with world.unit(Caller()) as unit:
            await unit.pg.execute("DELETE FROM changes WHERE share_id = $1", pair.share.id)
        world.post.jobs.clear()
        await pair.share.sync()
        assert await pair.share.boxes() == box


async def test_a_conflict_of_the_archived_is_nobodys_to_apply(world: World) -> None:
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Shop"}, SyncMode.ALWAYS_REVIEW)
    (conflict,) = await pair.share.conflicts()
    await pair.sender.archive(pair.ours)
    async with refused(ComityError, pair.sender, pair.receiver):
        await pair.receiver.apply(conflict.id)
    await world.work()
    assert await pair.share.conflicts() == []


async def test_an_address_of_the_archived_is_not_given_to_another_by_a_share(world: World) -> None:
    share, (ours,), (away, theirs) = await shared_people(
        world, [{**ANN, "emails": ["ann@example.org"]}], [{**BEN, "emails": ["ann@example.org"]}, ANN], Group.EMAILS
    )
    await share.receiver.archive(away)
    assert await share.link(ours) == theirs
    match = await share.match_of(ours)
    assert [note["hindrance"] for note in match.notes] == ["BELONGS_TO_ANOTHER"]
    assert await share.receiver.value(theirs, "emails") is None


async def test_the_archived_count_in_no_frequency_of_names_and_are_explained_as_gone(world: World) -> None:
    pair = await couple(world, {}, {})
    match = await pair.match()
    await pair.receiver.person(**BEN)
    await pair.receiver.archive(pair.theirs)
    async with world.unit(pair.receiver.admin) as unit:
        await count_names(unit.pg, pair.receiver.id)
        assert await unit.pg.fetchval("SELECT people FROM name_counts WHERE nation_id = $1", pair.receiver.id) == 1
        told = await explain_match(unit, match.id)
        assert told is not None
        assert told.ruling is MatchRuling.ENDED


async def test_whoever_archives_waits_for_the_sync_that_has_the_profile_and_the_sync_for_who_archives(
    world: World,
) -> None:
    """The second comes after the first, whole: what is archived is written to no more."""
    pair = await couple(world, {"employer": "Mill"}, {})
    await pair.sender.edit(pair.ours, employer="Shop")
    (none,) = await meanwhile(pair.receiver, lambda unit: put_away(unit, pair.receiver.id, [pair.theirs]), world.work)
    assert none is None
    await world.work()
    assert (await Profile.get(id=pair.theirs)).employer == "Mill"
    assert (await pair.share.tagged(), await pair.share.boxes()) == (set(), {"not_found": 1})


async def test_hundreds_are_archived_and_restored_at_once_and_all_is_as_before(world: World) -> None:
    north, south = await world.nations("north", "south")
    people = [{"first_name": f"A{n}", "last_name": f"Zz{n}", "twitter_id": str(n)} for n in range(40)]
    ours = [await north.person(**who) for who in people]
    for who in people:
        await south.person(**who)
    share = await (await north.share(await north.tag("board", ours), south)).accept()
    await world.work()
    assert await share.boxes() == {"synced": 40}
    kept = ["match_keys", "tags", "profile_emails", "archived_taggings", "share_stats"]
    before = await holdings([north.id, south.id])
    for nation in (north, south):
        everybody = [person.id for person in await nation.people()]
        await nation.archive(*everybody)
        await world.work()
        assert await share.boxes() == ({} if nation is north else {"not_found": 40})
        await nation.restore(*everybody)
        await world.work()
        after = await holdings([north.id, south.id])
        assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
