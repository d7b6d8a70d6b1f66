"""How matched profiles are kept in step, field by field, under each of the three modes."""

from datetime import date

import pytest

from models.ledger import LedgerEntry
from models.run import SyncRun
from sharing.fields import ADDRESSES, FIELDS, OPT_OUTS
from sharing.kinds import OPTIONAL_GROUPS, Group
from sharing.modes import SyncMode
from sharing.states import ConflictState
from tests.couples import Couple, couple
from tests.samples import KEYS, given, kept
from tests.tables import holdings
from tests.world import World

ALL, REVIEW, BLANK_ONLY = SyncMode.ACCEPT_ALL, SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_BLANK_ONLY

# Fields of several kinds: what the sender holds at first, what the receiver holds, and what comes later.
DIFFERENT = {
    "employer": ("Mill", "Shop", "Works"),
    "bio": ("One.", "Two.", "Three.\n\nFour."),
    "website": ("https://one.example", "https://two.example", "https://three.example"),
    "marital_status": ("M", "S", "D"),
    "fax": ("+14155550111", "+14155550112", "+14155550113"),
    "priority_level": (1, 2, 5),
    "is_volunteer": (True, False, None),
    "custom:shift": ("early", "late", "night"),
}
CHOSEN = (Group.NATION_SPECIFIC, Group.VOLUNTEER, Group.CUSTOM_FIELDS)
OURS, THEIRS, LATER = ({key: values[place] for key, values in DIFFERENT.items()} for place in range(3))
LATER = {key: value for key, value in LATER.items() if value is not None}


async def family(world: World, *names: str, voters: bool = True):
    """Found nations between which everything may travel."""
    nations = await world.nations(*names, network_slug=await world.network(shares_customs=True), voters=voters)
    for nation in nations:
        await nation.define("shift")
    return nations


async def different(world: World, mode: SyncMode) -> Couple:
    north, south = await family(world, "north", "south")
    return await couple(world, OURS, THEIRS, mode, *CHOSEN, sender=north, receiver=south)


async def held(pair: Couple) -> tuple[dict, dict]:
    """Return what both sides hold in those fields."""
    ours, theirs = await pair.sender.record(pair.ours), await pair.receiver.record(pair.theirs)
    return ({key: record.value(key) for key in DIFFERENT} for record in (ours, theirs))


async def test_accept_all_takes_the_senders_at_first_and_the_most_recent_later(world: World) -> None:
    pair = await different(world, ALL)
    ours, theirs = await held(pair)
    assert ours == theirs == OURS
    await pair.answer(**LATER)
    ours, theirs = await held(pair)
    assert ours == theirs == OURS | LATER
    await pair.send(**THEIRS)
    ours, theirs = await held(pair)
    assert ours == theirs == THEIRS
    assert await pair.share.conflicts() == []
    assert await pair.share.boxes() == {"synced": 1}


async def test_always_review_asks_at_first_and_later(world: World) -> None:
    pair = await different(world, REVIEW)
    ours, theirs = await held(pair)
    assert (ours, theirs) == (OURS, THEIRS)
    assert {conflict.field for conflict in await pair.share.conflicts()} == DIFFERENT.keys()
    await pair.send(**THEIRS)
    assert {conflict.state for conflict in await pair.share.conflicts()} == {ConflictState.RESOLVED}
    await pair.answer(**LATER)
    ours, theirs = await held(pair)
    assert (ours, theirs) == (THEIRS, THEIRS | LATER)
    opened = {c.field: c.receiver_value for c in await pair.share.conflicts() if c.state == ConflictState.OPEN}
    assert opened == {key: str(value) for key, value in LATER.items()}


