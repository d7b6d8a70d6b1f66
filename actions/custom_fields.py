"""Custom fields: made, changed, archived and restored by the nation, or by HQ for its whole network."""

from collections.abc import Sequence
from uuid import UUID

from actions.headquarters import HeldNetwork, hold_network_of, spread_custom_fields
from actions.locks import require_unlocked
from actions.new_ids import given_once, new_id
from actions.rights import require_in
from actions.unit import Unit
from models.custom_field import CustomField
from sharing import customs
from sharing.customs import CustomKind
from sharing.errors import Archived, InvalidInput, ManagedByHq, NotFound
from sharing.events import Noun
from sharing.visibility import Deed


async def create_custom_field(
    unit: Unit,
    nation_id: int,
    slug: str,
    label: str,
    kind: CustomKind,
    options: Sequence[str] = (),
    *,
    field_id: UUID | None = None,
) -> UUID:
    """Make a custom field. Where HQ shares its settings, a new one of HQ comes to every nation of the network.

    Args:
        unit: the open transaction.
        nation_id: the nation it is made in.
        slug: what it is called by: lower-case letters, digits and underscores; never changes.
        label: the name that a person reads.
        kind: what it holds; never changes.
        options: what a CHOICE may be.
        field_id: an id that the client made; None makes one.

    Raises:
        NotFound: the caller does not belong to the nation.
        Forbidden: only an admin makes custom fields.
        ManagedByHq: HQ decides on the custom fields of the nation.
        InvalidInput: a slug that cannot be one or is taken, by an archived field too; a label or options that cannot
            be; the nation has too many fields; or the id is taken.
    """
    await require_in(unit.caller, nation_id, Deed.EDIT_CUSTOM_FIELDS)
    field = CustomField(
        id=await new_id(CustomField, field_id),
        nation_id=nation_id,
        slug=customs.slug(slug),
        label=customs.label(label),
        kind=kind,
        options=customs.options(kind, options),
    )
    network = await _hold_fields(unit, nation_id)
    await _make_room(nation_id)
    taken = f"There is a custom field {slug} already, maybe an archived one: choose another slug, or restore it."
    with given_once(InvalidInput(taken, "slug")):
        await field.save(force_create=True)
    await _changed(unit, field, network)
    return field.id


async def update_custom_field(
    unit: Unit, field_id: UUID, *, label: str | None = None, options: Sequence[str] | None = None
) -> UUID:
    """Change the label or the options of a custom field. What profiles hold stays, of removed options too.

    Raises:
        NotFound: there is no such field, or the caller may not know of it.
        Forbidden: only an admin changes custom fields.
        ManagedByHq: HQ decides on the custom fields of the nation.
        Locked: an audience share holds it.
        Archived: the field is archived.
        InvalidInput: a label or options that cannot be.
    """
    field, network = await _own_field(unit, field_id)
    if field.archived_at is not None:
        raise Archived("custom field", "customFieldId")
    before = field.label, list(field.options)
    if label is not None:
        field.label = customs.label(label)
    if options is not None:
        field.options = customs.options(CustomKind(field.kind), options)
    if (field.label, list(field.options)) != before:
        await field.save(update_fields=["label", "options"])
        await _changed(unit, field, network)
    return field.id


async def archive_custom_field(unit: Unit, field_id: UUID) -> UUID:
    """Archive a custom field: it takes no new values and does not travel. What profiles hold stays, out of sight.

    Raises:
        NotFound, Forbidden, ManagedByHq, Locked: as for ``update_custom_field``.
    """
    field, network = await _own_field(unit, field_id)
    if field.archived_at is None:
        field.archived_at = await unit.now()
        await field.save(update_fields=["archived_at"])
        await _changed(unit, field, network)
    return field.id


async def restore_custom_field(unit: Unit, field_id: UUID) -> UUID:
    """Bring an archived custom field back, with what profiles held in it.

    Raises:
        NotFound, Forbidden, ManagedByHq, Locked: as for ``update_custom_field``.
    """
    field, network = await _own_field(unit, field_id)
    if field.archived_at is not None:
        field.archived_at = None
        await field.save(update_fields=["archived_at"])
        await _changed(unit, field, network)
    return field.id


async def _own_field(unit: Unit, field_id: UUID) -> tuple[CustomField, HeldNetwork | None]:
    """A custom field that the caller may change, and its nation's network, as they stand until the transaction ends."""
    field = await CustomField.of(unit.caller).get_or_none(id=field_id)
    if field is None:
        raise NotFound("There is no such custom field.", "customFieldId")
    await require_in(unit.caller, field.nation_id, Deed.EDIT_CUSTOM_FIELDS)
    network = await _hold_fields(unit, field.nation_id)
    await field.refresh_from_db(using_db=None)
    await require_unlocked(unit, "This custom field", field, "customFieldId")
    return field, network


async def _hold_fields(unit: Unit, nation_id: int) -> HeldNetwork | None:
    """Keep everybody else from changing a nation's custom fields until the transaction ends; gives its network."""
    network = await hold_network_of(unit, nation_id)
    if network is not None and network.manages(nation_id):
        raise ManagedByHq
    return network


async def _make_room(nation_id: int) -> None:
    if await CustomField.filter(nation_id=nation_id).count() >= customs.MAX_FIELDS:
        raise InvalidInput(
            f"A nation has at most {customs.MAX_FIELDS:,} custom fields, archived ones included: restore one of those.",
            "nationId",
        )


async def _changed(unit: Unit, field: CustomField, network: HeldNetwork | None) -> None:
    """Tell the nation, and carry HQ's change on to its network."""
    unit.changed(field.nation_id, Noun.CUSTOM_FIELD, [field.id])
    if network is not None and network.shares_custom_fields:
        await spread_custom_fields(unit, network)
