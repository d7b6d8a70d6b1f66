"""Criteria of segments: whom the database finds is whom they hold, judged one by one; and what is wrong with them is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.groups import add_group_members, archive_group, restore_group
from actions.segments import create_segment, members_of
from models.nation import Nation as NationRow
from models.profile import Profile
from models.tag import Tag, TagKind
from sharing.errors import InvalidInputs
from sharing.segments.clauses import Known
from sharing.segments.judging import Person, meets
from sharing.segments.reading import read_criteria
from sharing.visibility import Caller
from tests.criteria import CRITERIA, CUSTOMS, GROUPS, PERSON, TAGS
from tests.refusals import refused
from tests.world import Nation, World

NOW = datetime(2027, 2, 28, 15, 30, tzinfo=UTC)  # of a year without a 29 February


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation with a custom field of each kind."""
    north = await world.nation("north")
    for slug, known in CUSTOMS.items():
        await north.define(slug, known.kind, known.options)
    return north


async def found(nation: Nation, criteria: dict[str, Any], now: datetime = NOW) -> set[UUID]:
    """Return whom the database finds, by the count and by pages from either end."""
    members = await members_of(await NationRow.get(id=nation.id), criteria, now)
    async with nation.world.unit(Caller()) as unit:
        sql, arguments = members.counting()
        number = await unit.pg.fetchval(sql, *arguments)
        pages = []
        for backwards in (False, True):
            sql, arguments = members.paging(None, None, 1_000, backwards=backwards)
            pages.append([row["id"] for row in await unit.pg.fetch(sql, *arguments)])
    assert pages[0] == pages[1][::-1] == sorted(pages[0])
    assert len(pages[0]) == number
    return set(pages[0])


async def made(nation: Nation, given: dict[str, Any], rows: dict[UUID, UUID], old: UUID) -> Person:
    """Make a person with tags and groups, in an archived group too where that is wanted; gives it as it is judged."""
    tags, groups = [{rows[one] for one in given.pop(key, ())} for key in ("tags", "groups")]
    put_away = given.pop("put_away", False)
    person = await nation.person(last_name="Arc", **given)
    for tag in tags:
        await nation.put_on(tag, person)
    async with nation.world.unit(nation.member) as unit:
        for group in groups:
            await add_group_members(unit, group, [person])
        if put_away:
            await restore_group(unit, old)
            await add_group_members(unit, old, [person])
            await archive_group(unit, old)
    row, record = await Profile.get(id=person), await nation.record(person)
    return Person(record, tags, row.created_at, row.updated_at, row.is_supporter, row.is_prospect, groups)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=st.lists(PERSON, min_size=1, max_size=5), criteria=st.lists(CRITERIA, min_size=8, max_size=8))
async def test_the_database_finds_whom_the_criteria_hold(world: World, people: list[Any], criteria: list[Any]) -> None:
    """Blanks, cases, accents, wildcards, moments of other time zones and leap days included."""
    north = await world.nation("north")
    for slug, known in CUSTOMS.items():
        await north.define(slug, known.kind, known.options)
    tags = {tag: await north.tag(f"tag {tag.int}") for tag in TAGS}
    groups = {group: await north.group(f"group {group.int}") for group in GROUPS}
    old = await north.group("old")
    async with world.unit(north.member) as unit:
        await archive_group(unit, old)
    taken: set[str] = set()
    persons = []
    for given_ in people:
        given_["emails"] = [address for address in given_.get("emails", ()) if address not in taken]
        taken.update(given_["emails"])
        given_ = {key: value for key, value in given_.items() if value != []}
        persons.append(await made(north, given_, tags | groups, old))
    known = Known("US", CUSTOMS, frozenset(tags.values()), dict.fromkeys(groups.values(), False))
    for raw in criteria:
        named = _with_rows(raw, tags | groups)
        wanted = read_criteria(named, known)
        now = persons[0].updated_at + timedelta(seconds=1) if "attribute" in str(raw) else NOW
        assert await found(north, named, now) == {one.record.id for one in persons if meets(one, wanted, now)}, raw


def _with_rows(raw: Any, tags: dict[UUID, UUID]) -> Any:
    """Criteria whose tags and groups are those of the nation."""
    if isinstance(raw, dict):
        return {key: _with_rows(value, tags) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_with_rows(value, tags) for value in raw]
    return next((str(row) for tag, row in tags.items() if raw == str(tag)), raw)