async def test_blank_only_leaves_what_differs_at_first_until_the_two_meet(world: World) -> None:
    """Out of step: left, until the two meet or one is blank; in step: the most recent wins."""
    pair = await different(world, BLANK_ONLY)
    ours, theirs = await held(pair)
    assert (ours, theirs) == (OURS, THEIRS)
    assert set((await pair.match()).out_of_step) == DIFFERENT.keys()
    await pair.send(**LATER)
    ours, theirs = await held(pair)
    assert (ours, theirs) == (OURS | LATER, THEIRS)
    await pair.send(**{**THEIRS, "bio": None})
    ours, theirs = await held(pair)
    assert ours == theirs == THEIRS
    assert (await pair.match()).out_of_step == []
    await pair.answer(**LATER)
    ours, theirs = await held(pair)
    assert ours == theirs == THEIRS | LATER
    assert await pair.share.conflicts() == []


@pytest.mark.parametrize("mode", SyncMode)
async def test_a_blank_is_filled_from_the_other_side_in_every_field_mode_and_direction(world: World, mode) -> None:
    """In every mode, in both directions, always: here every field of the catalogue, half of them on each side."""
    north, south = await family(world, "north", "south")
    keys = [key for key in KEYS if key not in ("first_name", "last_name", "birthdate", "phone")]
    ours, theirs = ({key: given(key) for key in keys[place::2]} for place in (0, 1))
    groups = OPTIONAL_GROUPS
    pair = await couple(world, ours, theirs, mode, *groups, sender=north, receiver=south)
    ours, theirs = await north.record(pair.ours), await south.record(pair.theirs)
    assert {key: ours.value(key) for key in keys} == {key: kept(key) for key in keys}
    assert theirs.values == ours.values
    assert [theirs.time(key) for key in keys] == [ours.time(key) for key in keys]
    assert await pair.share.boxes() == {"synced": 1}
    await pair.send(clear=(), church="St Ann", employer=None)
    assert await pair.both("employer") == (kept("employer"), kept("employer"))


async def test_fields_that_the_share_does_not_cover_are_never_touched(world: World) -> None:
    """Here all optional fields, which were not chosen, and those that voters would bring."""
    north, south = await family(world, "north", "south", voters=False)
    keys = [key for key, field in FIELDS.items() if field.sync != "ALWAYS" and key != "custom_fields"]
    pair = await couple(
        world, {key: given(key) for key in keys}, {"custom:shift": "late"}, sender=north, receiver=south
    )
    assert set(await south.values(pair.theirs)) == {"first_name", "last_name", "birthdate", "phone", "custom:shift"}
    assert await north.value(pair.ours, "custom:shift") is None


@pytest.mark.parametrize(
    ("mode", "later"), [(ALL, (None, None)), (BLANK_ONLY, (None, "Mill")), (REVIEW, (None, "Mill"))]
)
async def test_deliberate_clearing_travels_under_accept_all_alone(world: World, mode, later) -> None:
    """Under review it is a conflict, else it stays local; a field merely left blank is filled again."""
    pair = await couple(world, {"employer": "Mill", "church": "St Ann"}, {}, mode)
    if mode is BLANK_ONLY:
        pair = await couple(world, {"employer": "Mill"}, {"employer": "Shop"}, mode)
        later = (None, "Shop")
    await pair.send(clear=["employer"])
    assert await pair.both("employer") == later
    conflicts = [(c.field, c.sender_value, c.receiver_value) for c in await pair.share.conflicts()]
    assert conflicts == ([("employer", None, "Mill")] if mode is REVIEW else [])
    await pair.answer(employer="School")
    assert (await pair.both("employer"))[1] == "School"


async def test_clearing_stays_local_under_blank_only_even_in_step(world: World) -> None:
    """Only blanks are accepted there, never a loss; a later value fills the cleared field again."""
    pair = await couple(world, {"employer": "Mill"}, {}, BLANK_ONLY)
    await pair.send(clear=["employer"])
    assert await pair.both("employer") == (None, "Mill")
    await pair.answer(employer="Shop")
    assert await pair.both("employer") == ("Shop", "Shop")


MILL = {"address1": "1 Mill Lane", "city": "Albany", "state": "NY", "zip5": "12201"}
SHOP = {"address1": "2 Shop Street"}


