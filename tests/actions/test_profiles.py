"""Profiles by hand: made, edited, cleared and deleted by a person of the nation."""

from datetime import UTC, datetime
from uuid import uuid4

from actions.profiles import create_profile, delete_profile, update_profile
from models.email import ProfileEmail
from models.profile import Profile
from models.records import microseconds
from sharing.customs import CustomKind
from sharing.errors import InvalidInput, NotFound, StaleVersion
from sharing.events import EventKind, Noun
from sharing.visibility import Caller
from tests.refusals import paths, refused
from tests.samples import KEYS, given, kept
from tests.tables import events, holdings, position
from tests.world import Nation, World


async def make(nation: Nation, *, caller: Caller | None = None, profile_id=None, **fields):
    async with nation.world.unit(caller or nation.member) as unit:
        return await create_profile(unit, nation.id, fields, profile_id=profile_id)


async def edit(nation: Nation, profile_id, *, clear=(), version=None, **fields):
    async with nation.world.unit(nation.member) as unit:
        return await update_profile(unit, profile_id, fields, clear=clear, expected_version=version)


async def delete(nation: Nation, profile_id) -> None:
    async with nation.world.unit(nation.member) as unit:
        await delete_profile(unit, profile_id)


async def test_every_field_of_the_catalogue_is_kept_in_its_own_form_and_no_blank_with_it(world: World) -> None:
    """Blank is unset, never false or 0."""
    north = await world.nation("north")
    full = await make(north, **{key: given(key) for key in KEYS})
    assert await north.values(full) == {key: kept(key) for key in KEYS}
    bare = await make(north, last_name="Okonkwo", **{key: "" for key in KEYS if key != "last_name"})
    assert await north.values(bare) == {"last_name": "Okonkwo"}


async def test_every_field_is_edited_and_blanked(world: World) -> None:
    north = await world.nation("north")
    ann = await make(north, last_name="Okonkwo")
    await edit(north, ann, **{key: given(key) for key in KEYS})
    assert await north.values(ann) == {key: kept(key) for key in KEYS}
    await edit(north, ann, **dict.fromkeys(KEYS[:40]), clear=KEYS[40:])
    record = await north.record(ann)
    assert (record.values, record.cleared) == ({}, set(KEYS[40:]) - {"emails"})


async def test_custom_fields_are_read_as_the_nation_defined_them(world: World) -> None:
    north = await world.nation("north")
    await north.define("shift", CustomKind.CHOICE, ["Early", "Late"])
    await north.define("hours", CustomKind.NUMBER)
    ann = await make(north, **{"custom:shift": "LATE", "custom:hours": "012.50"})
    assert (await Profile.get(id=ann)).custom_fields == {"shift": "Late", "hours": "12.5"}
    await edit(north, ann, **{"custom:hours": None})
    assert (await Profile.get(id=ann)).custom_fields == {"shift": "Late"}


async def test_values_that_cannot_be_taken_are_named_field_by_field(world: World) -> None:
    """A typed error that names the field and what to do; nothing changed."""
    north = await world.nation("north")
    await north.define("hours", CustomKind.NUMBER)
    ann = await make(north, first_name="Ann")
    wrong = {
        "birthdate": "31 December", "sex": "X", "support_level": 6, "phone": "call me", "emails": ["nobody"],
        "website": "ftp://x", "is_deceased": "perhaps", "home_address": {"planet": "Mars"}, "twitter_login": "a b",
        "custom:hours": "many", "custom:shoes": "42", "shoe_size": "42", "custom_fields": "{}",
    }  # fmt: skip
    for attempt in (lambda: make(north, **wrong), lambda: edit(north, ann, **wrong)):
        async with refused(InvalidInput, north) as info:
            await attempt()
        assert paths(info) == [(key,) for key in wrong]
    async with refused(InvalidInput, north) as info:
        await edit(north, ann, clear=["shoe_size", "first_name"])
    assert paths(info) == [("shoe_size",)]


async def test_a_profile_needs_something_about_a_person(world: World) -> None:
    north = await world.nation("north")
    for fields in ({}, {"first_name": " ", "phone": None}, {"is_supporter": True}):
        async with refused(InvalidInput, north) as info:
            await make(north, **fields)
        assert paths(info) == [("fields",)]


async def test_a_client_may_make_the_id_once(world: World) -> None:
    """So that a repeated request makes no second person."""
    north, south = await world.nations("north", "south")
    mine = uuid4()
    assert await make(north, first_name="Ann", profile_id=mine) == mine
    for nation in (north, south):
        async with refused(InvalidInput, north, south) as info:
            await make(nation, first_name="Ann", profile_id=mine)
        assert paths(info) == [("id",)]


async def test_only_fields_that_change_get_a_new_time_and_none_does_for_what_stands_already(world: World) -> None:
    """A write sets the time for the fields that it changed and no others."""
    north = await world.nation("north")
    ann = await make(north, first_name="Ann", employer="Mill", phone="415 555 0101")
    profile = await Profile.get(id=ann)
    assert ((await north.record(ann)).times, profile.version) == ({}, 1)
    before = microseconds(datetime.now(UTC))
    await edit(north, ann, first_name=" Ann ", phone="+1 415-555-0101", employer="Shop", sex="f")
    record = await north.record(ann)
    assert record.times.keys() == {"employer", "sex"}
    assert before - 60_000_000 < min(record.times.values()) <= max(record.times.values())
    assert (await Profile.get(id=ann)).version == 2
    held, told = await holdings([north.id]), await position(north.id)
    await edit(north, ann, first_name="Ann", employer="Shop", religion="")
    assert (await holdings([north.id]), await position(north.id)) == (held, told)


