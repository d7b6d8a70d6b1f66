"""Audience sharing in a network: enabled by naming its source, and disabled."""

from actions.audiences.rules import drop_target, end_audience
from actions.headquarters import hold_network
from actions.rights import require_over
from actions.unit import Unit
from models.audience import Audience
from models.nation import Nation
from models.network import Network
from models.queries import query
from sharing.errors import InvalidInput
from sharing.slugs import as_slug
from sharing.texts import quote
from sharing.visibility import Deed


async def enable_audience_sharing(unit: Unit, network_id: int, source_slug: str) -> None:
    """Let one nation of a network share its audience with the others. Naming the source again changes nothing.

    Raises:
        NotFound: there is no such network, or the caller may not know of it.
        Forbidden: the caller is neither a manager of the network nor an admin of its HQ.
        InvalidInput: no nation of the network is called so, or another is the source.
    """
    await require_over(unit.caller, network_id, Deed.ENABLE_AUDIENCES)
    await hold_network(unit, network_id)
    network = await Network.get(id=network_id)
    slug = as_slug(source_slug)
    source = await Nation.get_or_none(slug=slug, network_id=network_id) if slug else None
    if source is None:
        raise InvalidInput(f"There is no nation {quote(source_slug)} in the network: check the slug.", "sourceSlug")
    if network.audience_source_id not in (None, source.id):
        raise InvalidInput(
            "Another nation is the source: disable audience sharing first, which ends what it shares.", "sourceSlug"
        )
    if network.audience_source_id is None:
        network.audience_source_id, network.audience_enabled_at = source.id, await unit.now()
        await network.save(update_fields=["audience_source_id", "audience_enabled_at"])


async def disable_audience_sharing(unit: Unit, network_id: int) -> None:
    """End audience sharing in a network: the source's rules are deleted, and what they made is archived in the targets.

    Disabling it again changes nothing.

    Raises:
        NotFound, Forbidden: as for ``enable_audience_sharing``.
    """
    await require_over(unit.caller, network_id, Deed.ENABLE_AUDIENCES)
    await hold_network(unit, network_id)
    await end_in_network(unit, network_id)


async def leave_audience(unit: Unit, nation_id: int, network_id: int) -> None:
    """End what a nation shares, or is given, in a network that is held and that it leaves or is removed from."""
    source_id = (await Network.get(id=network_id)).audience_source_id
    if source_id == nation_id:
        await end_in_network(unit, network_id)
    elif source_id is not None:
        await drop_target(unit, source_id, nation_id)


async def end_in_network(unit: Unit, network_id: int) -> None:
    """As ``disable_audience_sharing``, of a network that is held, on whoever's behalf."""
    network = await Network.get(id=network_id)
    if network.audience_source_id is None:
        return
    await unit.pg.fetchval(query("hold_audience"), network.audience_source_id)
    audience = await Audience.get_or_none(nation_id=network.audience_source_id)
    if audience is not None:
        await end_audience(unit, audience)
    network.audience_source_id = network.audience_enabled_at = None
    await network.save(update_fields=["audience_source_id", "audience_enabled_at"])
