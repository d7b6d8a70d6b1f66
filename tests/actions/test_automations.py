"""Automations: made, changed and deleted by admins; what they watch for is checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from actions.automations import (
    MAX_AUTOMATIONS,
    Changes,
    Watch,
    create_automation,
    delete_automation,
    rotate_automation_secret,
    update_automation,
)
from actions.destinations import Destination
from actions.removal import delete_nation
from models.automation import Automation, WebhookDelivery
from models.custom_field import CustomField
from sharing.customs import CustomKind
from sharing.errors import Forbidden, IdTaken, InvalidInput, NotFound
from sharing.states import DeliveryState
from tests.refusals import refused
from tests.tables import events, position
from tests.world import Nation, World

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
EMPLOYER = Watch(field="employer")
HOOK = Destination("https://hooks.example.org/north")


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation."""
    return await world.nation("north")


async def make(nation: Nation, watch: Watch = EMPLOYER, name: str = "Moved", **options: Any) -> UUID:
    async with nation.world.unit(nation.admin) as unit:
        return await create_automation(unit, nation.id, name, watch, **options)


async def change(nation: Nation, automation_id: UUID, **changes: Any) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await update_automation(unit, automation_id, Changes(**changes))


async def test_an_automation_is_made_as_it_was_asked_for_and_its_nation_told(north: Nation):
    await north.define("size", CustomKind.CHOICE, ["S", "M"])
    start = await position(north.id)
    automation_id = await make(north, Watch(None, "size", "", "m"), " To  M ", destination=HOOK)
    automation = await Automation.get(id=automation_id)
    assert (automation.name, automation.field, automation.from_value, automation.to_value) == (
        "To M", "custom:size", "", "M",
    )  # fmt: skip
    assert (automation.enabled, automation.webhook_url, automation.secret_version) == (True, HOOK.url, 1)
    assert automation.secret.startswith("whsec_")
    told = await events(north.id, start)
    assert [(event["kind"], event["noun"], event["topic"], event["subjects"]) for event in told] == [
        ("CHANGED", "Automation", "AUTOMATIONS", [automation_id])
    ]


@pytest.mark.parametrize(
    ("watch", "path"),
    [
        (Watch(), "field"),
        (Watch("employer", "size"), "field"),
        (Watch(custom_field="gone"), "customField"),
        (Watch(custom_field="old"), "customField"),
        (Watch(custom_field="x" * 5_000), "customField"),
        (Watch("birthdate", before="soon"), "fromValue"),
        (Watch("birthdate", after="soon"), "toValue"),
        (Watch("employer", None, "Mill", "Mill"), "toValue"),
        (Watch("employer", None, "", " "), "toValue"),
    ],
)
async def test_what_cannot_be_watched_for_is_refused_by_its_place(north: Nation, watch: Watch, path: str):
    await north.define("old")
    await CustomField.filter(nation_id=north.id).update(archived_at=LONG_AGO)
    async with refused(InvalidInput, north) as info:
        await make(north, watch)
    assert info.value.path == (path,)
    assert not await Automation.exists(nation_id=north.id)


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "a\0b"])
async def test_what_can_be_no_name_is_refused(north: Nation, name: str):
    async with refused(InvalidInput, north) as info:
        await make(north, name=name)
    assert info.value.path == ("name",)


async def test_another_nations_custom_field_cannot_be_watched(world: World, north: Nation):
    south = await world.nation("south")
    await south.define("size")
    async with refused(InvalidInput, north) as info:
        await make(north, Watch(custom_field="size"))
    assert info.value.path == ("customField",)


async def test_an_id_is_given_once(north: Nation):
    automation_id = await make(north, automation_id=uuid4())
    async with refused(IdTaken, north):
        await make(north, automation_id=automation_id)


async def test_a_nation_has_so_many_automations_at_most(north: Nation):
    first = await Automation.get(id=await make(north))
    row = {column: getattr(first, column) for column in first._meta.db_fields if column != "id"}
    await Automation.bulk_create([Automation(id=uuid4(), **row) for _ in range(MAX_AUTOMATIONS - 1)])
    async with refused(InvalidInput, north) as info:
        await make(north)
    assert info.value.path == ("nationId",)


