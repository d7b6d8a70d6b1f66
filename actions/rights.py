"""Making sure that a caller may do something in a nation, before anything is done."""

from models.nation import Nation
from models.network import Network
from sharing.errors import Forbidden, NotFound
from sharing.visibility import Caller, Deed, manages, require


async def require_in(caller: Caller, nation_id: int, deed: Deed) -> Nation:
    """The nation, where the caller belongs to it and may do the deed there.

    Raises:
        NotFound: there is no such nation, or the caller does not belong to it.
        Forbidden: the caller's role or the nation's plan does not include the deed.
    """
    nation = await Nation.of(caller).get_or_none(id=nation_id)
    if nation is None:
        raise NotFound("There is no such nation.", "nationId")
    require(caller, nation.id, nation.plan, deed)
    return nation


async def require_over(caller: Caller, network_id: int, deed: Deed) -> Network:
    """The network, where the caller may do the deed for all of it: as one of its managers, or as its HQ.

    Raises:
        NotFound: there is no such network, or the caller may not know of it.
        Forbidden: the caller is neither a manager of it nor may do the deed in its HQ.
    """
    network = await Network.of(caller).get_or_none(id=network_id)
    if network is None:
        raise NotFound("There is no such network.", "networkId")
    if manages(caller, network.id, deed):
        return network
    if network.hq_id is None or network.hq_id not in caller.nations:
        raise Forbidden("This is for the managers of the network and the admins of its HQ to do: ask one of them.")
    await require_in(caller, network.hq_id, deed)
    return network
