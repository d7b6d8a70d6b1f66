"""What HQ decides for the nations of its network: their custom fields, while it shares its settings."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from actions.runs import look_again
from actions.unit import Unit
from models.custom_field import CustomField
from models.nation import Nation
from models.network import Network
from models.queries import query
from sharing.errors import InvalidInput, InvalidInputs
from sharing.events import Noun


@dataclass(frozen=True, slots=True)
class HeldNetwork:
    """A network as it stands until the transaction ends: nobody else changes it, nor who is in it.

    Attributes:
        id: its number.
        slug: what it is called by.
        hq_id: its HQ; None where it has none.
        shares_custom_fields: whether HQ shares its custom field settings.
    """

    id: int
    slug: str
    hq_id: int | None
    shares_custom_fields: bool

    def manages(self, nation_id: int) -> bool:
        """Whether HQ decides on the custom fields of one of the nations."""
        return self.shares_custom_fields and nation_id != self.hq_id


async def hold_network(unit: Unit, network_id: int) -> HeldNetwork:
    """The network, held until the transaction ends."""
    row = await unit.pg.fetchrow(query("hold_network"), network_id)
    assert row is not None
    return HeldNetwork(network_id, row["slug"], row["hq_id"], row["shares_custom_fields"])


async def hold_network_of(unit: Unit, nation_id: int) -> HeldNetwork | None:
    """The network that a nation is in now, with the nation itself held; None where it is in none.

    Whoever holds both takes the nation first.
    """
    network_id = await unit.pg.fetchval(query("hold_nation"), nation_id)
    return None if network_id is None else await hold_network(unit, network_id)


async def spread_custom_fields(unit: Unit, network: HeldNetwork) -> None:
    """Give every nation of a network exactly the custom fields of its HQ, and have what then travels be looked at.

    Their other fields are archived; what profiles hold in them stays.

    Raises:
        InvalidInputs: a nation has, or had, a field of the same slug and another kind, which never changes; each such
            field is named.
    """
    clashes = await unit.pg.fetch(query("clashing_fields"), network.id)
    if clashes:
        raise InvalidInputs(
            [
                InvalidInput(
                    f"The field {row['slug']} is a {row['hq_kind'].lower()} in HQ, and a {row['kind'].lower()} in "
                    f"{row['nation']}: archive it in HQ and take another slug there.",
                    "slug",
                )
                for row in clashes
            ]
        )
    touched: dict[int, list[UUID]] = defaultdict(list)
    for row in await unit.pg.fetch(query("impose_custom_fields"), network.id):
        touched[row["nation_id"]].append(row["id"])
    for nation_id, field_ids in touched.items():
        unit.changed(nation_id, Noun.CUSTOM_FIELD, field_ids)
    await look_at_custom_fields(unit, network)


async def set_sharing(unit: Unit, network: HeldNetwork, shares: bool) -> None:
    """Say whether HQ shares its custom field settings, and tell every nation of it by the fields that it concerns."""
    await Network.filter(id=network.id).update(shares_custom_fields=shares)
    for field in await CustomField.filter(nation__network_id=network.id, archived_at=None).order_by("id"):
        unit.changed(field.nation_id, Noun.CUSTOM_FIELD, [field.id])


async def settle_in(unit: Unit, nation_id: int, network: HeldNetwork) -> None:
    """Give a nation that has just come into a network its place: as HQ where there is none, else with HQ's fields.

    Raises:
        InvalidInputs: as for ``spread_custom_fields``.
    """
    if network.hq_id is None:
        await Network.filter(id=network.id).update(hq_id=nation_id)
    elif network.shares_custom_fields:
        await spread_custom_fields(unit, network)


async def lose_hq(unit: Unit, network: HeldNetwork) -> None:
    """Leave a network without HQ, and with that without what HQ shared. The fields stay, and are the nations' own."""
    await Network.filter(id=network.id).update(hq_id=None)
    if network.shares_custom_fields:
        await set_sharing(unit, network, False)
        await look_at_custom_fields(unit, network)


async def look_at_custom_fields(unit: Unit, network: HeldNetwork) -> None:
    """Have the live shares within a network that ask for custom fields run again."""
    nations = await Nation.filter(network_id=network.id).only("id")
    await look_again(unit, [nation.id for nation in nations], customs_only=True)