@pytest.mark.parametrize("mode", SyncMode)
async def test_addresses_are_whole_never_reviewed_and_always_updated(world: World, mode: SyncMode) -> None:
    """The most recent one replaces the other, even with a less complete one; at the first sync the sender's does."""
    whole = dict.fromkeys(ADDRESSES, MILL)
    pair = await couple(world, dict.fromkeys(ADDRESSES, SHOP), whole, mode)
    assert {key: await pair.both(key) for key in ADDRESSES} == dict.fromkeys(ADDRESSES, (SHOP, SHOP))
    await pair.answer(home_address=MILL)
    assert await pair.both("home_address") == (MILL, MILL)
    await pair.send(home_address={"city": "Troy"})
    assert await pair.both("home_address") == ({"city": "Troy"}, {"city": "Troy"})
    await pair.answer(clear=["home_address"])
    assert await pair.both("home_address") == (None, None)
    assert await pair.share.conflicts() == []


@pytest.mark.parametrize("mode", SyncMode)
async def test_an_opt_out_is_never_weakened_by_a_sync(world: World, mode: SyncMode) -> None:
    """Once true, or once false for the opt-ins, it stays with whoever holds it, in any mode; others may still take it."""
    groups = (Group.NATION_SPECIFIC, Group.FEDERAL_DO_NOT_CALL)
    weak = {key: not held for key, held in OPT_OUTS.items()}
    pair = await couple(world, {}, OPT_OUTS, mode, *groups)
    assert {key: (await pair.both(key))[0] for key in OPT_OUTS} == OPT_OUTS
    await pair.send(**weak)
    assert {key: (await pair.both(key))[1] for key in OPT_OUTS} == OPT_OUTS
    assert {key: (await pair.both(key))[0] for key in OPT_OUTS} == weak
    await pair.answer(employer="Mill")
    await pair.share.sync()
    assert {key: (await pair.both(key))[1] for key in OPT_OUTS} == OPT_OUTS
    first = await couple(world, weak, OPT_OUTS, mode, *groups)
    assert {key: (await first.both(key))[1] for key in OPT_OUTS} == OPT_OUTS


async def test_an_opt_out_travels_where_the_most_recent_wins(world: World) -> None:
    weak = {key: not held for key, held in OPT_OUTS.items()}
    pair = await couple(world, weak, weak, ALL, Group.NATION_SPECIFIC, Group.FEDERAL_DO_NOT_CALL)
    await pair.answer(**OPT_OUTS)
    assert {key: await pair.both(key) for key in OPT_OUTS} == {key: (held, held) for key, held in OPT_OUTS.items()}


@pytest.mark.parametrize("mode", SyncMode)
async def test_a_voter_guid_is_only_ever_filled(world: World, mode: SyncMode) -> None:
    """It is never overwritten, and never reviewed."""
    north, south = await family(world, "north", "south")
    pair = await couple(world, {"voter_guid": "G-1"}, {}, mode, sender=north, receiver=south)
    assert await pair.both("voter_guid") == ("G-1", "G-1")
    await pair.answer(voter_guid="G-2")
    await pair.send(employer="Mill")
    assert await pair.both("voter_guid") == ("G-1", "G-2")
    assert await pair.share.conflicts() == []


@pytest.mark.parametrize("districting", ["sender", "receiver", None])
async def test_districts_overwrite_where_either_nation_has_auto_districting(world: World, districting) -> None:
    """Else they are fields like any other."""
    north, south = await family(world, "north", "south")
    for nation in (north, south):
        await nation.become(auto_districting=nation is {"sender": north, "receiver": south}.get(districting))
    options = {"sender": north, "receiver": south}
    pair = await couple(world, {"ward": "1"}, {"ward": "2"}, REVIEW, Group.DISTRICTS, **options)
    assert await pair.both("ward") == (("1", "1") if districting else ("1", "2"))
    await pair.answer(ward="3")
    assert await pair.both("ward") == (("3", "3") if districting else ("1", "3"))
    assert [c.field for c in await pair.share.conflicts()] == ([] if districting else ["ward"])


