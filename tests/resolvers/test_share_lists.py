"""Shares through the API: listed, and what each shows to whom."""

from models.custom_field import CustomField
from models.network import Network
from sharing.customs import CustomKind
from sharing.kinds import Group
from sharing.visibility import Caller, Role
from tests.resolvers.asking import Api, gid
from tests.world import World

LIST = """
query ($slug: String!, $direction: ShareDirection, $status: [ShareStatus!]) {
  nation(slug: $slug) {
    shares(direction: $direction, status: $status) { totalCount edges { node { id status stats { total } } } }
  }
}
"""


async def pair(world: World):
    return await world.nation("north"), await world.nation("south")


async def shown(api: Api, nation, **variables):
    data = await api.ask(LIST, nation.member, slug=nation.slug, **variables)
    return [edge["node"]["id"] for edge in data["nation"]["shares"]["edges"]]


async def test_lists_narrow_by_direction_and_status(api: Api, world: World):
    north, south = await pair(world)
    sent = gid("TagShare", (await north.share(await north.tag("a"), south)).id)
    received = gid("TagShare", (await (await south.share(await south.tag("b"), north)).accept()).id)
    assert await shown(api, north) == [received, sent]
    assert await shown(api, north, direction="SENT") == [sent]
    assert await shown(api, north, direction="RECEIVED") == [received]
    assert await shown(api, north, status=["APPROVED", "DENIED"]) == [received]
    assert await shown(api, north, status=[]) == []


async def test_whoever_belongs_to_both_sees_each_nations_list_as_its_own(api: Api, world: World):
    """A stopped share shows in the sender's list and not in the receiver's, even to one who belongs to both."""
    north, south = await pair(world)
    share = await north.share(await north.tag("a"), south)
    await share.stop(north)
    both = Caller(token_id=north.admin.token_id, roles={north.id: Role.ADMIN, south.id: Role.ADMIN})
    for nation, count in ((north, 1), (south, 0)):
        data = await api.ask(LIST, both, slug=nation.slug)
        assert data["nation"]["shares"]["totalCount"] == count


async def test_a_share_tells_each_side_what_it_can_do(api: Api, world: World):
    north, south = await pair(world)
    share = await north.share(await north.tag("members"), south)
    query = """
    query ($id: ID!, $nation: ID!) {
      node(id: $id) { ... on TagShare { direction(nation: $nation) allowedActions(nation: $nation) tag { label } } }
    }"""
    for nation, direction, actions, tag in (
        (north, "SENT", ["STOP"], {"label": "members"}),
        (south, "RECEIVED", ["ACCEPT", "REJECT", "STOP"], None),
    ):
        data = await api.ask(query, nation.member, id=gid("TagShare", share.id), nation=gid("Nation", nation.id))
        assert data["node"] == {"direction": direction, "allowedActions": actions, "tag": tag}
    refused = await api.refused(query, north.member, id=gid("TagShare", share.id), nation=gid("Nation", 2_000_000))
    assert {code for code, _ in refused} == {"BAD_USER_INPUT"}


async def test_covered_fields_are_all_that_would_travel(api: Api, world: World):
    network = await world.network()
    north = await world.nation("north", network_slug=network, voters=True)
    south = await world.nation("south", network_slug=network, voters=True)
    share = await north.share(await north.tag("a"), south, Group.DISTRICTS, Group.FACEBOOK_UID, fields=("van_id",))
    tag_only = await north.share(await north.tag("b"), south, sync_profiles=False)
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on TagShare { coveredFields } } }"
    ids = [gid("TagShare", share.id), gid("TagShare", tag_only.id)]
    data = await api.ask(query, south.member, ids=ids)
    fields = data["nodes"][0]["coveredFields"]
    assert len(fields) == len(set(fields)) == 30 + 7 + 1 + 15 + 1 + 1
    assert {"FIRST_NAME", "HOME_ADDRESS", "VOTER_GUID", "WARD", "FACEBOOK_UID", "VAN_ID"} <= set(fields)
    assert data["nodes"][1]["coveredFields"] == []
    assert len(api.statements) == 2


async def both_have(north, south, slug: str) -> str:
    for nation in (north, south):
        await CustomField.create(nation_id=nation.id, slug=slug, label=slug, kind=CustomKind.TEXT)
    return slug


async def test_custom_fields_travel_once_hq_shares_them(api: Api, world: World):
    network = await world.network()
    north, south = await world.nation("north", network_slug=network), await world.nation("south", network_slug=network)
    await Network.filter(slug=network).update(shares_custom_fields=True)
    from_both = await both_have(north, south, "shirt")
    share = await north.share(await north.tag("a"), south, customs=(from_both,))
    query = "query ($id: ID!) { node(id: $id) { ... on TagShare { customFields coveredFields } } }"
    data = await api.ask(query, south.member, id=gid("TagShare", share.id))
    assert data["node"]["customFields"] == ["shirt"]
    assert data["node"]["coveredFields"][-1] == "CUSTOM_FIELDS"
