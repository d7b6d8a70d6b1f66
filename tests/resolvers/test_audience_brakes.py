"""Brakes of audiences: a target limits what is written into it, a run is held before that, resumed and cancelled."""

from __future__ import annotations

from typing import Any

from sharing.states import RunState
from tests.audience import Audience, active
from tests.resolvers.asking import Api, gid
from tests.world import Nation, World

ERRORS = """__typename ... on UserError { code message path } ... on InvalidInputError { problems { path message } }"""
STATES = "... on IllegalTransitionError { status runState }"
RUN = "run { id runState finishedAt heldBy { side limit allowed wanted nation { slug } } audienceShare { id } }"
LIMITS = "targetLimits { createdPeople overwrittenValues }"
SET = f"""mutation ($input: SetAudienceLimitsInput!) {{
  setAudienceLimits(input: $input) {{ ... on SetAudienceLimitsPayload {{ cursor share {{ id {LIMITS} }} }} {ERRORS} }}
}}"""
ACT = f"""mutation ($input: AudienceRunActionInput!) {{
  act: %s(input: $input) {{ ... on AudienceRunPayload {{ cursor {RUN} }} {ERRORS} {STATES} }}
}}"""
LATEST = f"""query ($id: ID!) {{ node(id: $id) {{ ... on AudienceShare {{
  {LIMITS} nextSyncAt
  audienceRuns(first: 1) {{ edges {{ node {{ id runState heldBy {{ side limit allowed wanted nation {{ slug }} }} }} }} }}
}} }} }}"""
EVERYBODY = {"not": {"clause": {"field": "first_name", "operator": "EQUALS", "values": ["Nobody"]}}}


async def three(world: World) -> Audience:
    """Return an audience of three people that is active and has not synced."""
    audience = await Audience.among(world)
    for name in ("Ann", "Bob", "Cid"):
        await audience.source.person(first_name=name, emails=[f"{name.lower()}@example.org"])
    await audience.create(audience.rules(await audience.segment("All", EVERYBODY)))
    await audience.activate()
    return audience


async def limit(api: Api, audience: Audience, by: Nation, **limits: Any) -> Any:
    share = await audience.share(audience.targets[0])
    asked = {"shareId": gid("AudienceShare", share.id), **limits}
    return (await api.ask(SET, by.admin, input=asked))["setAudienceLimits"]


async def latest(api: Api, audience: Audience, seen_by: Nation) -> Any:
    share = await audience.share(audience.targets[0])
    found = await api.ask(LATEST, seen_by.admin, id=gid("AudienceShare", share.id))
    return found["node"]["audienceRuns"]["edges"][0]["node"]


async def act(api: Api, mutation: str, by: Nation, run_id: str) -> Any:
    return (await api.ask(ACT % mutation, by.admin, input={"runId": run_id}))["act"]


async def test_a_run_that_would_make_more_contacts_than_the_target_allows_is_held_and_goes_on_when_it_says_so(
    api: Api, world: World
) -> None:
    audience = await three(world)
    source, target = audience.source, audience.targets[0]
    done = await limit(api, audience, target, createdPeople=2)
    assert done["share"]["targetLimits"] == {"createdPeople": 2, "overwrittenValues": None}
    assert done["cursor"]
    await audience.sync()
    hold = {"side": "RECEIVER", "limit": "CREATED_PEOPLE", "allowed": 2, "wanted": 3, "nation": {"slug": target.slug}}
    for nation in (source, target):
        held = await latest(api, audience, nation)
        assert (held["runState"], held["heldBy"]) == ("HELD", [hold])
    assert await active(target) == []
    refused = await act(api, "resumeAudienceRun", source, held["id"])
    assert refused["code"] == "FORBIDDEN"
    resumed = await act(api, "resumeAudienceRun", target, held["id"])
    assert (resumed["run"]["runState"], resumed["run"]["heldBy"]) == ("RUNNING", [])
    await world.work()
    assert {person.first_name for person in await active(target)} == {"Ann", "Bob", "Cid"}
    assert await audience.members(target) == {"Ann", "Bob", "Cid"}
    over = await act(api, "resumeAudienceRun", target, held["id"])
    assert (over["code"], over["status"], over["runState"]) == ("ILLEGAL_TRANSITION", "APPROVED", "SUCCEEDED")


async def test_a_held_run_holds_up_its_own_target_alone(api: Api, world: World) -> None:
    audience = await Audience.among(world, "east", "west")
    east, west = audience.targets
    await audience.source.person(first_name="Ann")
    await audience.create(audience.rules(await audience.segment("All", EVERYBODY)))
    await audience.activate()
    await limit(api, audience, east, createdPeople=0)
    await audience.sync()
    await audience.sync()
    assert [run.state for run in await audience.runs(east)] == [RunState.HELD]
    assert [run.state for run in await audience.runs(west)] == [RunState.SUCCEEDED, RunState.SUCCEEDED]
    assert (await active(east), await audience.members(west)) == ([], {"Ann"})


