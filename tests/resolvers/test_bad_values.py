"""Values that a profile cannot take, through the API: a typed error that names each, and nothing changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from sharing.customs import CustomKind
from sharing.kinds import Group
from sharing.modes import SyncMode
from tests.couples import couple
from tests.resolvers.asking import Api, gid
from tests.tables import holdings, position
from tests.world import Nation, World

ERRORS = "__typename ... on UserError { message code path } ... on InvalidInputError { problems { message path } }"
CREATE = f"mutation ($input: CreateProfileInput!) {{ createProfile(input: $input) {{ {ERRORS} }} }}"
UPDATE = f"mutation ($input: UpdateProfileInput!) {{ updateProfile(input: $input) {{ {ERRORS} }} }}"
NOTES = """
query ($id: ID!) { node(id: $id) { ... on TagShare {
  matches { edges { node { state emailNotes { address side hindrance } } } }
} } }
"""


async def refused(api: Api, nation: Nation, person: UUID, fields: dict[str, Any]) -> list[tuple[list[str], str]]:
    """Try to make somebody so, and to edit somebody so; both are refused alike. Gives the faults: where, and why."""
    before = await holdings([nation.id]), await position(nation.id)
    given = {"nationId": gid("Nation", nation.id), "fields": fields}
    made = (await api.ask(CREATE, nation.member, input=given))["createProfile"]
    given = {"profileId": gid("Profile", person), "fields": fields}
    edited = (await api.ask(UPDATE, nation.member, input=given))["updateProfile"]
    assert (made["__typename"], edited["__typename"]) == ("InvalidInputError", "InvalidInputError")
    assert made["problems"] == edited["problems"]
    assert (await holdings([nation.id]), await position(nation.id)) == before
    return [(problem["path"], problem["message"]) for problem in made["problems"]]


@pytest.mark.parametrize("level", [0, 6, -1, 100])
async def test_a_level_out_of_range_is_refused(api: Api, world: World, level: int):
    """Support and priority go from 1 to 5."""
    north = await world.nation("north")
    ada = await north.person(first_name="Ada", support_level=1, priority_level=5)
    faults = await refused(api, north, ada, {"firstName": "Eda", "supportLevel": level, "priorityLevel": level})
    assert sorted(path for path, _ in faults) == [["fields", "priorityLevel"], ["fields", "supportLevel"]]
    assert all("write a number from 1 to 5" in message for _, message in faults)


@pytest.mark.parametrize(
    ("slug", "value", "reason"),
    [
        ("hours", "many", "is not a number"),
        ("member", "perhaps", "is neither yes nor no"),
        ("size", "XXL", "is not one of its options"),
        ("note", "a\0b", "unprintable"),
        ("shoes", "42", "no custom field"),
        ("old", "x", ""),
    ],
)
async def test_a_custom_value_of_the_wrong_kind_is_refused(api: Api, world: World, slug: str, value: str, reason: str):
    """A number, a checkbox, a choice or a text; and a field that there is not, or not any more."""
    north = await world.nation("north")
    await north.define("hours", CustomKind.NUMBER)
    await north.define("member", CustomKind.CHECKBOX)
    await north.define("size", CustomKind.CHOICE, ["S", "M"])
    await north.define("note")
    ada = await north.person(first_name="Ada", **{"custom:hours": "7"})
    faults = await refused(
        api, north, ada, {"customFields": [{"slug": "note", "value": "ok"}, {"slug": slug, "value": value}]}
    )
    ((path, message),) = faults
    assert path == ["fields", "customFields", slug]
    assert reason in message


async def test_more_than_four_emails_are_refused(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada", emails=["a@example.org"])
    ((path, message),) = await refused(api, north, ada, {"emails": [f"{letter}@example.org" for letter in "abcde"]})
    assert (path, message) == (["fields", "emails"], "Emails: there are 5 addresses; keep at most 4.")


async def test_an_email_that_somebody_else_of_the_nation_has_is_refused(api: Api, world: World):
    """In any mix of cases; another nation's people do not count."""
    north, south = await world.nations("north", "south")
    await north.person(first_name="Bo", emails=["bo@example.org"])
    await south.person(first_name="Bo", emails=["cy@example.org"])
    ada = await north.person(first_name="Ada")
    ((path, message),) = await refused(api, north, ada, {"emails": ["ada@example.org", "Bo@Example.org"]})
    assert path == ["fields", "emails"]
    assert "bo@example.org" in message
    given = {"profileId": gid("Profile", ada), "fields": {"emails": ["cy@example.org"]}}
    assert (await api.ask(UPDATE, north.member, input=given))["updateProfile"]["__typename"] == "UpdateProfilePayload"


async def test_an_email_that_a_sync_cannot_give_is_reported_to_both_and_never_dropped(api: Api, world: World):
    """Somebody else there has it; the rest of the pair is in step all the same."""
    pair = await couple(world, {"emails": ["a@example.org"]}, {}, SyncMode.ACCEPT_ALL, Group.EMAILS)
    await pair.receiver.person(first_name="Bo", emails=["bo@example.org"])
    await pair.send(emails=["a@example.org", "bo@example.org"], employer="Mill")
    note = {"address": "bo@example.org", "side": "RECEIVER", "hindrance": "BELONGS_TO_ANOTHER"}
    for nation in (pair.sender, pair.receiver):
        data = await api.ask(NOTES, nation.member, id=gid("TagShare", pair.share.id))
        (edge,) = data["node"]["matches"]["edges"]
        assert edge["node"] == {"state": "SYNCED", "emailNotes": [note]}
    assert await pair.both("employer") == ("Mill", "Mill")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("birthdate", "1980-02-30"), ("phone", "call me"), ("website", "ftp://x"), ("sex", "X"), ("demo", "Z"),
        ("maritalStatus", "Q"), ("emails", ["nobody"]), ("twitterLogin", "two words"), ("vanId", "x" * 256),
        ("homeAddress", {"zip5": "12", "countryCode": "US"}), ("firstName", "a\0b"),
    ],
)  # fmt: skip
async def test_a_value_of_another_kind_than_its_field_is_refused(api: Api, world: World, name: str, value: Any):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada")
    ((path, message),) = await refused(api, north, ada, {name: value, "employer": "Mill"})
    assert (path, message.endswith(".")) == (["fields", name], True)


async def test_a_field_that_is_not_in_the_catalogue_is_refused_before_anything_is_done(api: Api, world: World):
    north = await world.nation("north")
    ada = await north.person(first_name="Ada")
    before = await holdings([north.id]), await position(north.id)
    for given in ({"fields": {"shoeSize": "42"}}, {"clearFields": ["SHOE_SIZE"]}):
        faults = await api.refused(UPDATE, north.member, input={"profileId": gid("Profile", ada), **given})
        assert [code for code, _ in faults] == ["BAD_USER_INPUT"]
    assert (await holdings([north.id]), await position(north.id)) == before
