"""Review of whole people: all that is open of them is applied or skipped, or nothing is, and nothing that nobody saw."""

from uuid import UUID, uuid4

import pytest

from actions.conflicts import apply_conflicts, apply_matches, skip_matches
from actions.decisions import MAX_CONFLICTS
from models.conflict import Conflict
from models.custom_field import CustomField
from models.profile import Profile
from sharing.customs import CustomKind
from sharing.errors import InvalidInput, InvalidInputs, NotFound, StaleVersion
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchState
from sharing.visibility import Caller
from tests.couples import ANN, BEN, CLEO, Couple, couple
from tests.refusals import paths, refused
from tests.tables import holdings
from tests.world import Nation, SharedTag, World

OPEN, SKIPPED, RESOLVED = ConflictState.OPEN, ConflictState.SKIPPED, ConflictState.RESOLVED
OURS, THEIRS = {"employer": "Mill", "sex": "F"}, {"employer": "Shop", "sex": "O"}


async def shown(*match_ids: UUID) -> dict[UUID, tuple[str | None, str | None]]:
    """Return what a screen shows of what is open of some people."""
    rows = await Conflict.filter(match_id__in=match_ids, state=OPEN)
    return {row.id: (row.sender_value, row.receiver_value) for row in rows}


async def apply(nation: Nation, *match_ids: UUID, seen=None, caller: Caller | None = None) -> list[UUID]:
    """Take the other side's values of whole people, as they are shown unless something else was seen."""
    seen = await shown(*match_ids) if seen is None else seen
    async with nation.world.unit(caller or nation.member) as unit:
        return await apply_matches(unit, nation.id, match_ids, seen)


async def skip(nation: Nation, *match_ids: UUID, seen=None, caller: Caller | None = None) -> list[UUID]:
    """Leave whole people be."""
    async with nation.world.unit(caller or nation.member) as unit:
        return await skip_matches(unit, nation.id, match_ids, seen)


async def reviewed(world: World) -> Couple:
    """Share one person under review, on whom two fields differ."""
    return await couple(world, OURS, THEIRS, SyncMode.ALWAYS_REVIEW)


async def crowd(world: World) -> tuple[SharedTag, list[UUID]]:
    """Share three people under review, each with two conflicts; return their matches too."""
    north, south = await world.nations("north", "south")
    people = [await north.person(**who, **OURS) for who in (ANN, BEN, CLEO)]
    for who in (ANN, BEN, CLEO):
        await south.person(**who, **THEIRS)
    share = await (await north.share(await north.tag("board", people), south)).accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    return share, [match.id for match in await share.matches()]


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_either_side_takes_all_that_the_other_holds_of_some_people(world: World, side: str):
    """Into its own profiles; the other nation's, and other people, are not touched."""
    share, matches = await crowd(world)
    nation, other = (share.sender, share.receiver) if side == "sender" else (share.receiver, share.sender)
    before = [await other.record(person.id) for person in await other.people()]
    decided = await apply(nation, matches[1], matches[0])
    assert decided == [
        row.id for match in (matches[1], matches[0]) for row in await Conflict.filter(match_id=match).order_by("id")
    ]
    await world.work()
    assert [await other.record(person.id) for person in await other.people()] == before
    mine = [await share.match_of(row.sender_profile_id) for row in await share.matches()]
    assert {row.id: row.state for row in mine} == {
        matches[0]: MatchState.SYNCED, matches[1]: MatchState.SYNCED, matches[2]: MatchState.CONFLICTED
    }  # fmt: skip
    theirs = THEIRS if side == "sender" else OURS
    taken = [await nation.values(person.id) for person in await nation.people()]
    assert sum(values["employer"] == theirs["employer"] and values["sex"] == theirs["sex"] for values in taken) == 2
    assert await share.boxes() == {"synced": 2, "unreviewed_changes": 1}


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_either_side_skips_whole_people(world: World, side: str):
    share, matches = await crowd(world)
    nation = share.sender if side == "sender" else share.receiver
    held = await holdings([share.sender.id, share.receiver.id], but=["conflicts", "matches", "share_stats"])
    assert len(await skip(nation, *matches[:2])) == 4
    assert await share.boxes() == {"synced": 2, "unreviewed_changes": 1}
    states = {(row.match_id, row.state) for row in await share.conflicts()}
    assert states == {(matches[0], SKIPPED), (matches[1], SKIPPED), (matches[2], OPEN)}
    assert await holdings([share.sender.id, share.receiver.id], but=["conflicts", "matches", "share_stats"]) == held