async def test_a_later_run_that_would_overwrite_too_much_is_held_and_goes_on_once_the_limit_is_raised(
    api: Api, world: World
) -> None:
    audience = await three(world)
    target = audience.targets[0]
    await audience.sync()
    await limit(api, audience, target, overwrittenValues=2)
    for person in await audience.source.people():
        await audience.source.edit(person.id, first_name=f"{person.first_name}a")
    await audience.sync()
    held = await latest(api, audience, target)
    assert [(hold["limit"], hold["wanted"]) for hold in held["heldBy"]] == [("OVERWRITTEN_VALUES", 3)]
    assert {person.first_name for person in await active(target)} == {"Ann", "Bob", "Cid"}
    raised = await limit(api, audience, target, overwrittenValues=3)
    assert raised["share"]["targetLimits"]["overwrittenValues"] == 3
    await world.work()
    assert {person.first_name for person in await active(target)} == {"Anna", "Boba", "Cida"}
    assert (await latest(api, audience, target))["runState"] == "SUCCEEDED"


async def test_a_run_is_cancelled_from_either_side_and_the_next_does_what_it_did_not(api: Api, world: World) -> None:
    audience = await three(world)
    source, target = audience.source, audience.targets[0]
    await limit(api, audience, target, createdPeople=2)
    for nation in (source, target):
        await audience.sync()
        held = await latest(api, audience, nation)
        cancelled = await act(api, "cancelAudienceRun", nation, held["id"])
        assert (cancelled["run"]["runState"], cancelled["run"]["heldBy"]) == ("CANCELLED", [])
        assert cancelled["run"]["finishedAt"]
        again = await act(api, "cancelAudienceRun", nation, held["id"])
        assert (again["code"], again["runState"]) == ("ILLEGAL_TRANSITION", "CANCELLED")
    assert await active(target) == []
    share = await audience.share(target)
    assert share.next_sync_at is not None
    await limit(api, audience, target, createdPeople=None)
    await audience.sync()
    assert await audience.members(target) == {"Ann", "Bob", "Cid"}


async def test_a_held_run_is_given_up_by_a_pause(api: Api, world: World) -> None:
    audience = await three(world)
    target = audience.targets[0]
    await limit(api, audience, target, createdPeople=0)
    await audience.sync()
    await audience.pause()
    assert (await latest(api, audience, target))["runState"] == "CANCELLED"
    await limit(api, audience, target, createdPeople=None)
    await audience.resume()
    await world.work()
    await audience.sync()
    assert await audience.members(target) == {"Ann", "Bob", "Cid"}


async def test_limits_of_an_audience_are_the_targets_alone(api: Api, world: World) -> None:
    audience = await three(world)
    source, target = audience.source, audience.targets[0]
    stranger = await world.nation("stranger")
    refused = await limit(api, audience, source, createdPeople=2)
    assert (refused["__typename"], refused["code"]) == ("ForbiddenError", "FORBIDDEN")
    refused = await limit(api, audience, stranger, createdPeople=2)
    assert (refused["__typename"], refused["path"]) == ("NotFoundError", ["shareId"])
    for wrong, path in (({}, []), ({"createdPeople": -1}, ["createdPeople"])):
        refused = await limit(api, audience, target, **wrong)
        assert (refused["code"], refused["path"] or []) == ("INVALID_INPUT", path)
    found = await api.ask(LATEST, target.admin, id=gid("AudienceShare", (await audience.share(target)).id))
    assert found["node"]["targetLimits"] == {"createdPeople": None, "overwrittenValues": None}


async def test_a_run_of_an_audience_that_is_not_ones_own_answers_as_one_that_is_not_there(
    api: Api, world: World
) -> None:
    audience = await three(world)
    target = audience.targets[0]
    await limit(api, audience, target, createdPeople=0)
    await audience.sync()
    held = await latest(api, audience, target)
    stranger = await world.nation("stranger")
    none = gid("AudienceRun", (await audience.share(target)).id)
    for mutation in ("resumeAudienceRun", "cancelAudienceRun"):
        answers = [await act(api, mutation, by, run) for by, run in ((stranger, held["id"]), (target, none))]
        assert answers[0] == answers[1]
        assert (answers[0]["code"], answers[0]["path"]) == ("NOT_FOUND", ["runId"])
    assert (await latest(api, audience, target))["runState"] == "HELD"
