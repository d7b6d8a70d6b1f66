"""Conflicts through the API: seen side by side, applied, skipped."""

from models.conflict import Conflict
from models.custom_field import CustomField
from models.match import Match
from models.network import Network
from models.share import Share
from sharing.customs import CustomKind
from sharing.lifecycle import ShareStatus
from sharing.modes import SyncMode
from sharing.states import ConflictState
from sharing.visibility import Caller
from tests.resolvers.asking import Api, gid
from tests.world import World

CONFLICT = "id field customField state senderValue receiverValue senderChangedAt receiverChangedAt"
LIST = f"""
query ($id: ID!, $state: [ConflictState!]) {{
  node(id: $id) {{ ... on TagShare {{
    stats {{ unreviewedChanges }}
    conflicts(state: $state) {{
      totalCount
      edges {{ node {{ {CONFLICT} match {{ id senderProfile {{ id }} receiverProfile {{ id }} }} }} }}
    }}
  }} }}
}}
"""
APPLY = f"""
mutation ($input: ConflictsInput!) {{
  applyConflicts(input: $input) {{
    __typename
    ... on ConflictsPayload {{ cursor conflicts {{ {CONFLICT} match {{ state fieldConflicts {{ field state }} }} }} }}
    ... on UserError {{ message code path }}
    ... on StaleVersionError {{ current }}
  }}
}}
"""
SKIP = APPLY.replace("applyConflicts", "skipConflicts")


async def disputed(world: World, **differing: tuple[str, str]):
    """Return a share under review, of one person on whom two nations differ."""
    north, south = await world.nation("north"), await world.nation("south")
    same = {"first_name": "Ada", "last_name": "King", "twitter_id": "1"}
    ours = await north.person(**same, **{key: pair[0] for key, pair in differing.items()})
    await south.person(**same, **{key: pair[1] for key, pair in differing.items()})
    share = await (await north.share(await north.tag("members", [ours]), south)).accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    return north, south, share


async def listed(api: Api, nation, share, **variables):
    data = await api.ask(LIST, nation.member, id=gid("TagShare", share.id), **variables)
    return [edge["node"] for edge in data["node"]["conflicts"]["edges"]]


async def test_both_sides_see_both_values(api: Api, world: World):
    north, south, share = await disputed(world, employer=("Acme", "Bolt"))
    (sent,), (received,) = await listed(api, north, share), await listed(api, south, share)
    assert (sent["field"], sent["customField"], sent["state"]) == ("EMPLOYER", None, "OPEN")
    assert (sent["senderValue"], sent["receiverValue"]) == ("Acme", "Bolt")
    assert sent["match"]["senderProfile"] is not None
    assert sent["match"]["receiverProfile"] is None
    assert received["match"]["senderProfile"] is None
    assert received["match"]["receiverProfile"] is not None
    del sent["match"], received["match"]
    assert sent == received


async def test_a_side_applies_the_others_value_to_its_own_profile(api: Api, world: World):
    north, south, share = await disputed(world, employer=("Acme", "Bolt"), religion=("A", "B"))
    conflicts = {conflict["field"]: conflict for conflict in await listed(api, south, share)}
    given = {"nationId": gid("Nation", south.id), "conflictIds": [conflicts["EMPLOYER"]["id"]]}
    data = await api.ask(APPLY, south.member, input=given)
    (applied,) = data["applyConflicts"]["conflicts"]
    assert data["applyConflicts"]["cursor"]
    assert (applied["id"], applied["state"]) == (conflicts["EMPLOYER"]["id"], "RESOLVED")
    assert applied["match"] == {
        "state": "CONFLICTED",
        "fieldConflicts": [{"field": "EMPLOYER", "state": "RESOLVED"}, {"field": "RELIGION", "state": "OPEN"}],
    }
    match = (await share.matches())[0]
    assert (await south.values(match.receiver_profile_id))["employer"] == "Acme"
    assert (await north.values(match.sender_profile_id))["employer"] == "Acme"
    assert [conflict["field"] for conflict in await listed(api, north, share, state=["OPEN"])] == ["RELIGION"]


async def test_a_skipped_conflict_leaves_the_queue(api: Api, world: World):
    north, south, share = await disputed(world, employer=("Acme", "Bolt"))
    (conflict,) = await listed(api, north, share)
    given = {"nationId": gid("Nation", north.id), "conflictIds": [conflict["id"], conflict["id"]]}
    data = await api.ask(SKIP, north.member, input=given)
    assert [found["state"] for found in data["skipConflicts"]["conflicts"]] == ["SKIPPED"]
    assert await listed(api, south, share, state=["OPEN"]) == []
    assert len(await listed(api, south, share, state=["SKIPPED"])) == 1
    match = (await share.matches())[0]
    assert (await south.values(match.receiver_profile_id))["employer"] == "Bolt"


