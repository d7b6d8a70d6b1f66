"""Making sure that a caller may do something in a nation, before anything is done."""

from models.nation import Nation
from sharing.errors import NotFound
from sharing.visibility import Caller, Deed, require


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
