"""Nations and networks: founded with a slug of their own, refused with the input named."""

import pytest

from actions.nations import create_nation, create_network
from models.nation import Nation
from models.network import Network
from sharing.errors import InvalidInput
from sharing.visibility import Caller, Plan
from tests.world import World


async def test_a_nation_is_what_it_was_founded_as(world: World):
    network = await world.network()
    nation = await world.nation("north", Plan.NETWORK, network_slug=network, voters=True, country="ca")
    row = await Nation.get(id=nation.id).prefetch_related("network")
    assert (row.slug, row.name, row.plan, row.voters_enabled, row.country) == (
        nation.slug,
        "north",
        Plan.NETWORK,
        True,
        "CA",
    )
    assert row.network is not None
    assert row.network.slug == network


async def test_the_first_nation_of_a_network_is_its_hq(world: World):
    network = await world.network()
    first = await world.nation("first", network_slug=network)
    await world.nation("second", network_slug=network)
    assert (await Network.get(slug=network)).hq_id == first.id


@pytest.mark.parametrize("slug", ["", "North", "no th", "-north", "north-", "nörth", "n" * 64, "north\n", "a/b", "a.b"])
async def test_a_slug_that_cannot_be_one_is_refused(world: World, slug: str):
    with pytest.raises(InvalidInput, match="no slug") as caught:
        async with world.unit(Caller()) as unit:
            await create_nation(unit, slug, "North", Plan.LEADER)
    assert caught.value.path == ("slug",)
    with pytest.raises(InvalidInput, match="no slug"):
        async with world.unit(Caller()) as unit:
            await create_network(unit, slug, "North")


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"name": "  "}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"network_slug": "nowhere"}, "network"),
        ({"country": "Atlantis"}, "country"),
        ({"country": ""}, "country"),
    ],
)
async def test_what_cannot_be_is_named_and_nothing_is_founded(world: World, options: dict, path: str):
    with pytest.raises(InvalidInput) as caught:
        async with world.unit(Caller()) as unit:
            await create_nation(unit, "refused", options.pop("name", "North"), Plan.LEADER, **options)
    assert caught.value.path == (path,)
    assert not await Nation.filter(slug="refused").exists()


async def test_a_slug_is_taken_once(world: World):
    nation = await world.nation("north")
    network = await world.network()
    with pytest.raises(InvalidInput, match="already"):
        async with world.unit(Caller()) as unit:
            await create_nation(unit, nation.slug, "Another", Plan.LEADER)
    with pytest.raises(InvalidInput, match="already"):
        async with world.unit(Caller()) as unit:
            await create_network(unit, network, "Another")
    assert await Nation.filter(slug=nation.slug).count() == 1