async def test_a_value_that_changed_since_is_not_overwritten(api: Api, world: World):
    north, south, share = await disputed(world, employer=("Acme", "Bolt"))
    (conflict,) = await listed(api, south, share)
    match = (await share.matches())[0]
    await north.edit(match.sender_profile_id, employer="Core")
    given = {"nationId": gid("Nation", south.id), "conflictIds": [conflict["id"]]}
    data = await api.ask(APPLY, south.member, input=given)
    assert data["applyConflicts"]["__typename"] == "StaleVersionError"
    assert (data["applyConflicts"]["code"], data["applyConflicts"]["current"]) == ("STALE_VERSION", None)
    assert (await south.values(match.receiver_profile_id))["employer"] == "Bolt"


async def test_nobody_decides_for_others(api: Api, world: World):
    north, south, share = await disputed(world, employer=("Acme", "Bolt"))
    east = await world.nation("east")
    (conflict,) = await listed(api, north, share)
    for caller, nation, ids in (
        (east.admin, east, [conflict["id"]]),
        (north.admin, south, [conflict["id"]]),
        (Caller(), north, [conflict["id"]]),
        (north.admin, north, [gid("Conflict", east.admin.token_id)]),
        (north.admin, north, [gid("Match", east.admin.token_id)]),
    ):
        given = {"nationId": gid("Nation", nation.id), "conflictIds": ids}
        for document in (APPLY, SKIP):
            (answer,) = (await api.ask(document, caller, input=given)).values()
            assert answer["__typename"] == "NotFoundError"
    for ids in ([], ["junk"]):
        data = await api.ask(APPLY, north.admin, input={"nationId": gid("Nation", north.id), "conflictIds": ids})
        assert data["applyConflicts"]["__typename"] == "InvalidInputError"
    assert [found.state for found in await Conflict.filter(share_id=share.id)] == [ConflictState.OPEN]
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert await api.ask(query, east.admin, id=conflict["id"]) == {"node": None}


async def test_the_others_value_shows_only_while_a_live_share_carries_the_field(api: Api, world: World):
    """A nation sees another's values in fields that a live share covers, and its own always."""
    north, south, share = await disputed(world, employer=("Acme", "Bolt"))
    await Conflict.filter(share_id=share.id).update(field="demo")  # which the share does not carry
    for nation, values in ((north, ("Acme", None)), (south, (None, "Bolt"))):
        (conflict,) = await listed(api, nation, share)
        assert (conflict["senderValue"], conflict["receiverValue"]) == values
    await Conflict.filter(share_id=share.id).update(field="employer")
    await Share.filter(id=share.id).update(status=ShareStatus.PENDING)
    for nation, values in ((north, ("Acme", None)), (south, (None, "Bolt"))):
        (conflict,) = await listed(api, nation, share)
        assert (conflict["senderValue"], conflict["receiverValue"]) == values


async def test_a_custom_field_is_named_by_its_slug(api: Api, world: World):
    network = await world.network()
    north = await world.nation("north", network_slug=network)
    south = await world.nation("south", network_slug=network)
    await Network.filter(slug=network).update(shares_custom_fields=True)
    for nation in (north, south):
        await CustomField.create(nation_id=nation.id, slug="shirt", label="Shirt", kind=CustomKind.TEXT)
    same = {"first_name": "Ada", "last_name": "King", "twitter_id": "1"}
    ours = await north.person(**same, **{"custom:shirt": "S"})
    await south.person(**same, **{"custom:shirt": "M"})
    share = await north.share(await north.tag("members", [ours]), south, customs=("shirt",))
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    (conflict,) = await listed(api, south, share)
    assert (conflict["field"], conflict["customField"]) == ("CUSTOM_FIELDS", "shirt")
    assert (conflict["senderValue"], conflict["receiverValue"]) == ("S", "M")


async def test_what_has_changed_since_it_was_shown_is_not_applied(api: Api, world: World):
    """Nobody's profile gets a value that nobody saw."""
    north, south, share = await disputed(world, employer=("Acme", "Shop"))
    match = await Match.get(share_id=share.id)
    ours, theirs = match.sender_profile_id, match.receiver_profile_id
    (conflict,) = await listed(api, south, share)
    shown = {key: conflict[key] for key in ("senderValue", "receiverValue")}
    await north.edit(ours, employer="Works")
    await world.work()
    given = {"nationId": gid("Nation", south.id), "conflictIds": [conflict["id"]]}
    stale = await api.ask(APPLY, south.admin, input={**given, "seen": [{"conflictId": conflict["id"], **shown}]})
    assert stale["applyConflicts"]["__typename"] == "StaleVersionError"
    assert (await south.values(theirs))["employer"] == "Shop"
    (conflict,) = await listed(api, south, share)
    shown = {key: conflict[key] for key in ("senderValue", "receiverValue")}
    fresh = await api.ask(APPLY, south.admin, input={**given, "seen": [{"conflictId": conflict["id"], **shown}]})
    assert fresh["applyConflicts"]["__typename"] == "ConflictsPayload"
    assert (await south.values(theirs))["employer"] == "Works"