async def test_what_was_skipped_before_is_not_applied_with_the_rest(world: World):
    """Somebody decided on it already; by its own id it can still be applied."""
    pair = await reviewed(world)
    sex = await pair.share.conflict("sex")
    await pair.receiver.skip(sex.id)
    await apply(pair.receiver, (await pair.match()).id)
    assert (await pair.both("employer"), await pair.both("sex")) == (("Mill", "Mill"), ("F", "O"))
    await pair.receiver.apply(sex.id)
    assert await pair.both("sex") == ("F", "F")


@pytest.mark.parametrize("act", [apply, skip])
async def test_who_has_no_open_conflicts_is_named_and_nothing_is_done(world: World, act):
    share, matches = await crowd(world)
    await skip(share.receiver, matches[1])
    async with refused(InvalidInputs, share.sender, share.receiver) as info:
        await act(share.receiver, matches[0], matches[1], matches[1])
    assert paths(info) == [("matchIds", "1"), ("matchIds", "2")]


async def test_naming_somebody_twice_is_naming_once(world: World):
    pair = await reviewed(world)
    match = (await pair.match()).id
    assert len(await apply(pair.receiver, match, match)) == 2


async def test_a_conflict_that_nobody_saw_is_not_applied(world: World):
    """It opened after the screen was loaded: nothing is written, of what was seen neither."""
    pair = await reviewed(world)
    match = (await pair.match()).id
    seen = await shown(match)
    await pair.send(church="St Ann")
    await pair.answer(church="St Ben")
    assert len(await shown(match)) == 3
    for act in (apply, skip):
        async with refused(StaleVersion, pair.sender, pair.receiver) as info:
            await act(pair.receiver, match, seen=seen)
        assert paths(info) == [("seen",)]
    async with refused(StaleVersion, pair.sender, pair.receiver):
        await apply(pair.receiver, match, seen={})
    assert len(await apply(pair.receiver, match)) == 3


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_a_value_that_has_changed_since_is_not_applied(world: World, side: str, settled: bool):
    """Whether the conflict has caught up with it or not; of the other people nothing is written either."""
    share, matches = await crowd(world)
    seen = await shown(*matches)
    nation = share.sender if side == "sender" else share.receiver
    (person, *_) = await nation.people()
    await nation.edit(person.id, employer="Hospital")
    if settled:
        await world.work()
    async with refused(StaleVersion, share.sender, share.receiver) as info:
        await apply(share.receiver, *matches, seen=seen)
    assert paths(info) == [("seen",) if settled else ("matchIds",)]
    await world.work()
    await apply(share.receiver, *matches)
    assert await share.boxes() == {"synced": 3}


async def test_what_closed_since_it_was_shown_does_no_harm(world: World):
    pair = await reviewed(world)
    match = (await pair.match()).id
    seen = await shown(match)
    await pair.answer(sex="F")
    assert len(await apply(pair.receiver, match, seen=seen)) == 1
    assert await pair.both("employer") == ("Mill", "Mill")


@pytest.mark.parametrize("act", [apply, skip])
async def test_what_was_seen_of_others_is_refused_as_what_does_not_exist(world: World, act):
    share, matches = await crowd(world)
    foreign = await reviewed(world)
    answers = []
    for other in (matches[1], (await foreign.match()).id):
        seen = await shown(matches[0], other)
        async with refused(InvalidInput, share.sender, share.receiver) as info:
            await act(share.receiver, matches[0], seen=seen)
        answers.append((info.value.message, info.value.path))
    async with refused(InvalidInput, share.sender, share.receiver) as info:
        await act(share.receiver, matches[0], seen={**await shown(matches[0]), uuid4(): ("A", "B")})
    answers.append((info.value.message, info.value.path))
    assert len(set(answers)) == 1


@pytest.mark.parametrize("act", [apply, skip])
async def test_people_of_others_are_as_unknown_as_nobody_and_spoil_the_whole_request(world: World, act):
    """Also for somebody who belongs to both: a nation decides only on what is its own."""
    share, matches = await crowd(world)
    stranger = await world.nation("stranger")
    everywhere = Caller(user_id=uuid4(), roles={**stranger.admin.roles, **share.receiver.admin.roles})
    answers = []
    for nation, ids, caller in (
        (stranger, [matches[0]], stranger.admin),
        (stranger, [uuid4()], stranger.admin),
        (share.receiver, [matches[0], uuid4()], share.receiver.member),
        (stranger, [matches[0]], everywhere),
    ):
        async with refused(NotFound, share.sender, share.receiver, stranger) as info:
            await act(nation, *ids, caller=caller)
        answers.append((info.value.message, info.value.path))
    assert set(answers) == {("There is no such match.", ("matchIds",))}
    async with refused(NotFound, share.sender, share.receiver):
        await act(share.receiver, matches[0], caller=share.sender.admin)
    await share.stop(share.sender)
    async with refused(NotFound, share.sender, share.receiver):
        await act(share.sender, matches[0])


