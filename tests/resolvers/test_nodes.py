"""Anything by its id: what one may not see answers as what does not exist."""

from uuid import UUID

import pytest

from models.run import ImportRun, SyncRun
from sharing.modes import SyncMode
from sharing.states import RunState
from sharing.visibility import ANONYMOUS, Caller, Role
from tests.resolvers.asking import Api, gid
from tests.world import World

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def everything(world: World):
    """Return two nations, and one id of each kind that both see, or that the first alone sees."""
    north, south = await world.nation("north"), await world.nation("south")
    same = {"first_name": "Ada", "last_name": "King", "twitter_id": "1"}
    ada = await north.person(**same, employer="Acme")
    await south.person(**same, employer="Bolt")
    tag = await north.tag("members", [ada])
    share = await (await north.share(tag, south)).accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    run = await ImportRun.create(id=UUID(int=north.id), nation_id=north.id, state=RunState.QUEUED, phase="UPLOADING")
    (match,), (conflict,) = await share.matches(), await share.conflicts()
    both = {
        gid("TagShare", share.id),
        gid("Match", match.id),
        gid("Conflict", conflict.id),
        gid("SyncRun", (await SyncRun.get(share_id=share.id)).id),
    }
    own = {gid("Nation", north.id), gid("Profile", ada), gid("Tag", tag), gid("ImportRun", run.id)}
    return north, south, both, own


async def found(api: Api, caller: Caller, ids) -> list[str | None]:
    data = await api.ask(NODES, caller, ids=list(ids))
    return [node and node["id"] for node in data["nodes"]]


async def test_everything_is_found_by_its_id_by_whoever_may_see_it(api: Api, world: World):
    north, south, both, own = await everything(world)
    east = await world.nation("east")
    ids = sorted(both | own)
    assert await found(api, north.member, ids) == ids
    assert await found(api, south.admin, ids) == [node_id if node_id in both else None for node_id in ids]
    assert await found(api, east.admin, ids) == [None] * len(ids)
    assert await found(api, ANONYMOUS, ids) == [None] * len(ids)
    data = await api.ask(NODE, north.member, id=ids[0])
    assert data["node"]["id"] == ids[0]


async def test_nodes_of_one_kind_are_read_together(api: Api, world: World):
    north = await world.nation("north")
    ids = [gid("Profile", await north.person(first_name=f"P{number}")) for number in range(10)]
    assert await found(api, north.member, ids) == ids
    assert len(api.statements) == 1


@pytest.mark.parametrize(
    "node_id",
    [gid("Profile", "x"), gid("Nation", 10**12), gid("Nation", "01"), gid("Query", 1), gid("Profile", "A" * 36)],
)
async def test_an_id_of_nothing_answers_null(api: Api, world: World, node_id: str):
    north = await world.nation("north")
    assert await api.ask(NODE, north.admin, id=node_id) == {"node": None}


@pytest.mark.parametrize("node_id", ["", "x", "%%%", "é", "UHJvZmlsZQ==", "x" * 10_000, "\0", "OjE=", "UHJvZmlsZTo="])
async def test_what_is_no_id_is_refused(api: Api, world: World, node_id: str):
    north = await world.nation("north")
    refusal = ("BAD_USER_INPUT", "This is no id: give one as the API gave it to you.")
    assert await api.refused(NODE, north.admin, id=node_id) == [refusal]
    assert await api.refused(NODES, north.admin, ids=[gid("Nation", north.id), node_id]) == [refusal]


async def test_more_than_a_hundred_at_once_are_refused(api: Api, world: World):
    north = await world.nation("north")
    assert await api.refused(NODES, north.admin, ids=[gid("Nation", north.id)] * 101) == [
        ("BAD_USER_INPUT", "101 ids are too many: give at most 100 at once.")
    ]
    assert len(await found(api, north.admin, [gid("Nation", north.id)] * 100)) == 100


async def test_a_user_is_shown_to_that_user_alone(api: Api, world: World):
    north = await world.nation("north")
    ada = await api.user("ada@nodes.example", north.id)
    bo = await api.user("bo@nodes.example", north.id)
    caller = Caller(user_id=ada, roles={north.id: Role.ADMIN})
    assert await found(api, caller, [gid("User", ada), gid("User", bo)]) == [gid("User", ada), None]
    assert await found(api, north.admin, [gid("User", ada)]) == [None]


async def test_fragments_and_aliases_select_what_is_read(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada", emails=["ada@example.org"], home_address={"city": "Rome"})
    document = """
    query ($id: ID!, $no: Boolean!) {
      node(id: $id) { ...Whole ... on Node { id } }
      again: node(id: $id) { ... on Profile { lastName } }
    }
    fragment Whole on Node { ... on Profile { ...Names emails @skip(if: $no) { address } contact: emails { address } } }
    fragment Names on Profile { given: firstName homeAddress { ...City } customFields { slug } }
    fragment City on Address { city zip5 }
    """
    data = await api.ask(document, north.member, id=gid("Profile", ada), no=True)
    assert data == {
        "node": {
            "given": "Ada",
            "homeAddress": {"city": "Rome", "zip5": None},
            "customFields": [],
            "contact": [{"address": "ada@example.org"}],
            "id": gid("Profile", ada),
        },
        "again": {"lastName": None},
    }


MIXED = """
query ($ids: [ID!]!) { nodes(ids: $ids) {
  __typename
  ... on Match { matchState }
  ... on Conflict { conflictState }
  ... on TagShare { customFieldSlugs }
  ... on Profile { customFields { slug } }
} }
"""


async def test_things_of_several_kinds_are_read_at_once_without_an_alias(api: Api, world: World):
    """Where two kinds have a field of one name and not of one type, each has it by a name of its own besides."""
    north, _, both, own = await everything(world)
    nodes = (await api.ask(MIXED, north.member, ids=sorted(both | own)))["nodes"]
    told = {node.pop("__typename"): node for node in nodes}
    assert told["Match"] == {"matchState": "CONFLICTED"}
    assert told["Conflict"] == {"conflictState": "OPEN"}
    assert told["TagShare"] == {"customFieldSlugs": []}
    assert told["Profile"] == {"customFields": []}
