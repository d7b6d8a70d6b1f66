"""Syncing where several shares meet, where no profile is synced, and where nothing is left to do."""

import pytest

from models.ledger import LedgerEntry
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchStage
from tests.couples import ANN, BEN, CLEO, couple
from tests.tables import differences, holdings
from tests.world import Nation, World

ALL, REVIEW, BLANK_ONLY = SyncMode.ACCEPT_ALL, SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_BLANK_ONLY


async def at_rest(world: World, *nations: Nation) -> None:
    """Assert that nothing waits, and that another run of every live share changes nothing."""
    await world.work()
    before = await holdings([nation.id for nation in nations])
    assert before["changes"] == []
    for share in {share.id: share for nation in nations for share in await nation.live_shares()}.values():
        await share.sync()
    assert differences(before, await holdings([nation.id for nation in nations])) == []


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (ALL, REVIEW, ("School", "Hospital")),
        (REVIEW, ALL, ("School", "Hospital")),
        (ALL, BLANK_ONLY, ("Hospital", "Hospital")),
        (BLANK_ONLY, REVIEW, ("School", "Hospital")),
        (ALL, ALL, ("Hospital", "Hospital")),
        (BLANK_ONLY, ALL, ("Hospital", "Hospital")),
        (BLANK_ONLY, BLANK_ONLY, ("Hospital", "Hospital")),
        (REVIEW, BLANK_ONLY, ("School", "Hospital")),
        (REVIEW, REVIEW, ("School", "Hospital")),
    ],
)
@pytest.mark.parametrize("back", [False, True])
async def test_of_two_shares_of_one_pair_the_stricter_mode_governs(world: World, one, two, back, expected) -> None:
    """Review, then blank-only, then all; whichever direction the other share runs in."""
    pair = await couple(world, {"employer": "School"}, {}, one)
    north, south = pair.sender, pair.receiver
    sender, receiver, person = (south, north, pair.theirs) if back else (north, south, pair.ours)
    other = await sender.share(await sender.tag("other", [person]), receiver)
    await other.accept(two)
    await world.work()
    await pair.answer(employer="Hospital")
    assert await pair.both("employer") == expected
    await at_rest(world, north, south)
    if REVIEW in (one, two) and ALL in (one, two):
        await (pair.share if one is REVIEW else other).stop(north)
        await pair.answer(employer="Works")
        assert await pair.both("employer") == ("Works", "Works")


async def test_a_field_that_one_share_alone_covers_is_under_that_ones_mode(world: World) -> None:
    pair = await couple(world, {"employer": "Mill", "demo": "A"}, {}, ALL, Group.DEMO)
    other = await pair.receiver.share(await pair.receiver.tag("back", [pair.theirs]), pair.sender)
    await other.accept(REVIEW)
    await world.work()
    await pair.answer(employer="Shop", demo="B")
    assert (await pair.both("demo"), await pair.both("employer")) == (("B", "B"), ("Mill", "Shop"))
    assert [c.field for c in await pair.share.conflicts()] == ["employer"]


async def test_what_was_left_out_of_step_in_one_share_is_not_overwritten_through_another(world: World) -> None:
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Shop"}, BLANK_ONLY)
    other = await pair.sender.share(await pair.sender.tag("other", [pair.ours]), pair.receiver)
    await other.accept(ALL)
    await world.work()
    await pair.send(employer="Works")
    assert await pair.both("employer") == ("Works", "Shop")
    await at_rest(world, pair.sender, pair.receiver)


async def test_what_one_share_found_apart_another_that_was_in_step_leaves_apart(world: World) -> None:
    """An edit that the first has not carried yet is a difference at the first sync of the second."""
    pair = await couple(world, {"employer": "Mill"}, {}, BLANK_ONLY)
    other = await pair.sender.share(await pair.sender.tag("other", [pair.ours]), pair.receiver)
    await other.accept(BLANK_ONLY)
    await pair.sender.edit(pair.ours, employer="Shop")
    await world.work()
    assert await pair.both("employer") == ("Shop", "Mill")
    assert [(await share.match_of(pair.ours)).out_of_step for share in (pair.share, other)] == [["employer"]] * 2
    await at_rest(world, pair.sender, pair.receiver)


async def chain(world: World, modes: list[SyncMode], *, ring: bool) -> tuple[list[Nation], list]:
    """Share Ann from nation to nation; gives the nations, and her profile in each."""
    nations = await world.nations(*"abc")
    people = [await nation.person(**ANN) for nation in nations]
    pairs = [(0, 1), (1, 2), (2, 0)] if ring else [(0, 1), (1, 2)]
    for mode, (start, end) in zip(modes, pairs, strict=False):
        tag = await nations[start].tag("board", [people[start]])
        await (await nations[start].share(tag, nations[end])).accept(mode)
    await world.work()
    return nations, people


@pytest.mark.parametrize("ring", [False, True])
async def test_an_edit_passes_along_a_chain_or_ring_in_both_directions_and_comes_to_rest(world: World, ring) -> None:
    """A pair across several shares passes edits along; the value bears everywhere the time of the write it came from."""
    nations, people = await chain(world, [ALL] * 3, ring=ring)
    for start, employer in ((0, "Mill"), (2, "Shop"), (1, "School")):
        await nations[start].edit(people[start], employer=employer)
        await world.work()
        records = [await nation.record(person) for nation, person in zip(nations, people, strict=True)]
        assert {(record.value("employer"), record.time("employer")) for record in records} == {
            (employer, records[start].time("employer"))
        }
    await at_rest(world, *nations)


