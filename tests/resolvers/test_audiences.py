"""Audiences through the API: rules made up, tried, activated and changed; what each side sees; and all of it live."""

from __future__ import annotations

from typing import Any

from sharing.audiences.rules import TERMS_VERSION
from tests.audience import Audience, active, who
from tests.resolvers.asking import Api, gid
from tests.world import Nation, World

ERRORS = "... on UserError { code message path } ... on InvalidInputError { problems { path message } }"
AUDIENCE = "id groupName firesAutomations syncEveryHours rulesState version currentTerms acceptedTerms { termsVersion acceptedAt }"
ENABLE = f"""mutation ($input: EnableAudienceSharingInput!) {{ enableAudienceSharing(input: $input) {{
  __typename ... on NetworkPayload {{ network {{ audienceSharing {{ isEnabled source {{ slug }} enabledAt }} }} }} {ERRORS}
}} }}"""
DISABLE = f"""mutation ($input: NetworkActionInput!) {{ disableAudienceSharing(input: $input) {{
  __typename ... on NetworkPayload {{ network {{ audienceSharing {{ isEnabled source {{ slug }} }} }} }} {ERRORS}
}} }}"""
CREATE = f"""mutation ($input: CreateAudienceInput!) {{ createAudience(input: $input) {{
  __typename ... on AudiencePayload {{ cursor audience {{ {AUDIENCE} }} }} {ERRORS}
}} }}"""
UPDATE = f"""mutation ($input: UpdateAudienceInput!) {{ updateAudience(input: $input) {{
  __typename ... on AudiencePayload {{ audience {{ {AUDIENCE} }} }} {ERRORS}
  ... on StaleVersionError {{ current }}
}} }}"""
ACTIVATE = f"""mutation ($input: ActivateAudienceInput!) {{ activateAudience(input: $input) {{
  __typename ... on AudiencePayload {{ audience {{ {AUDIENCE} }} }} {ERRORS}
}} }}"""
ACT = f"""mutation ($input: AudienceActionInput!) {{ act: %s(input: $input) {{
  __typename ... on AudiencePayload {{ audience {{ {AUDIENCE} }} }} {ERRORS}
}} }}"""
DELETE = f"""mutation ($input: AudienceActionInput!) {{ deleteAudience(input: $input) {{
  __typename ... on DeleteAudiencePayload {{ deletedAudienceId }} {ERRORS}
}} }}"""
TARGETS = """query ($slug: String!, $filter: TargetFilter!) { nation(slug: $slug) { audience {
  targets(filter: $filter) { totalCount edges { node {
    nation { slug } hasRules coveredFields customFieldSlugs sharedSegments { name } audienceShare { id }
  } } }
} } }"""
DIFFERENCE = """query ($slug: String!, $rules: AudienceRulesInput!) { nation(slug: $slug) { audience { difference(rules: $rules) {
  isEmpty oldGroupName newFiresAutomations changes {
    nation { slug } isNew isRemoved addedSegments { name } removedSegments { name } addedFields removedFields
    addedCustomFields removedCustomFields
  }
} } } }"""
SHARES = """query ($slug: String!) { nation(slug: $slug) { audience { id } audienceShares { edges { node {
  id status groupName coveredFields customFieldSlugs lastSyncAt nextSyncAt stats { synced total }
  sender { slug } receiver { slug } sharedSegments { name archivedAt }
  group { name members isLocked profiles(first: 5) { edges { node { firstName } } } }
  audienceMatches { totalCount edges { node {
    matchState stage sourceProfile { firstName } targetProfile { firstName }
  } } }
  audienceRuns { edges { node { runState trigger contactsCreated contactsSynced valuesWritten optedOut } } }
} } } } }"""


def rules(audience: Audience, *segments: str, **more: Any) -> dict[str, Any]:
    """Return rules that give every target the same segments."""
    return {
        "groupName": "From the source",
        "targets": [{"nation": target.slug} for target in audience.targets],
        "segments": list(segments),
        "fields": ["FIRST_NAME", "LAST_NAME", "EMAILS"],
        **more,
    }


async def shares(api: Api, nation: Nation) -> list[dict[str, Any]]:
    found = await api.ask(SHARES, nation.admin, slug=nation.slug)
    return [edge["node"] for edge in found["nation"]["audienceShares"]["edges"]]


async def test_a_network_says_whether_audience_sharing_is_on_and_who_is_the_source(api: Api, world: World) -> None:
    audience = await Audience.among(world, enable=False)
    network = gid("Network", audience.network)
    asked = {"input": {"networkId": network, "sourceSlug": audience.source.slug}}
    told = (await api.ask(ENABLE, audience.source.admin, **asked))["enableAudienceSharing"]["network"]
    assert told["audienceSharing"]["source"] == {"slug": audience.source.slug}
    assert told["audienceSharing"]["isEnabled"] is True
    assert told["audienceSharing"]["enabledAt"]
    seen = await api.ask(
        "query ($slug: String!) { nation(slug: $slug) { network { audienceSharing { isEnabled source { slug } } } } }",
        audience.targets[0].member,
        slug=audience.targets[0].slug,
    )
    assert seen["nation"]["network"]["audienceSharing"] == {"isEnabled": True, "source": {"slug": audience.source.slug}}
    off = (await api.ask(DISABLE, audience.source.admin, input={"networkId": network}))["disableAudienceSharing"]
    assert off["network"]["audienceSharing"] == {"isEnabled": False, "source": None}


