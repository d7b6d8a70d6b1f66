"""Merging duplicates: what becomes of their links, and of whoever was in doubt because of them."""

from __future__ import annotations

from uuid import UUID

import pytest

from models.queries import query
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import AmbiguityReason, MatchStage, MatchState
from tests.couples import ANN, BEN, CLEO, PHASES, couple, shared_people, under_way
from tests.tables import holdings
from tests.world import Nation, SharedTag, World

HER_ID = {"last_name": "Okonkwo", "van_id": "7"}


async def ambiguity(share: SharedTag, person: UUID) -> AmbiguityReason | None:
    return (await share.match_of(person)).ambiguity


# Whoever was in doubt because of them


async def test_merging_the_receivers_duplicates_resolves_the_doubt(world: World) -> None:
    """MULTIPLE_CANDIDATES."""
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    assert await ambiguity(share, ann) is AmbiguityReason.MULTIPLE_CANDIDATES
    await share.receiver.merge(one, two)
    assert await share.link(ann) == one
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1}, {one})


@pytest.mark.parametrize("survivor", [0, 1])
async def test_merging_the_senders_duplicates_resolves_the_rivalry(world: World, survivor: int) -> None:
    """ALREADY_LINKED."""
    share, people, (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    assert await share.boxes() == {"ambiguous": 2}
    await share.sender.merge(people[survivor], people[1 - survivor])
    assert await share.link(people[survivor]) == theirs
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1}, {theirs})


async def test_a_rival_who_is_left_gets_whom_the_two_claimed(world: World) -> None:
    """The one that takes the other in turns out to be somebody else."""
    share, (one, two), (theirs,) = await shared_people(world, [ANN, ANN], [ANN])
    ben = await share.sender.person(**BEN)
    await share.sender.merge(ben, two)
    assert [await share.link(person) for person in (one, ben)] == [theirs, None]


# Links


async def test_a_link_to_a_duplicate_passes_to_the_profile_that_is_left(world: World) -> None:
    """The match is the same and begins anew, with a first sync; the shared tag goes along."""
    pair = await couple(world, {"employer": "Mill"}, {"church": "St Ann"}, SyncMode.ALWAYS_REVIEW)
    await pair.send(church="St Ben")
    before = await pair.match()
    assert len(await pair.share.conflicts()) == 1
    left = await pair.receiver.person(last_name="Okonkwo", employer="Shop", bio="Hers.")
    await pair.receiver.merge(left, pair.theirs)
    passed = await pair.match()
    assert (passed.id, passed.state, passed.receiver_profile_id) == (before.id, MatchState.MATCHED, left)
    assert (passed.first_synced_at, passed.out_of_step, passed.stage) == (None, [], before.stage)
    assert (await pair.share.conflicts(), await pair.share.boxes()) == ([], {"matched": 1})
    assert await pair.share.tagged() == {left}
    await world.work()
    assert sorted(conflict.field for conflict in await pair.share.conflicts()) == ["church", "employer"]
    assert await pair.sender.value(pair.ours, "bio") == "Hers."
    assert (await pair.share.boxes(), await pair.share.tagged()) == ({"unreviewed_changes": 1}, {left})


async def test_a_link_of_a_duplicate_passes_to_the_profile_that_is_left(world: World) -> None:
    """With the tag that it now bears."""
    pair = await couple(world, {"employer": "Mill"}, {"church": "St Ann"})
    before = await pair.match()
    left = await pair.sender.person(last_name="Okonkwo", employer="Shop")
    await pair.sender.merge(left, pair.ours)
    assert await pair.share.link(left) == pair.theirs
    passed = await pair.share.match_of(left)
    assert (passed.id, passed.state) == (before.id, MatchState.SYNCED)
    assert await pair.receiver.value(pair.theirs, "employer") == "Shop"
    assert await pair.sender.value(left, "church") == "St Ann"
    assert (await pair.sender.bearers(pair.tag), await pair.share.tagged()) == ({left}, {pair.theirs})


async def test_its_own_link_stays_and_who_loses_one_is_matched_again(world: World) -> None:
    share, (ann, ben), (hers, his) = await shared_people(world, [ANN, BEN], [ANN, BEN])
    before = await share.match_of(ann)
    another = await share.receiver.person(**{**BEN, "phone": "+14155550188"})
    await share.receiver.merge(hers, his)
    assert [await share.link(person) for person in (ann, ben)] == [hers, another]
    assert (await share.match_of(ann)).first_synced_at == before.first_synced_at
    assert (await share.boxes(), await share.tagged()) == ({"synced": 2}, {hers, another})


async def test_of_several_links_the_surest_passes(world: World) -> None:
    """Of equals none does: all are matched again, and are in doubt."""
    ours, there = [HER_ID, BEN, CLEO], [{**ANN, "van_id": "7"}, BEN, CLEO]
    share, (ann, ben, cleo), (hers, his, cleos) = await shared_people(world, ours, there, Group.UNIQUE_IDS)
    left = await share.receiver.person(first_name="Dora")
    await share.receiver.merge(left, his, hers)
    assert [await share.link(person) for person in (ann, ben, cleo)] == [left, None, cleos]
    east = await share.sender.person(first_name="Eve")
    await share.sender.merge(east, ben, ann)
    assert [await share.link(person) for person in (east, cleo)] == [left, cleos]
    assert await share.tagged() == {left, cleos}