async def test_voter_fields_travel_as_long_as_both_nations_have_voters(world: World) -> None:
    """And no longer when one turns it off."""
    north, south = await family(world, "north", "south")
    pair = await couple(world, {"precinct_name": "One"}, {}, ALL, sender=north, receiver=south)
    assert await pair.both("precinct_name") == ("One", "One")
    await south.become(voters_enabled=False)
    await pair.send(precinct_name="Two", employer="Mill")
    assert (await pair.both("precinct_name"), await pair.both("employer")) == (("Two", "One"), ("Mill", "Mill"))


async def test_what_only_a_network_may_carry_stays_behind_when_one_leaves_it(world: World) -> None:
    """Checked when a share is created and at every run."""
    north, south = await family(world, "north", "south")
    options = {"sender": north, "receiver": south}
    groups = (Group.FACEBOOK_UID, Group.CUSTOM_FIELDS)
    pair = await couple(world, {"facebook_uid": "7", "custom:shift": "late"}, {}, ALL, *groups, **options)
    assert await pair.both("custom:shift") == ("late", "late")
    await south.become(network_id=None)
    await pair.send(**{"facebook_uid": "8", "custom:shift": "early"})
    await pair.share.sync()
    assert (await pair.both("facebook_uid"), await pair.both("custom:shift")) == (("8", "7"), ("early", "late"))


async def test_custom_fields_are_chosen_one_by_one_and_need_one_kind_on_both_sides(world: World) -> None:
    north, south = await family(world, "north", "south")
    for nation in (north, south):
        await nation.define("language")
    await north.define("only_here")
    ours = {"custom:shift": "late", "custom:language": "Igbo", "custom:only_here": "x"}
    pair = await couple(world, ours, {}, ALL, sender=north, receiver=south, customs=("language",))
    people = {person.id: person.custom_fields for person in await south.people()}
    assert people == {pair.theirs: {"language": "Igbo"}}


async def test_a_synced_value_bears_the_time_of_the_write_that_it_came_from(world: World) -> None:
    pair = await couple(world, {}, {}, ALL)
    await pair.send(employer="Mill", birthdate="1980-02-04")
    ours, theirs = await pair.sender.record(pair.ours), await pair.receiver.record(pair.theirs)
    assert theirs.value("birthdate") == date(1980, 2, 4)
    assert theirs.times == {key: ours.time(key) for key in ("employer", "birthdate")}


async def test_the_ledger_keeps_what_was_written_what_stood_there_and_in_which_run(world: World) -> None:
    """Every write that a share made: before, after, time."""
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Shop", "sex": "F"}, ALL)
    (run,) = await SyncRun.filter(share_id=pair.share.id)
    ours, theirs = await pair.sender.record(pair.ours), await pair.receiver.record(pair.theirs)
    rows = {row.profile_id: row for row in await LedgerEntry.filter(share_id=pair.share.id)}
    assert {row.run_id for row in rows.values()} == {run.id}
    assert rows[pair.theirs].writes == {"employer": ["Shop", "Mill", ours.time("employer")]}
    assert rows[pair.ours].writes == {"sex": [None, "F", theirs.time("sex")]}
    await pair.answer(employer="Works")
    (later,) = await LedgerEntry.filter(share_id=pair.share.id, run_id=None)
    assert (later.profile_id, later.nation_id, later.match_id) == (pair.ours, pair.sender.id, (await pair.match()).id)
    assert list(later.writes) == ["employer"]


async def test_what_is_in_step_already_is_not_written_again(world: World) -> None:
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Mill"}, ALL)
    assert await LedgerEntry.filter(share_id=pair.share.id).count() == 0
    before = await holdings([pair.sender.id, pair.receiver.id])
    await pair.share.sync()
    assert await holdings([pair.sender.id, pair.receiver.id]) == before
