"""Automations: made, changed and deleted by the admins of a nation; and their webhooks, sent again when asked."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from actions.destinations import Destination
from actions.firing import DELIVER, EVERYBODY
from actions.new_ids import given_once, new_id
from actions.rights import require_in
from actions.unit import Unit
from models.automation import Automation, WebhookDelivery
from models.custom_field import CustomField
from models.nation import Nation
from models.queries import query
from sharing.automations import Custom, check_change, field_key, read_value
from sharing.customs import CustomKind
from sharing.errors import IdTaken, InvalidInput, NotFound, Refused
from sharing.events import Noun
from sharing.fields import CUSTOM_PREFIX
from sharing.states import DeliveryState
from sharing.texts import line, quote
from sharing.visibility import Deed
from sharing.webhooks import SECRET_BYTES, secret_of

MAX_NAME = 255
MAX_AUTOMATIONS = 100
NOWHERE = Destination()


@dataclass(frozen=True, slots=True)
class Watch:
    """What an automation watches for, as an admin writes it.

    Attributes:
        field: a catalogue key; None where it is a custom field.
        custom_field: the slug of a custom field; None where it is one of the catalogue.
        before: what the field must hold before; blank for nothing, None for whatever.
        after: what it must hold afterwards, likewise.
    """

    field: str | None = None
    custom_field: str | None = None
    before: str | None = None
    after: str | None = None


async def create_automation(
    unit: Unit,
    nation_id: int,
    name: str,
    watch: Watch,
    destination: Destination = NOWHERE,
    *,
    enabled: bool = True,
    automation_id: UUID | None = None,
) -> UUID:
    """Make an automation, and the secret that signs its webhooks.

    Args:
        unit: the open transaction.
        nation_id: the nation whose profiles it watches.
        name: what it is called.
        watch: what it watches for.
        destination: where its webhooks go, if anywhere.
        enabled: whether it fires.
        automation_id: an id that the client made; None makes one.

    Raises:
        NotFound: the caller does not belong to the nation.
        Forbidden: only an admin makes automations.
        InvalidInput: a field that is unknown or gone, a value that it cannot hold, a change that is none, a name that
            cannot be, a taken id, or too many automations.
    """
    nation = await require_in(unit.caller, nation_id, Deed.EDIT_AUTOMATIONS)
    new = await new_id(Automation, automation_id)
    if await Automation.filter(nation_id=nation.id).count() >= MAX_AUTOMATIONS:
        raise InvalidInput(f"A nation has at most {MAX_AUTOMATIONS} automations: delete one first.", "nationId")
    key = field_key(watch.field, watch.custom_field)
    custom = await _custom(nation, key)
    before = read_value(key, custom, watch.before, "fromValue", country=nation.country)
    after = read_value(key, custom, watch.after, "toValue", country=nation.country)
    check_change(before, after)
    now = await unit.now()
    automation = Automation(
        id=new,
        nation_id=nation.id,
        name=_name(name),
        field=key,
        from_value=before,
        to_value=after,
        enabled=enabled,
        webhook_url=destination.url or None,
        secret=secret_of(secrets.token_bytes(SECRET_BYTES)),
        created_at=now,
        updated_at=now,
    )
    with given_once(IdTaken()):
        await automation.save(force_create=True)
    unit.changed(nation.id, Noun.AUTOMATION, [automation.id])
    return automation.id


@dataclass(frozen=True, slots=True)
class Changes:
    """How an automation changes; what is None stays.

    Attributes:
        name: what it is called.
        before: what the field must hold before.
        from_anything: whether that is whatever from now on.
        after: what the field must hold afterwards.
        to_anything: whether that is whatever from now on.
        enabled: whether it fires.
        destination: where its webhooks go; nowhere gives up those that are on their way.
    """

    name: str | None = None
    before: str | None = None
    from_anything: bool = False
    after: str | None = None
    to_anything: bool = False
    enabled: bool | None = None
    destination: Destination | None = None


async def update_automation(unit: Unit, automation_id: UUID, changes: Changes) -> UUID:
    """Change an automation. Its field stays: make another for another field.

    Raises:
        NotFound: there is no such automation, or the caller may not know of it.
        InvalidInput: as for ``create_automation``; or a value and anything at once.
    """
    automation, nation = await _own_automation(unit, automation_id)
    for given, anything, path in (
        (changes.before, changes.from_anything, "fromValue"),
        (changes.after, changes.to_anything, "toValue"),
    ):
        if given is not None and anything:
            raise InvalidInput("Give a value or anything, not both.", path)
    await _change_values(automation, nation, changes)
    if changes.name is not None:
        automation.name = _name(changes.name)
    if changes.enabled is not None:
        automation.enabled = changes.enabled
    if changes.destination is not None:
        automation.webhook_url = changes.destination.url or None
        if automation.webhook_url is None:
            await unit.pg.execute(query("give_up_webhooks"), automation.id)
    automation.updated_at = await unit.now()
    await automation.save()
    unit.changed(nation.id, Noun.AUTOMATION, [automation.id])
    return automation.id


async def _change_values(automation: Automation, nation: Nation, changes: Changes) -> None:
    if changes.from_anything:
        automation.from_value = None
    if changes.to_anything:
        automation.to_value = None
    if changes.before is not None or changes.after is not None:
        key, country = automation.field, nation.country
        custom = await _custom(nation, key)
        if changes.before is not None:
            automation.from_value = read_value(key, custom, changes.before, "fromValue", country=country)
        if changes.after is not None:
            automation.to_value = read_value(key, custom, changes.after, "toValue", country=country)
    check_change(automation.from_value, automation.to_value)


async def delete_automation(unit: Unit, automation_id: UUID) -> UUID:
    """Delete an automation, with what it still owes.

    Raises:
        NotFound: there is no such automation, or the caller may not know of it.
    """
    automation, nation = await _own_automation(unit, automation_id)
    await automation.delete()
    unit.deleted(nation.id, Noun.AUTOMATION, [automation_id])
    return automation_id


async def rotate_automation_secret(unit: Unit, automation_id: UUID) -> int:
    """Give an automation another secret. For a day the one before signs beside it.

    Returns:
        Which of its secrets it is, counted from 1.

    Raises:
        NotFound: there is no such automation, or the caller may not know of it.
    """
    automation, nation = await _own_automation(unit, automation_id)
    automation.former_secret, automation.secret = automation.secret, secret_of(secrets.token_bytes(SECRET_BYTES))
    automation.secret_version += 1
    automation.rotated_at = automation.updated_at = await unit.now()
    await automation.save()
    unit.changed(nation.id, Noun.AUTOMATION, [automation.id])
    return automation.secret_version


async def retry_webhook_delivery(unit: Unit, delivery_id: UUID) -> UUID:
    """Try a webhook again, now, as often as if it were new.

    Raises:
        NotFound: there is no such delivery, or the caller may not know of it.
        InvalidInput: it was delivered, or its automation has no URL any more.
    """
    delivery = await WebhookDelivery.of(unit.caller).select_for_update().get_or_none(id=delivery_id)
    if delivery is None:
        raise NotFound("There is no such delivery.", "deliveryId")
    if delivery.state is DeliveryState.DELIVERED:
        raise InvalidInput("It was delivered: there is nothing to try again.", "deliveryId")
    if not await Automation.exists(id=delivery.automation_id, webhook_url__isnull=False):
        raise InvalidInput("Its automation has no webhook URL: give it one first.", "deliveryId")
    delivery.state, delivery.attempts, delivery.next_attempt_at = DeliveryState.PENDING, 0, await unit.now()
    await delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
    unit.changed(delivery.nation_id, Noun.WEBHOOK_DELIVERY, [delivery.id])
    unit.enqueue(DELIVER, EVERYBODY)
    return delivery.id


async def _own_automation(unit: Unit, automation_id: UUID) -> tuple[Automation, Nation]:
    """An automation that the caller may change, locked, and its nation."""
    automation = await Automation.of(unit.caller).select_for_update().get_or_none(id=automation_id)
    if automation is None:
        raise NotFound("There is no such automation.", "automationId")
    return automation, await require_in(unit.caller, automation.nation_id, Deed.EDIT_AUTOMATIONS)


async def _custom(nation: Nation, key: str) -> Custom | None:
    """The custom field that is watched; None where it is a field of the catalogue."""
    if not key.startswith(CUSTOM_PREFIX):
        return None
    slug = key.removeprefix(CUSTOM_PREFIX)
    field = await CustomField.get_or_none(nation_id=nation.id, slug=slug) if len(slug) < 64 else None
    if field is None:
        raise InvalidInput(f"The nation has no custom field {quote(slug)}: name one that it has.", "customField")
    if field.archived_at is not None:
        raise InvalidInput(f"The custom field {quote(slug)} is archived: restore it, or name another.", "customField")
    return Custom(CustomKind(field.kind), tuple(field.options))


def _name(raw: str) -> str:
    try:
        name = line(raw, MAX_NAME)
    except Refused as refused:
        raise InvalidInput(f"The automation's name: {refused}.", "name") from None
    if name is None:
        raise InvalidInput("An automation needs a name.", "name")
    return name