async def test_rules_are_made_up_activated_under_the_terms_and_synced(api: Api, world: World) -> None:
    audience = await Audience.among(world)
    source, target = audience.source, audience.targets[0]
    await source.person(first_name="Ann", last_name="Ames", emails=["ann@example.org"])
    anns = gid("Segment", await audience.segment("Anns", who("first_name", "Ann")))
    asked = {"nationId": gid("Nation", source.id), "rules": rules(audience, anns, firesAutomations=True)}
    made = (await api.ask(CREATE, source.admin, input=asked))["createAudience"]
    assert (made["audience"]["rulesState"], made["audience"]["acceptedTerms"]) == ("DRAFT", None)
    assert made["cursor"]
    assert await shares(api, target) == []
    audience_id = made["audience"]["id"]
    wrong = {"audienceId": audience_id, "acceptedTerms": "no"}
    refused = (await api.ask(ACTIVATE, source.admin, input=wrong))["activateAudience"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["acceptedTerms"])
    assert TERMS_VERSION in refused["message"]
    agreed = {"audienceId": audience_id, "acceptedTerms": made["audience"]["currentTerms"]}
    live = (await api.ask(ACTIVATE, source.admin, input=agreed))["activateAudience"]["audience"]
    assert (live["rulesState"], live["acceptedTerms"]["termsVersion"]) == ("ACTIVE", TERMS_VERSION)
    (waiting,) = await shares(api, source)
    assert waiting["lastSyncAt"] is None
    assert waiting["nextSyncAt"] is not None
    await api.ask(ACT % "syncAudienceNow", source.admin, input={"audienceId": audience_id})
    await world.work()
    (sent,), (received,) = await shares(api, source), await shares(api, target)
    assert (sent["status"], sent["stats"]) == ("APPROVED", {"synced": 1, "total": 1})
    (run,) = sent["audienceRuns"]["edges"]
    assert run["node"] == {
        "runState": "SUCCEEDED",
        "trigger": "ASKED",
        "contactsCreated": 1,
        "contactsSynced": 1,
        "valuesWritten": 0,
        "optedOut": 0,
    }
    for share, sides in ((sent, ({"firstName": "Ann"}, None)), (received, (None, {"firstName": "Ann"}))):
        (match,) = share["audienceMatches"]["edges"]
        assert (match["node"]["sourceProfile"], match["node"]["targetProfile"]) == sides
        assert (match["node"]["matchState"], match["node"]["stage"]) == ("SYNCED", "CREATED")
        assert [segment["name"] for segment in share["sharedSegments"]] == ["Anns"]
        assert share["groupName"] == "From the source"
    group = {"name": "From the source", "members": 1, "isLocked": True}
    assert (sent["group"], received["group"]) == (
        None,
        group | {"profiles": {"edges": [{"node": {"firstName": "Ann"}}]}},
    )


async def test_targets_are_listed_all_with_and_without_rules(api: Api, world: World) -> None:
    audience = await Audience.among(world, "east", "west")
    east, west = audience.targets
    anns = await audience.segment("Anns", who("first_name", "Ann"))
    await audience.create(audience.rules(anns, targets=[east], fields=["first_name"]))
    found = {}
    for wanted in ("ALL", "WITH_RULES", "WITHOUT_RULES"):
        asked = await api.ask(TARGETS, audience.source.admin, slug=audience.source.slug, filter=wanted)
        connection = asked["nation"]["audience"]["targets"]
        found[wanted] = [edge["node"]["nation"]["slug"] for edge in connection["edges"]]
        assert connection["totalCount"] == len(found[wanted])
        if wanted == "WITH_RULES":
            (ruled,) = (edge["node"] for edge in connection["edges"])
            assert ruled["sharedSegments"] == [{"name": "Anns"}]
            assert (ruled["coveredFields"], ruled["audienceShare"], ruled["hasRules"]) == (["FIRST_NAME"], None, True)
    assert found == {
        "ALL": sorted([east.slug, west.slug]),
        "WITH_RULES": [east.slug],
        "WITHOUT_RULES": [west.slug],
    }


