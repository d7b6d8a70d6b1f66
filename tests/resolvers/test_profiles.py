"""Profiles through the API: listed and found."""

from datetime import UTC, datetime, timedelta

from tests.resolvers.asking import Api, gid
from tests.world import World

LIST = """
query ($slug: String!, $first: Int, $after: String, $last: Int, $before: String, $filter: ProfileFilter) {
  nation(slug: $slug) {
    profiles(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id firstName emails { address } tags { edges { node { label } } } } }
    }
  }
}
"""


async def names(api: Api, nation, **variables):
    found = await api.ask(LIST, nation.member, slug=nation.slug, **variables)
    return [edge["node"]["firstName"] for edge in found["nation"]["profiles"]["edges"]]


async def test_a_list_takes_as_many_queries_however_long_it_is(api: Api, world: World):
    """One for the nation's number, two for the nation, and one each for the count, the people, their emails and their tags."""
    north = await world.nation("north")
    people = [await north.person(first_name=f"P{number}", emails=[f"p{number}@example.org"]) for number in range(2)]
    await north.tag("one", people)
    await api.ask(LIST, north.member, slug=north.slug)
    few = len(api.statements)
    people = [await north.person(first_name=f"Q{number}", emails=[f"q{number}@example.org"]) for number in range(20)]
    await north.tag("two", people)
    await api.ask(LIST, north.member, slug=north.slug)
    assert len(api.statements) == few == 7 + 1  # labels say which share a tag came by


async def test_pages_follow_each_other_from_either_end(api: Api, world: World):
    north = await world.nation("north")
    for number in range(5):
        await north.person(first_name=f"P{number}")
    seen: list[str] = []
    after = None
    while True:
        found = await api.ask(LIST, north.member, slug=north.slug, first=2, after=after)
        page = found["nation"]["profiles"]
        assert page["totalCount"] == 5
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        seen += [edge["node"]["firstName"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == ["P0", "P1", "P2", "P3", "P4"]
    found = await api.ask(LIST, north.member, slug=north.slug, last=2)
    page = found["nation"]["profiles"]
    assert [edge["node"]["firstName"] for edge in page["edges"]] == ["P3", "P4"]
    assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (False, True)
    start = page["pageInfo"]["startCursor"]
    assert await names(api, north, last=2, before=start) == ["P1", "P2"]
    assert await names(api, north, first=2, before=start) == ["P0", "P1"]
    assert await names(api, north, first=0) == []


async def test_a_page_that_cannot_be_is_refused(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    await north.person(first_name="Ada")
    await south.person(first_name="Bo")
    found = await api.ask(LIST, south.member, slug=south.slug)
    foreign = found["nation"]["profiles"]["pageInfo"]["endCursor"]
    for variables, message in (
        ({"first": 101}, "first is 101: give a number from 0 to 100."),
        ({"first": -1}, "first is -1: give a number from 0 to 100."),
        ({"last": 2**31 - 1}, "last is 2147483647: give a number from 0 to 100."),
        ({"first": 1, "last": 1}, "Give first or last, not both."),
        ({"after": foreign}, "after is no cursor of this list: take one from one of its pages."),
        ({"before": "%%%"}, "before is no cursor of this list: take one from one of its pages."),
        ({"after": ""}, "after is no cursor of this list: take one from one of its pages."),
        ({"after": "é"}, "after is no cursor of this list: take one from one of its pages."),
        ({"after": foreign[:-2] + "AA"}, "after is no cursor of this list: take one from one of its pages."),
    ):
        assert await api.refused(LIST, north.member, slug=north.slug, **variables) == [("BAD_USER_INPUT", message)]


async def test_filters_narrow_the_list(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada", last_name="de la Cruz", emails=["ada@example.org"], is_supporter=True)
    await north.person(first_name="Bo", last_name="Adams")
    await north.person(first_name="100%", last_name="Cruz", is_prospect=True)
    tag = await north.tag("volunteers", [ada])

    async def named(**given):
        return await names(api, north, filter=given)

    assert await named(search="ada") == ["Ada", "Bo"]
    assert await named(search="de la") == ["Ada"]
    assert await named(search="cruz") == ["100%"]
    assert await named(search="ada de la cruz") == []
    assert await named(search="Bo Adams") == ["Bo"]
    assert await named(search="100%") == ["100%"]
    assert await named(search="%") == []
    assert await named(search=" ") == ["Ada", "Bo", "100%"]
    assert await named(email="ADA@example.org") == ["Ada"]
    assert await named(tag=gid("Tag", tag)) == ["Ada"]
    assert await named(isSupporter=True) == ["Ada"]
    assert await named(isSupporter=False, isProspect=False) == ["Bo"]
    assert await named(updatedSince=(datetime.now(UTC) + timedelta(hours=1)).isoformat()) == []
    assert await named(updatedSince="2020-01-01T00:00:00Z") == ["Ada", "Bo", "100%"]


async def test_a_filter_that_cannot_be_is_refused(api: Api, world: World):
    north = await world.nation("north")
    for given in (
        {"search": "a\0b"},
        {"search": "a b c d e f"},
        {"email": "nobody"},
        {"tag": "x"},
        {"updatedSince": "soon"},
    ):
        (refusal,) = await api.refused(LIST, north.member, slug=north.slug, filter=given)
        assert refusal[0] == "BAD_USER_INPUT"


async def test_a_foreign_tag_filters_as_one_that_does_not_exist(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    await north.person(first_name="Ada")
    tag = await south.tag("theirs", [await south.person(first_name="Bo")])
    assert await names(api, north, filter={"tag": gid("Tag", tag)}) == []


async def test_a_profile_is_found_by_exactly_one_thing(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    ada = await north.person(first_name="Ada", emails=["ada@example.org"], external_id="Ab-12")
    await south.person(first_name="Bo", emails=["bo@example.org"], external_id="9")
    query = """
    query ($slug: String!, $id: ID, $email: String, $externalId: String) {
      nation(slug: $slug) { profile(id: $id, email: $email, externalId: $externalId) { firstName externalId } }
    }"""

    async def found(**given):
        data = await api.ask(query, north.member, slug=north.slug, **given)
        return data["nation"]["profile"] and data["nation"]["profile"]["firstName"]

    assert await found(id=gid("Profile", ada)) == "Ada"
    assert await found(email=" ADA@example.org ") == "Ada"
    assert await found(externalId="Ab-12") == "Ada"
    for nobody in (
        {"email": "bo@example.org"},
        {"externalId": "9"},
        {"externalId": ""},
        {"email": "x"},
        {"externalId": "\0"},
    ):
        assert await found(**nobody) is None
    assert await found(id=gid("Tag", ada)) is None
    for given in ({}, {"email": "ada@example.org", "externalId": "Ab-12"}):
        assert await api.refused(query, north.member, slug=north.slug, **given) == [
            ("BAD_USER_INPUT", "Give exactly one of id, email and externalId.")
        ]
    assert await api.refused(query, north.member, slug=north.slug, id="none") == [
        ("BAD_USER_INPUT", "This is no id: give one as the API gave it to you.")
    ]
