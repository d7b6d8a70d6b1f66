"""Archived people through the API: out of lists and searches, listed apart, restored."""

from __future__ import annotations

from typing import Any

from tests.resolvers.asking import Api, gid
from tests.world import Nation, World

ACT = """mutation ($input: ArchiveProfilesInput!) { %s(input: $input) {
  __typename ... on ArchiveProfilesPayload { cursor changed } ... on UserError { code message path }
} }"""
LIST = """query ($slug: String!, $archived: Boolean, $filter: ProfileFilter, $first: Int, $after: String) {
  nation(slug: $slug) { profiles(archived: $archived, filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { endCursor } edges { node { firstName archivedAt } }
  } }
}"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Profile { firstName archivedAt emails { address } tags { totalCount } } } }"
UPDATE = """mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  __typename ... on UserError { code message path }
} }"""


async def act(api: Api, nation: Nation, mutation: str, *people: Any) -> dict[str, Any]:
    given = {"nationId": gid("Nation", nation.id), "profileIds": [gid("Profile", person) for person in people]}
    found: dict[str, Any] = (await api.ask(ACT % mutation, nation.member, input=given))[mutation]
    return found


async def listed(api: Api, nation: Nation, **asked: Any) -> list[str]:
    found = (await api.ask(LIST, nation.member, slug=nation.slug, **asked))["nation"]["profiles"]
    names = [edge["node"]["firstName"] for edge in found["edges"]]
    assert found["totalCount"] == len(names) or "first" in asked or "after" in asked
    assert {edge["node"]["archivedAt"] is not None for edge in found["edges"]} <= {asked.get("archived", False)}
    return names


async def test_the_archived_are_in_no_list_but_their_own(api: Api, world: World) -> None:
    north = await world.nation("north")
    people = [await north.person(first_name=name, last_name="Arc") for name in ("Ada", "Bo", "Cy")]
    done = await act(api, north, "archiveProfiles", *people[:2])
    assert done["changed"] == 2
    assert done["cursor"]
    assert await act(api, north, "archiveProfiles", *people[:2]) == {**done, "changed": 0, "cursor": None}
    assert await listed(api, north) == ["Cy"]
    assert await listed(api, north, archived=True) == ["Ada", "Bo"]
    assert await listed(api, north, filter={"search": "Arc"}) == ["Cy"]
    assert await listed(api, north, archived=True, filter={"search": "Ada"}) == ["Ada"]
    assert (await act(api, north, "restoreProfiles", people[0]))["changed"] == 1
    assert await listed(api, north) == ["Ada", "Cy"]
    assert await listed(api, north, archived=True) == ["Bo"]


async def test_a_cursor_of_the_live_is_none_of_the_archived(api: Api, world: World) -> None:
    north = await world.nation("north")
    people = [await north.person(first_name=name) for name in ("Ada", "Bo", "Cy", "Di")]
    await north.archive(*people[:2])
    pages = {}
    for archived in (False, True):
        asked = {"slug": north.slug, "archived": archived, "first": 1}
        page = (await api.ask(LIST, north.member, **asked))["nation"]["profiles"]
        pages[archived] = page["pageInfo"]["endCursor"]
    assert await listed(api, north, archived=True, after=pages[True]) == ["Bo"]
    refused = await api.refused(LIST, north.member, slug=north.slug, archived=False, after=pages[True])
    assert refused[0][0] == "BAD_USER_INPUT"


async def test_the_archived_are_shown_by_their_id_and_found_by_nothing_else(api: Api, world: World) -> None:
    north = await world.nation("north")
    ada = await north.person(first_name="Ada", emails=["ada@example.org"], external_id="X1")
    await north.tag("board", [ada])
    await north.archive(ada)
    node = (await api.ask(NODE, north.member, id=gid("Profile", ada)))["node"]
    assert node["archivedAt"] is not None
    assert (node["emails"], node["tags"]["totalCount"]) == ([{"address": "ada@example.org"}], 0)
    text = """query ($slug: String!, $id: ID, $email: String, $externalId: String) {
      nation(slug: $slug) { profile(id: $id, email: $email, externalId: $externalId) { firstName } } }"""
    for given in ({"id": gid("Profile", ada)}, {"email": "ada@example.org"}, {"externalId": "X1"}):
        assert (await api.ask(text, north.member, slug=north.slug, **given))["nation"]["profile"] is None
        await north.restore(ada)
        found = await api.ask(text, north.member, slug=north.slug, **given)
        assert found["nation"]["profile"] == {"firstName": "Ada"}
        await north.archive(ada)


async def test_an_edit_of_the_archived_is_refused_as_data(api: Api, world: World) -> None:
    north = await world.nation("north")
    ada = await north.person(first_name="Ada")
    await north.archive(ada)
    given = {"profileId": gid("Profile", ada), "fields": {"bio": "x"}}
    assert (await api.ask(UPDATE, north.member, input=given))["updateProfile"] == {
        "__typename": "InvalidInputError",
        "code": "ARCHIVED",
        "message": "The profile is archived: restore it first.",
        "path": ["profileId"],
    }
