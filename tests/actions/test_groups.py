"""Groups: what they are called, who is in them, put away and brought back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from actions.groups import (
    MAX_NAME,
    add_group_members,
    archive_group,
    create_group,
    remove_group_members,
    rename_group,
    restore_group,
)
from actions.taggings import MAX_PROFILES
from actions.tags import add_taggings
from actions.unit import Unit
from models.tag import Tag, TagKind
from sharing.errors import InvalidInput, NotFound
from tests.refusals import paths, refused
from tests.tables import events, position
from tests.world import Nation, World

DOORS: dict[str, Callable[[Unit, UUID], Awaitable[object]]] = {
    "rename": lambda unit, group: rename_group(unit, group, "other"),
    "archive": archive_group,
    "restore": restore_group,
    "add": lambda unit, group: add_group_members(unit, group, []),
    "remove": lambda unit, group: remove_group_members(unit, group, []),
}


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation."""
    return await world.nation("north")


async def do(nation: Nation, door: str, group_id: UUID) -> None:
    async with nation.world.unit(nation.member) as unit:
        await DOORS[door](unit, group_id)


async def told(nation: Nation, start: int) -> list[tuple[str, set[UUID]]]:
    return [(event["noun"], set(event["subjects"])) for event in await events(nation.id, start)]


async def test_a_group_counts_who_is_in_it_and_tells_its_nation(north: Nation) -> None:
    ann, bo = await north.person(first_name="Ann"), await north.person(first_name="Bo")
    group = await north.group("choir", [ann])
    start = await position(north.id)
    async with north.world.unit(north.member) as unit:
        assert await add_group_members(unit, group, [ann, bo, bo]) == 1
    assert await told(north, start) == [("Group", {group}), ("Profile", {bo})]
    assert await north.bearers(group) == {ann, bo}
    start = await position(north.id)
    async with north.world.unit(north.member) as unit:
        assert await remove_group_members(unit, group, [ann]) == 1
    assert await told(north, start) == [("Group", {group}), ("Profile", {ann})]
    assert await north.bearers(group) == {bo}


async def test_a_group_is_no_tag(north: Nation) -> None:
    """They may be called alike, and what takes the one does not take the other."""
    ann = await north.person(first_name="Ann")
    tag, group = await north.tag("choir"), await north.group("choir")
    async with refused(NotFound, north), north.world.unit(north.admin) as unit:
        await add_taggings(unit, group, [ann])
    async with refused(NotFound, north), north.world.unit(north.admin) as unit:
        await add_group_members(unit, tag, [ann])


async def test_a_name_is_given_once_in_whatever_case_until_its_group_is_archived(north: Nation) -> None:
    first, other = await north.group("Choir"), await north.group("Band")
    for wanted in ("rename", "create"):
        async with refused(InvalidInput, north) as info, north.world.unit(north.member) as unit:
            await (rename_group(unit, other, "CHOIR") if wanted == "rename" else create_group(unit, north.id, "CHOIR"))
        assert paths(info) == [("name",)]
    await do(north, "archive", first)
    await north.group("CHOIR")
    async with refused(InvalidInput, north) as info:
        await do(north, "restore", first)
    assert "choose another name" in info.value.message


@pytest.mark.parametrize("name", ["", " \n ", "x" * (MAX_NAME + 1), "a\0b"])
async def test_a_name_that_cannot_be_one_is_refused(north: Nation, name: str) -> None:
    group = await north.group("choir")
    async with refused(InvalidInput, north) as info, north.world.unit(north.member) as unit:
        await create_group(unit, north.id, name)
    assert paths(info) == [("name",)]
    async with refused(InvalidInput, north), north.world.unit(north.member) as unit:
        await rename_group(unit, group, name)


async def test_an_archived_group_keeps_who_is_in_it_and_is_not_changed(north: Nation) -> None:
    ann = await north.person(first_name="Ann")
    group = await north.group("choir", [ann])
    await do(north, "archive", group)
    for door in ("rename", "add", "remove"):
        async with refused(InvalidInput, north) as info:
            await do(north, door, group)
        assert "restore it first" in info.value.message
    start = await position(north.id)
    await do(north, "restore", group)
    assert await told(north, start) == [("Group", {group})]
    assert await north.bearers(group) == {ann}
    assert (await Tag.get(id=group)).archived_at is None


async def test_what_is_done_already_is_not_told_again(north: Nation) -> None:
    group = await north.group("choir")
    await do(north, "archive", group)
    start = await position(north.id)
    await do(north, "archive", group)
    await do(north, "restore", group)
    await do(north, "restore", group)
    async with north.world.unit(north.member) as unit:
        await rename_group(unit, group, " choir ")
    assert await told(north, start) == [("Group", {group})]


async def test_only_profiles_of_its_nation_and_not_too_many_are_put_in(world: World, north: Nation) -> None:
    group, ann = await north.group("choir"), await north.person(first_name="Ann")
    theirs = await (await world.nation("south")).person(first_name="Bo")
    for act in (add_group_members, remove_group_members):
        async with refused(InvalidInput, north) as info, world.unit(north.member) as unit:
            await act(unit, group, [ann, theirs, uuid4()])
        assert paths(info) == [("profileIds", "1"), ("profileIds", "2")]
        async with refused(InvalidInput, north) as info, world.unit(north.member) as unit:
            await act(unit, group, [ann] * (MAX_PROFILES + 1))
        assert paths(info) == [("profileIds",)]


@pytest.mark.parametrize("door", DOORS)
async def test_another_nations_group_is_as_one_that_does_not_exist(world: World, north: Nation, door: str) -> None:
    south = await world.nation("south")
    for group_id in (await south.group("choir"), uuid4()):
        async with refused(NotFound, north, south):
            await do(north, door, group_id)


async def test_deleting_and_merging_people_keep_groups_and_their_counts(north: Nation) -> None:
    ann, anne, bo = [await north.person(first_name=name) for name in ("Ann", "Anne", "Bo")]
    group, band = await north.group("choir", [anne, bo]), await north.group("band", [ann, anne])
    start = await position(north.id)
    await north.merge(ann, anne)
    assert await north.bearers(group) == {ann, bo}
    assert await north.bearers(band) == {ann}
    assert {noun for noun, subjects in await told(north, start) if subjects & {group, band}} == {"Group"}
    await north.delete(bo)
    assert await north.bearers(group) == {ann}


async def test_what_a_share_keeps_for_itself_does_not_pass_on_and_is_told_to_nobody(north: Nation) -> None:
    ann, anne = [await north.person(first_name=name) for name in ("Ann", "Anne")]
    hidden = await north.group("hidden", [anne])
    await Tag.filter(id=hidden).update(kind=TagKind.AUDIENCE)
    start = await position(north.id)
    await north.merge(ann, anne)
    assert await north.bearers(hidden) == set()
    assert not [subjects for _, subjects in await told(north, start) if hidden in subjects]
