"""Networks: joined and left by nations, and what HQ shares with them."""

from actions.audiences.networks import leave_audience
from actions.headquarters import (
    hold_network,
    hold_network_of,
    look_at_custom_fields,
    lose_hq,
    set_sharing,
    settle_in,
    spread_custom_fields,
)
from actions.nations import network_named
from actions.rights import require_in, require_over
from actions.runs import look_again
from actions.unit import Unit
from models.nation import Nation
from sharing.errors import InvalidInput
from sharing.visibility import Deed


async def share_custom_fields(unit: Unit, network_id: int) -> None:
    """Have HQ share its custom field settings: from now on every nation of the network has exactly HQ's fields.

    Doing it again changes nothing.

    Raises:
        NotFound: there is no such network, or the caller may not know of it.
        Forbidden: the caller is neither a manager of the network nor an admin of its HQ.
        InvalidInput: the network has no HQ.
        InvalidInputs: nations have fields of HQ's slugs and other kinds; each is named.
    """
    await require_over(unit.caller, network_id, Deed.SHARE_CUSTOM_FIELDS)
    network = await hold_network(unit, network_id)
    if network.hq_id is None:
        raise InvalidInput("The network has no HQ: the first nation that joins it will be its HQ.", "networkId")
    if network.shares_custom_fields:
        return
    await set_sharing(unit, network, True)
    await spread_custom_fields(unit, network)


async def stop_sharing_custom_fields(unit: Unit, network_id: int) -> None:
    """Have HQ stop sharing its custom field settings: the fields stay, and are the nations' own.

    Raises:
        NotFound, Forbidden: as for ``share_custom_fields``.
    """
    await require_over(unit.caller, network_id, Deed.SHARE_CUSTOM_FIELDS)
    network = await hold_network(unit, network_id)
    if not network.shares_custom_fields:
        return
    await set_sharing(unit, network, False)
    await look_at_custom_fields(unit, network)


async def join_network(unit: Unit, nation_id: int, network_slug: str) -> None:
    """Put a nation into a network; the first one of a network is its HQ. For whoever runs Comity.

    Raises:
        InvalidInput: there is no such network, or the nation is in one already.
        InvalidInputs: HQ shares its custom field settings, and the nation has fields of its slugs and other kinds.
    """
    network = await network_named(network_slug)
    present = await hold_network_of(unit, nation_id)
    if present is not None:
        raise InvalidInput(f"The nation is in the network {present.slug}: have it leave that first.", "network")
    await Nation.filter(id=nation_id).update(network_id=network.id)
    await settle_in(unit, nation_id, await hold_network(unit, network.id))
    await look_again(unit, [nation_id])


async def leave_network(unit: Unit, nation_id: int) -> None:
    """Take a nation out of its network. Its custom fields are its own from now on, and those and the Facebook user id
    no longer travel on its live shares. What it shares of its audience, or is given of another's, ends.

    Raises:
        NotFound: there is no such nation, or the caller does not belong to it.
        Forbidden: only an admin of the nation takes it out.
        InvalidInput: it is in no network, or it is the HQ of others.
    """
    await require_in(unit.caller, nation_id, Deed.LEAVE_NETWORK)
    network = await hold_network_of(unit, nation_id)
    if network is None:
        raise InvalidInput("The nation is in no network.", "nationId")
    await leave_audience(unit, nation_id, network.id)
    await Nation.filter(id=nation_id).update(network_id=None)
    if network.hq_id == nation_id:
        if await Nation.exists(network_id=network.id):
            raise InvalidInput("The nation is the HQ of its network: the others have to leave it first.", "nationId")
        await lose_hq(unit, network)
    await look_again(unit, [nation_id])
