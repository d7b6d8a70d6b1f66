"""The managers of networks: named and dismissed by one another, by the admins of HQ, and by whoever runs Comity."""

from dataclasses import dataclass
from uuid import UUID

from actions.headquarters import hold_network
from actions.rights import require_over
from actions.unit import Unit
from models.queries import query
from models.user import NetworkMembership
from sharing.emails import email as parse_email
from sharing.errors import InvalidInput, Refused
from sharing.visibility import Deed, NetworkRole

MAX_MANAGERS = 100
# The same for an address that nobody has and for one of a user elsewhere: who is a user of Comity is for nobody to ask.
NOBODY = "Nobody in the nations of this network signs in with this address: check it, or have a user made there first."


@dataclass(frozen=True, slots=True)
class _Nominee:
    user_id: UUID
    manages: bool


async def name_manager(unit: Unit, network_id: int, email: str) -> None:
    """Make a user of one of its nations a manager of a network. Naming a manager again changes nothing.

    Raises:
        NotFound: there is no such network, or the caller may not know of it.
        Forbidden: the caller is neither a manager of the network nor an admin of its HQ.
        InvalidInput: nobody who may sign in in the network's nations has this address, or it has managers enough.
    """
    nominee = await _nominee(unit, network_id, email)
    if not nominee.manages:
        if await NetworkMembership.filter(network_id=network_id).count() >= MAX_MANAGERS:
            raise InvalidInput(f"A network has at most {MAX_MANAGERS} managers: dismiss one first.", "networkId")
        await NetworkMembership.create(user_id=nominee.user_id, network_id=network_id, role=NetworkRole.MANAGER)


async def dismiss_manager(unit: Unit, network_id: int, email: str) -> UUID:
    """Let a user manage a network no longer, from the next request on; the last one too, since HQ's admins remain.

    Dismissing a user of the network who is no manager of it changes nothing.

    Returns:
        The user.

    Raises:
        NotFound, Forbidden: as for ``name_manager``.
        InvalidInput: the address is neither a manager's nor that of anybody who may sign in in the network's nations.
    """
    nominee = await _nominee(unit, network_id, email)
    if nominee.manages:
        await NetworkMembership.filter(user_id=nominee.user_id, network_id=network_id).delete()
    return nominee.user_id


async def _nominee(unit: Unit, network_id: int, email: str) -> _Nominee:
    """Whoever is meant, with the network held: nobody else names or dismisses there until the transaction ends."""
    await require_over(unit.caller, network_id, Deed.NAME_MANAGERS)
    try:
        address = parse_email(email)
    except Refused as refused:
        raise InvalidInput(f"The email address cannot be taken: {refused}.", "email") from None
    if address is None:
        raise InvalidInput("Give the email address that the manager signs in with.", "email")
    await hold_network(unit, network_id)
    row = await unit.pg.fetchrow(query("nominee"), network_id, address)
    if row is None:
        raise InvalidInput(NOBODY, "email")
    return _Nominee(row["id"], row["manages"])
