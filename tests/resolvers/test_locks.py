"""Locks through the API: shown on what they hold, and told as data by every mutation that would change it."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType

from models.custom_field import CustomField
from models.segment import Segment
from tests.audience import Audience, active, who
from tests.resolvers.asking import Api, gid
from tests.resolvers.whole import GRAPH
from tests.world import World

EVERYBODY = {"clause": {"field": "LAST_NAME", "operator": "IS_BLANK"}}
IDS = ("groupId", "segmentId", "customFieldId")
# What each mutation takes besides what it is about.
DOORS: dict[str, dict[str, Any]] = {
    "renameGroup": {"name": "x"},
    "archiveGroup": {},
    "restoreGroup": {},
    "addGroupMembers": {"profileIds": []},
    "removeGroupMembers": {"profileIds": []},
    "updateSegment": {"criteria": EVERYBODY},
    "archiveSegment": {},
    "restoreSegment": {},
    "updateCustomField": {"label": "x"},
    "archiveCustomField": {},
    "restoreCustomField": {},
}
PEOPLE = ("archiveProfiles", "deleteProfile")
TEXT = """mutation ($input: %s!) { %s(input: $input) {
  __typename ... on UserError { code message path } ... on LockedError { lockedBy }
} }"""
LOCK = "isLocked lockedBy { slug name }"
SHOWN = f"""query ($slug: String!) {{ nation(slug: $slug) {{
  groups {{ edges {{ node {{ {LOCK} }} }} }} segments {{ edges {{ node {{ {LOCK} }} }} }} customFields {{ {LOCK} }}
}} }}"""


def kind_of(mutation: str) -> Any:
    """Return the input type of a mutation."""
    root = GRAPH.type_map["Mutation"]
    assert isinstance(root, GraphQLObjectType)
    return root.fields[mutation].args["input"].type.of_type


def test_every_mutation_of_what_may_be_locked_is_a_door():
    root = GRAPH.type_map["Mutation"]
    assert isinstance(root, GraphQLObjectType)
    doors = {name for name in root.fields if not {*IDS}.isdisjoint(kind_of(name).fields)}
    assert doors == DOORS.keys()


@pytest.fixture
async def audience(world: World) -> Audience:
    """Return a source and a target after the first sync."""
    audience = await Audience.among(world)
    await audience.source.person(first_name="Ann", last_name="Ames")
    await audience.source.group("own")
    await audience.begin(audience.rules(await audience.segment("All", {"not": who("first_name", "Nobody")})))
    return audience


@pytest.mark.parametrize("mutation", [*DOORS, *PEOPLE])
async def test_every_door_answers_that_it_is_locked_and_by_which_share(
    api: Api, audience: Audience, mutation: str
) -> None:
    target = audience.targets[0]
    group, (contact,) = await audience.group(target), await active(target)
    assert group is not None
    held = {
        "groupId": gid("Group", group.id),
        "segmentId": gid("Segment", (await Segment.get(nation_id=target.id)).id),
        "customFieldId": gid("CustomField", (await CustomField.get(nation_id=target.id)).id),
        "profileId": gid("Profile", contact.id),
        "profileIds": [gid("Profile", contact.id)],
        "nationId": gid("Nation", target.id),
    }
    kind = kind_of(mutation)
    given = {name: held[name] for name in kind.fields if name in held} | DOORS.get(mutation, {})
    answer = (await api.ask(TEXT % (kind.name, mutation), target.admin, input=given))[mutation]
    share = await audience.share(target)
    assert (answer["__typename"], answer["code"], answer["lockedBy"]) == (
        "LockedError",
        "LOCKED",
        gid("AudienceShare", share.id),
    )
    assert answer["path"][0] in kind.fields
    assert "audience share from source" in answer["message"]


async def test_what_is_locked_shows_by_whom(api: Api, audience: Audience) -> None:
    source = audience.source
    for nation, lock in (
        (audience.targets[0], {"isLocked": True, "lockedBy": {"slug": source.slug, "name": "source"}}),
        (source, {"isLocked": False, "lockedBy": None}),
    ):
        shown = (await api.ask(SHOWN, nation.admin, slug=nation.slug))["nation"]
        found = [edge["node"] for name in ("groups", "segments") for edge in shown[name]["edges"]]
        found += shown["customFields"]
        assert len(found) >= 2
        assert all(one == lock for one in found)