async def test_an_edit_of_the_rules_is_shown_before_it_is_done(api: Api, world: World) -> None:
    audience = await Audience.among(world, "east", "west")
    east, west = audience.targets
    ann = gid("Segment", first := await audience.segment("Anns", who("first_name", "Ann")))
    bob = gid("Segment", await audience.segment("Bobs", who("first_name", "Bob")))
    await audience.begin(audience.rules(first, targets=[east]))
    wanted = rules(audience, bob, groupName="Others")
    wanted["targets"] = [{"nation": east.slug, "segments": [ann, bob], "fields": ["LAST_NAME"]}, {"nation": west.slug}]
    before = await shares(api, audience.source)
    told = await api.ask(DIFFERENCE, audience.source.admin, slug=audience.source.slug, rules=wanted)
    told = told["nation"]["audience"]["difference"]
    assert (told["isEmpty"], told["oldGroupName"], told["newFiresAutomations"]) == (False, "From the source", None)
    changes = {change["nation"]["slug"]: change for change in told["changes"]}
    assert changes[east.slug]["addedSegments"] == [{"name": "Bobs"}]
    assert changes[east.slug]["removedFields"] == ["FIRST_NAME", "EMAILS"]
    assert (changes[west.slug]["isNew"], changes[west.slug]["addedSegments"]) == (True, [{"name": "Bobs"}])
    assert await shares(api, audience.source) == before
    edit = {"audienceId": gid("Audience", audience.id), "rules": wanted, "expectedVersion": 1}
    stale = (await api.ask(UPDATE, audience.source.admin, input=edit))["updateAudience"]
    assert (stale["code"], stale["current"]) == ("STALE_VERSION", 2)
    done = (await api.ask(UPDATE, audience.source.admin, input=edit | {"expectedVersion": 2}))["updateAudience"]
    assert done["audience"]["groupName"] == "Others"
    assert {share["receiver"]["slug"]: share["groupName"] for share in await shares(api, audience.source)} == {
        east.slug: "Others",
        west.slug: "Others",
    }
    again = await api.ask(DIFFERENCE, audience.source.admin, slug=audience.source.slug, rules=wanted)
    assert again["nation"]["audience"]["difference"]["isEmpty"] is True


async def test_every_fault_of_rules_is_named_by_its_place(api: Api, world: World) -> None:
    audience = await Audience.among(world)
    stranger = await world.nation("stranger")
    anns = gid("Segment", await audience.segment("Anns", who("first_name", "Ann")))
    wanted = rules(audience, anns, groupName=" ", syncEveryHours=0)
    wanted["targets"] = [{"nation": audience.source.slug}, {"nation": audience.targets[0].slug, "customFields": ["no"]}]
    asked = {"nationId": gid("Nation", audience.source.id), "rules": wanted}
    told = (await api.ask(CREATE, audience.source.admin, input=asked))["createAudience"]
    assert [problem["path"] for problem in told["problems"]] == [
        ["rules", "groupName"],
        ["rules", "syncEveryHours"],
        ["rules", "targets", "0", "nation"],
        ["rules", "targets", "1", "customFields", "0"],
    ]
    wanted["targets"] = [{"nation": stranger.slug}]
    told = (await api.ask(CREATE, audience.source.admin, input=asked))["createAudience"]
    assert [problem["path"] for problem in told["problems"]] == [["rules", "targets", "0", "nation"]]


async def test_pausing_and_resuming_show_in_what_is_due(api: Api, world: World) -> None:
    audience = await Audience.among(world)
    await audience.begin(audience.rules(await audience.segment("Anns", who("first_name", "Ann"))))
    asked = {"audienceId": gid("Audience", audience.id)}
    paused = (await api.ask(ACT % "pauseAudience", audience.source.admin, input=asked))["act"]["audience"]
    assert paused["rulesState"] == "PAUSED"
    assert [share["nextSyncAt"] for share in await shares(api, audience.source)] == [None]
    refused = (await api.ask(ACT % "syncAudienceNow", audience.source.admin, input=asked))["act"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["audienceId"])
    resumed = (await api.ask(ACT % "resumeAudience", audience.source.admin, input=asked))["act"]["audience"]
    assert resumed["rulesState"] == "ACTIVE"
    assert None not in [share["nextSyncAt"] for share in await shares(api, audience.source)]


async def test_deleting_the_rules_ends_it_for_both_sides(api: Api, world: World) -> None:
    audience = await Audience.among(world)
    await audience.source.person(first_name="Ann")
    await audience.begin(audience.rules(await audience.segment("Anns", who("first_name", "Ann"))))
    asked = {"audienceId": gid("Audience", audience.id)}
    gone = (await api.ask(DELETE, audience.source.admin, input=asked))["deleteAudience"]
    assert gone["deletedAudienceId"] == asked["audienceId"]
    await world.work()
    assert [share["status"] for share in await shares(api, audience.source)] == ["STOPPED"]
    assert await shares(api, audience.targets[0]) == []
    assert await active(audience.targets[0]) == []
    found = await api.ask(SHARES, audience.source.admin, slug=audience.source.slug)
    assert found["nation"]["audience"] is None


async def test_only_the_source_sees_the_rules_and_only_its_admins_change_them(api: Api, world: World) -> None:
    audience = await Audience.among(world)
    await audience.begin(audience.rules(await audience.segment("Anns", who("first_name", "Ann"))))
    target = audience.targets[0]
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await api.ask(node, target.admin, id=gid("Audience", audience.id)))["node"] is None
    asked = {"audienceId": gid("Audience", audience.id)}
    for caller, code in ((target.admin, "NOT_FOUND"), (audience.source.member, "FORBIDDEN")):
        refused = (await api.ask(ACT % "pauseAudience", caller, input=asked))["act"]
        assert refused["code"] == code
