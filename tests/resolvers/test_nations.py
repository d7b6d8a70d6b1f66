"""Nations: shown to their members, and to nobody else."""

from tests.resolvers.asking import Api, gid
from tests.world import World


async def test_a_member_reads_its_nation(api: Api, world: World):
    north = await world.nation("north")
    query = "query ($slug: String!) { nation(slug: $slug) { id slug name plan votersEnabled autoDistricting country } }"
    found = await api.ask(query, north.member, slug=north.slug.upper())
    assert found["nation"] == {
        "id": gid("Nation", north.id),
        "slug": north.slug,
        "name": "north",
        "plan": "ENTERPRISE",
        "votersEnabled": False,
        "autoDistricting": False,
        "country": "US",
    }


async def test_a_nation_is_null_for_others_as_if_it_did_not_exist(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    query = "query ($slug: String!) { nation(slug: $slug) { name } }"
    for slug in (south.slug, "nobody", "", " ", "a\0b", "\ud800", "x" * 10_000):
        assert await api.ask(query, north.admin, slug=slug) == {"nation": None}
    assert await api.ask(query, slug=north.slug) == {"nation": None}


async def test_its_cursor_moves_with_its_log(api: Api, world: World):
    north = await world.nation("north")
    query = "query ($slug: String!) { nation(slug: $slug) { cursor } }"
    before = await api.ask(query, north.member, slug=north.slug)
    assert await api.ask(query, north.member, slug=north.slug) == before
    await north.person(first_name="Ada")
    assert await api.ask(query, north.member, slug=north.slug) != before