@pytest.mark.parametrize("stage", [MatchStage.CREATED, MatchStage.CHOSEN])
async def test_a_linked_duplicate_counts_for_more_than_ones_own_doubt(world: World, stage: MatchStage) -> None:
    """Or whom the share made would be made a second time."""
    created = stage is MatchStage.CREATED
    there = [BEN, BEN] if created else [ANN, ANN]
    share, (ann, ben), _ = await shared_people(world, [ANN, BEN], there, create=created)
    if not created:
        await share.choose(ann, (await share.receiver.people())[0].id)
    assert (await share.match_of(ben)).state is (MatchState.AMBIGUOUS if created else MatchState.NOT_FOUND)
    before = await share.match_of(ann)
    people = len(await share.receiver.people())
    await share.sender.merge(ben, ann)
    assert await share.link(ben) == before.receiver_profile_id
    assert ((await share.match_of(ben)).id, (await share.match_of(ben)).stage) == (before.id, stage)
    assert len(await share.receiver.people()) == people


async def test_a_link_to_somebody_who_is_gone_counts_for_nothing(world: World) -> None:
    share, (ann, ben), (hers, his) = await shared_people(world, [ANN, BEN], [ANN, BEN])
    await share.receiver.delete(his)
    await share.sender.merge(ben, ann)
    assert await share.link(ben) == hers
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1}, {hers})


async def test_whom_somebody_is_not_the_profile_that_is_left_is_not_either(world: World) -> None:
    """On both sides, and against a link that would pass: a wrong link is not made by way of a merge."""
    pair = await couple(world, {}, {})
    await pair.share.unlink(pair.ours)
    again = await pair.receiver.person(**ANN)
    assert await pair.share.link(pair.ours) == again
    await pair.receiver.merge(pair.theirs, again)
    assert await pair.share.link(pair.ours) is None
    left = await pair.receiver.person(**ANN)
    assert await pair.share.link(pair.ours) == left
    await pair.receiver.merge(left, pair.theirs)
    assert await pair.share.link(pair.ours) is None
    other = await pair.sender.person(**ANN)
    await pair.sender.put_on(pair.tag, other)
    assert await pair.share.link(other) == left
    await pair.sender.merge(other, pair.ours)
    assert (await pair.share.link(other), await pair.share.tagged()) == (None, set())


async def test_who_waits_is_tried_again_where_the_profile_that_is_left_is_out_of_the_question(world: World) -> None:
    """Also where nothing else has to do with the duplicate."""
    share, (ann,), (one, two) = await shared_people(world, [ANN], [ANN, ANN])
    third = await share.receiver.person(first_name="Zoe")
    async with world.unit(share.receiver.admin) as unit:
        await unit.pg.execute(query("keep_apart"), [ann], [third], share.receiver.id, None, None)
    await share.receiver.merge(one, third)
    assert await share.link(ann) == two


async def test_every_share_of_either_direction_is_looked_after(world: World) -> None:
    """Also one between other nations, and a tag that carried a duplicate alone."""
    pair = await couple(world, {"employer": "Mill"}, {})
    south, west = pair.receiver, await world.nation("west")
    hers = await west.person(**ANN)
    onward = await south.share(await south.tag("onward", [pair.theirs]), west)
    await onward.accept()
    back = await south.share(await south.tag("back", [pair.theirs]), pair.sender)
    await back.accept()
    await world.work()
    left = await south.person(first_name="Ann", church="St Ann")
    await south.merge(left, pair.theirs)
    await world.work()
    assert await pair.share.link(pair.ours) == left
    assert [await onward.link(left), await back.link(left)] == [hers, pair.ours]
    assert {await nation.value(one, "church") for nation, one in ((pair.sender, pair.ours), (west, hers))} == {"St Ann"}
    assert [await share.tagged() for share in (pair.share, onward, back)] == [{left}, {hers}, {pair.ours}]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_a_merge_while_a_run_is_under_way(world: World, phase: str, side: str) -> None:
    north, south = await world.nations("north", "south")
    for who in (ANN, BEN):
        await south.person(**who)
    tag = await north.tag("board", [await north.person(**who) for who in (ANN, BEN)])
    share = await (await north.share(tag, south)).accept()
    await under_way(share, phase)
    nation: Nation = getattr(share, side)
    people = [person.id for person in await nation.people()]
    await nation.merge(people[0], people[1])
    await world.work()
    (ann, *_), (theirs, *_) = await share.sender.people(), await share.receiver.people()
    assert await share.link(ann.id) == theirs.id
    assert (await share.boxes(), await share.tagged()) == (
        ({"synced": 1}, {theirs.id}) if side == "sender" else ({"synced": 1, "not_found": 1}, {theirs.id})
    )
    nations = [share.sender.id, share.receiver.id]
    before = await holdings(nations)
    await share.sync()
    assert await holdings(nations) == before
