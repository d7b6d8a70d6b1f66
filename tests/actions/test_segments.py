"""Segments: made, changed, archived, restored, and gone in the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from actions.segments import archive_segment, create_segment, restore_segment, update_segment
from models.segment import Segment
from sharing.errors import InvalidInput, NotFound, StaleVersion
from sharing.visibility import Caller
from tests.refusals import refused
from tests.tables import events, position
from tests.world import Nation, World
from workers.sweep import prune

ANN = {"clause": {"field": "first_name", "operator": "EQUALS", "values": ["ann"]}}


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation."""
    return await world.nation("north")


async def make(nation: Nation, name: str = "Anns", criteria: dict[str, Any] = ANN) -> UUID:
    async with nation.world.unit(nation.member) as unit:
        return await create_segment(unit, nation.id, name, criteria)


async def change(nation: Nation, segment_id: UUID, **changes: Any) -> None:
    async with nation.world.unit(nation.member) as unit:
        await update_segment(unit, segment_id, **changes)


async def archived(nation: Nation, segment_id: UUID) -> None:
    async with nation.world.unit(nation.member) as unit:
        await archive_segment(unit, segment_id)


async def test_a_segment_is_changed_and_its_nation_told_where_anything_changed(north: Nation) -> None:
    segment_id = await make(north)
    start = await position(north.id)
    await change(north, segment_id, name="Anns", criteria=ANN)
    assert await position(north.id) == start
    await change(north, segment_id, name="Bens", expected_version=1)
    segment = await Segment.get(id=segment_id)
    assert (segment.name, segment.criteria, segment.version) == ("Bens", ANN, 2)
    assert [(event["noun"], event["subjects"]) for event in await events(north.id, start)] == [
        ("Segment", [segment_id])
    ]


async def test_an_edit_of_an_old_copy_is_refused(north: Nation) -> None:
    segment_id = await make(north)
    await change(north, segment_id, name="Bens")
    async with refused(StaleVersion, north) as info:
        await change(north, segment_id, name="Cleos", expected_version=1)
    assert info.value.current == 2


async def test_a_name_is_given_once_in_whatever_case_until_its_segment_is_archived(north: Nation) -> None:
    first = await make(north, "Anns")
    async with refused(InvalidInput, north) as info:
        await make(north, "ANNS")
    assert info.value.path == ("name",)
    await archived(north, first)
    await make(north, "ANNS")
    async with refused(InvalidInput, north) as info, north.world.unit(north.member) as unit:
        await restore_segment(unit, first)
    assert "already" in info.value.message


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "a\0b"])
async def test_what_can_be_no_name_is_refused(north: Nation, name: str) -> None:
    async with refused(InvalidInput, north) as info:
        await make(north, name)
    assert info.value.path == ("name",)


async def test_an_archived_segment_is_not_edited_and_comes_back_as_it_was(north: Nation) -> None:
    segment_id = await make(north)
    await archived(north, segment_id)
    async with refused(InvalidInput, north) as info:
        await change(north, segment_id, name="Bens")
    assert "restore it first" in info.value.message
    async with north.world.unit(north.member) as unit:
        await restore_segment(unit, segment_id)
    segment = await Segment.get(id=segment_id)
    assert (segment.name, segment.criteria, segment.archived_at) == ("Anns", ANN, None)


async def test_after_eighteen_months_an_archived_segment_is_gone_and_its_nation_told(north: Nation) -> None:
    old, young, live = await make(north, "old"), await make(north, "young"), await make(north, "live")
    for segment_id in (old, young):
        await archived(north, segment_id)
    async with north.world.unit(Caller()) as unit:
        await unit.pg.execute("UPDATE segments SET archived_at = now() - interval '549 days' WHERE id = $1", old)
        await unit.pg.execute("UPDATE segments SET archived_at = now() - interval '547 days' WHERE id = $1", young)
    start = await position(north.id)
    await prune(north.world.post)
    assert {segment.id for segment in await Segment.filter(nation_id=north.id)} == {young, live}
    told = [(event["kind"], event["subjects"]) for event in await events(north.id, start)]
    assert told == [("DELETED", [old])]


@pytest.mark.parametrize("deed", ["change", "archive"])
async def test_another_nations_segment_is_as_one_that_does_not_exist(world: World, north: Nation, deed: str) -> None:
    south = await world.nation("south")
    theirs = await make(south)
    for segment_id in (theirs, uuid4()):
        async with refused(NotFound, north, south):
            await (change(north, segment_id, name="x") if deed == "change" else archived(north, segment_id))
