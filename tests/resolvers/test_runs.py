"""Runs through the API: started, followed, and what an import could not take."""

from uuid import UUID

from models.run import ImportRejection, ImportRun
from sharing.states import RunState
from tests.resolvers.asking import Api, gid
from tests.world import World

ERRORS = "__typename ... on UserError { message code path } ... on InvalidInputError { problems { message path } }"
SYNC = f"""
mutation ($input: ShareActionInput!) {{
  syncShareNow(input: $input) {{
    {ERRORS} ... on IllegalTransitionError {{ status }}
    ... on SyncShareNowPayload {{ cursor run {{ id runState trigger progress {{ phase done total }} share {{ id }} }} }}
  }}
}}
"""
LIST = """
query ($slug: String!, $direction: ShareDirection, $status: [ShareStatus!]) {
  nation(slug: $slug) {
    shares(direction: $direction, status: $status) { totalCount edges { node { id status stats { total } } } }
  }
}
"""


async def test_a_sync_is_started_at_once(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    share = await (await north.share(await north.tag("members"), south)).accept()
    await world.work()
    share_id = gid("TagShare", share.id)
    data = await api.ask(SYNC, south.admin, input={"shareId": share_id})
    run = data["syncShareNow"]["run"]
    assert (run["runState"], run["trigger"], run["share"]) == ("QUEUED", "ASKED", {"id": share_id})
    assert run["progress"]["done"] == 0
    query = """
    query ($id: ID!) {
      node(id: $id) { ... on TagShare { runs { totalCount edges { node { id runState finishedAt error } } } } }
    }"""
    await world.work()
    runs = (await api.ask(query, north.member, id=share_id))["node"]["runs"]
    assert runs["totalCount"] == 2
    assert [edge["node"]["runState"] for edge in runs["edges"]] == ["SUCCEEDED", "SUCCEEDED"]
    assert runs["edges"][0]["node"]["id"] == run["id"]


async def test_an_import_tells_what_it_could_not_take(api: Api, world: World):
    north = await world.nation("north")
    run = await ImportRun.create(
        id=UUID(int=north.id + 10**6), nation_id=north.id, state=RunState.RUNNING, phase="TAKING", done=7, rejected=3
    )
    for line in (2, 5, 9):
        await ImportRejection.create(run_id=run.id, line=line, reason=f"Line {line} is blank.")
    query = """
    query ($slug: String!, $after: String) { nation(slug: $slug) { imports { edges { node {
      id runState progress { phase done total } created updated rejected error nation { slug }
      rejections(first: 2, after: $after) { totalCount pageInfo { endCursor hasNextPage } edges { node { line reason } } }
    } } } } }"""
    data = await api.ask(query, north.member, slug=north.slug)
    (edge,) = data["nation"]["imports"]["edges"]
    shown = edge["node"]
    assert (shown["runState"], shown["rejected"], shown["nation"]) == ("RUNNING", 3, {"slug": north.slug})
    assert shown["progress"] == {"phase": "TAKING", "done": 7, "total": None}
    assert shown["rejections"]["totalCount"] == 3
    assert shown["rejections"]["edges"][0]["node"] == {"line": 2, "reason": "Line 2 is blank."}
    after = shown["rejections"]["pageInfo"]["endCursor"]
    data = await api.ask(query, north.member, slug=north.slug, after=after)
    (edge,) = data["nation"]["imports"]["edges"]
    assert [row["node"]["line"] for row in edge["node"]["rejections"]["edges"]] == [9]