async def test_edits_that_cross_in_a_ring_end_in_one_value_everywhere(world: World) -> None:
    nations, people = await chain(world, [ALL] * 3, ring=True)
    for nation, person, employer in zip(nations, people, ("Mill", "Shop", "School"), strict=True):
        await nation.edit(person, employer=employer)
    await world.work()
    assert [await n.value(p, "employer") for n, p in zip(nations, people, strict=True)] == ["School"] * 3
    await at_rest(world, *nations)


@pytest.mark.parametrize("modes", [[ALL, REVIEW, BLANK_ONLY], [REVIEW, BLANK_ONLY, ALL], [BLANK_ONLY, ALL, REVIEW]])
async def test_a_ring_of_mixed_modes_comes_to_rest(world: World, modes) -> None:
    nations, people = await chain(world, modes, ring=True)
    for nation, person, employer in zip(nations, people, ("Mill", "Shop", "School"), strict=True):
        await nation.edit(person, employer=employer, religion=employer)
        await world.work()
    await at_rest(world, *nations)
    await nations[0].edit(people[0], clear=["religion"], employer="School")
    await at_rest(world, *nations)


async def test_a_star_reaches_everybody_through_the_middle(world: World) -> None:
    nations = await world.nations("middle", "a", "b")
    people = [await nation.person(**ANN) for nation in nations]
    tag = await nations[0].tag("board", [people[0]])
    for nation in nations[1:]:
        await (await nations[0].share(tag, nation)).accept(ALL)
    await world.work()
    await nations[1].edit(people[1], employer="Mill")
    await world.work()
    assert [await n.value(p, "employer") for n, p in zip(nations, people, strict=True)] == ["Mill"] * 3
    await at_rest(world, *nations)


@pytest.mark.parametrize("mode", SyncMode)
async def test_a_second_run_of_a_whole_share_changes_nothing(world: World, mode: SyncMode) -> None:
    """Whole tables compared: matched, not found, ambiguous, made, in conflict, apart, with notes."""
    north, south = await world.nations("north", "south")
    people = [
        await north.person(**ANN, employer="Mill", emails=["a@example.org"]),
        await north.person(**BEN, employer="Shop", emails=["b@example.org", "c@example.org"]),
        await north.person(first_name="Dora", last_name="Quist", birthdate="1950-01-20"),
        *[await north.person(**CLEO) for _ in range(2)],
    ]
    await south.person(**ANN, employer="Works", church="St Ann", emails=["d@example.org"])
    await south.person(**CLEO)
    await south.person(first_name="Eve", last_name="Sand", emails=["c@example.org"])
    share = await north.share(await north.tag("board", people), south, Group.EMAILS, offer_new_profiles=True)
    await share.accept(mode, create=True)
    await world.work()
    boxes = await share.boxes()
    assert boxes["ambiguous"] >= 2
    before = await holdings([north.id, south.id])
    run = await share.sync()
    assert differences(before, await holdings([north.id, south.id])) == []
    assert await share.boxes() == boxes
    assert {name: run.counts[name] for name in ("created", "filled", "overwritten", "conflicts")} == dict.fromkeys(
        ("created", "filled", "overwritten", "conflicts"), 0
    )


@pytest.mark.parametrize("groups", [(), (Group.UNIQUE_IDS, Group.EMAILS)])
async def test_a_tag_alone_links_and_tags_and_writes_no_value(world: World, groups) -> None:
    """On a share that syncs no profiles, choosing unique ids or emails means to match on them, nothing more."""
    north, south = await world.nations("north", "south")
    ann = await north.person(**ANN, employer="Mill")
    eve = await north.person(first_name="Eve", van_id="7", emails=["x@example.org"])
    fay = await north.person(first_name="Fay", van_id="8", emails=["fay@example.org"])
    there = await south.person(**ANN, church="St Ann")
    her, same = await south.person(first_name="Eve", van_id="7"), await south.person(emails=["fay@example.org"])
    share = await north.share(await north.tag("board", [ann, eve, fay]), south, *groups, sync_profiles=False)
    before = await holdings(
        [north.id, south.id], but=["tags", "taggings", "matches", "shares", "share_stats", "changes"]
    )
    await share.accept(None)
    await world.work()
    assert await share.tagged() == ({there, her, same} if groups else {there})
    assert await share.boxes() == ({"synced": 3} if groups else {"synced": 1, "not_found": 2})
    if groups:
        stages = [(await share.match_of(person)).stage for person in (ann, eve, fay)]
        assert stages == [MatchStage.HEURISTIC, MatchStage.UNIQUE_ID, MatchStage.EMAIL]
    await south.edit(there, church="St Ann")
    await world.work()
    assert before == await holdings(
        [north.id, south.id], but=["tags", "taggings", "matches", "shares", "share_stats", "changes"]
    )
    assert await LedgerEntry.filter(share_id=share.id).count() == 0
    await at_rest(world, north, south)


async def test_a_review_that_is_no_longer_asked_for_closes_its_conflicts(world: World) -> None:
    """The stricter share is stopped: what waited for review is settled by the mode that is left."""
    pair = await couple(world, {"employer": "Mill"}, {}, ALL)
    other = await pair.receiver.share(await pair.receiver.tag("back", [pair.theirs]), pair.sender)
    await other.accept(REVIEW)
    await world.work()
    await pair.answer(employer="Shop")
    assert [c.state for c in await pair.share.conflicts()] == [ConflictState.OPEN]
    await other.stop(pair.sender)
    await world.work()
    await pair.share.sync()
    assert await pair.both("employer") == ("Shop", "Shop")
    assert [c.state for c in await pair.share.conflicts()] == [ConflictState.RESOLVED]
    assert await pair.share.boxes() == {"synced": 1}
