"""Syncing, field by field of every kind, in every mode, at the first sync and later, in both directions."""

from datetime import date

import pytest

from models.network import Network
from sharing.customs import CustomKind
from sharing.fields import OPT_OUTS
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchStage
from tests.couples import Couple, couple
from tests.imports import imported
from tests.tables import holdings
from tests.world import World

ALL, REVIEW, BLANK_ONLY = SyncMode.ACCEPT_ALL, SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_BLANK_ONLY
OPEN = ConflictState.OPEN

# One field or more of each kind: what the sender holds at first, what the receiver holds, and two that come later.
OF_EACH_KIND = {
    "church": ("St Ann", "St Ben", "St Cleo", "St Dora"),
    "bio": ("One.\n\nA.", "Two.\n\nB.", "Three.", "Four."),
    "website": ("https://one.example", "https://two.example", "https://three.example", "https://four.example"),
    "birthdate": (date(1980, 2, 3), date(1980, 2, 4), date(1980, 2, 5), date(1980, 2, 6)),
    "marital_status": ("M", "S", "D", "W"),
    "is_active_voter": (True, False, True, False),
    "meetup_id": ("m-1", "m-2", "m-3", "m-4"),
    "work_phone": ("+14155550111", "+447700900112", "+493012345678", "555-0114"),
    "support_level": (1, 2, 3, 5),
    "demo": ("A", "B", "H", "U"),
    "precinct_code": ("1", "2", "3", "4"),
    "ward": ("I", "II", "III", "IV"),
    "custom:note": ("a", "b", "c", "d"),
    "custom:hours": ("1", "2.5", "3", "4"),
    "custom:member": (True, False, True, False),
    "custom:size": ("S", "M", "L", "XL"),
}
KEYS = tuple(OF_EACH_KIND)
OURS, THEIRS, LATER, LAST = ({key: values[place] for key, values in OF_EACH_KIND.items()} for place in range(4))
GROUPS = (Group.NATION_SPECIFIC, Group.DEMO, Group.DISTRICTS, Group.CUSTOM_FIELDS)
# A person whom an id tells, so that the birthday may differ.
KNOWN = {"twitter_id": "77"}


async def kindred(world: World, mode: SyncMode, ours: dict, theirs: dict) -> Couple:
    """Share somebody between two nations of a network that have voters and the same custom fields."""
    slug = await world.network()
    north, south = await world.nations("north", "south", voters=True, network_slug=slug)
    await Network.filter(slug=slug).update(shares_custom_fields=True)
    for nation in (north, south):
        await nation.define("note")
        await nation.define("hours", CustomKind.NUMBER)
        await nation.define("member", CustomKind.CHECKBOX)
        await nation.define("size", CustomKind.CHOICE, ["S", "M", "L", "XL"])
    return await couple(world, {**KNOWN, **ours}, {**KNOWN, **theirs}, mode, *GROUPS, sender=north, receiver=south)


async def both(pair: Couple) -> tuple[dict, dict]:
    ours, theirs = await pair.sender.record(pair.ours), await pair.receiver.record(pair.theirs)
    return {key: ours.value(key) for key in KEYS}, {key: theirs.value(key) for key in KEYS}


async def opened(pair: Couple) -> dict:
    return {c.field: (c.sender_value, c.receiver_value) for c in await pair.share.conflicts() if c.state == OPEN}


async def test_accept_all_in_every_kind_of_field(world: World) -> None:
    """First the sender's; then the most recent, whichever side it is on."""
    pair = await kindred(world, ALL, OURS, THEIRS)
    assert await both(pair) == (OURS, OURS)
    await pair.answer(**LATER)
    assert await both(pair) == (LATER, LATER)
    await pair.send(**LAST)
    assert await both(pair) == (LAST, LAST)
    assert (await opened(pair), (await pair.match()).out_of_step) == ({}, [])


async def test_always_review_in_every_kind_of_field(world: World) -> None:
    """A conflict at first and later, for both; nothing is overwritten on either side."""
    pair = await kindred(world, REVIEW, OURS, THEIRS)
    assert (await both(pair), (await opened(pair)).keys()) == ((OURS, THEIRS), OF_EACH_KIND.keys())
    await pair.send(**THEIRS)
    assert (await both(pair), await opened(pair)) == ((THEIRS, THEIRS), {})
    await pair.answer(**LAST | {"is_active_voter": True, "custom:member": True})
    assert (await opened(pair)).keys() == OF_EACH_KIND.keys()
    await pair.answer(**THEIRS)
    assert (await both(pair), await opened(pair)) == ((THEIRS, THEIRS), {})
    await pair.send(**LATER)
    assert (await both(pair), (await opened(pair)).keys()) == ((LATER, THEIRS), OF_EACH_KIND.keys())


async def test_blank_only_in_every_kind_of_field_in_step(world: World) -> None:
    """What was filled or equal at the first sync is in step: the most recent wins from then on."""
    ours, theirs = ({key: OURS[key] for key in KEYS[place::2]} for place in (0, 1))
    pair = await kindred(world, BLANK_ONLY, {"birthdate": None, **ours}, {"birthdate": None, **theirs})
    assert await both(pair) == (OURS, OURS)
    await pair.answer(**LATER)
    assert await both(pair) == (LATER, LATER)
    await pair.send(**LAST)
    assert await both(pair) == (LAST, LAST)


