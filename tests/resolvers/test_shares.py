"""Shares through the API: asked for, answered, stopped, changed and asked for again."""

import pytest

from models.share import Share
from sharing.kinds import Group
from sharing.lifecycle import ShareStatus
from sharing.visibility import Caller, Plan, Role
from tests.resolvers.asking import Api, gid
from tests.world import World

ERRORS = "__typename ... on UserError { message code path } ... on InvalidInputError { problems { message path } }"
SHARE = """
  id status version tagLabel syncProfiles optionalGroups optionalFields customFields offerNewProfiles syncMode
  createNewProfiles importAsProspects sender { slug } receiver { slug } tag { id label }
  stats { matched notFound ambiguous synced unreviewedChanges total }
  requestedAt decidedAt stoppedAt stoppedBy { slug } nextSyncAt
"""
CREATE = f"""
mutation ($input: CreateTagSharesInput!) {{
  createTagShares(input: $input) {{ {ERRORS} ... on CreateTagSharesPayload {{ cursor shares {{ {SHARE} }} }} }}
}}
"""
UPDATE = f"""
mutation ($input: UpdateTagShareInput!) {{
  updateTagShare(input: $input) {{
    {ERRORS} ... on IllegalTransitionError {{ status }} ... on UpdateTagSharePayload {{ cursor share {{ {SHARE} }} }}
  }}
}}
"""
ACCEPT = f"""
mutation ($input: AcceptTagShareInput!) {{
  acceptTagShare(input: $input) {{
    {ERRORS} ... on IllegalTransitionError {{ status }} ... on TagSharePayload {{ cursor share {{ {SHARE} }} }}
  }}
}}
"""
SYNC = f"""
mutation ($input: ShareActionInput!) {{
  syncShareNow(input: $input) {{
    {ERRORS} ... on IllegalTransitionError {{ status }}
    ... on SyncShareNowPayload {{ cursor run {{ id runState trigger progress {{ phase done total }} share {{ id }} }} }}
  }}
}}
"""
LIST = """
query ($slug: String!, $direction: ShareDirection, $status: [ShareStatus!]) {
  nation(slug: $slug) {
    shares(direction: $direction, status: $status) { totalCount edges { node { id status stats { total } } } }
  }
}
"""
NO_STATS = dict.fromkeys(("matched", "notFound", "ambiguous", "synced", "unreviewedChanges", "total"), 0)


def doing(name: str) -> str:
    """Return the mutation that does something to a share."""
    return ACCEPT.replace("AcceptTagShareInput", "ShareActionInput").replace("acceptTagShare", name)


async def pair(world: World):
    return await world.nation("north"), await world.nation("south")


async def shown(api: Api, nation, **variables):
    data = await api.ask(LIST, nation.member, slug=nation.slug, **variables)
    return [edge["node"]["id"] for edge in data["nation"]["shares"]["edges"]]


async def test_a_tag_is_shared_with_several_nations_at_once(api: Api, world: World):
    north, south = await pair(world)
    east = await world.nation("east")
    tag = await north.tag("members")
    given = {
        "tagId": gid("Tag", tag),
        "receiverSlugs": [south.slug, east.slug.upper()],
        "syncProfiles": True,
        "optionalGroups": ["EMAILS"],
        "optionalFields": ["EXTERNAL_ID", "SUPPORT_LEVEL"],
        "offerNewProfiles": True,
    }
    data = await api.ask(CREATE, north.admin, input=given)
    made = data["createTagShares"]
    assert made["__typename"] == "CreateTagSharesPayload"
    assert made["cursor"]
    assert [share["receiver"]["slug"] for share in made["shares"]] == [south.slug, east.slug]
    share = made["shares"][0]
    assert await shown(api, north) == [share["id"] for share in reversed(made["shares"])]
    assert share.pop("requestedAt").endswith("Z")
    assert share == {
        "id": await only_id(api, south),
        "status": "PENDING",
        "version": 1,
        "tagLabel": f"{north.slug}:members",
        "syncProfiles": True,
        "optionalGroups": ["EMAILS"],
        "optionalFields": ["EXTERNAL_ID", "SUPPORT_LEVEL"],
        "customFields": [],
        "offerNewProfiles": True,
        "syncMode": None,
        "createNewProfiles": None,
        "importAsProspects": None,
        "sender": {"slug": north.slug},
        "receiver": {"slug": south.slug},
        "tag": {"id": gid("Tag", tag), "label": "members"},
        "stats": NO_STATS,
        "decidedAt": None,
        "stoppedAt": None,
        "stoppedBy": None,
        "nextSyncAt": None,
    }


async def only_id(api: Api, nation) -> str:
    (share_id,) = await shown(api, nation)
    return share_id


