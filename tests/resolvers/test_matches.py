"""Matches through the API: each side sees its own people, and how sure it is."""

from uuid import UUID

import pytest

from models.match import Match
from sharing.modes import SyncMode
from sharing.states import MatchState
from tests.resolvers.asking import Api, gid
from tests.world import World

LIST = """
query ($id: ID!, $state: [MatchState!], $first: Int, $after: String) {
  node(id: $id) { ... on TagShare {
    matches(state: $state, first: $first, after: $after) {
      totalCount pageInfo { endCursor }
      edges { cursor node {
        id state stage score ambiguity share { id }
        senderProfile { firstName emails { address } tags { edges { node { label } } } }
        receiverProfile { firstName emails { address } }
        evidence { field agrees score }
        candidates { profile { firstName } stage score evidence { field agrees } }
      } }
    }
  } }
}
"""
KING = {"last_name": "Kingsley", "birthdate": "1985-12-10", "phone": "202-555-0143"}


async def shared_people(world: World, count: int = 1):
    """Return a share in which each person of the sender matches one of the receiver."""
    north, south = await world.nation("north"), await world.nation("south")
    people = []
    for number in range(count):
        twin = {"twitter_id": f"t{number}", "last_name": f"King{number}", "emails": [f"p{number}@example.org"]}
        people.append(await north.person(first_name=f"Ada{number}", **twin))
        await south.person(first_name=f"Ada{number}", **twin)
    share = await (await north.share(await north.tag("members", people), south)).accept()
    await world.work()
    return north, south, share


async def listed(api: Api, nation, share, **variables):
    data = await api.ask(LIST, nation.member, id=gid("TagShare", share.id), **variables)
    return [edge["node"] for edge in data["node"]["matches"]["edges"]]


async def test_each_side_sees_its_own_profile_and_the_evidence(api: Api, world: World):
    north, south, share = await shared_people(world)
    (sent,), (received,) = await listed(api, north, share), await listed(api, south, share)
    assert (sent["state"], sent["stage"], sent["ambiguity"]) == ("SYNCED", "UNIQUE_ID", None)
    assert sent["share"] == {"id": gid("TagShare", share.id)}
    assert 0 < sent["score"] <= 1
    assert {"field": "TWITTER_ID", "agrees": True, "score": 1.0} in sent["evidence"]
    assert sent["senderProfile"]["firstName"] == "Ada0"
    assert sent["receiverProfile"] is None
    assert received["senderProfile"] is None
    assert received["receiverProfile"]["firstName"] == "Ada0"
    same = ("id", "state", "stage", "score", "evidence", "candidates")
    assert {name: sent[name] for name in same} == {name: received[name] for name in same}


async def test_a_list_takes_as_many_queries_however_long_it_is(api: Api, world: World):
    counts = []
    for count in (1, 12):
        north, _, share = await shared_people(world, count)
        assert len(await listed(api, north, share)) == count
        counts.append(len(api.statements))
    assert counts[0] == counts[1]


async def test_candidates_are_shown_to_the_receiver_alone(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    ada = await north.person(first_name="Adelaide", **KING)
    for _ in range(2):
        await south.person(first_name="Adelaide", **KING)
    share = await (await north.share(await north.tag("members", [ada]), south)).accept()
    await world.work()
    (sent,), (received,) = await listed(api, north, share), await listed(api, south, share)
    assert (received["state"], received["ambiguity"]) == ("AMBIGUOUS", "MULTIPLE_CANDIDATES")
    assert [candidate["profile"]["firstName"] for candidate in received["candidates"]] == ["Adelaide", "Adelaide"]
    assert {candidate["stage"] for candidate in received["candidates"]} == {"HEURISTIC"}
    assert all(candidate["evidence"] for candidate in received["candidates"])
    assert sent["state"] == "AMBIGUOUS"
    assert sent["candidates"] == []
    assert sent["receiverProfile"] is None


async def test_a_candidate_that_is_gone_is_left_out(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    ada = await north.person(first_name="Adelaide", **KING)
    await south.person(first_name="Adelaide", **KING)
    gone = await south.person(first_name="Adelaide", **KING)
    share = await (await north.share(await north.tag("members", [ada]), south)).accept()
    await world.work()
    await south.delete(gone)
    (received,) = await listed(api, south, share)
    assert len(received["candidates"]) == 1


async def test_lists_narrow_by_state_and_leave_out_what_has_ended(api: Api, world: World):
    north, _, share = await shared_people(world, 3)
    first = (await share.matches())[0]
    await Match.filter(id=first.id).update(state=MatchState.ENDED)
    assert len(await listed(api, north, share)) == 2
    assert [match["id"] for match in await listed(api, north, share, state=["ENDED"])] == [gid("Match", first.id)]
    assert len(await listed(api, north, share, state=["ENDED", "SYNCED"])) == 3
    assert await listed(api, north, share, state=["NOT_FOUND"]) == []


async def test_pages_are_of_one_share_alone(api: Api, world: World):
    north, south, share = await shared_people(world, 3)
    data = await api.ask(LIST, north.member, id=gid("TagShare", share.id), first=2)
    page = data["node"]["matches"]
    assert (page["totalCount"], len(page["edges"])) == (3, 2)
    after = page["pageInfo"]["endCursor"]
    assert len(await listed(api, north, share, first=2, after=after)) == 1
    other = await north.share(await north.tag("others"), south)
    (refusal,) = await api.refused(LIST, north.member, id=gid("TagShare", other.id), after=after)
    assert refusal[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize("stopped", [False, True])
async def test_a_match_is_shown_where_its_share_is(api: Api, world: World, stopped: bool):
    north, south, share = await shared_people(world)
    east = await world.nation("east")
    (match,) = await share.matches()
    if stopped:
        await share.stop(north)
    query = "query ($id: ID!) { node(id: $id) { ... on Match { state senderProfile { firstName } share { status } } } }"
    match_id = gid("Match", match.id)
    for caller in (east.admin, *([south.admin] if stopped else [])):
        assert await api.ask(query, caller, id=match_id) == {"node": None}
        assert await api.ask(query, caller, id=gid("Match", UUID(int=5))) == {"node": None}
    data = await api.ask(query, north.member, id=match_id)
    assert data["node"]["senderProfile"] == {"firstName": "Ada0"}
    assert data["node"]["share"]["status"] == ("STOPPED" if stopped else "APPROVED")


async def test_an_email_that_could_not_be_given_is_reported(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    four = [f"s{number}@example.org" for number in range(4)]
    ada = await north.person(first_name="Ada", last_name="King", twitter_id="1", emails=["north@example.org"])
    await south.person(first_name="Ada", last_name="King", twitter_id="1", emails=four)
    share = await north.share(await north.tag("members", [ada]), south, fields=("emails",))
    await share.accept(SyncMode.ACCEPT_ALL)
    await world.work()
    query = """
    query ($id: ID!) { node(id: $id) { ... on TagShare {
      matches { edges { node { emailNotes { address side hindrance } } } }
    } } }"""
    for nation in (north, south):
        data = await api.ask(query, nation.member, id=gid("TagShare", share.id))
        (edge,) = data["node"]["matches"]["edges"]
        assert {"address": "north@example.org", "side": "RECEIVER", "hindrance": "NO_FREE_SLOT"} in edge["node"][
            "emailNotes"
        ]
