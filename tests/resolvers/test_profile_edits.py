"""Profiles through the API: made, edited, deleted."""

import pytest

from models.custom_field import CustomField
from models.profile import Profile
from sharing.customs import CustomKind
from tests.resolvers.asking import ERROR, Api, gid, uuid_in
from tests.world import World

PLACES = """
query ($slug: String!) { nation(slug: $slug) { profiles { edges { cursor } } } }
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
    listed = await api.ask(PLACES, north.member, slug=north.slug)
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
