"""Limits, held runs and cancelled ones, through the API."""

from __future__ import annotations

from typing import Any

import pytest

from sharing.brakes import MOST
from tests.crowd import Crowd, crowd, step
from tests.resolvers.asking import Api, gid
from tests.world import Nation, World

ERRORS = "__typename ... on UserError { message code path } ... on InvalidInputError { problems { path } }"
STATES = "... on IllegalTransitionError { status runState }"
LIMITS = "limits { sender { createdPeople overwrittenValues } receiver { createdPeople overwrittenValues } }"
RUN = "run { id runState heldBy { side limit allowed wanted nation { slug } } progress { phase } finishedAt }"
SET = f"""
mutation ($input: SetShareLimitsInput!) {{
  setShareLimits(input: $input) {{ {ERRORS} ... on SetShareLimitsPayload {{ cursor share {{ {LIMITS} }} }} }}
}}"""
ANSWER = f"{ERRORS} {STATES} ... on SyncRunPayload {{ cursor {RUN} }}"
RESUME = f"mutation ($input: RunActionInput!) {{ resumeRun(input: $input) {{ {ANSWER} }} }}"
CANCEL = f"mutation ($input: RunActionInput!) {{ cancelRun(input: $input) {{ {ANSWER} }} }}"


async def set_limits(api: Api, people: Crowd, by: Nation, **limits: Any) -> Any:
    given = {"shareId": gid("TagShare", people.share.id), "nationId": gid("Nation", by.id), **limits}
    return (await api.ask(SET, by.admin, input=given))["setShareLimits"]


async def held(api: Api, world: World) -> tuple[Crowd, str]:
    people = await crowd(world, lacking=3)
    await set_limits(api, people, people.receiver, createdPeople=2)
    run = await people.run_off(await people.accept())
    return people, gid("SyncRun", run.id)


async def test_each_side_sets_its_own_limits_and_both_see_them(api: Api, world: World):
    """What is left out stays as it is, and null clears."""
    people = await crowd(world, lacking=1)
    sender, receiver = people.sender, people.receiver
    first = await set_limits(api, people, receiver, createdPeople=0, overwrittenValues=MOST)
    assert first["cursor"]
    await set_limits(api, people, sender, overwrittenValues=7)
    found = await set_limits(api, people, receiver, overwrittenValues=None)
    expected = {
        "sender": {"createdPeople": None, "overwrittenValues": 7},
        "receiver": {"createdPeople": 0, "overwrittenValues": None},
    }
    assert found["share"] == {"limits": expected}
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on TagShare {{ {LIMITS} }} }} }}"
    for caller in (sender.member, receiver.member):
        assert await api.ask(query, caller, id=gid("TagShare", people.share.id)) == {"node": {"limits": expected}}


@pytest.mark.parametrize(
    ("who", "limits", "paths"),
    [
        ("receiver", {}, [None]),
        ("receiver", {"createdPeople": -1}, [["createdPeople"]]),
        ("receiver", {"overwrittenValues": -5}, [["overwrittenValues"]]),
        ("sender", {"createdPeople": 4}, [["createdPeople"]]),
    ],
)
async def test_a_limit_that_cannot_be_is_refused_as_data(api: Api, world: World, who: str, limits, paths):
    people = await crowd(world)
    found = await set_limits(api, people, getattr(people, who), **limits)
    assert (found["__typename"], [problem["path"] for problem in found["problems"]]) == ("InvalidInputError", paths)
    assert (await people.share.row()).limits is None


async def test_a_held_run_says_which_limit_of_whom_it_stands_before_and_how_many_it_wants(api: Api, world: World):
    people, run_id = await held(api, world)
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on TagShare {{ runs {{ edges {{ node {{ {RUN.removeprefix('run {').removesuffix('}')} }} }} }} }} }} }}"
    hold = {
        "side": "RECEIVER",
        "limit": "CREATED_PEOPLE",
        "allowed": 2,
        "wanted": 3,
        "nation": {"slug": people.receiver.slug},
    }
    for caller in (people.sender.member, people.receiver.member):
        data = await api.ask(query, caller, id=gid("TagShare", people.share.id))
        (edge,) = data["node"]["runs"]["edges"]
        assert (edge["node"]["id"], edge["node"]["runState"], edge["node"]["heldBy"]) == (run_id, "HELD", [hold])
        assert edge["node"]["finishedAt"] is None


async def test_a_held_run_is_resumed_by_whom_it_concerns(api: Api, world: World):
    people, run_id = await held(api, world)
    refused = (await api.ask(RESUME, people.sender.admin, input={"runId": run_id}))["resumeRun"]
    assert (refused["__typename"], refused["code"]) == ("ForbiddenError", "FORBIDDEN")
    found = (await api.ask(RESUME, people.receiver.admin, input={"runId": run_id}))["resumeRun"]
    assert (found["run"]["runState"], found["run"]["heldBy"], bool(found["cursor"])) == ("RUNNING", [], True)
    await world.work()
    assert await people.made() == 3
    again = (await api.ask(RESUME, people.receiver.admin, input={"runId": run_id}))["resumeRun"]
    assert (again["__typename"], again["status"], again["runState"]) == (
        "IllegalTransitionError",
        "APPROVED",
        "SUCCEEDED",
    )


async def test_a_run_is_cancelled_from_either_side_whatever_it_is_at(api: Api, world: World):
    people, held_id = await held(api, world)
    found = (await api.ask(CANCEL, people.sender.admin, input={"runId": held_id}))["cancelRun"]
    assert (found["run"]["runState"], found["run"]["heldBy"]) == ("CANCELLED", [])
    assert found["run"]["finishedAt"]
    await set_limits(api, people, people.receiver, createdPeople=None)
    for steps in (0, 2):
        run_id = await people.ask()
        for _ in range(steps):
            assert await step(world, run_id)
        found = (await api.ask(CANCEL, people.receiver.admin, input={"runId": gid("SyncRun", run_id)}))["cancelRun"]
        assert (found["run"]["runState"], found["run"]["heldBy"]) == ("CANCELLED", [])
    await world.work()
    assert await people.made() == 0
    again = (await api.ask(CANCEL, people.receiver.admin, input={"runId": held_id}))["cancelRun"]
    assert (again["__typename"], again["code"], again["runState"]) == (
        "IllegalTransitionError",
        "ILLEGAL_TRANSITION",
        "CANCELLED",
    )


@pytest.mark.parametrize(("name", "document"), [("resumeRun", RESUME), ("cancelRun", CANCEL)])
async def test_a_run_that_is_not_ones_own_answers_as_one_that_is_not_there(api: Api, world: World, name, document):
    people, run_id = await held(api, world)
    stranger = await world.nation("stranger")
    none = gid("SyncRun", people.share.id)
    answers = [
        (await api.ask(document, caller, input={"runId": asked}))[name]
        for caller, asked in ((stranger.admin, run_id), (people.receiver.admin, none), (stranger.admin, gid("Tag", 1)))
    ]
    assert answers[0] == answers[1] == answers[2]
    assert (answers[0]["code"], answers[0]["path"]) == ("NOT_FOUND", ["runId"])
