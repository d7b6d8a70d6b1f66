"""Brakes: limits set, held runs resumed, runs cancelled."""

from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from actions.brakes import set_share_limits
from actions.holding import cancel_run, resume_run
from actions.repeats import Done
from resolvers.bounds import asked_limits
from resolvers.context import Info
from resolvers.ids import number_of, uuid_of
from resolvers.selection import Selection
from schema.holding import (
    RunActionInput,
    SetShareLimitsInput,
    SetShareLimitsPayload,
    SetShareLimitsResult,
    SyncRunPayload,
    SyncRunResult,
)

Action: TypeAlias = Annotated[RunActionInput, strawberry.argument(description="Which run.")]


async def _seen(info: Info, done: Done[UUID], run_id: UUID) -> SyncRunPayload:
    run = await info.context.loaders.sync_run_row(run_id)
    return SyncRunPayload(run=run, cursor=info.context.cursor(done, *done.positions))


@strawberry.type
class BrakeMutations:
    """What nations do about runs that write more than they like."""

    @strawberry.mutation(
        description="Set limits of one nation on what a share writes into it: a run that would go past one is held "
        "before it does. For its admins, in whatever status the share is. A held run goes on once nothing holds it."
    )
    async def set_share_limits(
        self, info: Info, input: Annotated[SetShareLimitsInput, strawberry.argument(description="Which, and how much.")]
    ) -> SetShareLimitsResult:
        """Set limits of one nation on a share."""
        share_id = uuid_of("TagShare", input.share_id, "shareId")
        nation_id = number_of("Nation", input.nation_id, "nationId")
        asked = asked_limits(input.created_people, input.overwritten_values)
        done = await info.context.write(set_share_limits, share_id, nation_id, asked)
        share = await info.context.loaders.share_row(share_id, Selection.below(info).under("share"))
        return SetShareLimitsPayload(share=share, cursor=info.context.cursor(done, nation_id))

    @strawberry.mutation(
        description="Have a held run go on, past the limits of the caller's nation that hold it, to its end. It goes "
        "on once no limit of the other nation holds it either. For admins of a nation whose limit holds it."
    )
    async def resume_run(self, info: Info, input: Action) -> SyncRunResult:
        """Have a held run go on."""
        run_id = uuid_of("SyncRun", input.run_id, "runId")
        done = await info.context.write(resume_run, run_id)
        return await _seen(info, done, run_id)

    @strawberry.mutation(
        description="Give up a sync run that is queued, running or held. What it wrote stays, and it writes nothing "
        "more; the next one comes within a day. For admins of either side."
    )
    async def cancel_run(self, info: Info, input: Action) -> SyncRunResult:
        """Give up a sync run."""
        run_id = uuid_of("SyncRun", input.run_id, "runId")
        done = await info.context.write(cancel_run, run_id)
        return await _seen(info, done, run_id)