async def test_blanking_is_no_clearing(world: World) -> None:
    """What a person clears on purpose is marked; what merely stands empty is not, and a value takes the mark away."""
    north = await world.nation("north")
    ann = await make(north, first_name="Ann", employer="Mill", church="St Ann")
    await edit(north, ann, employer=None, clear=["church", "religion"])
    record = await north.record(ann)
    assert (dict(record.values), record.cleared) == ({"first_name": "Ann"}, {"church", "religion"})
    assert record.times.keys() == {"employer", "church", "religion"}
    held = await holdings([north.id])
    await edit(north, ann, employer="", clear=["church"])
    assert await holdings([north.id]) == held
    await edit(north, ann, church="St Ben")
    assert (await north.record(ann)).cleared == {"religion"}


async def test_clearing_emails_that_are_not_there_changes_nothing(world: World) -> None:
    north = await world.nation("north")
    ann = await make(north, first_name="Ann", emails=["ann@example.org"])
    await edit(north, ann, clear=["emails"])
    assert await ProfileEmail.filter(profile_id=ann).count() == 0
    held = await holdings([north.id])
    await edit(north, ann, clear=["emails"])
    assert await holdings([north.id]) == held


async def test_a_stale_version_is_refused_with_the_one_that_stands(world: World) -> None:
    north = await world.nation("north")
    ann = await make(north, first_name="Ann")
    await edit(north, ann, version=1, employer="Mill")
    async with refused(StaleVersion, north) as info:
        await edit(north, ann, version=1, employer="Shop")
    assert (info.value.path, info.value.current) == (("expectedVersion",), 2)
    await edit(north, ann, version=2, employer="Shop")
    assert await north.value(ann, "employer") == "Shop"


async def test_support_and_prospect_are_set_beside_the_fields_and_told(world: World) -> None:
    north = await world.nation("north")
    ann = await make(north, first_name="Ann", is_supporter=True)
    assert ((p := await Profile.get(id=ann)).is_supporter, p.is_prospect) == (True, False)
    before = await position(north.id)
    await edit(north, ann, is_prospect=True)
    assert ((p := await Profile.get(id=ann)).is_supporter, p.is_prospect, p.version) == (True, True, 2)
    (told,) = await events(north.id, before)
    assert (told["kind"], told["noun"], told["subjects"]) == (EventKind.CHANGED, Noun.PROFILE, [ann])
    held, before = await holdings([north.id]), await position(north.id)
    await edit(north, ann, is_prospect=True, is_supporter=True)
    assert (await holdings([north.id]), await position(north.id)) == (held, before)


async def test_an_address_lives_on_one_profile_of_a_nation(world: World) -> None:
    """Each one that is taken is named; another nation may hold it too."""
    north, south = await world.nations("north", "south")
    await make(north, emails=["one@example.org", "two@example.org"])
    ben = await make(north, first_name="Ben")
    for attempt in (
        lambda: make(north, emails=["TWO@example.org", "new@example.org", "one@example.org"]),
        lambda: edit(north, ben, emails=["one@example.org", "two@example.org"]),
    ):
        async with refused(InvalidInput, north) as info:
            await attempt()
        assert paths(info) == [("emails",), ("emails",)]
        assert "one@example.org" in info.value.message
    assert await make(south, emails=["one@example.org"])


async def test_a_profile_has_at_most_four_emails_in_the_order_given_one_of_them_primary(world: World) -> None:
    north = await world.nation("north")
    four = [f"{letter}@example.org" for letter in "abcd"]
    ann = await make(north, emails=four)
    async with refused(InvalidInput, north) as info:
        await edit(north, ann, emails=[*four, "e@example.org"])
    assert paths(info) == [("emails",)]
    await edit(north, ann, emails=["d@example.org", "b@example.org", "e@example.org"])
    rows = await ProfileEmail.filter(profile_id=ann).order_by("position")
    assert [(row.address, row.is_primary) for row in rows] == [
        ("d@example.org", True),
        ("b@example.org", False),
        ("e@example.org", False),
    ]
    assert await make(north, emails=["a@example.org"])


async def test_reordering_keeps_the_primary_one(world: World) -> None:
    north = await world.nation("north")
    ann = await make(north, emails=["a@example.org", "b@example.org"])
    await edit(north, ann, emails=["b@example.org", "a@example.org"])
    rows = await ProfileEmail.filter(profile_id=ann).order_by("position")
    assert [(row.address, row.is_primary) for row in rows] == [("b@example.org", False), ("a@example.org", True)]


async def test_a_deleted_profile_is_gone_with_all_that_hangs_on_it(world: World) -> None:
    north = await world.nation("north")
    ann = await make(north, first_name="Ann", last_name="Okonkwo", emails=["ann@example.org"], van_id="7")
    tag = await north.tag("board", [ann])
    before = await position(north.id)
    await delete(north, ann)
    held = await holdings([north.id], but=["tags"])
    assert {table for table, rows in held.items() if rows} == set()
    told = [(row["kind"], row["noun"], row["subjects"]) for row in await events(north.id, before)]
    assert told == [(EventKind.CHANGED, Noun.TAG, [tag]), (EventKind.DELETED, Noun.PROFILE, [ann])]
    assert await make(north, emails=["ann@example.org"])


async def test_another_nations_profile_is_as_unknown_as_none(world: World) -> None:
    north, south = await world.nations("north", "south")
    theirs = await make(south, first_name="Ann")
    for attempt in (lambda ann: edit(north, ann, first_name="Bo"), lambda ann: delete(north, ann)):
        answers = []
        for profile_id in (theirs, uuid4()):
            async with refused(NotFound, north, south) as info:
                await attempt(profile_id)
            answers.append((info.value.message, info.value.path))
        assert answers[0] == answers[1]
    async with refused(NotFound, north, south):
        await make(south, caller=north.admin, first_name="Ann")
