"""Archived people: out of every list, segment and search, as if gone, and back as they were."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from actions.archiving import archive_profiles, bring_back, put_away, restore_profiles
from actions.groups import add_group_members, archive_group, remove_group_members, restore_group
from actions.merging import merge_profiles
from actions.profiles import update_profile
from actions.segments import members_of
from actions.taggings import MAX_PROFILES
from actions.tags import add_taggings, remove_taggings
from actions.unit import Unit
from models.email import ProfileEmail
from models.nation import Nation as NationRow
from models.profile import Profile
from models.run import ImportRejection
from models.tag import Tag, Tagging, TagKind
from sharing.errors import Archived, InvalidInput, NotFound
from sharing.visibility import Caller
from tests.couples import ANN, BEN
from tests.imports import imported
from tests.refusals import paths, refused
from tests.tables import events, holdings, position
from tests.world import Nation, World

ANNS = {"clause": {"field": "first_name", "operator": "EQUALS", "values": ["Ann"]}}


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation."""
    return await world.nation("north")


async def found(nation: Nation, criteria: dict[str, Any]) -> tuple[int, list[UUID]]:
    """Return how many the database finds, and whom."""
    async with nation.world.unit(Caller()) as unit:
        members = await members_of(await NationRow.get(id=nation.id), criteria, await unit.now())
        counting, paging = members.counting(), members.paging(None, None, 100, backwards=False)
        number = await unit.pg.fetchval(counting[0], *counting[1])
        return number, [row["id"] for row in await unit.pg.fetch(paging[0], *paging[1])]


async def archived(profile_id: UUID) -> bool:
    return (await Profile.get(id=profile_id)).archived_at is not None


async def test_what_is_archived_comes_back_as_it_was(north: Nation) -> None:
    """Tags and groups, keys, emails and counts: all but the version, which says that something happened."""
    ann = await north.person(**ANN, emails=["ann@example.org"], external_id="X1", home_address={"city": "Oslo"})
    ben = await north.person(**BEN)
    tag, group = await north.tag("board", [ann, ben]), await north.group("choir", [ann])
    before = await holdings([north.id], but=["profiles", "taggings"]), await Tagging.filter(profile_id=ann).count()
    assert await north.archive(ann) == 1
    assert (await north.bearers(tag), await north.bearers(group)) == ({ben}, set())
    assert await north.restore(ann) == 1
    after = await holdings([north.id], but=["profiles", "taggings"]), await Tagging.filter(profile_id=ann).count()
    assert after == before
    assert (await north.bearers(tag), await north.bearers(group)) == ({ann, ben}, {ann})
    row = await Profile.get(id=ann)
    assert (row.archived_at, row.version, row.first_name) == (None, 3, "Ann")


async def test_nothing_that_begins_at_a_tag_or_a_key_meets_the_archived(north: Nation) -> None:
    ann = await north.person(**ANN, emails=["ann@example.org"])
    await north.tag("board", [ann])
    await north.archive(ann)
    held = await holdings([north.id])
    assert (held["taggings"], held["match_keys"], len(held["profile_emails"])) == ([], [], 1)


async def test_the_archived_are_in_no_segment(north: Nation) -> None:
    ann, other = [await north.person(first_name="Ann", last_name=name) for name in ("A", "B")]
    await north.archive(ann)
    nobody = {"clause": {"attribute": "TAG", "operator": "IS_BLANK"}}
    assert await found(north, ANNS) == (1, [other])
    assert await found(north, nobody) == (1, [other])
    await north.restore(ann)
    assert await found(north, ANNS) == (2, [ann, other])


async def test_the_nation_is_told_of_people_tags_and_groups_once(north: Nation) -> None:
    ann = await north.person(**ANN)
    tag, group = await north.tag("board", [ann]), await north.group("choir", [ann])
    for act in (north.archive, north.restore):
        start = await position(north.id)
        await act(ann)
        told = {(event["kind"], event["noun"], *event["subjects"]) for event in await events(north.id, start)}
        assert told == {("CHANGED", "Profile", ann), ("CHANGED", "Tag", tag), ("CHANGED", "Group", group)}
        start = await position(north.id)
        assert await act(ann) == 0
        assert await position(north.id) == start


async def test_a_group_archived_meanwhile_comes_back_with_its_people(north: Nation) -> None:
    ann = await north.person(**ANN)
    group = await north.group("choir", [ann])
    await north.archive(ann)
    async with north.world.unit(north.member) as unit:
        await archive_group(unit, group)
    await north.restore(ann)
    async with north.world.unit(north.member) as unit:
        await restore_group(unit, group)
    assert await north.bearers(group) == {ann}


async def test_what_a_share_keeps_for_itself_is_put_aside_too_and_told_to_nobody(north: Nation) -> None:
    ann = await north.person(**ANN)
    hidden = await north.tag("hidden", [ann])
    await Tag.filter(id=hidden).update(kind=TagKind.AUDIENCE, share_id=uuid4())
    start = await position(north.id)
    await north.archive(ann)
    assert await north.bearers(hidden) == set()
    await north.restore(ann)
    assert await north.bearers(hidden) == {ann}
    assert {event["noun"] for event in await events(north.id, start)} == {"Profile"}


