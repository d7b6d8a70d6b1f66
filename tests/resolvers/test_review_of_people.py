"""Review of whole people through the API: listed grouped by person, applied and skipped whole."""

from __future__ import annotations

from typing import Any

import pytest

from models.conflict import Conflict
from sharing.modes import SyncMode
from sharing.states import ConflictState
from sharing.visibility import ANONYMOUS
from tests.resolvers.asking import Api, gid
from tests.tables import differences, holdings
from tests.world import Nation, SharedTag, World

LIST = """
query ($id: ID!) {
  node(id: $id) { ... on TagShare {
    matches(state: [CONFLICTED]) {
      totalCount
      edges { node {
        id
        senderProfile { firstName } receiverProfile { firstName }
        fieldConflicts(state: [OPEN]) { id field state senderValue receiverValue senderChangedAt receiverChangedAt }
      } }
    }
  } }
}
"""
APPLY = """
mutation ($input: ApplyMatchesInput!) {
  applyMatches(input: $input) {
    __typename
    ... on MatchesPayload { cursor matches { id state } conflicts { id field state match { id } } }
    ... on InvalidInputError { problems { message path } }
    ... on StaleVersionError { current }
    ... on UserError { message code path }
  }
}
"""
SKIP = APPLY.replace("ApplyMatchesInput", "SkipMatchesInput").replace("applyMatches", "skipMatches")


async def disputed(world: World, count: int) -> tuple[Nation, Nation, SharedTag]:
    """Return a share under review, of people on each of whom two nations differ in two fields."""
    north, south = await world.nations("north", "south")
    people = []
    for number in range(count):
        same = {"first_name": f"Ada{number}", "last_name": f"King{number}", "twitter_id": f"t{number}"}
        people.append(await north.person(**same, employer="Acme", religion="A"))
        await south.person(**same, employer="Bolt", religion="B")
    share = await (await north.share(await north.tag("members", people), south)).accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    return north, south, share


async def listed(api: Api, nation: Nation, share: SharedTag) -> list[dict[str, Any]]:
    data = await api.ask(LIST, nation.member, id=gid("TagShare", share.id))
    return [edge["node"] for edge in data["node"]["matches"]["edges"]]


def seen(*people: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was shown of some people, as a client sends it back."""
    return [
        {"conflictId": one["id"], "senderValue": one["senderValue"], "receiverValue": one["receiverValue"]}
        for person in people
        for one in person["fieldConflicts"]
    ]


async def test_conflicts_are_listed_by_person_side_by_side(api: Api, world: World):
    north, south, share = await disputed(world, 2)
    for nation, own, other in (
        (north, "senderProfile", "receiverProfile"),
        (south, "receiverProfile", "senderProfile"),
    ):
        people = await listed(api, nation, share)
        assert {person[own]["firstName"] for person in people} == {"Ada0", "Ada1"}
        for person in people:
            assert person[other] is None
            values = [(one["field"], one["senderValue"], one["receiverValue"]) for one in person["fieldConflicts"]]
            assert values == [("EMPLOYER", "Acme", "Bolt"), ("RELIGION", "A", "B")]


async def test_a_list_by_person_takes_as_many_queries_however_long_it_is(api: Api, world: World):
    counts = []
    for count in (1, 12):
        north, _, share = await disputed(world, count)
        assert len(await listed(api, north, share)) == count
        counts.append(len(api.statements))
    assert counts[0] == counts[1]


async def test_a_side_applies_some_people_whole(api: Api, world: World):
    _, south, share = await disputed(world, 3)
    one, two, three = await listed(api, south, share)
    ids = [two["id"], one["id"], two["id"]]
    given = {"nationId": gid("Nation", south.id), "matchIds": ids, "seen": seen(one, two)}
    found = (await api.ask(APPLY, south.member, input=given))["applyMatches"]
    assert found["cursor"]
    assert found["matches"] == [{"id": two["id"], "state": "SYNCED"}, {"id": one["id"], "state": "SYNCED"}]
    assert [(each["match"]["id"], each["field"], each["state"]) for each in found["conflicts"]] == [
        (person["id"], field, "RESOLVED") for person in (two, one) for field in ("EMPLOYER", "RELIGION")
    ]
    assert [person["id"] for person in await listed(api, south, share)] == [three["id"]]
    values = [await south.value(person.id, "employer") for person in await south.people()]
    assert sorted(values) == ["Acme", "Acme", "Bolt"]


async def test_a_side_skips_some_people_whole(api: Api, world: World):
    north, south, share = await disputed(world, 2)
    one, two = await listed(api, north, share)
    given = {"nationId": gid("Nation", north.id), "matchIds": [one["id"]]}
    found = (await api.ask(SKIP, north.member, input=given))["skipMatches"]
    assert found["matches"] == [{"id": one["id"], "state": "SYNCED"}]
    assert {each["state"] for each in found["conflicts"]} == {"SKIPPED"}
    assert [person["id"] for person in await listed(api, south, share)] == [two["id"]]
    found = (await api.ask(SKIP, south.member, input={**given, "nationId": gid("Nation", south.id)}))["skipMatches"]
    assert found["__typename"] == "InvalidInputError"
    (problem,) = found["problems"]
    assert (problem["path"], "no open conflicts" in problem["message"]) == (["matchIds", "0"], True)


async def test_what_nobody_saw_is_not_applied(api: Api, world: World):
    north, south, share = await disputed(world, 1)
    (person,) = await listed(api, south, share)
    (match,) = await share.matches()
    given = {"nationId": gid("Nation", south.id), "matchIds": [person["id"]]}
    await north.edit(match.sender_profile_id, church="St Ann", employer="Core")
    await world.work()
    before = await holdings([north.id, south.id])
    for shown in (seen(person), seen(person)[1:], []):
        for document, field in ((APPLY, "applyMatches"), (SKIP, "skipMatches")):
            found = (await api.ask(document, south.member, input={**given, "seen": shown}))[field]
            assert (found["__typename"], found["path"], found["current"]) == ("StaleVersionError", ["seen"], None)
    assert not differences(before, await holdings([north.id, south.id]))
    (person,) = await listed(api, south, share)
    found = (await api.ask(APPLY, south.member, input={**given, "seen": seen(person)}))["applyMatches"]
    assert found["__typename"] == "MatchesPayload"
    assert await api.refused(APPLY, south.member, input=given)  # what was seen has to be said


@pytest.mark.parametrize(("document", "field"), [(APPLY, "applyMatches"), (SKIP, "skipMatches")])
async def test_nobody_decides_for_others(api: Api, world: World, document: str, field: str):
    north, south, share = await disputed(world, 1)
    east = await world.nation("east")
    (person,) = await listed(api, north, share)
    for caller, nation, ids in (
        (east.admin, east, [person["id"]]),
        (north.admin, south, [person["id"]]),
        (ANONYMOUS, north, [person["id"]]),
        (north.admin, north, [gid("Match", east.admin.token_id)]),
        (north.admin, north, [gid("Conflict", east.admin.token_id)]),
    ):
        given = {"nationId": gid("Nation", nation.id), "matchIds": ids, "seen": seen(person)}
        assert (await api.ask(document, caller, input=given))[field]["__typename"] == "NotFoundError"
    for ids in ([], ["junk"]):
        given = {"nationId": gid("Nation", north.id), "matchIds": ids, "seen": []}
        assert (await api.ask(document, north.admin, input=given))[field]["__typename"] == "InvalidInputError"
    assert {found.state for found in await Conflict.filter(share_id=share.id)} == {ConflictState.OPEN}