async def test_every_receiver_that_cannot_be_is_named_and_no_share_is_made(api: Api, world: World):
    north, south = await pair(world)
    east = await world.nation("east")
    tag = await north.tag("members")
    await north.share(tag, east)
    slugs = [south.slug, "nobody", north.slug, south.slug, east.slug]
    data = await api.ask(CREATE, north.admin, input={"tagId": gid("Tag", tag), "receiverSlugs": slugs})
    refusal = data["createTagShares"]
    assert refusal["__typename"] == "InvalidInputError"
    assert [problem["path"] for problem in refusal["problems"]] == [["receiverSlugs", str(n)] for n in (1, 2, 3, 4)]
    assert ['"nobody"' in refusal["message"], north.slug in refusal["message"]] == [True, True]
    assert await Share.filter(tag_id=tag).count() == 1


async def test_settings_that_cannot_be_are_named(api: Api, world: World):
    north, south = await pair(world)
    tag = await north.tag("members")
    given = {
        "tagId": gid("Tag", tag),
        "receiverSlugs": [south.slug],
        "optionalGroups": ["FACEBOOK_UID", "DISTRICTS"],
        "optionalFields": ["FIRST_NAME"],
        "customFields": ["shirt"],
        "offerNewProfiles": True,
    }
    data = await api.ask(CREATE, north.admin, input=given)
    refusal = data["createTagShares"]
    assert refusal["__typename"] == "InvalidInputError"
    assert {problem["path"][0] for problem in refusal["problems"]} == {
        "optionalGroups",
        "optionalFields",
        "customFields",
        "offerNewProfiles",
    }
    assert await Share.filter(tag_id=tag).count() == 0


@pytest.mark.parametrize(("plan", "role"), [(Plan.LEADER, Role.ADMIN), (Plan.ENTERPRISE, Role.MEMBER)])
async def test_a_plan_or_a_role_that_may_not_share_is_told_so(api: Api, world: World, plan: Plan, role: Role):
    north, south = await world.nation("north", plan), await world.nation("south")
    tag = await north.tag("members")
    caller = Caller(token_id=north.admin.token_id, roles={north.id: role})
    data = await api.ask(CREATE, caller, input={"tagId": gid("Tag", tag), "receiverSlugs": [south.slug]})
    assert data["createTagShares"]["__typename"] == "ForbiddenError"
    assert data["createTagShares"]["code"] == "FORBIDDEN"
    assert await Share.filter(tag_id=tag).count() == 0


async def test_a_share_is_accepted_on_the_receivers_terms(api: Api, world: World):
    north, south = await pair(world)
    tag = await north.tag("members", [await north.person(first_name="Ada", last_name="King")])
    share = await north.share(tag, south, offer_new_profiles=True)
    given = {"shareId": gid("TagShare", share.id), "syncMode": "ACCEPT_ALL", "createNewProfiles": True}
    data = await api.ask(ACCEPT, south.admin, input=given)
    accepted = data["acceptTagShare"]["share"]
    assert data["acceptTagShare"]["cursor"]
    assert (accepted["status"], accepted["syncMode"]) == ("APPROVED", "ACCEPT_ALL")
    assert (accepted["createNewProfiles"], accepted["importAsProspects"]) == (True, False)
    assert accepted["tag"]["label"] == f"{north.slug}:members"
    assert accepted["tag"]["id"] != gid("Tag", tag)
    await world.work()
    query = "query ($id: ID!) { node(id: $id) { ... on TagShare { stats { synced total } lastSyncAt } } }"
    data = await api.ask(query, north.member, id=gid("TagShare", share.id))
    assert data["node"]["stats"] == {"synced": 1, "total": 1}
    assert data["node"]["lastSyncAt"]


@pytest.mark.parametrize(
    ("settings", "terms", "paths"),
    [
        ({}, {}, [["syncMode"]]),
        ({}, {"syncMode": "ACCEPT_ALL", "createNewProfiles": True}, [["createNewProfiles"]]),
        ({"offer_new_profiles": True}, {"syncMode": "ACCEPT_ALL", "importAsProspects": True}, [["importAsProspects"]]),
        (
            {"sync_profiles": False},
            {"syncMode": "ACCEPT_ALL", "createNewProfiles": True},
            [["syncMode"], ["createNewProfiles"]],
        ),
    ],
)
async def test_terms_that_do_not_fit_are_named_and_nothing_is_accepted(api: Api, world: World, settings, terms, paths):
    north, south = await pair(world)
    share = await north.share(await north.tag("members"), south, **settings)
    data = await api.ask(ACCEPT, south.admin, input={"shareId": gid("TagShare", share.id), **terms})
    assert data["acceptTagShare"]["__typename"] == "InvalidInputError"
    assert [problem["path"] for problem in data["acceptTagShare"]["problems"]] == paths
    assert (await share.row()).status is ShareStatus.PENDING