EDITS: dict[str, tuple[Callable[[Unit, dict[str, UUID]], Awaitable[object]], tuple[str, ...]]] = {
    "edit": (lambda unit, ids: update_profile(unit, ids["ann"], {"bio": "x"}), ("profileId",)),
    "merge into": (lambda unit, ids: merge_profiles(unit, ids["ann"], [ids["ben"]]), ("profileId",)),
    "merge": (lambda unit, ids: merge_profiles(unit, ids["ben"], [ids["ann"]]), ("duplicateIds", "0")),
    "tag": (lambda unit, ids: add_taggings(unit, ids["tag"], [ids["ben"], ids["ann"]]), ("profileIds", "1")),
    "untag": (lambda unit, ids: remove_taggings(unit, ids["tag"], [ids["ann"]]), ("profileIds", "0")),
    "put in": (lambda unit, ids: add_group_members(unit, ids["group"], [ids["ann"]]), ("profileIds", "0")),
    "take out": (lambda unit, ids: remove_group_members(unit, ids["group"], [ids["ann"]]), ("profileIds", "0")),
}


@pytest.mark.parametrize("edit", EDITS)
async def test_whoever_edits_the_archived_is_told_to_restore_them_first(north: Nation, edit: str) -> None:
    ids = {"ann": await north.person(**ANN), "ben": await north.person(**BEN)}
    ids |= {"tag": await north.tag("board", [ids["ann"]]), "group": await north.group("choir", [ids["ann"]])}
    await north.archive(ids["ann"])
    act, path = EDITS[edit]
    async with refused(InvalidInput, north) as info, north.world.unit(north.member) as unit:
        await act(unit, ids)
    (problem,) = getattr(info.value, "problems", [info.value])
    assert isinstance(problem, Archived)
    assert (problem.code, problem.path) == ("ARCHIVED", path)
    assert problem.message == "The profile is archived: restore it first."


async def test_an_archived_profile_may_be_deleted_with_what_was_put_aside(north: Nation) -> None:
    ann = await north.person(**ANN, emails=["ann@example.org"])
    tag = await north.tag("board", [ann])
    await north.archive(ann)
    await north.delete(ann)
    held = await holdings([north.id])
    assert (held["profiles"], held["archived_taggings"], held["profile_emails"]) == ([], [], [])
    assert await north.bearers(tag) == set()


async def test_an_address_of_the_archived_is_theirs_and_whoever_wants_it_is_told(north: Nation) -> None:
    ann, ben = await north.person(**ANN, emails=["ann@example.org"]), await north.person(**BEN)
    await north.archive(ann)
    taken = {"emails": ["ann@example.org"]}
    for act in (lambda: north.person(**BEN, **taken), lambda: north.edit(ben, **taken)):
        async with refused(InvalidInput, north) as info:
            await act()
        assert "ann@example.org belongs to an archived profile of this nation: restore that one" in info.value.message
        assert paths(info) == [("emails",)]
    await north.restore(ann)
    assert (await ProfileEmail.get(nation_id=north.id)).profile_id == ann


async def test_a_row_with_an_address_of_the_archived_is_refused_and_the_others_taken(north: Nation) -> None:
    ann = await north.person(**ANN, emails=["ann@example.org"])
    await north.archive(ann)
    run = await imported(north, "first_name,email\nAnn,ann@example.org\nBo,bo@example.org\n")
    assert (run.created, run.updated, run.rejected) == (1, 0, 1)
    (rejection,) = await ImportRejection.filter(run_id=run.id)
    assert (rejection.line, rejection.reason) == (
        2,
        "ann@example.org belongs to an archived person of the nation: restore that one, or delete it.",
    )


async def test_tags_and_groups_that_are_gone_meanwhile_stay_gone(north: Nation) -> None:
    ann = await north.person(**ANN)
    tag, group = await north.tag("board", [ann]), await north.group("choir", [ann])
    await north.archive(ann)
    async with north.world.unit(north.admin) as unit:
        await unit.pg.execute("DELETE FROM tags WHERE id = $1", tag)
    await north.restore(ann)
    assert {tagging.tag_id for tagging in await Tagging.filter(profile_id=ann)} == {group}


async def test_only_people_of_the_nation_and_not_too_many_are_archived(world: World, north: Nation) -> None:
    south = await world.nation("south")
    ann, theirs = await north.person(**ANN), await south.person(**ANN)
    for act in (archive_profiles, restore_profiles):
        async with refused(InvalidInput, north, south) as info, world.unit(north.member) as unit:
            await act(unit, north.id, [ann, theirs, uuid4()])
        assert paths(info) == [("profileIds", "1"), ("profileIds", "2")]
        async with refused(InvalidInput, north), world.unit(north.member) as unit:
            await act(unit, north.id, [ann] * (MAX_PROFILES + 1))
        async with refused(NotFound, north, south), world.unit(north.member) as unit:
            await act(unit, south.id, [theirs])


async def test_whoever_works_for_the_nation_archives_and_restores_its_own_alone(world: World, north: Nation) -> None:
    south = await world.nation("south")
    ann, ben, theirs = await north.person(**ANN), await north.person(**BEN), await south.person(**ANN)
    async with world.unit(Caller()) as unit:
        assert await put_away(unit, north.id, [ann, theirs, uuid4()]) == [ann]
        assert await put_away(unit, north.id, [ann]) == []
    assert [await archived(one) for one in (ann, ben, theirs)] == [True, False, False]
    async with world.unit(Caller()) as unit:
        assert await bring_back(unit, south.id, [ann, ben]) == []
        assert await bring_back(unit, north.id, [ann, ben, ann]) == [ann]
    assert not await archived(ann)
