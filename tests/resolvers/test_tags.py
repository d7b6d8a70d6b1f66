"""Tags through the API: listed, made, renamed, deleted, put on and taken off."""

from models.tag import Tag, Tagging
from sharing.modes import SyncMode
from sharing.visibility import ANONYMOUS
from tests.resolvers.asking import Api, gid, uuid_in
from tests.world import World

LIST = """
query ($slug: String!, $first: Int, $after: String, $shared: ShareDirection) {
  nation(slug: $slug) {
    tags(first: $first, after: $after, shared: $shared) {
      totalCount
      pageInfo { endCursor hasNextPage }
      edges { cursor node { id name label taggings isShared sharedBy { slug } sharesProfiles createsProfiles } }
    }
  }
}
"""
ERRORS = "... on UserError { message code path }"
CREATE = f"""
mutation ($input: CreateTagInput!) {{
  createTag(input: $input) {{
    __typename {ERRORS}
    ... on CreateTagPayload {{ cursor edge {{ cursor node {{ id label }} }} tag {{ id name taggings isShared }} }}
  }}
}}
"""
RENAME = f"""
mutation ($input: RenameTagInput!) {{
  renameTag(input: $input) {{ __typename {ERRORS} ... on RenameTagPayload {{ cursor tag {{ name }} }} }}
}}
"""
DELETE = f"""
mutation ($input: DeleteTagInput!) {{
  deleteTag(input: $input) {{ __typename {ERRORS} ... on DeleteTagPayload {{ cursor deletedTagId }} }}
}}
"""
ADD = f"""
mutation ($input: TaggingsInput!) {{
  addTaggings(input: $input) {{ __typename {ERRORS} ... on TaggingsPayload {{ cursor changed tag {{ taggings }} }} }}
}}
"""
REMOVE = ADD.replace("addTaggings", "removeTaggings")


async def listed(api: Api, nation, **variables):
    data = await api.ask(LIST, nation.member, slug=nation.slug, **variables)
    return [edge["node"] for edge in data["nation"]["tags"]["edges"]]


