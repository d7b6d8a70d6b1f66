"""Nations and networks: founded by whoever runs Comity."""

import re

from tortoise.exceptions import IntegrityError

from actions.unit import Unit
from models.nation import Nation
from models.network import Network
from sharing.countries import COUNTRIES
from sharing.errors import InvalidInput, Refused
from sharing.texts import line, quote
from sharing.visibility import Plan

MAX_NAME = 255
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


async def create_nation(
    unit: Unit,
    slug: str,
    name: str,
    plan: Plan,
    network_slug: str | None = None,
    voters: bool = False,
    country: str = "US",
) -> int:
    """Found a nation. The first nation of a network is its HQ.

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
    network = await _network(network_slug) if network_slug is not None else None
    if country.upper() not in COUNTRIES:
        raise InvalidInput(f"{quote(country)} is no country: give its ISO code of two letters, such as US.", "country")
    try:
        nation = await Nation.create(
            slug=_slug(slug),
            name=_name(name),
            plan=plan,
            network_id=network.id if network else None,
            voters_enabled=voters,
            country=country.upper(),
        )
    except IntegrityError:
        raise InvalidInput(f"There is a nation {slug} already: choose another slug.", "slug") from None
    if network is not None:
        await Network.filter(id=network.id, hq_id=None).update(hq_id=nation.id)
    return nation.id


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


async def _network(slug: str) -> Network:
    network = await Network.get_or_none(slug=slug)
    if network is None:
        raise InvalidInput(f"There is no network {quote(slug)}: create it first, or leave it out.", "network")
    return network


def _slug(raw: str) -> str:
    if not _SLUG.fullmatch(raw):
        raise InvalidInput(
            f"{quote(raw)} is no slug: take at most 63 lower-case letters, digits and hyphens, no hyphen at an end.",
            "slug",
        )
    return raw


def _name(raw: str) -> str:
    try:
        name = line(raw, MAX_NAME)
    except Refused as refused:
        raise InvalidInput(f"The name cannot be taken: {refused}.", "name") from None
    if name is None:
        raise InvalidInput("A name is needed.", "name")
    return name