async def test_a_share_is_rejected_changed_and_asked_for_again(api: Api, world: World):
    north, south = await pair(world)
    share = await north.share(await north.tag("members"), south, Group.EMAILS)
    share_id = gid("TagShare", share.id)
    data = await api.ask(doing("rejectTagShare"), south.admin, input={"shareId": share_id})
    assert data["rejectTagShare"]["share"]["status"] == "DENIED"
    data = await api.ask(UPDATE, north.admin, input={"shareId": share_id, "optionalFields": ["VAN_ID"]})
    changed = data["updateTagShare"]["share"]
    assert (changed["status"], changed["syncProfiles"]) == ("DENIED", True)
    assert (changed["optionalGroups"], changed["optionalFields"]) == (["EMAILS"], ["VAN_ID"])
    data = await api.ask(doing("requestTagShare"), north.admin, input={"shareId": share_id})
    assert data["requestTagShare"]["share"]["status"] == "PENDING"
    assert data["requestTagShare"]["share"]["decidedAt"] is None
    assert data["requestTagShare"]["cursor"]


async def test_what_the_status_does_not_allow_is_refused_with_the_status(api: Api, world: World):
    north, south = await pair(world)
    share = await north.share(await north.tag("members"), south)
    share_id = gid("TagShare", share.id)
    for document, caller, given in (
        (UPDATE, north.admin, {"shareId": share_id, "syncProfiles": False}),
        (doing("requestTagShare"), north.admin, {"shareId": share_id}),
        (doing("rejectTagShare"), north.admin, {"shareId": share_id}),
        (SYNC, south.admin, {"shareId": share_id}),
    ):
        (answer,) = (await api.ask(document, caller, input=given)).values()
        assert (answer["__typename"], answer["status"]) == ("IllegalTransitionError", "PENDING")
    await share.accept()
    for name in ("rejectTagShare", "requestTagShare"):
        caller = south.admin if name == "rejectTagShare" else north.admin
        (answer,) = (await api.ask(doing(name), caller, input={"shareId": share_id})).values()
        assert (answer["__typename"], answer["status"]) == ("IllegalTransitionError", "APPROVED")
    assert (await share.row()).version == 2


async def test_members_decide_nothing(api: Api, world: World):
    north, south = await pair(world)
    share = await north.share(await north.tag("members"), south)
    given = {"shareId": gid("TagShare", share.id)}
    for document, caller in ((doing("rejectTagShare"), south.member), (doing("stopTagShare"), north.member)):
        (answer,) = (await api.ask(document, caller, input=given)).values()
        assert answer["__typename"] == "ForbiddenError"
    assert (await share.row()).status is ShareStatus.PENDING


async def test_a_receiver_that_stops_a_share_sees_it_for_the_last_time(api: Api, world: World):
    north, south = await pair(world)
    tag = await north.tag("members", [await north.person(first_name="Ada", last_name="King")])
    share = await (await north.share(tag, south)).accept()
    await world.work()
    share_id = gid("TagShare", share.id)
    data = await api.ask(doing("stopTagShare"), south.admin, input={"shareId": share_id})
    stopped = data["stopTagShare"]["share"]
    assert (stopped["status"], stopped["stoppedBy"], stopped["stats"]) == ("STOPPED", {"slug": south.slug}, NO_STATS)
    assert stopped["tag"] is None
    assert data["stopTagShare"]["cursor"]
    assert await shown(api, south) == []
    assert await shown(api, north) == [share_id]
    query = "query ($id: ID!) { node(id: $id) { ... on TagShare { status stoppedBy { slug } tag { label } } } }"
    assert await api.ask(query, south.admin, id=share_id) == {"node": None}
    data = await api.ask(query, north.member, id=share_id)
    assert data["node"] == {"status": "STOPPED", "stoppedBy": {"slug": south.slug}, "tag": {"label": "members"}}
    for document in (doing("stopTagShare"), doing("rejectTagShare"), SYNC):
        (answer,) = (await api.ask(document, south.admin, input={"shareId": share_id})).values()
        assert answer["__typename"] == "NotFoundError"


async def test_a_share_is_shown_to_its_two_nations_alone(api: Api, world: World):
    north, south = await pair(world)
    east = await world.nation("east")
    share = await north.share(await north.tag("members"), south)
    share_id = gid("TagShare", share.id)
    assert await shown(api, east) == []
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert await api.ask(query, east.admin, id=share_id) == {"node": None}
    assert await api.ask(query, id=share_id) == {"node": None}
    for name in ("stopTagShare", "rejectTagShare", "requestTagShare"):
        for caller in (east.admin, Caller()):
            (answer,) = (await api.ask(doing(name), caller, input={"shareId": share_id})).values()
            (none,) = (
                await api.ask(doing(name), caller, input={"shareId": gid("TagShare", east.admin.token_id)})
            ).values()
            assert answer == none
            assert answer["__typename"] == "NotFoundError"
    assert (await share.row()).status is ShareStatus.PENDING
