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


UPDATE = """
mutation ($input: UpdateNationInput!) {
  updateNation(input: $input) {
    __typename
    ... on NationPayload { nation { name country votersEnabled autoDistricting } }
    ... on UserError { code path message }
  }
}
"""


async def test_an_admin_changes_its_settings(api: Api, world: World):
    north = await world.nation("north")
    given = {"nationId": gid("Nation", north.id), "name": "True North", "country": "ca", "votersEnabled": True}
    found = (await api.ask(UPDATE, north.admin, input=given))["updateNation"]
    after = {"name": "True North", "country": "CA", "votersEnabled": True, "autoDistricting": False}
    assert found["nation"] == after
    given = {"nationId": gid("Nation", north.id), "autoDistricting": True, "name": None}
    found = (await api.ask(UPDATE, north.admin, input=given))["updateNation"]
    assert found["nation"] == {**after, "autoDistricting": True}


async def test_whoever_may_not_change_them_is_told(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    given = {"nationId": gid("Nation", north.id), "name": "New"}
    found = (await api.ask(UPDATE, north.member, input=given))["updateNation"]
    assert (found["__typename"], found["code"]) == ("ForbiddenError", "FORBIDDEN")
    foreign = (await api.ask(UPDATE, south.admin, input=given))["updateNation"]
    absent = (await api.ask(UPDATE, south.admin, input={**given, "nationId": gid("Nation", 10**8)}))["updateNation"]
    assert foreign == absent
    assert foreign["message"] == "There is no such nation."
    found = (await api.ask(UPDATE, north.admin, input={**given, "country": "Atlantis"}))["updateNation"]
    assert (found["__typename"], found["path"]) == ("InvalidInputError", ["country"])