async def test_each_side_sees_a_shared_tag_in_its_own_way(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    tag = await north.tag("members", [await north.person(first_name="Ada")])
    await north.tag("private")
    share = await north.share(tag, south, offer_new_profiles=True)
    own = {"name": "members", "label": "members", "taggings": 1, "isShared": True, "sharedBy": None}
    pending = {**own, "id": gid("Tag", tag), "sharesProfiles": True, "createsProfiles": False}
    assert await listed(api, north, shared="SENT") == [pending]
    assert await listed(api, south) == []
    await share.accept(SyncMode.ACCEPT_ALL, create=True)
    await world.work()
    twin = await Tag.get(share_id=share.id)
    assert await listed(api, north, shared="SENT") == [{**pending, "createsProfiles": True}]
    assert await listed(api, north, shared="RECEIVED") == []
    assert [node["name"] for node in await listed(api, north)] == ["members", "private"]
    assert (
        await listed(api, south, shared="RECEIVED")
        == await listed(api, south)
        == [
            {
                "id": gid("Tag", twin.id),
                "name": "members",
                "label": f"{north.slug}:members",
                "taggings": 1,
                "isShared": True,
                "sharedBy": {"slug": north.slug},
                "sharesProfiles": True,
                "createsProfiles": True,
            }
        ]
    )
    assert await listed(api, south, shared="SENT") == []
    await share.stop(north)
    assert await listed(api, south) == []
    assert await listed(api, north, shared="SENT") == []


async def test_a_list_takes_as_many_queries_however_long_it_is(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    for number in range(2):
        await (await north.share(await north.tag(f"a{number}"), south)).accept()
    await listed(api, south)
    few = len(api.statements)
    for number in range(5):
        await (await north.share(await north.tag(f"b{number}"), south)).accept()
    assert len(await listed(api, south)) == 7
    assert len(api.statements) == few


async def test_pages_go_on_by_name(api: Api, world: World):
    north = await world.nation("north")
    for name in ("cherry", "apple", "banana"):
        await north.tag(name)
    data = await api.ask(LIST, north.member, slug=north.slug, first=2)
    page = data["nation"]["tags"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["apple", "banana"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await listed(api, north, first=2, after=page["pageInfo"]["endCursor"])
    assert [node["name"] for node in rest] == ["cherry"]


async def test_a_cursor_of_another_list_is_refused(api: Api, world: World):
    north = await world.nation("north")
    await north.person(first_name="Ada")
    query = "query ($slug: String!) { nation(slug: $slug) { profiles { pageInfo { endCursor } } } }"
    data = await api.ask(query, north.member, slug=north.slug)
    cursor = data["nation"]["profiles"]["pageInfo"]["endCursor"]
    (refusal,) = await api.refused(LIST, north.member, slug=north.slug, after=cursor)
    assert refusal == ("BAD_USER_INPUT", "after is no cursor of this list: take one from one of its pages.")


async def test_a_tag_is_made_renamed_and_deleted(api: Api, world: World):
    north = await world.nation("north")
    data = await api.ask(CREATE, north.member, input={"nationId": gid("Nation", north.id), "name": " Members "})
    made = data["createTag"]
    tag_id = made["tag"].pop("id")
    assert made["tag"] == {"name": "Members", "taggings": 0, "isShared": False}
    assert made["edge"]["node"] == {"id": tag_id, "label": "Members"}
    listing = await api.ask(LIST, north.member, slug=north.slug)
    assert listing["nation"]["tags"]["edges"][0]["cursor"] == made["edge"]["cursor"]
    data = await api.ask(RENAME, north.member, input={"tagId": tag_id, "name": "Friends"})
    assert data["renameTag"]["tag"] == {"name": "Friends"}
    assert data["renameTag"]["cursor"] != made["cursor"]
    data = await api.ask(DELETE, north.member, input={"tagId": tag_id})
    assert data["deleteTag"]["deletedTagId"] == tag_id
    assert await Tag.filter(id=uuid_in(tag_id)).count() == 0


async def test_a_name_that_cannot_be_is_refused(api: Api, world: World):
    north = await world.nation("north")
    await north.tag("members")
    for name in ("", "  ", "MEMBERS", "a\0b", "x" * 256):
        data = await api.ask(CREATE, north.member, input={"nationId": gid("Nation", north.id), "name": name})
        assert data["createTag"]["__typename"] == "InvalidInputError"
        assert data["createTag"]["path"] == ["name"]
    assert await Tag.filter(nation_id=north.id).count() == 1


async def test_taggings_tell_how_many_changed(api: Api, world: World):
    north = await world.nation("north")
    people = [await north.person(first_name=f"P{number}") for number in range(3)]
    tag = await north.tag("members", people[:1])
    given = {"tagId": gid("Tag", tag), "profileIds": [gid("Profile", person) for person in people]}
    data = await api.ask(ADD, north.member, input=given)
    assert (data["addTaggings"]["changed"], data["addTaggings"]["tag"]) == (2, {"taggings": 3})
    data = await api.ask(ADD, north.member, input=given)
    assert data["addTaggings"] == {
        "__typename": "TaggingsPayload",
        "changed": 0,
        "cursor": None,
        "tag": {"taggings": 3},
    }
    data = await api.ask(REMOVE, north.member, input=given)
    assert (data["removeTaggings"]["changed"], data["removeTaggings"]["tag"]) == (3, {"taggings": 0})


async def test_nobody_tags_what_is_not_theirs(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    ada, bo = await north.person(first_name="Ada"), await south.person(first_name="Bo")
    ours, theirs = await north.tag("ours"), await south.tag("theirs")
    for tag, person, kind, path in (
        (theirs, ada, "NotFoundError", ["tagId"]),
        (ours, bo, "InvalidInputError", ["profileIds", "0"]),
    ):
        given = {"tagId": gid("Tag", tag), "profileIds": [gid("Profile", person)]}
        data = await api.ask(ADD, north.admin, input=given)
        assert (data["addTaggings"]["__typename"], data["addTaggings"]["path"]) == (kind, path)
        assert (await api.ask(ADD, ANONYMOUS, input=given))["addTaggings"]["__typename"] == "NotFoundError"
    given = {"tagId": gid("Tag", ours), "profileIds": [gid("Profile", ada), "junk"]}
    data = await api.ask(ADD, north.admin, input=given)
    assert (data["addTaggings"]["__typename"], data["addTaggings"]["path"]) == (
        "InvalidInputError",
        ["profileIds", "1"],
    )
    assert await Tagging.filter(tag_id__in=[ours, theirs]).count() == 0


async def test_a_shared_tag_is_not_the_receivers_to_touch(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    share = await (await north.share(await north.tag("members"), south)).accept()
    twin = await Tag.get(share_id=share.id)
    tag_id = gid("Tag", twin.id)
    bo = gid("Profile", await south.person(first_name="Bo"))
    for document, given in (
        (RENAME, {"tagId": tag_id, "name": "mine"}),
        (DELETE, {"tagId": tag_id}),
        (ADD, {"tagId": tag_id, "profileIds": [bo]}),
        (REMOVE, {"tagId": tag_id, "profileIds": [bo]}),
    ):
        (answer,) = (await api.ask(document, south.admin, input=given)).values()
        assert answer["__typename"] == "ForbiddenError"
        assert answer["code"] == "FORBIDDEN"
    await twin.refresh_from_db()
    assert (twin.name, twin.taggings) == ("members", 0)


async def test_the_tags_of_a_profile_are_paged_too(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada")
    for name in ("cherry", "apple", "banana"):
        await north.tag(name, [ada])
    query = """
    query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      node(id: $id) { ... on Profile {
        tags(first: $first, after: $after, last: $last, before: $before) {
          totalCount pageInfo { endCursor startCursor hasNextPage hasPreviousPage } edges { cursor node { name } }
        }
      } }
    }"""

    async def page(**variables):
        data = await api.ask(query, north.member, id=gid("Profile", ada), **variables)
        tags = data["node"]["tags"]
        return [edge["node"]["name"] for edge in tags["edges"]], tags

    found, tags = await page(first=2)
    assert (found, tags["totalCount"], tags["pageInfo"]["hasNextPage"]) == (["apple", "banana"], 3, True)
    found, tags = await page(first=2, after=tags["pageInfo"]["endCursor"])
    assert (found, tags["pageInfo"]["hasNextPage"], tags["pageInfo"]["hasPreviousPage"]) == (["cherry"], False, True)
    found, _ = await page(last=1, before=tags["pageInfo"]["startCursor"])
    assert found == ["banana"]
