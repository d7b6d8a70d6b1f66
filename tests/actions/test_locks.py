"""What an audience share holds in a target: every door to it is shut there, and open again once it is given up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from actions.archiving import archive_profiles, put_away
from actions.custom_fields import archive_custom_field, restore_custom_field, update_custom_field
from actions.groups import add_group_members, archive_group, remove_group_members, rename_group, restore_group
from actions.profiles import delete_profile
from actions.segments import archive_segment, restore_segment, update_segment
from actions.tags import add_taggings, delete_tag, remove_taggings, rename_tag
from actions.unit import Unit
from models.tag import Tag, TagKind
from sharing.errors import Locked, NotFound
from sharing.visibility import Caller
from tests.audience import Audience, active, field_of, who
from tests.imports import imported
from tests.refusals import refused
from tests.world import Nation, World

GROUP, SEGMENT, FIELD = ("groupId",), ("segmentId",), ("customFieldId",)
EVERYBODY = {"not": who("first_name", "Nobody")}


@dataclass
class Held:
    """What an audience share holds in a target, and somebody of the target's own."""

    audience: Audience
    share: UUID
    group: UUID
    segment: UUID
    field: UUID
    contact: UUID
    own: UUID

    @property
    def target(self) -> Nation:
        """The target."""
        return self.audience.targets[0]


Door = Callable[[Unit, Held], Awaitable[Any]]
DOORS: dict[str, tuple[Door, tuple[str, ...]]] = {
    "rename the group": (lambda unit, held: rename_group(unit, held.group, "x"), GROUP),
    "archive the group": (lambda unit, held: archive_group(unit, held.group), GROUP),
    "restore the group": (lambda unit, held: restore_group(unit, held.group), GROUP),
    "put somebody in": (lambda unit, held: add_group_members(unit, held.group, [held.own]), GROUP),
    "take somebody out": (lambda unit, held: remove_group_members(unit, held.group, [held.contact]), GROUP),
    "rename the segment": (lambda unit, held: update_segment(unit, held.segment, name="x"), SEGMENT),
    "edit its criteria": (lambda unit, held: update_segment(unit, held.segment, criteria=EVERYBODY), SEGMENT),
    "archive the segment": (lambda unit, held: archive_segment(unit, held.segment), SEGMENT),
    "restore the segment": (lambda unit, held: restore_segment(unit, held.segment), SEGMENT),
    "edit the field": (lambda unit, held: update_custom_field(unit, held.field, label="x"), FIELD),
    "archive the field": (lambda unit, held: archive_custom_field(unit, held.field), FIELD),
    "restore the field": (lambda unit, held: restore_custom_field(unit, held.field), FIELD),
    "archive a contact": (
        lambda unit, held: archive_profiles(unit, held.target.id, [held.own, held.contact]),
        ("profileIds", "1"),
    ),
    "delete a contact": (lambda unit, held: delete_profile(unit, held.contact), ("profileId",)),
}
TAG_DOORS: dict[str, Door] = {
    "tag": lambda unit, held: add_taggings(unit, held.group, [held.own]),
    "untag": lambda unit, held: remove_taggings(unit, held.group, [held.contact]),
    "rename": lambda unit, held: rename_tag(unit, held.group, "x"),
    "delete": lambda unit, held: delete_tag(unit, held.group),
}


@pytest.fixture
async def held(world: World) -> Held:
    """Return what stands in a target after the first sync."""
    audience = await Audience.among(world)
    target = audience.targets[0]
    await audience.source.define("shoe")
    await audience.source.person(
        first_name="Ann", last_name="Ames", emails=["ann@example.org"], **{"custom:shoe": "38"}
    )
    own = await target.person(first_name="Own")
    everybody = await audience.segment("All", EVERYBODY)
    await audience.begin(audience.rules(everybody, customs=["shoe"]))
    share, group, field = await audience.share(target), await audience.group(target), await field_of(target, "shoe")
    assert group is not None
    assert field is not None
    (contact,) = [person.id for person in await active(target) if person.id != own]
    twin = await audience.twin(target, everybody)
    return Held(audience, share.id, group.id, twin.id, field.id, contact, own)


@pytest.mark.parametrize("door", DOORS)
async def test_every_door_to_what_a_share_holds_is_shut_in_the_target(held: Held, door: str) -> None:
    act, path = DOORS[door]
    async with refused(Locked, held.target) as info, held.audience.world.unit(held.target.admin) as unit:
        await act(unit, held)
    assert isinstance(info.value, Locked)
    assert (info.value.share_id, info.value.path) == (held.share, path)
    assert "is part of an audience share from source, and cannot be changed here" in info.value.message


@pytest.mark.parametrize("door", TAG_DOORS)
async def test_the_doors_of_tags_do_not_lead_to_a_group(held: Held, door: str) -> None:
    async with refused(NotFound, held.target), held.audience.world.unit(held.target.admin) as unit:
        await TAG_DOORS[door](unit, held)


async def test_an_import_that_names_the_group_makes_a_tag_of_that_name(held: Held) -> None:
    run = await imported(held.target, "first_name,email,tag_list\nBo,bo@example.org,From the source\n")
    assert (run.created, run.rejected) == (1, 0)
    assert await held.target.bearers(held.group) == {held.contact}
    tag = await Tag.get(nation_id=held.target.id, kind=TagKind.TAG)
    assert (tag.name, tag.taggings) == ("From the source", 1)


async def test_what_a_contact_holds_may_be_edited_and_others_put_away(held: Held) -> None:
    await held.target.edit(held.contact, last_name="Archer", bio="Here.", **{"custom:shoe": "39"})
    values = await held.target.values(held.contact)
    assert (values["last_name"], values["bio"], values["custom:shoe"]) == ("Archer", "Here.", "39")
    assert await held.target.archive(held.own) == 1


async def test_a_contact_that_takes_in_another_of_the_target_stays_in_the_group(held: Held) -> None:
    """Groups of the target's own pass on; who is in the locked one follows the link."""
    choir = await held.target.group("choir", [held.own])
    await held.target.merge(held.contact, held.own)
    assert await held.target.bearers(held.group) == {held.contact}
    assert await held.target.bearers(choir) == {held.contact}


async def test_one_of_the_target_that_takes_in_a_contact_has_its_link_and_so_its_place_in_the_group(held: Held) -> None:
    await held.target.merge(held.own, held.contact)
    await held.audience.sync()
    assert await held.target.bearers(held.group) == {held.own}


async def test_the_share_itself_passes_the_locks(held: Held) -> None:
    world = held.audience.world
    async with world.unit(Caller()) as unit:
        assert await put_away(unit, held.target.id, [held.contact]) == [held.contact]
    assert await held.target.bearers(held.group) == set()


async def test_what_the_source_gives_up_is_the_targets_to_change(held: Held) -> None:
    await held.audience.delete()
    async with held.audience.world.unit(held.target.admin) as unit:
        await restore_group(unit, held.group)
        await rename_group(unit, held.group, "ours")
        await add_group_members(unit, held.group, [held.own])
        await restore_segment(unit, held.segment)
        await update_segment(unit, held.segment, criteria=EVERYBODY)
        await restore_custom_field(unit, held.field)
        await update_custom_field(unit, held.field, label="Shoe size")
        await archive_profiles(unit, held.target.id, [held.own])


async def test_in_the_source_nothing_is_locked(held: Held) -> None:
    source = held.audience.source
    (ann,) = await active(source)
    assert await source.archive(ann.id) == 1
