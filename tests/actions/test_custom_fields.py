"""Custom fields: made, changed, archived and restored by an admin; HQ's come to its whole network while it shares them."""

from uuid import UUID, uuid4

import pytest

from actions.custom_fields import (
    archive_custom_field,
    create_custom_field,
    restore_custom_field,
    update_custom_field,
)
from models.custom_field import CustomField
from sharing import customs
from sharing.errors import Forbidden, InvalidInput, InvalidInputs, ManagedByHq, NotFound
from sharing.kinds import Group
from tests.actions.networking import CHOICE, NUMBER, TEXT, define, family, fields, share_fields
from tests.couples import couple
from tests.refusals import refused
from tests.tables import events, position
from tests.world import Nation, World


async def change(nation: Nation, field_id: UUID, **changes: object) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await update_custom_field(unit, field_id, **changes)


async def archive(nation: Nation, field_id: UUID) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await archive_custom_field(unit, field_id)


async def restore(nation: Nation, field_id: UUID) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await restore_custom_field(unit, field_id)


async def test_a_field_is_made_and_takes_values(world: World):
    north = await world.nation("north")
    before = await position(north.id)
    size = await define(north, "size", CHOICE, ["S", " M "])
    assert await fields(north) == {"size": ("SIZE", CHOICE, ["S", "M"])}
    (told,) = await events(north.id, before)
    assert (told["topic"], told["noun"], told["subjects"]) == ("CUSTOM_FIELDS", "CustomField", [size])
    ann = await north.person(first_name="Ann", **{"custom:size": "m"})
    assert await north.value(ann, "custom:size") == "M"


async def test_slug_and_kind_never_change_label_and_options_do(world: World):
    north = await world.nation("north")
    size = await define(north, "size", CHOICE, ["S", "M"])
    await change(north, size, label=" Shirt size ")
    await change(north, size, options=["M", "L"])
    assert await fields(north) == {"size": ("Shirt size", CHOICE, ["M", "L"])}
    before = await position(north.id)
    await change(north, size, label="Shirt size", options=["M", "L"])
    await change(north, size)
    assert await position(north.id) == before


async def test_an_option_that_is_removed_leaves_stored_values_alone(world: World):
    north = await world.nation("north")
    size = await define(north, "size", CHOICE, ["S", "M"])
    ann = await north.person(first_name="Ann", **{"custom:size": "S"})
    await change(north, size, options=["M"])
    assert await north.value(ann, "custom:size") == "S"
    with pytest.raises(InvalidInputs):
        await north.person(first_name="Ben", **{"custom:size": "S"})
    await north.edit(ann, first_name="Anna")
    assert await north.value(ann, "custom:size") == "S"


async def test_an_archived_field_takes_no_new_values_and_keeps_those_it_has(world: World):
    north = await world.nation("north")
    size, other = await define(north, "size"), await define(north, "other")
    ann = await north.person(first_name="Ann", **{"custom:size": "S"})
    await archive(north, size)
    before = await position(north.id)
    await archive(north, size)
    assert await position(north.id) == before
    async with refused(InvalidInputs, north):
        await north.edit(ann, **{"custom:size": "M"})
    await north.edit(ann, **{"custom:other": "x"})
    assert await north.value(ann, "custom:size") == "S"
    await restore(north, size)
    await north.edit(ann, **{"custom:size": "M"})
    assert await north.value(ann, "custom:size") == "M"
    assert {row.id for row in await CustomField.filter(nation_id=north.id)} == {size, other}


async def test_a_slug_is_taken_once_by_archived_fields_too(world: World):
    north, south = await world.nations("north", "south")
    size = await define(north, "size")
    await archive(north, size)
    async with refused(InvalidInput, north) as caught:
        await define(north, "size", NUMBER)
    assert caught.value.path == ("slug",)
    await define(south, "size", NUMBER)


