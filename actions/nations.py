"""Nations and networks: founded by whoever runs Comity; what an admin sets in a nation."""

from tortoise.exceptions import IntegrityError

from actions.headquarters import hold_network, settle_in
from actions.rights import require_in
from actions.runs import look_again
from actions.unit import Unit
from models.nation import Nation
from models.network import Network
from sharing.countries import COUNTRIES
from sharing.errors import InvalidInput, Refused
from sharing.slugs import as_slug
from sharing.texts import line, quote
from sharing.visibility import Deed, Plan

MAX_NAME = 255


async def create_nation(
    unit: Unit,
    slug: str,
    name: str,
    plan: Plan,
    network_slug: str | None = None,
    voters: bool = False,
    country: str = "US",
) -> int:
    """Found a nation. The first nation of a network is its HQ; a later one gets HQ's custom fields if HQ shares them.

    Args:
        unit: the open transaction.
        slug: what others call it by: lower-case letters, digits and hyphens.
        name: what it calls itself.
        plan: what it may do.
        network_slug: the network that it belongs to; None for none.
        voters: whether it has voters enabled.
        country: the ISO 3166 code by which phones and postcodes written without a country are read.

    Returns:
        Its number.

    Raises:
        InvalidInput: a slug that cannot be one or is taken, a blank name, an unknown network or country.
    """
    network = await network_named(network_slug) if network_slug is not None else None
    try:
        nation = await Nation.create(
            slug=_slug(slug),
            name=_name(name),
            plan=plan,
            network_id=network.id if network else None,
            voters_enabled=voters,
            country=_country(country),
        )
    except IntegrityError:
        raise InvalidInput(f"There is a nation {slug} already: choose another slug.", "slug") from None
    if network is not None:
        await settle_in(unit, nation.id, await hold_network(unit, network.id))
    return nation.id


async def update_nation(
    unit: Unit,
    nation_id: int,
    *,
    name: str | None = None,
    country: str | None = None,
    voters: bool | None = None,
    auto_districting: bool | None = None,
) -> None:
    """Change a nation's settings; None leaves one as it is.

    Voter fields and districts travel only while both nations of a share have voters enabled, and districts overwrite
    where either has auto-districting on: the nation's live shares run again when it changes either.

    Args:
        unit: the open transaction.
        nation_id: the nation.
        name: what it calls itself.
        country: the ISO 3166 code by which phones and postcodes written without a country are read from now on.
        voters: whether it has voters enabled.
        auto_districting: whether its districts follow from addresses by themselves.

    Raises:
        NotFound: the caller does not belong to the nation.
        Forbidden: only an admin changes its settings.
        InvalidInput: a blank name or an unknown country.
    """
    await require_in(unit.caller, nation_id, Deed.EDIT_NATION)
    nation = await Nation.select_for_update(no_key=True).get(id=nation_id)
    before = nation.voters_enabled, nation.auto_districting
    if name is not None:
        nation.name = _name(name)
    if country is not None:
        nation.country = _country(country)
    if voters is not None:
        nation.voters_enabled = voters
    if auto_districting is not None:
        nation.auto_districting = auto_districting
    await nation.save(update_fields=["name", "country", "voters_enabled", "auto_districting"])
    if (nation.voters_enabled, nation.auto_districting) != before:
        await look_again(unit, [nation.id])


async def create_network(unit: Unit, slug: str, name: str) -> int:
    """Found a network.

    Returns:
        Its number.

    Raises:
        InvalidInput: a slug that cannot be one or is taken, or a blank name.
    """
    try:
        network = await Network.create(slug=_slug(slug), name=_name(name))
    except IntegrityError:
        raise InvalidInput(f"There is a network {slug} already: choose another slug.", "slug") from None
    return network.id


async def network_named(slug: str) -> Network:
    """The network that bears a slug.

    Raises:
        InvalidInput: none does.
    """
    wanted = as_slug(slug)
    network = await Network.get_or_none(slug=wanted) if wanted else None
    if network is None:
        raise InvalidInput(f"There is no network {quote(slug)}: create it first, or leave it out.", "network")
    return network


def _slug(raw: str) -> str:
    if as_slug(raw) != raw:
        raise InvalidInput(
            f"{quote(raw)} is no slug: take at most 63 lower-case letters, digits and hyphens, no hyphen at an end.",
            "slug",
        )
    return raw


def _country(raw: str) -> str:
    if raw.upper() not in COUNTRIES:
        raise InvalidInput(f"{quote(raw)} is no country: give its ISO code of two letters, such as US.", "country")
    return raw.upper()


def _name(raw: str) -> str:
    try:
        name = line(raw, MAX_NAME)
    except Refused as refused:
        raise InvalidInput(f"The name cannot be taken: {refused}.", "name") from None
    if name is None:
        raise InvalidInput("A name is needed.", "name")
    return name
