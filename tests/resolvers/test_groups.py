"""Groups through the API: made, filled, listed, archived, and who is in them by pages."""

from __future__ import annotations

from typing import Any

from tests.resolvers.asking import Api, gid
from tests.world import Nation, World

GROUP = "id name members archivedAt createdAt"
ERRORS = "... on UserError { code message path }"
ACT = f"""mutation ($input: %s!) {{ %s(input: $input) {{
  __typename ... on GroupPayload {{ cursor group {{ {GROUP} }} }} {ERRORS}
}} }}"""
FILL = f"""mutation ($input: GroupMembersInput!) {{ %s(input: $input) {{
  __typename ... on GroupMembersPayload {{ cursor changed group {{ {GROUP} }} }} {ERRORS}
}} }}"""
LIST = """query ($slug: String!, $archived: Boolean, $first: Int, $after: String) { nation(slug: $slug) {
  groups(archived: $archived, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { name members } }
  }
} }"""
WITHIN = """query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Group {
  profiles(first: $first, after: $after) { totalCount pageInfo { endCursor } edges { node { firstName } } }
} } }"""
OF = """query ($id: ID!) { node(id: $id) { ... on Profile {
  groups { totalCount edges { node { name } } } tags { edges { node { name } } }
} } }"""


async def act(api: Api, nation: Nation, kind: str, mutation: str, **given: Any) -> dict[str, Any]:
    text = ACT % (kind, mutation)
    found: dict[str, Any] = (await api.ask(text, nation.member, input=given))[mutation]
    return found


def names(connection: dict[str, Any], field: str = "name") -> list[str]:
    return [edge["node"][field] for edge in connection["edges"]]


async def test_a_group_is_made_renamed_archived_listed_apart_and_restored(api: Api, world: World) -> None:
    north = await world.nation("north")
    made = await act(api, north, "CreateGroupInput", "createGroup", nationId=gid("Nation", north.id), name="choir")
    group = made["group"]
    assert made["cursor"]
    assert (group["name"], group["members"], group["archivedAt"]) == ("choir", 0, None)
    renamed = await act(api, north, "RenameGroupInput", "renameGroup", groupId=group["id"], name="band")
    assert renamed["group"]["name"] == "band"
    gone = await act(api, north, "GroupActionInput", "archiveGroup", groupId=group["id"])
    assert gone["group"]["archivedAt"] is not None
    refused = await act(api, north, "RenameGroupInput", "renameGroup", groupId=group["id"], name="x")
    assert (refused["__typename"], refused["path"]) == ("InvalidInputError", ["groupId"])
    for archived, shown in ((True, ["band"]), (False, []), (None, [])):
        asked = {"slug": north.slug} | ({} if archived is None else {"archived": archived})
        assert names((await api.ask(LIST, north.member, **asked))["nation"]["groups"]) == shown
    back = await act(api, north, "GroupActionInput", "restoreGroup", groupId=group["id"])
    assert back["group"]["archivedAt"] is None


async def test_groups_are_listed_by_name_and_by_pages(api: Api, world: World) -> None:
    north = await world.nation("north")
    for name in ("c", "a", "b"):
        await north.group(name)
    await north.tag("d")
    first = (await api.ask(LIST, north.member, slug=north.slug, first=2))["nation"]["groups"]
    assert (names(first), first["totalCount"], first["pageInfo"]["hasNextPage"]) == (["a", "b"], 3, True)
    rest = await api.ask(LIST, north.member, slug=north.slug, after=first["pageInfo"]["endCursor"])
    assert names(rest["nation"]["groups"]) == ["c"]


async def test_who_is_in_a_group_is_told_by_pages_from_either_side(api: Api, world: World) -> None:
    north = await world.nation("north")
    people = [await north.person(first_name=name) for name in ("Ada", "Bo", "Cy")]
    group, other = gid("Group", await north.group("choir")), await north.group("band", people[:1])
    await north.tag("member", people)
    given = {"groupId": group, "profileIds": [gid("Profile", person) for person in people]}
    filled = (await api.ask(FILL % "addGroupMembers", north.member, input=given))["addGroupMembers"]
    assert (filled["changed"], filled["group"]["members"]) == (3, 3)
    page = (await api.ask(WITHIN, north.member, id=group, first=2))["node"]["profiles"]
    assert (names(page, "firstName"), page["totalCount"]) == (["Ada", "Bo"], 3)
    rest = await api.ask(WITHIN, north.member, id=group, after=page["pageInfo"]["endCursor"])
    assert names(rest["node"]["profiles"], "firstName") == ["Cy"]
    of = (await api.ask(OF, north.member, id=gid("Profile", people[0])))["node"]
    assert (names(of["groups"]), of["groups"]["totalCount"], names(of["tags"])) == (["band", "choir"], 2, ["member"])
    await act(api, north, "GroupActionInput", "archiveGroup", groupId=gid("Group", other))
    of = (await api.ask(OF, north.member, id=gid("Profile", people[0])))["node"]
    assert names(of["groups"]) == ["choir"]
    given["profileIds"] = given["profileIds"][:1]
    emptied = (await api.ask(FILL % "removeGroupMembers", north.member, input=given))["removeGroupMembers"]
    assert (emptied["changed"], emptied["group"]["members"]) == (1, 2)


async def test_a_group_made_again_under_its_key_is_made_once(api: Api, world: World) -> None:
    north = await world.nation("north")
    given = {"nationId": gid("Nation", north.id), "name": "choir", "idempotencyKey": "one"}
    first, again = [await act(api, north, "CreateGroupInput", "createGroup", **given) for _ in range(2)]
    assert first["group"] == again["group"]


async def test_subscribers_hear_of_groups_with_their_figures(api: Api, world: World) -> None:
    north = await world.nation("north")
    ada = await north.person(first_name="Ada")
    group = await north.group("choir")
    query = "query ($slug: String!) { nation(slug: $slug) { cursor } }"
    cursor = (await api.ask(query, north.member, slug=north.slug))["nation"]["cursor"]
    given = {"groupId": gid("Group", group), "profileIds": [gid("Profile", ada)]}
    await api.ask(FILL % "addGroupMembers", north.member, input=given)
    await north.archive(ada)
    text = """query ($nation: ID!, $after: EventCursor) { changes(nation: $nation, after: $after) {
      events { topic change { ... on NodeChanged { node { ... on Group { name members } } } } }
    } }"""
    told = (await api.ask(text, north.member, nation=gid("Nation", north.id), after=cursor))["changes"]["events"]
    assert [event for event in told if event["topic"] == "GROUPS"] == [
        {"topic": "GROUPS", "change": {"node": {"name": "choir", "members": 0}}}
    ] * 2
