"""What has been archived for eighteen months is gone, and its nation told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from actions import purging
from actions.custom_fields import archive_custom_field
from actions.groups import archive_group
from models.custom_field import CustomField
from models.profile import Profile
from models.tag import Tag, Tagging
from sharing.visibility import Caller
from tests.couples import couple
from tests.tables import events, position
from tests.world import Nation, World
from workers.sweep import prune


async def aged(nation: Nation, table: str, row_id: UUID, days: int) -> None:
    async with nation.world.unit(Caller()) as unit:
        aged = f"UPDATE {table} SET archived_at = now() - make_interval(days => $2) WHERE id = $1"
        await unit.pg.execute(aged, row_id, days)


async def pruned(nation: Nation) -> list[tuple[str, str, list[UUID]]]:
    """Let the clock strike; gives what the nation is told."""
    start = await position(nation.id)
    await prune(nation.world.post)
    return [(event["kind"], event["noun"], event["subjects"]) for event in await events(nation.id, start)]


async def test_people_archived_too_long_ago_are_deleted_with_all_that_hangs_on_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    north = await world.nation("north")
    old = [await north.person(first_name=f"Old {n}", emails=[f"old{n}@example.org"]) for n in range(3)]
    young, live = await north.person(first_name="Young"), await north.person(first_name="Live")
    await north.tag("board", [*old, young, live])
    await north.archive(*old, young)
    for person in old:
        await aged(north, "profiles", person, 549)
    await aged(north, "profiles", young, 547)
    told = await pruned(north)
    assert {person.id for person in await north.people()} == {young, live}
    assert all((kind, noun) == ("DELETED", "Profile") for kind, noun, _ in told)
    assert {subject for _, _, subjects in told for subject in subjects} == set(old)
    await north.person(first_name="Heir", emails=["old1@example.org"])
    await north.restore(young)
    assert await Tagging.filter(profile_id=young).exists()


async def test_a_share_whose_archived_person_is_purged_goes_on(world: World) -> None:
    pair = await couple(world, {}, {})
    await pair.sender.archive(pair.ours)
    await world.work()
    await aged(pair.sender, "profiles", pair.ours, 549)
    await pruned(pair.sender)
    await world.work()
    assert (await pair.share.boxes(), await pair.share.tagged()) == ({}, set())


async def test_a_group_archived_too_long_ago_is_deleted_and_its_people_stay(world: World) -> None:
    north = await world.nation("north")
    ann = await north.person(first_name="Ann")
    old, young, live = [await north.group(name, [ann]) for name in ("old", "young", "live")]
    tag = await north.tag("board", [ann])
    for group in (old, young):
        async with world.unit(north.member) as unit:
            await archive_group(unit, group)
    await aged(north, "tags", old, 549)
    await aged(north, "tags", young, 547)
    assert await pruned(north) == [("DELETED", "Group", [old])]
    assert {row.id for row in await Tag.filter(nation_id=north.id)} == {young, live, tag}
    assert await north.bearers(live) == {ann}


async def test_a_custom_field_archived_too_long_ago_is_deleted_with_what_profiles_hold_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    north, south = await world.nations("north", "south")
    for nation in (north, south):
        await nation.define("shirt")
        await nation.define("shoe")
    held: dict[str, Any] = {"custom:shirt": "L", "custom:shoe": "43"}
    people = [await north.person(first_name=f"P{n}", **held) for n in range(5)]
    theirs = await south.person(first_name="Theirs", **held)
    await north.edit(people[0], clear=["custom:shirt"])
    (shirt,) = await CustomField.filter(nation_id=north.id, slug="shirt")
    async with world.unit(north.admin) as unit:
        await archive_custom_field(unit, shirt.id)
    await aged(north, "custom_fields", shirt.id, 549)
    assert await pruned(north) == [("DELETED", "CustomField", [shirt.id])]
    for row in await Profile.filter(nation_id=north.id):
        assert (row.custom_fields, row.times, list(row.cleared)) == ({"shoe": "43"}, {}, [])
    assert (await Profile.get(id=theirs)).custom_fields == {"shirt": "L", "shoe": "43"}
    await north.define("shirt")
    assert await pruned(north) == []
