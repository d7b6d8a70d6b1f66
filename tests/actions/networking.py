"""Networks of a test: nations of one network, and what they define for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from actions.custom_fields import create_custom_field
from actions.networks import share_custom_fields, stop_sharing_custom_fields
from models.custom_field import CustomField
from models.network import Network
from sharing.customs import CustomKind
from sharing.visibility import Caller
from tests.world import Nation, World

TEXT, NUMBER, CHECKBOX, CHOICE = CustomKind


async def family(world: World, *names: str) -> tuple[int, list[Nation]]:
    """Found a network; return its number and its nations, of which the first is HQ."""
    slug = await world.network()
    nations = await world.nations(*names, network_slug=slug)
    return (await Network.get(slug=slug)).id, nations


async def define(nation: Nation, slug: str, kind: CustomKind = TEXT, options: Iterable[str] = ()) -> UUID:
    """Have a nation's admin define a custom field, its label the slug in capitals."""
    async with nation.world.unit(nation.admin) as unit:
        return await create_custom_field(unit, nation.id, slug, slug.upper(), kind, list(options))


async def share_fields(world: World, network: int, caller: Caller) -> None:
    """Have HQ share its custom field settings."""
    async with world.unit(caller) as unit:
        await share_custom_fields(unit, network)


async def keep_fields(world: World, network: int, caller: Caller) -> None:
    """Have HQ stop sharing its custom field settings."""
    async with world.unit(caller) as unit:
        await stop_sharing_custom_fields(unit, network)


async def fields(nation: Nation, *, archived: bool = False) -> dict[str, tuple[str, CustomKind, list[str]]]:
    """Return a nation's custom fields by slug, those that are archived or those that are not."""
    rows = CustomField.filter(nation_id=nation.id, archived_at__isnull=not archived)
    return {row.slug: (row.label, CustomKind(row.kind), list(row.options)) for row in await rows}