@pytest.mark.parametrize("act", [apply, skip])
async def test_nobody_and_more_than_a_thousand_people_are_refused(world: World, act):
    pair = await reviewed(world)
    for ids in ([], [uuid4() for _ in range(MAX_CONFLICTS + 1)]):
        async with refused(InvalidInput, pair.sender, pair.receiver) as info:
            await act(pair.receiver, *ids)
        assert paths(info) == [("matchIds",)]


async def test_a_thousand_conflicts_are_decided_on_at_once_and_one_more_is_too_many(world: World):
    north, south = await world.nations("north", "south", network_slug=await world.network(shares_customs=True))
    slugs = [f"f{number}" for number in range(100)]
    people: list[list[UUID]] = []
    for nation in (north, south):
        rows = [
            CustomField(nation_id=nation.id, slug=slug, label=slug, kind=CustomKind.TEXT, options=[]) for slug in slugs
        ]
        await CustomField.bulk_create(rows)
        held = {f"custom:{slug}": nation.slug for slug in slugs}
        people.append(
            [await nation.person(first_name="Ada", last_name=f"King{n}", twitter_id=f"t{n}", **held) for n in range(10)]
        )
    await north.edit(people[0][0], employer="Mill")
    await south.edit(people[1][0], employer="Shop")
    share = await north.share(await north.tag("board", people[0]), south, Group.CUSTOM_FIELDS)
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    matches = [match.id for match in await share.matches()]
    assert len(await shown(*matches)) == MAX_CONFLICTS + 1
    for act in (apply, skip):
        async with refused(InvalidInput, north, south) as info:
            await act(south, *matches)
        assert "1,001" in info.value.message
        assert paths(info) == [("matchIds",)]
    await south.skip((await share.conflict("employer")).id)
    assert len(await apply(south, *matches)) == MAX_CONFLICTS
    assert await share.boxes() == {"synced": 10}
    assert all(set(row.custom_fields.values()) == {north.slug} for row in await Profile.filter(nation_id=south.id))


async def test_two_nations_values_for_one_field_are_not_both_taken(world: World):
    north, south, west = await world.nations("north", "south", "west")
    for nation in (south, west):
        await nation.person(**ANN, employer=f"{nation.slug} works")
    tag = await north.tag("board", [await north.person(**ANN, employer="Mill")])
    shares = [await (await north.share(tag, nation)).accept(SyncMode.ALWAYS_REVIEW) for nation in (south, west)]
    await world.work()
    matches = [match.id for share in shares for match in await share.matches()]
    async with refused(InvalidInput, north, south, west) as info:
        await apply(north, *matches)
    assert paths(info) == [("matchIds",)]
    assert len(await skip(north, *matches)) == 2


@pytest.mark.parametrize("act", [apply, skip])
async def test_somebody_who_is_gone_spoils_the_whole_request(world: World, act):
    """As long as the share has not looked at it; then the match is over."""
    share, matches = await crowd(world)
    (gone, *_) = await share.receiver.people()
    await share.receiver.delete(gone.id)
    async with refused(StaleVersion, share.sender, share.receiver) as info:
        await act(share.sender, *matches)
    assert paths(info) == [("matchIds",)]
    await world.work()
    left = [match.id for match in await share.matches() if match.state is MatchState.CONFLICTED]
    assert len(await act(share.sender, *left)) == 4


async def test_conflicts_that_end_meanwhile_spoil_the_whole_request(world: World):
    """All are decided on, or none is."""
    share, matches = await crowd(world)
    ids = [conflict.id for conflict in await share.conflicts()]
    await share.sender.take_off((await share.row()).tag_id, (await share.matches())[0].sender_profile_id)
    await world.work()
    async with refused(NotFound, share.sender, share.receiver), world.unit(share.receiver.member) as unit:
        await apply_conflicts(unit, share.receiver.id, ids)
    async with refused(InvalidInputs, share.sender, share.receiver):
        await skip(share.receiver, *matches)