async def test_blank_only_in_every_kind_of_field_out_of_step(world: World) -> None:
    """Left on both sides, whoever edits; once the two meet they are in step."""
    pair = await kindred(world, BLANK_ONLY, OURS, THEIRS)
    assert (await both(pair), set((await pair.match()).out_of_step)) == ((OURS, THEIRS), set(KEYS))
    changed = {key: LAST[key] for key in KEYS if LAST[key] not in (OURS[key], THEIRS[key])}
    await pair.answer(**changed)
    assert await both(pair) == (OURS, THEIRS | changed)
    await pair.answer(**THEIRS)
    await pair.send(**changed)
    assert await both(pair) == (OURS | changed, THEIRS)
    await pair.share.sync()
    assert (await both(pair), set((await pair.match()).out_of_step)) == ((OURS | changed, THEIRS), set(KEYS))
    await pair.send(**THEIRS)
    assert (await both(pair), (await pair.match()).out_of_step) == ((THEIRS, THEIRS), [])
    await pair.answer(**LATER)
    assert await both(pair) == (LATER, LATER)
    assert await opened(pair) == {}


@pytest.mark.parametrize("mode", SyncMode)
async def test_false_and_the_lowest_level_are_values_and_no_blanks(world: World, mode: SyncMode) -> None:
    """They fill a blank, and are not filled over."""
    held = {"is_active_voter": False, "custom:member": False, "custom:hours": "0", "support_level": 1}
    pair = await kindred(world, mode, {**held, "is_deceased": True}, {"is_deceased": False, "is_party_member": True})
    assert {key: await pair.both(key) for key in held} == {key: (value, value) for key, value in held.items()}
    assert await pair.both("is_party_member") == (True, True)
    assert await pair.both("is_deceased") == ((True, True) if mode is ALL else (True, False))


@pytest.mark.parametrize("mode", SyncMode)
async def test_a_field_that_both_leave_blank_stays_blank(world: World, mode: SyncMode) -> None:
    """Unset is not false, not 0 and no empty text, in whatever kind of field."""
    pair = await kindred(world, mode, {"birthdate": None}, {"birthdate": None})
    assert await both(pair) == (dict.fromkeys(KEYS), dict.fromkeys(KEYS))
    assert (await opened(pair), (await pair.match()).out_of_step) == ({}, [])


@pytest.mark.parametrize("mode", SyncMode)
async def test_ids_by_which_people_were_matched_go_by_the_mode_like_any_other(world: World, mode: SyncMode) -> None:
    """They agreed at first; whoever corrects one later does not lose the link."""
    known = {"twitter_id": "77", "twitter_login": "ann", "van_id": "7"}
    pair = await couple(world, known, known, mode, Group.UNIQUE_IDS)
    assert (await pair.match()).stage is MatchStage.UNIQUE_ID
    await pair.answer(twitter_login="ann_o", van_id="8")
    await pair.send(twitter_id="78")
    expected = {"twitter_id": ("78", "77"), "twitter_login": ("ann", "ann_o"), "van_id": ("7", "8")}
    if mode is not REVIEW:
        expected = {"twitter_id": ("78", "78"), "twitter_login": ("ann_o", "ann_o"), "van_id": ("8", "8")}
    assert {key: await pair.both(key) for key in known} == expected
    assert (await opened(pair)).keys() == (known.keys() if mode is REVIEW else set())
    assert (await pair.match()).receiver_profile_id == pair.theirs


@pytest.mark.parametrize("side", ["sender", "receiver"])
async def test_the_daily_run_carries_an_edit_that_was_missed(world: World, side: str) -> None:
    """Edits flow on their own; should the note of one be lost, the next run finds it by itself."""
    pair = await couple(world, {"employer": "Mill"}, {})
    nation, person = (pair.sender, pair.ours) if side == "sender" else (pair.receiver, pair.theirs)
    await nation.edit(person, employer="Shop")
    async with world.unit(nation.admin) as unit:
        await unit.pg.execute("DELETE FROM changes WHERE share_id = $1", pair.share.id)
    world.post.jobs.clear()
    await world.work()
    assert len(set(await pair.both("employer"))) == 2
    await pair.share.sync()
    assert await pair.both("employer") == ("Shop", "Shop")


async def test_people_of_the_receiver_are_never_made_in_the_sender(world: World) -> None:
    """New profiles are made in the receiving nation only, and fields of nobody but the linked are written."""
    pair = await couple(world, {}, {}, ALL, offer_new_profiles=True)
    await pair.share.stop(pair.sender)
    await pair.share.request()
    await pair.share.accept(ALL, create=True)
    stranger = await pair.receiver.person(first_name="Zoe", last_name="Quist", birthdate="1990-09-09")
    await world.work()
    before = await holdings([pair.sender.id])
    await pair.receiver.edit(stranger, employer="Mill")
    await pair.share.sync()
    assert await holdings([pair.sender.id]) == before
    assert [person.id for person in await pair.sender.people()] == [pair.ours]


@pytest.mark.parametrize("how", ["edit", "import"])
@pytest.mark.parametrize("mode", SyncMode)
async def test_an_opt_out_is_weakened_by_a_person_of_that_nation_and_then_stays_so(
    world: World, mode, how: str
) -> None:
    """By an edit or an import; the other nation keeps its own until somebody there does the same."""
    held = {**OPT_OUTS, "external_id": "7"}
    pair = await couple(world, held, held, mode, Group.NATION_SPECIFIC, Group.FEDERAL_DO_NOT_CALL)
    weak = {key: not value for key, value in OPT_OUTS.items()}
    if how == "edit":
        await pair.answer(**weak)
    else:
        row = ",".join("no" if OPT_OUTS[key] else "yes" for key in OPT_OUTS)
        run = await imported(pair.receiver, f"external_id,{','.join(OPT_OUTS)}\n7,{row}\n")
        assert (run.updated, run.rejected) == (1, 0)
    await pair.share.sync()
    for key in OPT_OUTS:
        assert await pair.both(key) == (OPT_OUTS[key], weak[key])