async def test_a_nation_has_so_many_fields_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(customs, "MAX_FIELDS", 1)
    north = await world.nation("north")
    size = await define(north, "size")
    await archive(north, size)
    async with refused(InvalidInput, north):
        await define(north, "other")
    await restore(north, size)


async def test_what_cannot_be_is_refused(world: World):
    north = await world.nation("north")
    size = await define(north, "size", CHOICE, ["S"])
    plain = await define(north, "plain")
    for slug, label, kind, options in (
        ("No", "L", TEXT, []),
        ("ok", " ", TEXT, []),
        ("ok", "L", CHOICE, []),
        ("ok", "L", NUMBER, ["1"]),
    ):
        async with refused(InvalidInput, north), world.unit(north.admin) as unit:
            await create_custom_field(unit, north.id, slug, label, kind, options)
    async with refused(InvalidInput, north):
        await change(north, size, options=[])
    async with refused(InvalidInput, north):
        await change(north, plain, options=["S"])
    async with refused(InvalidInput, north):
        await change(north, plain, label="")


async def test_only_an_admin_of_the_nation_changes_its_fields(world: World):
    north, south = await world.nations("north", "south")
    size = await define(north, "size")
    for caller, kind in ((north.member, Forbidden), (south.admin, NotFound)):
        for act in (update_custom_field, archive_custom_field, restore_custom_field):
            async with refused(kind, north, south), world.unit(caller) as unit:
                await act(unit, size)
        async with refused(kind, north, south), world.unit(caller) as unit:
            await create_custom_field(unit, north.id, "other", "Other", TEXT)
    async with refused(NotFound, north):
        await archive(north, uuid4())


async def test_while_hq_shares_its_settings_the_others_change_nothing(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    own = await define(north, "own")
    await define(hq, "size")
    await share_fields(world, network, hq.admin)
    (shared,) = await CustomField.filter(nation_id=north.id, slug="size")
    async with refused(ManagedByHq, hq, north):
        await define(north, "other")
    for field_id in (own, shared.id):
        for act in (archive, restore, change):
            async with refused(ManagedByHq, hq, north) as caught:
                await act(north, field_id)
            assert (caught.value.code, "HQ manages" in caught.value.message) == ("MANAGED_BY_HQ", True)


async def test_what_hq_changes_reaches_every_nation_at_once(world: World):
    network, (hq, north, south) = await family(world, "hq", "north", "south")
    await share_fields(world, network, hq.admin)
    before = await position(south.id)
    size = await define(hq, "size", CHOICE, ["S"])
    assert len(await events(south.id, before)) == 1
    await change(hq, size, label="Shirt", options=["S", "M"])
    for nation in (hq, north, south):
        assert await fields(nation) == {"size": ("Shirt", CHOICE, ["S", "M"])}
    await archive(hq, size)
    assert [await fields(nation) for nation in (hq, north, south)] == [{}, {}, {}]
    await restore(hq, size)
    assert await fields(north) == await fields(hq) != {}


async def test_a_field_of_another_kind_somewhere_keeps_hq_from_its_slug(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await define(north, "size", NUMBER)
    await share_fields(world, network, hq.admin)
    async with refused(InvalidInputs, hq, north) as caught:
        await define(hq, "size", TEXT)
    assert north.slug in caught.value.message
    assert await fields(hq) == {}


async def test_a_field_that_hq_restores_travels_again(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await share_fields(world, network, hq.admin)
    size = await define(hq, "size")
    pair = await couple(world, {"custom:size": "S"}, {}, sender=hq, receiver=north, groups=(Group.CUSTOM_FIELDS,))
    assert await pair.both("custom:size") == ("S", "S")
    await archive(hq, size)
    await world.work()
    async with world.unit(hq.admin) as unit:
        await unit.pg.execute("UPDATE profiles SET custom_fields = '{}' WHERE id = $1", pair.theirs)
    await (await hq.live_shares())[0].sync()
    assert await pair.both("custom:size") == ("S", None)
    await restore(hq, size)
    await world.work()
    assert await pair.both("custom:size") == ("S", "S")
