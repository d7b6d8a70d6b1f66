"""A request through the API: what the receiver is shown of it, what holds where nothing is said, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from actions.networks import leave_network
from models.share import Share
from models.tag import Tag
from sharing.kinds import Group
from sharing.lifecycle import ShareStatus
from sharing.modes import SyncMode
from tests.resolvers.asking import Api, gid
from tests.tables import holdings, position
from tests.world import Nation, World

ERRORS = "__typename ... on UserError { message code path } ... on InvalidInputError { problems { message path } }"
SHARE = """
  id status tagLabel syncProfiles optionalGroups optionalFields customFields offerNewProfiles
  syncMode createNewProfiles importAsProspects
"""
CREATE = f"""
mutation ($input: CreateTagSharesInput!) {{
  createTagShares(input: $input) {{ {ERRORS} ... on CreateTagSharesPayload {{ shares {{ {SHARE} }} }} }}
}}
"""
UPDATE = f"""
mutation ($input: UpdateTagShareInput!) {{
  updateTagShare(input: $input) {{ {ERRORS} ... on UpdateTagSharePayload {{ share {{ {SHARE} }} }} }}
}}
"""
ACCEPT = f"""
mutation ($input: AcceptTagShareInput!) {{
  acceptTagShare(input: $input) {{ {ERRORS} ... on TagSharePayload {{ share {{ {SHARE} }} }} }}
}}
"""
REQUEST = f"""
mutation ($input: ShareActionInput!) {{
  requestTagShare(input: $input) {{ {ERRORS} ... on TagSharePayload {{ share {{ {SHARE} }} }} }}
}}
"""
PENDING = f"""
query ($slug: String!) {{ nation(slug: $slug) {{
  shares(direction: RECEIVED, status: [PENDING]) {{ edges {{ node {{ ... on TagShare {{ {SHARE} }} }} }} }}
}} }}
"""
DASHBOARD = """
query ($slug: String!, $direction: ShareDirection) { nation(slug: $slug) {
  tags(shared: $direction) { edges { node { label taggings isShared sharesProfiles createsProfiles } } }
  shares(direction: $direction) { edges { node { status ... on TagShare { tagLabel tag { label taggings } } } } }
} }
"""


async def answer(api: Api, document: str, nation: Nation, **given: Any) -> dict[str, Any]:
    """Have an admin ask for something; gives what it comes to."""
    (found,) = (await api.ask(document, nation.admin, input=given)).values()
    return found


async def unchanged(api: Api, document: str, nation: Nation, others: list[Nation], **given: Any) -> list[list[str]]:
    """Have an admin ask for what is refused, and see that nothing has changed; gives the inputs at fault."""
    ids = [nation.id, *(other.id for other in others)]
    before = await holdings(ids), [await position(nation_id) for nation_id in ids]
    found = await answer(api, document, nation, **given)
    assert found["__typename"] == "InvalidInputError", found
    assert all(problem["message"].endswith(".") for problem in found["problems"])
    assert (await holdings(ids), [await position(nation_id) for nation_id in ids]) == before
    return [problem["path"] for problem in found["problems"]]


async def asked(api: Api, nation: Nation) -> list[dict[str, Any]]:
    data = await api.ask(PENDING, nation.member, slug=nation.slug)
    return [edge["node"] for edge in data["nation"]["shares"]["edges"]]


async def test_a_request_is_named_by_the_senders_slug_and_the_tag_and_lists_the_optional_fields(api: Api, world: World):
    """`nation slug:tag name`; of the fields only those that were chosen, and whether data and new people come with it."""
    north, south = await world.nations("north", "south")
    await north.share(
        await north.tag("Board of trustees"),
        south,
        Group.EMAILS,
        Group.DEMO,
        fields=("van_id",),
        offer_new_profiles=True,
    )
    await north.share(await north.tag("plain"), south, sync_profiles=False)
    plain, board = await asked(api, south)
    for share in (plain, board):
        del share["id"]
    nothing = {"syncMode": None, "createNewProfiles": None, "importAsProspects": None, "status": "PENDING"}
    assert board == {
        **nothing, "tagLabel": f"{north.slug}:Board of trustees", "syncProfiles": True, "offerNewProfiles": True,
        "optionalGroups": ["EMAILS", "DEMO"], "optionalFields": ["VAN_ID"], "customFields": [],
    }  # fmt: skip
    assert plain == {
        **nothing, "tagLabel": f"{north.slug}:plain", "syncProfiles": False, "offerNewProfiles": False,
        "optionalGroups": [], "optionalFields": [], "customFields": [],
    }  # fmt: skip
    assert await asked(api, north) == []


async def test_a_share_of_which_nothing_is_said_carries_the_tag_alone_and_brings_nobody_new(api: Api, world: World):
    """No profile data, no optional field, no new people; whoever accepts says no more either."""
    north, south = await world.nations("north", "south")
    tag = await north.tag("board", [await north.person(first_name="Ada")])
    found = await answer(api, CREATE, north, tagId=gid("Tag", tag), receiverSlugs=[south.slug])
    (share,) = found["shares"]
    assert (share["syncProfiles"], share["offerNewProfiles"]) == (False, False)
    assert (share["optionalGroups"], share["optionalFields"], share["customFields"]) == ([], [], [])
    found = await answer(api, ACCEPT, south, shareId=share["id"])
    assert (found["share"]["status"], found["share"]["syncMode"]) == ("APPROVED", None)
    await world.work()
    assert await south.people() == []


async def test_whoever_accepts_data_and_says_no_more_takes_nobody_new(api: Api, world: World):
    """No new people unless the receiver wants them, and those as they are: no prospects unless it says so."""
    north, south = await world.nations("north", "south")
    tag = await north.tag("board", [await north.person(first_name="Ada")])
    share = await north.share(tag, south, offer_new_profiles=True)
    for said, expected in (({}, False), ({"createNewProfiles": True}, True)):
        given = {"shareId": gid("TagShare", share.id), "syncMode": "ACCEPT_ALL", **said}
        found = await answer(api, ACCEPT, south, **given)
        assert (found["share"]["createNewProfiles"], found["share"]["importAsProspects"]) == (expected, False)
        await world.work()
        assert len(await south.people()) == int(expected)
        await share.stop(north)
        await share.request()
    (made,) = await south.people()
    assert (made.is_prospect, made.is_supporter) == (False, False)


async def test_a_tag_that_was_shared_to_a_nation_is_not_its_to_share_on(api: Api, world: World):
    north, south, west = await world.nations("north", "south", "west")
    share = await (await north.share(await north.tag("board"), south)).accept()
    twin = await Tag.get(share_id=share.id)
    found = await answer(api, CREATE, south, tagId=gid("Tag", twin.id), receiverSlugs=[west.slug])
    assert (found["__typename"], found["code"]) == ("ForbiddenError", "FORBIDDEN")
    assert await Share.filter(receiver_id=west.id).count() == 0


@pytest.mark.parametrize("given", [{"optionalFields": ["SHOE_SIZE"]}, {"optionalGroups": ["SHOES"]}])
async def test_a_field_that_is_not_in_the_catalogue_cannot_be_asked_for(api: Api, world: World, given):
    """Nor a group: it is refused before anything is done."""
    north, south = await world.nations("north", "south")
    tag = await north.tag("board")
    asking = {"tagId": gid("Tag", tag), "receiverSlugs": [south.slug], "syncProfiles": True}
    ((code, message),) = await api.refused(CREATE, north.admin, input={**asking, **given})
    assert (code, "does not exist in" in message) == ("BAD_USER_INPUT", True)
    assert await Share.filter(tag_id=tag).count() == 0


async def family(world: World) -> tuple[Nation, Nation]:
    """Return two nations of a network whose HQ shares its custom fields, of which both have one."""
    slug = await world.network(shares_customs=True)
    north, south = await world.nations("north", "south", network_slug=slug)
    for nation in (north, south):
        await nation.define("shift")
    return north, south


async def test_a_custom_field_that_not_both_have_cannot_be_asked_for(api: Api, world: World):
    north, south = await family(world)
    await north.define("shoes")
    tag = gid("Tag", await north.tag("board"))
    given = {
        "tagId": tag,
        "receiverSlugs": [south.slug],
        "syncProfiles": True,
        "customFields": ["shift", "shoes", "none"],
    }
    assert await unchanged(api, CREATE, north, [south], **given) == [["customFields"], ["customFields"]]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"optionalGroups": ["FACEBOOK_UID"]}, "optionalGroups"),
        ({"optionalFields": ["FACEBOOK_UID"]}, "optionalFields"),
        ({"optionalGroups": ["CUSTOM_FIELDS"]}, "optionalGroups"),
        ({"customFields": ["shift"]}, "customFields"),
    ],
)
async def test_a_nation_that_has_left_the_network_is_not_asked_for_what_is_for_the_network(api, world, given, path):
    """Neither by a new share, nor by new settings, nor by asking again for what was asked for before."""
    north, south = await family(world)
    denied, tag = await north.share(await north.tag("old"), south), gid("Tag", await north.tag("new"))
    await denied.reject()
    old = {"shareId": gid("TagShare", denied.id)}
    assert (await answer(api, UPDATE, north, **old, **given))["__typename"] == "UpdateTagSharePayload"
    async with world.unit(south.admin) as unit:
        await leave_network(unit, south.id)
    assert await unchanged(api, REQUEST, north, [south], **old) == [[path]]
    assert await unchanged(api, UPDATE, north, [south], **old, **given) == [[path]]
    new = {"tagId": tag, "receiverSlugs": [south.slug], "syncProfiles": True}
    assert await unchanged(api, CREATE, north, [south], **new, **given) == [[path]]
    nothing = {"optionalGroups": [], "optionalFields": [], "customFields": []}
    assert (await answer(api, UPDATE, north, **old, **nothing))["__typename"] == "UpdateTagSharePayload"
    assert (await answer(api, REQUEST, north, **old))["share"]["status"] == "PENDING"
    assert (await denied.row()).status is ShareStatus.PENDING


async def dashboard(api: Api, nation: Nation, direction: str | None) -> tuple[list[Any], list[Any]]:
    data = await api.ask(DASHBOARD, nation.member, slug=nation.slug, direction=direction)
    tags, shares = data["nation"]["tags"]["edges"], data["nation"]["shares"]["edges"]
    return [tuple(edge["node"].values()) for edge in tags], [edge["node"] for edge in shares]


@pytest.mark.parametrize(
    ("settings", "terms", "profiles", "creates"),
    [
        ({"sync_profiles": False}, {"mode": None}, False, False),
        ({}, {"mode": SyncMode.ALWAYS_REVIEW}, True, False),
        ({"offer_new_profiles": True}, {"mode": SyncMode.ACCEPT_ALL}, True, False),
        ({"offer_new_profiles": True}, {"mode": SyncMode.ACCEPT_ALL, "create": True}, True, True),
    ],
)
async def test_a_dashboard_shows_name_status_taggings_and_the_two_markers(
    api, world, settings, terms, profiles, creates
):
    """One marker for profile data, one for new people; shared in as `slug:name`; shared tags can be looked at alone."""
    north, south = await world.nations("north", "south")
    ada = await north.person(first_name="Ada", twitter_id="7")
    await south.person(first_name="Ada", twitter_id="7")
    share = await north.share(await north.tag("board", [ada, await north.person(first_name="Bo")]), south, **settings)
    for nation in (north, south):
        await nation.tag("unshared")
    label = f"{north.slug}:board"
    assert await dashboard(api, south, "RECEIVED") == ([], [{"status": "PENDING", "tagLabel": label, "tag": None}])
    await share.accept(**terms)
    await world.work()
    mine, theirs = ("board", 2, True, profiles, creates), (label, 1 + creates, True, profiles, creates)
    plain = ("unshared", 0, False, False, False)
    for nation, direction, row in ((north, "SENT", mine), (south, "RECEIVED", theirs)):
        tags, shares = await dashboard(api, nation, direction)
        assert tags == [row]
        assert shares == [{"status": "APPROVED", "tagLabel": label, "tag": {"label": row[0], "taggings": row[1]}}]
        assert (await dashboard(api, nation, None))[0] == [row, plain]
    await share.stop(south)
    assert await dashboard(api, south, "RECEIVED") == ([], [])
    stopped = {"status": "STOPPED", "tagLabel": label, "tag": {"label": "board", "taggings": 2}}
    assert await dashboard(api, north, "SENT") == ([], [stopped])
