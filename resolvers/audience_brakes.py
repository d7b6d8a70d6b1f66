"""Brakes of audiences: limits set by a target, held runs resumed, runs cancelled."""

from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from actions.brakes import set_audience_limits
from actions.holding import cancel_run, resume_run
from actions.repeats import Done
from resolvers.bounds import asked_limits
from resolvers.context import Info
from resolvers.ids import uuid_of
from schema.audience_brakes import (
    AudienceRunActionInput,
    AudienceRunPayload,
    AudienceRunResult,
    SetAudienceLimitsInput,
    SetAudienceLimitsPayload,
    SetAudienceLimitsResult,
)
from sharing.visibility import ShareKind

Action: TypeAlias = Annotated[AudienceRunActionInput, strawberry.argument(description="Which run.")]


async def _seen(info: Info, done: Done[UUID], run_id: UUID) -> AudienceRunPayload:
    run = await info.context.loaders.audience_run_row(run_id)
    return AudienceRunPayload(run=run, cursor=info.context.cursor(done, *done.positions))


@strawberry.type
class AudienceBrakeMutations:
    """What nations do about runs of an audience that write more than they like."""

    @strawberry.mutation(
        description="Set limits of a target on what an audience share writes into it: a run that would go past one is "
        "held before it does. For the target's admins. A held run goes on once nothing holds it."
    )
    async def set_audience_limits(
        self,
        info: Info,
        input: Annotated[SetAudienceLimitsInput, strawberry.argument(description="Which, and how much.")],
    ) -> SetAudienceLimitsResult:
        """Set limits of a target on an audience share."""
        share_id = uuid_of("AudienceShare", input.share_id, "shareId")
        asked = asked_limits(input.created_people, input.overwritten_values)
        done = await info.context.write(set_audience_limits, share_id, asked)
        share = await info.context.loaders.audience_share_row(share_id)
        return SetAudienceLimitsPayload(share=share, cursor=info.context.cursor(done, *done.positions))

    @strawberry.mutation(
        description="Have a held run of an audience go on, past the limits that hold it, to its end. For the target's "
        "admins."
    )
    async def resume_audience_run(self, info: Info, input: Action) -> AudienceRunResult:
        """Have a held run of an audience go on."""
        run_id = uuid_of("AudienceRun", input.run_id, "runId")
        done = await info.context.write(resume_run, run_id, ShareKind.AUDIENCE)
        return await _seen(info, done, run_id)

    @strawberry.mutation(
        description="Give up a run of an audience that is queued, running or held. What it wrote stays, and it writes "
        "nothing more; the next one comes when it is due. For admins of either side."
    )
    async def cancel_audience_run(self, info: Info, input: Action) -> AudienceRunResult:
        """Give up a run of an audience."""
        run_id = uuid_of("AudienceRun", input.run_id, "runId")
        done = await info.context.write(cancel_run, run_id, ShareKind.AUDIENCE)
        return await _seen(info, done, run_id)