@pytest.mark.parametrize(
    ("operator", "days", "away"),
    [
        ("IN_LAST_DAYS", 0, {0}),
        ("IN_LAST_DAYS", 3, {-3, -2, -1, 0}),
        ("IN_NEXT_DAYS", 0, {0}),
        ("IN_NEXT_DAYS", 3, {0, 1, 2, 3}),
        ("ANNIVERSARY", 0, {0}),
        ("ANNIVERSARY", 3, {0, 1, 2, 3}),
    ],
)
async def test_days_are_counted_from_today_and_both_ends_belong(
    world: World, operator: str, days: int, away: set[int]
) -> None:
    north = await world.nation("north")
    now = datetime(2027, 6, 15, 23, 59, tzinfo=UTC)
    born = {
        offset: await north.person(last_name="Arc", birthdate=now.date() + timedelta(days=offset))
        for offset in range(-5, 6)
    }
    criteria = clause(field="birthdate", operator=operator, days=days)
    assert await found(north, criteria, now) == {born[offset] for offset in away}


def clause(**given: Any) -> dict[str, Any]:
    return {"clause": given}


ANN = clause(field="first_name", operator="EQUALS", values=["ann"])


@pytest.mark.parametrize(
    ("criteria", "path", "reason"),
    [
        ({}, "", "exactly one"),
        ({"all": []}, "all", "at least one"),
        ({"all": [ANN], "any": [ANN]}, "", "exactly one"),
        ({"all": [ANN, {"not": {}}]}, "all 1 not", "exactly one"),
        (clause(operator="EQUALS", values=["x"]), "clause", "exactly one of field"),
        (clause(field="first_name", customField="note", operator="IS_BLANK"), "clause", "exactly one of field"),
        (clause(field="custom_fields", operator="IS_BLANK"), "clause field", "customField"),
        (clause(field="first_name", component="city", operator="IS_BLANK"), "clause component", "no part"),
        (clause(field="home_address", component="moon", operator="IS_BLANK"), "clause component", "no part"),
        (clause(customField="note", component="city", operator="IS_BLANK"), "clause component", "leave component out"),
        (clause(customField="gone", operator="IS_BLANK"), "clause customField", "does not exist"),
        (clause(customField="old", operator="IS_BLANK"), "clause customField", "is archived"),
        (clause(field="first_name", operator="LESS", values=["x"]), "clause operator", "cannot be compared"),
        (clause(field="home_address", operator="EQUALS", values=["x"]), "clause operator", "IS_BLANK"),
        (clause(field="birthdate", operator="EQUALS", values=["soon"]), "clause values 0", "Birthday"),
        (clause(field="support_level", operator="IN", values=["1", "9"]), "clause values 1", "1 to 5"),
        (clause(customField="shoe", operator="LESS", values=["big"]), "clause values 0", "number"),
        (clause(field="first_name", operator="EQUALS", values=[" "]), "clause values 0", "IS_BLANK"),
        (clause(field="first_name", operator="EQUALS", values=[]), "clause values", "takes 1"),
        (clause(field="first_name", operator="IS_BLANK", values=["x"]), "clause values", "takes 0"),
        (clause(field="first_name", operator="IN", values=["x"] * 1_001), "clause values", "1 to 1,000"),
        (clause(field="birthdate", operator="BETWEEN", values=["2000-01-01", "1999-01-01"]), "clause values", "lower"),
        (clause(field="birthdate", operator="ANNIVERSARY"), "clause days", "give a number"),
        (clause(field="birthdate", operator="IN_LAST_DAYS", days=-1), "clause days", "from 0"),
        (clause(field="birthdate", operator="IN_LAST_DAYS", days=10**6), "clause days", "from 0"),
        (clause(field="birthdate", operator="IS_BLANK", days=1), "clause days", "leave days out"),
        (clause(field="bio", operator="GLOB", values=["*a*a*a*a*a*"]), "clause values 0", "asterisks"),
        (clause(field="bio", operator="CONTAINS", values=["x" * 501]), "clause values 0", "characters"),
        (clause(field="bio", operator="CONTAINS", values=["a\0b"]), "clause values 0", "unprintable"),
        (clause(attribute="TAG", operator="EQUALS", values=[str(uuid4())]), "clause values 0", "no such tag"),
        (clause(attribute="TAG", operator="EQUALS", values=["board"]), "clause values 0", "no such tag"),
        (clause(attribute="GROUP", operator="EQUALS", values=[str(uuid4())]), "clause values 0", "no such group"),
        (clause(attribute="GROUP", operator="LESS", values=["x"]), "clause operator", "cannot be compared"),
        (clause(attribute="CREATED_AT", operator="LESS", values=["yesterday"]), "clause values 0", "no moment"),
        (clause(attribute="CREATED_AT", operator="LESS", values=["2026-01-01"]), "clause values 0", "time zone"),
        ({"all": [ANN] * 201}, "", "more than 200"),
        ({"all": [ANN] * 10_000}, "", "more than 200"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
async def test_what_is_wrong_with_criteria_is_told_by_its_place_and_nothing_is_made(
    north: Nation, criteria: dict[str, Any], path: str, reason: str
) -> None:
    await north.define("old")
    await NationRow.filter(id=north.id).update(country="US")
    async with north.world.unit(Caller()) as unit:
        await unit.pg.execute("UPDATE custom_fields SET archived_at = now() WHERE slug = 'old'")
    async with refused(InvalidInputs, north) as info, north.world.unit(north.member) as unit:
        await create_segment(unit, north.id, "some", criteria)
    assert info.value.path == ("criteria", *path.split())
    assert reason in info.value.message


async def test_criteria_nested_too_deeply_are_refused(north: Nation) -> None:
    criteria: dict[str, Any] = ANN
    for _ in range(12):
        criteria = {"not": criteria}
    async with refused(InvalidInputs, north) as info, north.world.unit(north.member) as unit:
        await create_segment(unit, north.id, "some", criteria)
    assert "at most 10 deep" in info.value.message


async def test_all_that_is_wrong_is_told_at_once(north: Nation) -> None:
    criteria = {"any": [clause(customField="gone", operator="IS_BLANK"), ANN, {"all": []}]}
    async with refused(InvalidInputs, north) as info, north.world.unit(north.member) as unit:
        await create_segment(unit, north.id, "some", criteria)
    assert [problem.path for problem in info.value.problems] == [
        ("criteria", "any", "0", "clause", "customField"),
        ("criteria", "any", "2", "all"),
    ]


@pytest.mark.parametrize("attribute", ["TAG", "GROUP"])
async def test_another_nations_tags_and_groups_cannot_be_asked_for(world: World, north: Nation, attribute: str) -> None:
    south = await world.nation("south")
    theirs = await (south.tag("board") if attribute == "TAG" else south.group("board"))
    async with refused(InvalidInputs, north) as info, world.unit(north.member) as unit:
        await create_segment(unit, north.id, "s", clause(attribute=attribute, operator="EQUALS", values=[str(theirs)]))
    assert f"no such {attribute.lower()}" in info.value.message


async def test_a_tag_is_no_group_and_a_group_no_tag(north: Nation) -> None:
    rows = {"GROUP": await north.tag("board"), "TAG": await north.group("board")}
    for attribute, row in rows.items():
        async with refused(InvalidInputs, north) as info, north.world.unit(north.member) as unit:
            await create_segment(unit, north.id, "s", clause(attribute=attribute, operator="IN", values=[str(row)]))
        assert f"no such {attribute.lower()}" in info.value.message


async def test_an_archived_group_is_restored_before_it_is_asked_for(north: Nation) -> None:
    ann = await north.person(first_name="Ann")
    group = await north.group("choir", [ann])
    criteria = clause(attribute="GROUP", operator="IN", values=[str(group)])
    assert await found(north, criteria) == {ann}
    async with north.world.unit(north.member) as unit:
        await archive_group(unit, group)
    with pytest.raises(InvalidInputs) as info:
        await found(north, criteria)
    assert "the group is archived: restore it" in info.value.message.lower()


async def test_what_an_audience_share_keeps_for_itself_is_named_by_no_person(north: Nation) -> None:
    """The segment that the share makes names it, and is counted."""
    ann = await north.person(first_name="Ann")
    hidden = await north.tag("hidden", [ann])
    await Tag.filter(id=hidden).update(kind=TagKind.AUDIENCE)
    criteria = clause(attribute="TAG", operator="IN", values=[str(hidden)])
    async with refused(InvalidInputs, north) as info, north.world.unit(north.member) as unit:
        await create_segment(unit, north.id, "s", criteria)
    assert "no such tag" in info.value.message
    assert await found(north, criteria) == {ann}
    assert await found(north, clause(attribute="TAG", operator="IS_BLANK")) == {ann}
