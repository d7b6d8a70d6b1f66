"""Profiles through the API: listed, found, made, edited, deleted."""

from datetime import UTC, datetime, timedelta

import pytest

from models.custom_field import CustomField
from models.profile import Profile
from sharing.customs import CustomKind
from tests.resolvers.asking import ERROR, Api, gid, uuid_in
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
CREATE = """
mutation ($input: CreateProfileInput!) {
  createProfile(input: $input) {
    __typename
    ... on CreateProfilePayload {
      cursor
      edge { cursor node { id } }
      profile {
        id version firstName birthdate phone supportLevel isSupporter isProspect isDeceased
        homeAddress { address1 city zip5 zip4 state }
        emails { address isBad isPrimary }
        customFields { slug label kind value }
        nation { slug }
      }
    }
    ... on UserError { message code path }
    ... on InvalidInputError { problems { message path } }
  }
}
"""
UPDATE = """
mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    __typename
    ... on UpdateProfilePayload { cursor profile { version firstName lastName emails { address } homeAddress { city } } }
    ... on UserError { message code path }
    ... on StaleVersionError { current }
  }
}
"""
DELETE = """
mutation ($input: DeleteProfileInput!) {
  deleteProfile(input: $input) {
    __typename ... on DeleteProfilePayload { deletedProfileId cursor } ... on UserError { message code path }
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


async def test_a_profile_is_made_with_all_it_holds(api: Api, world: World):
    north = await world.nation("north")
    await CustomField.create(
        nation_id=north.id, slug="shirt", label="Shirt", kind=CustomKind.CHOICE, options=["S", "M"]
    )
    await CustomField.create(nation_id=north.id, slug="badge", label="Badge", kind=CustomKind.CHECKBOX)
    fields = {
        "firstName": " Ada ",
        "birthdate": "12/10/1985",
        "phone": "(202) 555-0143",
        "supportLevel": 2,
        "isDeceased": False,
        "isSupporter": True,
        "homeAddress": {"address1": "1 Main St", "city": "Springfield", "state": "il", "zip5": "62701-0001"},
        "emails": ["Ada@Example.org", "a.l@example.org"],
        "customFields": [{"slug": "shirt", "value": "m"}],
    }
    data = await api.ask(CREATE, north.member, input={"nationId": gid("Nation", north.id), "fields": fields})
    made = data["createProfile"]
    assert made["__typename"] == "CreateProfilePayload"
    assert made["cursor"]
    assert made["edge"]["node"]["id"] == made["profile"]["id"]
    listed = await api.ask(LIST, north.member, slug=north.slug)
    assert listed["nation"]["profiles"]["edges"][0]["cursor"] == made["edge"]["cursor"]
    del made["profile"]["id"]
    assert made["profile"] == {
        "version": 1,
        "firstName": "Ada",
        "birthdate": "1985-12-10",
        "phone": "+12025550143",
        "supportLevel": 2,
        "isSupporter": True,
        "isProspect": False,
        "isDeceased": False,
        "homeAddress": {"address1": "1 Main St", "city": "Springfield", "zip5": "62701", "zip4": "0001", "state": "IL"},
        "emails": [
            {"address": "ada@example.org", "isBad": False, "isPrimary": True},
            {"address": "a.l@example.org", "isBad": False, "isPrimary": False},
        ],
        "customFields": [
            {"slug": "badge", "label": "Badge", "kind": "CHECKBOX", "value": None},
            {"slug": "shirt", "label": "Shirt", "kind": "CHOICE", "value": "M"},
        ],
        "nation": {"slug": north.slug},
    }


async def test_every_value_that_cannot_be_taken_is_named(api: Api, world: World):
    north = await world.nation("north")
    fields = {
        "birthdate": "31/31/1985",
        "phone": "12",
        "emails": ["nobody"],
        "supportLevel": 7,
        "customFields": [{"slug": "none", "value": "1"}],
    }
    data = await api.ask(CREATE, north.member, input={"nationId": gid("Nation", north.id), "fields": fields})
    refusal = data["createProfile"]
    assert refusal["__typename"] == "InvalidInputError"
    assert refusal["code"] in {"INVALID_INPUT", "INVALID_VALUE"}
    assert {tuple(problem["path"]) for problem in refusal["problems"]} == {
        ("fields", "birthdate"),
        ("fields", "phone"),
        ("fields", "emails"),
        ("fields", "supportLevel"),
        ("fields", "customFields", "none"),
    }
    assert all(problem["message"] for problem in refusal["problems"])
    assert await Profile.filter(nation_id=north.id).count() == 0


async def test_nobody_makes_a_profile_elsewhere(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    for nation_id, kind in (
        (gid("Nation", south.id), "NotFoundError"),
        (gid("Nation", 2_000_000), "NotFoundError"),
        (gid("Tag", north.id), "NotFoundError"),
        ("junk", "InvalidInputError"),
    ):
        data = await api.ask(CREATE, north.admin, input={"nationId": nation_id, "fields": {"firstName": "Ada"}})
        assert data["createProfile"]["__typename"] == kind
        assert data["createProfile"]["path"] == ["nationId"]
    own = {"nationId": gid("Nation", north.id), "fields": {"firstName": "Ada"}}
    assert (await api.ask(CREATE, input=own))["createProfile"]["__typename"] == "NotFoundError"
    assert await Profile.filter(nation_id__in=[north.id, south.id]).count() == 0


async def test_an_edit_writes_what_is_given_and_nothing_else(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(
        first_name="Ada", last_name="King", emails=["a@example.org"], home_address={"city": "Rome"}
    )
    profile_id = gid("Profile", ada)
    given = {"profileId": profile_id, "fields": {"lastName": None, "emails": ["b@example.org"]}, "expectedVersion": 1}
    data = await api.ask(UPDATE, north.member, input=given)
    assert data["updateProfile"]["profile"] == {
        "version": 2,
        "firstName": "Ada",
        "lastName": None,
        "emails": [{"address": "b@example.org"}],
        "homeAddress": {"city": "Rome"},
    }
    assert data["updateProfile"]["cursor"]
    data = await api.ask(UPDATE, north.member, input={"profileId": profile_id, "clearFields": ["HOME_ADDRESS"]})
    assert data["updateProfile"]["profile"]["homeAddress"] is None
    data = await api.ask(UPDATE, north.member, input={"profileId": profile_id, "fields": {"firstName": "Ada"}})
    assert data["updateProfile"]["cursor"] is None
    assert data["updateProfile"]["profile"]["version"] == 3


async def test_an_edit_of_an_old_copy_writes_nothing(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada")
    await north.edit(ada, first_name="Eda")
    given = {"profileId": gid("Profile", ada), "fields": {"firstName": "Ida"}, "expectedVersion": 1}
    data = await api.ask(UPDATE, north.member, input=given)
    assert data["updateProfile"] == {
        "__typename": "StaleVersionError",
        "message": "The profile has changed since you read it: read it again and repeat the edit.",
        "code": "STALE_VERSION",
        "path": ["expectedVersion"],
        "current": 2,
    }
    assert await north.values(ada) == {"first_name": "Eda"}


async def test_a_flag_cannot_be_blanked(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada", is_supporter=True)
    given = {"profileId": gid("Profile", ada), "fields": {"isSupporter": None, "firstName": "Eda"}}
    data = await api.ask(UPDATE, north.member, input=given)
    assert data["updateProfile"]["__typename"] == "InvalidInputError"
    assert data["updateProfile"]["path"] == ["fields", "isSupporter"]
    assert await north.values(ada) == {"first_name": "Ada"}


@pytest.mark.parametrize("document", [UPDATE, DELETE])
async def test_a_foreign_profile_answers_as_one_that_does_not_exist(api: Api, world: World, document: str):
    north, south = await world.nation("north"), await world.nation("south")
    bo = await south.person(first_name="Bo")
    answers = []
    for profile_id in (bo, north.admin.token_id):
        given = {"profileId": gid("Profile", profile_id)}
        if document is UPDATE:
            given["fields"] = {"firstName": "Mine"}
        answers.append(await api.ask(document, north.admin, input=given))
    assert answers[0] == answers[1]
    (answer,) = answers[0].values()
    assert answer["__typename"] == "NotFoundError"
    assert await south.values(bo) == {"first_name": "Bo"}


async def test_a_profile_is_deleted(api: Api, world: World):
    north = await world.nation("north")
    ada = gid("Profile", await north.person(first_name="Ada"))
    data = await api.ask(DELETE, north.member, input={"profileId": ada})
    assert data["deleteProfile"]["deletedProfileId"] == ada
    assert data["deleteProfile"]["cursor"]
    assert await Profile.filter(id=uuid_in(ada)).count() == 0
    data = await api.ask(DELETE, north.member, input={"profileId": ada})
    assert data["deleteProfile"]["__typename"] == "NotFoundError"


async def test_every_mutation_of_an_operation_answers_with_what_it_left(api: Api, world: World):
    """What an earlier field read is not told again by a later one."""
    north = await world.nation("north")
    ada = gid("Profile", await north.person(first_name="Ada"))
    document = f"""
    mutation ($id: ID!) {{
      one: updateProfile(input: {{profileId: $id, fields: {{firstName: "Eda"}}}}) {{
        ... on UpdateProfilePayload {{ profile {{ firstName }} }} {ERROR}
      }}
      two: updateProfile(input: {{profileId: $id, fields: {{firstName: "Ida"}}}}) {{
        ... on UpdateProfilePayload {{ profile {{ firstName }} }} {ERROR}
      }}
    }}"""
    data = await api.ask(document, north.member, id=ada)
    assert [data[name]["profile"]["firstName"] for name in ("one", "two")] == ["Eda", "Ida"]
