"""Who may do what, every cell of the tables, where the deeds are done: allowed, or refused with nothing changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from actions.audiences.networks import disable_audience_sharing
from actions.audiences.rules import create_audience
from actions.automations import Watch, create_automation
from actions.brakes import set_share_limits
from actions.conflicts import skip_conflicts
from actions.custom_fields import create_custom_field
from actions.groups import create_group
from actions.holding import cancel_run, resume_run
from actions.importing import begin_import
from actions.nations import update_nation
from actions.network_managers import name_manager
from actions.networks import leave_network, share_custom_fields
from actions.profiles import create_profile
from actions.resolving import unlink_match
from actions.rights import require_in
from actions.segments import create_segment
from actions.shares import (
    accept_tag_share,
    create_tag_shares,
    reject_tag_share,
    request_tag_share,
    stop_tag_share,
    sync_share_now,
    update_tag_share,
)
from actions.tags import create_tag
from actions.unit import Unit
from models.share import Share
from sharing.audiences.rules import AudienceRules
from sharing.brakes import Limit
from sharing.coverage import Settings
from sharing.csv_rows import Row
from sharing.customs import CustomKind
from sharing.errors import ComityError, IllegalTransition
from sharing.lifecycle import Party, ShareAction, ShareStatus, next_status
from sharing.modes import SyncMode
from sharing.visibility import Caller, Deed, Plan
from tests.resolvers.neighbours import everything
from tests.rights import WHO, Stage, Undone, refusal, refusal_of_step, set_stage
from tests.world import SharedTag, World

ANYBODY = {"clause": {"field": "last_name", "operator": "IS_BLANK"}}
DEEDS: dict[Deed, Callable[[Unit, Stage], Awaitable[Any]]] = {
    Deed.READ: lambda unit, stage: require_in(unit.caller, stage.own.id, Deed.READ),
    Deed.EDIT_PROFILES: lambda unit, stage: create_profile(unit, stage.own.id, {"first_name": "Ada"}),
    Deed.EDIT_TAGS: lambda unit, stage: create_tag(unit, stage.own.id, "new"),
    Deed.EDIT_GROUPS: lambda unit, stage: create_group(unit, stage.own.id, "new"),
    Deed.EDIT_SEGMENTS: lambda unit, stage: create_segment(unit, stage.own.id, "new", ANYBODY),
    Deed.EDIT_AUTOMATIONS: lambda unit, stage: create_automation(unit, stage.own.id, "new", Watch("employer")),
    Deed.IMPORT: lambda unit, stage: begin_import(unit, stage.own.id, Row(1, ("first_name",))),
    Deed.REVIEW_CONFLICTS: lambda unit, stage: skip_conflicts(unit, stage.own.id, [stage.conflict]),
    Deed.CREATE_SHARE: lambda unit, stage: create_tag_shares(unit, stage.free, [stage.other.slug], Settings()),
    Deed.DECIDE_SHARE: lambda unit, stage: reject_tag_share(unit, stage.received.id),
    Deed.STOP_SHARE: lambda unit, stage: stop_tag_share(unit, stage.shares[ShareStatus.APPROVED].id),
    Deed.SYNC_SHARE: lambda unit, stage: sync_share_now(unit, stage.shares[ShareStatus.APPROVED].id),
    Deed.SET_LIMITS: lambda unit, stage: set_share_limits(
        unit, stage.shares[ShareStatus.APPROVED].id, stage.own.id, {Limit.OVERWRITTEN_VALUES: 3}
    ),
    Deed.RESUME_RUN: lambda unit, stage: resume_run(unit, stage.run),
    Deed.CANCEL_RUN: lambda unit, stage: cancel_run(unit, stage.run),
    Deed.EDIT_CUSTOM_FIELDS: lambda unit, stage: create_custom_field(
        unit, stage.own.id, "size", "Size", CustomKind.TEXT
    ),
    Deed.SHARE_CUSTOM_FIELDS: lambda unit, stage: share_custom_fields(unit, stage.network),
    Deed.EDIT_NATION: lambda unit, stage: update_nation(unit, stage.own.id, name="Another", auto_districting=True),
    Deed.LEAVE_NETWORK: lambda unit, stage: leave_network(unit, stage.own.id),
    Deed.RESOLVE_MATCHES: lambda unit, stage: unlink_match(unit, stage.match),
    Deed.NAME_MANAGERS: lambda unit, stage: name_manager(unit, stage.network, stage.email),
    Deed.ENABLE_AUDIENCES: lambda unit, stage: disable_audience_sharing(unit, stage.network),
    Deed.SHARE_AUDIENCE: lambda unit, stage: create_audience(unit, stage.own.id, AudienceRules("A group")),
}
STEPS: dict[ShareAction, Callable[[Unit, SharedTag], Awaitable[Any]]] = {
    ShareAction.ACCEPT: lambda unit, share: accept_tag_share(unit, share.id, SyncMode.ACCEPT_ALL, False, False),
    ShareAction.REJECT: lambda unit, share: reject_tag_share(unit, share.id),
    ShareAction.STOP: lambda unit, share: stop_tag_share(unit, share.id),
    ShareAction.UPDATE: lambda unit, share: update_tag_share(unit, share.id, Settings(sync_profiles=False)),
    ShareAction.REQUEST: lambda unit, share: request_tag_share(unit, share.id),
    ShareAction.SYNC: lambda unit, share: sync_share_now(unit, share.id),
}


@pytest.fixture(scope="module")
async def stage(database: None) -> Stage:
    """Return the stage, which every test leaves as it found it."""
    return await set_stage(World())


async def outcome(stage: Stage, caller: Caller, act: Callable[[Unit], Awaitable[Any]]) -> ComityError | None:
    """Do something and undo it; return how it was refused, None where it was not."""
    try:
        async with stage.world.unit(caller) as unit:
            await act(unit)
            await unit.close()
            raise Undone("All of it.")
    except Undone:
        return None
    except ComityError as error:
        return error


def test_every_deed_and_every_action_is_tried():
    assert DEEDS.keys() == set(Deed)
    assert STEPS.keys() == set(ShareAction)


@pytest.mark.parametrize("plan", list(Plan))
@pytest.mark.parametrize("who", WHO)
async def test_each_deed_is_done_by_whom_the_tables_let(stage: Stage, who: str, plan: Plan):
    await stage.own.become(plan=plan)
    caller = stage.callers[who]
    before, jobs = await everything(), set(stage.world.post.jobs)
    found = {deed: await outcome(stage, caller, lambda unit, do=do: do(unit, stage)) for deed, do in DEEDS.items()}
    assert {deed: type(error) if error else None for deed, error in found.items()} == {
        deed: refusal(stage, caller, plan, deed) for deed in Deed
    }
    assert (await everything(), set(stage.world.post.jobs)) == (before, jobs)


@pytest.mark.parametrize("status", list(ShareStatus))
@pytest.mark.parametrize("party", list(Party))
async def test_each_step_of_a_share_is_taken_by_whom_and_when_the_table_lets(
    stage: Stage, party: Party, status: ShareStatus
):
    await stage.own.become(plan=Plan.ENTERPRISE)
    share = stage.shares[status]
    nation = share.sender if party is Party.SENDER else share.receiver
    before, jobs = await everything(), set(stage.world.post.jobs)
    for action, step in STEPS.items():
        reached: list[ShareStatus] = []

        async def take(unit: Unit, step: Any = step, reached: list[ShareStatus] = reached) -> None:
            await step(unit, share)
            reached.append((await Share.get(id=share.id)).status)

        error = await outcome(stage, nation.admin, take)
        expected = refusal_of_step(party, action, status)
        assert (type(error) if error else None) is expected, action
        if isinstance(error, IllegalTransition):
            assert error.status == status
        assert reached == ([] if error else [next_status(status, action, party)]), action
        for caller in (nation.member, stage.callers["an admin elsewhere"]):
            assert await outcome(stage, caller, take) is not None, action
        assert len(reached) == (error is None)
    assert (await everything(), set(stage.world.post.jobs)) == (before, jobs)
