"""Who may do what, every cell of the tables, through the API: allowed, or the error that stands for why, nothing changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request

from actions.repeats import Done
from actions.unit import unit_of_work
from resolvers.context import Context
from resolvers.log import Log
from resolvers.roots import Reads
from server.uploads import Uploads
from sharing.errors import Forbidden, IllegalTransition, NotFound
from sharing.lifecycle import Party, ShareAction, ShareStatus
from sharing.visibility import Caller, Deed, Plan
from tests.resolvers.asking import SCHEMA, SEAL, TOKENS, NoBells, gid
from tests.resolvers.neighbours import everything
from tests.rights import WHO, Stage, Undone, refusal, refusal_of_step, set_stage
from tests.world import World

NAMES = {
    Forbidden: "ForbiddenError",
    NotFound: "NotFoundError",
    IllegalTransition: "IllegalTransitionError",
    None: Undone.code,
}
ANSWER = "__typename ... on UserError { code message }"
STATUS = "... on IllegalTransitionError { status }"


class Undoing(Context):
    """What an operation carries with it, save that nothing it does lasts."""

    async def write(self, action: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Done[Any]:
        """Carry out an action, and undo it when all of it is done."""
        async with unit_of_work(self.post, self.caller) as unit:
            await action(unit, *args, **kwargs)
            await unit.close()
            raise Undone("All of it.")


def nation(stage: Stage) -> str:
    return gid("Nation", stage.own.id)


def approved(stage: Stage) -> str:
    return gid("TagShare", stage.shares[ShareStatus.APPROVED].id)


# A mutation for each deed, and its input.
DEEDS: dict[Deed, tuple[str, Callable[[Stage], dict[str, Any]]]] = {
    Deed.EDIT_PROFILES: ("createProfile", lambda stage: {"nationId": nation(stage), "fields": {"firstName": "Ada"}}),
    Deed.EDIT_SEGMENTS: (
        "createSegment",
        lambda stage: {
            "nationId": nation(stage),
            "name": "new",
            "criteria": {"clause": {"field": "LAST_NAME", "operator": "IS_BLANK"}},
        },
    ),
    Deed.EDIT_GROUPS: ("createGroup", lambda stage: {"nationId": nation(stage), "name": "new"}),
    Deed.EDIT_AUTOMATIONS: (
        "createAutomation",
        lambda stage: {"nationId": nation(stage), "name": "new", "field": "EMPLOYER"},
    ),
    Deed.EDIT_TAGS: ("createTag", lambda stage: {"nationId": nation(stage), "name": "new"}),
    Deed.REVIEW_CONFLICTS: (
        "skipConflicts",
        lambda stage: {"nationId": nation(stage), "conflictIds": [gid("Conflict", stage.conflict)]},
    ),
    Deed.CREATE_SHARE: (
        "createTagShares",
        lambda stage: {"tagId": gid("Tag", stage.free), "receiverSlugs": [stage.other.slug]},
    ),
    Deed.DECIDE_SHARE: ("rejectTagShare", lambda stage: {"shareId": gid("TagShare", stage.received.id)}),
    Deed.STOP_SHARE: ("stopTagShare", lambda stage: {"shareId": approved(stage)}),
    Deed.SYNC_SHARE: ("syncShareNow", lambda stage: {"shareId": approved(stage)}),
    Deed.SET_LIMITS: (
        "setShareLimits",
        lambda stage: {"shareId": approved(stage), "nationId": nation(stage), "overwrittenValues": 3},
    ),
    Deed.RESUME_RUN: ("resumeRun", lambda stage: {"runId": gid("SyncRun", stage.run)}),
    Deed.CANCEL_RUN: ("cancelRun", lambda stage: {"runId": gid("SyncRun", stage.run)}),
    Deed.EDIT_CUSTOM_FIELDS: (
        "createCustomField",
        lambda stage: {"nationId": nation(stage), "slug": "size", "label": "Size", "kind": "TEXT"},
    ),
    Deed.RESOLVE_MATCHES: ("unlinkMatch", lambda stage: {"matchId": gid("Match", stage.match)}),
    Deed.SHARE_CUSTOM_FIELDS: ("shareCustomFields", lambda stage: {"networkId": gid("Network", stage.network)}),
    Deed.EDIT_NATION: ("updateNation", lambda stage: {"nationId": nation(stage), "autoDistricting": True}),
    Deed.LEAVE_NETWORK: ("leaveNetwork", lambda stage: {"nationId": nation(stage)}),
    Deed.NAME_MANAGERS: (
        "nameNetworkManager",
        lambda stage: {"networkId": gid("Network", stage.network), "email": stage.email},
    ),
    Deed.ENABLE_AUDIENCES: (
        "enableAudienceSharing",
        lambda stage: {"networkId": gid("Network", stage.network), "sourceSlug": stage.own.slug},
    ),
    Deed.SHARE_AUDIENCE: (
        "createAudience",
        lambda stage: {"nationId": nation(stage), "rules": {"groupName": "A group", "targets": []}},
    ),
}
# Deeds for which there is no mutation: each has a test of its own below.
OTHERWISE = {Deed.READ, Deed.IMPORT}
STEPS: dict[ShareAction, tuple[str, dict[str, Any]]] = {
    ShareAction.ACCEPT: ("acceptTagShare", {"syncMode": "ACCEPT_ALL"}),
    ShareAction.REJECT: ("rejectTagShare", {}),
    ShareAction.STOP: ("stopTagShare", {}),
    ShareAction.UPDATE: ("updateTagShare", {"syncProfiles": False}),
    ShareAction.REQUEST: ("requestTagShare", {}),
    ShareAction.SYNC: ("syncShareNow", {}),
}


@pytest.fixture(scope="module")
async def stage(database: None) -> Stage:
    """Return the stage, which every test leaves as it found it."""
    return await set_stage(World())


async def answer(
    stage: Stage, caller: Caller, mutation: str, given: dict[str, Any], besides: str = ""
) -> dict[str, Any]:
    """Return what a mutation answers that is undone if it is done."""
    kind = SCHEMA._schema.mutation_type.fields[mutation].args["input"].type  # type: ignore[union-attr]
    context = Undoing(caller, stage.world.post, TOKENS, SEAL, Log(NoBells()), Reads)  # type: ignore[arg-type]
    text = f"mutation ($input: {kind}) {{ {mutation}(input: $input) {{ {ANSWER} {besides} }} }}"
    result = await SCHEMA.execute(text, variable_values={"input": given}, context_value=context)
    assert result.errors is None, result.errors
    found: dict[str, Any] = result.data[mutation]  # type: ignore[index]
    return found


def named(found: dict[str, Any]) -> str:
    """Return how an answer is called: by its type, or undone."""
    return str(found["code"] if found["code"] == Undone.code else found["__typename"])


def test_every_deed_and_every_action_is_tried():
    assert DEEDS.keys() | OTHERWISE == set(Deed)
    assert STEPS.keys() == set(ShareAction)


@pytest.mark.parametrize("plan", list(Plan))
@pytest.mark.parametrize("who", WHO)
async def test_each_deed_is_done_by_whom_the_tables_let(stage: Stage, who: str, plan: Plan):
    await stage.own.become(plan=plan)
    caller = stage.callers[who]
    before, jobs = await everything(), set(stage.world.post.jobs)
    found = {deed: await answer(stage, caller, name, given(stage)) for deed, (name, given) in DEEDS.items()}
    assert {deed: named(one) for deed, one in found.items()} == {
        deed: NAMES[refusal(stage, caller, plan, deed)] for deed in DEEDS
    }
    assert (await everything(), set(stage.world.post.jobs)) == (before, jobs)


@pytest.mark.parametrize("plan", list(Plan))
@pytest.mark.parametrize("who", WHO)
async def test_a_nation_is_read_by_whom_the_tables_let(stage: Stage, who: str, plan: Plan):
    await stage.own.become(plan=plan)
    caller = stage.callers[who]
    context = Undoing(caller, stage.world.post, TOKENS, SEAL, Log(NoBells()), Reads)  # type: ignore[arg-type]
    text = "query ($slug: String!, $id: ID!) { nation(slug: $slug) { slug } node(id: $id) { ... on Nation { slug } } }"
    given = {"slug": stage.own.slug, "id": gid("Nation", stage.own.id)}
    result = await SCHEMA.execute(text, variable_values=given, context_value=context)
    shown = {"slug": stage.own.slug} if refusal(stage, caller, plan, Deed.READ) is None else None
    assert (result.errors, result.data) == (None, {"nation": shown, "node": shown})


@pytest.mark.parametrize("who", WHO)
async def test_people_are_imported_by_whom_the_tables_let(world: World, who: str):
    """Which lasts, and so has a stage of its own."""
    stage = await set_stage(world)
    caller = stage.callers[who]

    async def known(authorization: str | None) -> Caller:
        return caller

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"first_name\nAda\n", "more_body": False}

    for plan in Plan:
        await stage.own.become(plan=plan)
        before = await everything()
        scope = {"type": "http", "method": "POST", "path": "/", "path_params": {"slug": stage.own.slug}}
        scope["headers"] = [(b"content-type", b"text/csv")]
        response = await Uploads(known, world.post)(Request(scope, receive))
        allowed = refusal(stage, caller, plan, Deed.IMPORT) is None
        assert response.status_code == (202 if allowed else 404 if caller.is_known else 401)
        assert (await everything() == before) is not allowed


@pytest.mark.parametrize("status", list(ShareStatus))
@pytest.mark.parametrize("party", list(Party))
async def test_each_step_of_a_share_is_taken_by_whom_and_when_the_table_lets(
    stage: Stage, party: Party, status: ShareStatus
):
    await stage.own.become(plan=Plan.ENTERPRISE)
    share = stage.shares[status]
    nation = share.sender if party is Party.SENDER else share.receiver
    before, jobs = await everything(), set(stage.world.post.jobs)
    for action, (mutation, terms) in STEPS.items():
        given = {"shareId": gid("TagShare", share.id), **terms}
        found = await answer(stage, nation.admin, mutation, given, STATUS)
        expected = refusal_of_step(party, action, status)
        assert named(found) == NAMES[expected], action
        assert found.get("status") == (status if expected is IllegalTransition else None)
        unlike = [nation.member, stage.callers["an admin elsewhere"], stage.callers["nobody"]]
        kinds = [named(await answer(stage, caller, mutation, given)) for caller in unlike]
        hidden = "NotFoundError"
        assert kinds == ["ForbiddenError" if expected is None else NAMES[expected], hidden, hidden], action
    assert (await everything(), set(stage.world.post.jobs)) == (before, jobs)