async def test_an_edit_changes_what_it_names_and_nothing_else(north: Nation):
    automation_id = await make(north, Watch("employer", None, "Mill", "Shop"), destination=HOOK)
    before = await Automation.get(id=automation_id)
    await change(north, automation_id, before=" Farm ", enabled=False)
    after = await Automation.get(id=automation_id)
    assert (after.from_value, after.to_value, after.enabled) == ("Farm", "Shop", False)
    assert (after.name, after.webhook_url, after.secret, after.field) == (
        before.name, before.webhook_url, before.secret, before.field,
    )  # fmt: skip
    await change(north, automation_id, from_anything=True, after="")
    after = await Automation.get(id=automation_id)
    assert (after.from_value, after.to_value) == (None, "")
    await change(north, automation_id, to_anything=True, name="Any move")
    after = await Automation.get(id=automation_id)
    assert (after.from_value, after.to_value, after.name) == (None, None, "Any move")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"before": "Shop"}, "toValue"),
        ({"before": "Farm", "from_anything": True}, "fromValue"),
        ({"after": "Farm", "to_anything": True}, "toValue"),
        ({"name": " "}, "name"),
    ],
)
async def test_an_edit_that_cannot_be_is_refused(north: Nation, changes: dict[str, Any], path: str):
    automation_id = await make(north, Watch("employer", None, "Mill", "Shop"))
    before = dict(await Automation.get(id=automation_id))
    async with refused(InvalidInput, north) as info:
        await change(north, automation_id, **changes)
    assert info.value.path == (path,)
    assert dict(await Automation.get(id=automation_id)) == before


async def test_the_values_of_a_custom_field_that_is_gone_cannot_be_changed(north: Nation):
    await north.define("size")
    automation_id = await make(north, Watch(custom_field="size"))
    await CustomField.filter(nation_id=north.id).update(archived_at=LONG_AGO)
    async with refused(InvalidInput, north) as info:
        await change(north, automation_id, before="M")
    assert info.value.path == ("customField",)
    await change(north, automation_id, name="Put away", enabled=False)


async def test_members_and_strangers_change_nothing(world: World, north: Nation):
    south, automation_id = await world.nation("south"), await make(north)
    async with refused(Forbidden, north), world.unit(north.member) as unit:
        await create_automation(unit, north.id, "Mine", EMPLOYER)
    for caller in (north.member, south.admin):
        async with refused(NotFound, north), world.unit(caller) as unit:
            await update_automation(unit, automation_id, Changes(name="Mine"))
        async with refused(NotFound, north), world.unit(caller) as unit:
            await rotate_automation_secret(unit, automation_id)
        async with refused(NotFound, north), world.unit(caller) as unit:
            await delete_automation(unit, automation_id)
    assert (await Automation.get(id=automation_id)).secret_version == 1


async def test_a_rotation_keeps_the_secret_before_beside_the_new_one(north: Nation):
    automation_id = await make(north)
    first = (await Automation.get(id=automation_id)).secret
    async with north.world.unit(north.admin) as unit:
        assert await rotate_automation_secret(unit, automation_id) == 2
    rotated = await Automation.get(id=automation_id)
    assert rotated.secret not in (first, "")
    assert (rotated.former_secret, rotated.secret_version) == (first, 2)


async def test_an_automation_goes_with_what_it_owes_and_a_nation_with_its_automations(world: World, north: Nation):
    ann = await north.person(first_name="Ann", employer="Mill")
    gone, kept = [await make(north, destination=HOOK) for _ in range(2)]
    await north.edit(ann, employer="Shop")
    assert await WebhookDelivery.filter(nation_id=north.id).count() == 2
    async with world.unit(north.admin) as unit:
        await delete_automation(unit, gone)
    assert [owed.automation_id for owed in await WebhookDelivery.filter(nation_id=north.id)] == [kept]
    async with world.unit(north.admin) as unit:
        await delete_nation(unit, north.id)
    assert not await Automation.exists(nation_id=north.id)
    assert not await WebhookDelivery.exists(nation_id=north.id)


async def test_taking_the_url_away_gives_up_what_is_owed(north: Nation):
    ann = await north.person(first_name="Ann", employer="Mill")
    automation_id = await make(north, destination=HOOK)
    await north.edit(ann, employer="Shop")
    await change(north, automation_id, destination=Destination())
    (owed,) = await WebhookDelivery.filter(automation_id=automation_id)
    assert (owed.state, owed.next_attempt_at, owed.attempts) == (DeliveryState.GIVEN_UP, None, 0)
    assert "no webhook URL" in (owed.last_error or "")
    await north.edit(ann, employer="Farm")
    assert await WebhookDelivery.filter(automation_id=automation_id).count() == 1
