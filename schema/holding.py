"""Limits set, held runs resumed, runs cancelled: the inputs, the payloads and the results."""

from typing import Annotated, TypeAlias

import strawberry

from schema.errors import ForbiddenError, IllegalTransitionError, InvalidInputError, NotFoundError
from schema.payloads import WritePayload
from schema.repeats import RepeatableInput
from schema.runs import SyncRun
from schema.shares import TagShare


@strawberry.input(
    description="Limits of one nation on what a share writes into it, at least one of them. What is left out stays as "
    "it is; null clears it; 0 lets nothing be written."
)
class SetShareLimitsInput(RepeatableInput):
    """Limits of one nation on what a share writes into it."""

    share_id: strawberry.ID = strawberry.field(description="The share, in whatever status.")
    nation_id: strawberry.ID = strawberry.field(description="The nation, which sends or receives it.")
    created_people: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many people may be made. For the receiver alone."
    )
    overwritten_values: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many values may be overwritten."
    )


@strawberry.input(description="A sync run to do something to.")
class RunActionInput(RepeatableInput):
    """A sync run to do something to."""

    run_id: strawberry.ID = strawberry.field(description="The run.")


@strawberry.type(description="The limits are set.")
class SetShareLimitsPayload(WritePayload):
    """The limits are set."""

    share: TagShare | None = strawberry.field(description="The share as it is now; null where it is shown no longer.")


@strawberry.type(description="The run goes on, or is given up.")
class SyncRunPayload(WritePayload):
    """The run goes on, or is given up."""

    run: SyncRun | None = strawberry.field(description="The run as it is now; null where it is shown no longer.")


SetShareLimitsResult: TypeAlias = Annotated[
    SetShareLimitsPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("SetShareLimitsResult", description="The limits are set, or not."),
]
SyncRunResult: TypeAlias = Annotated[
    SyncRunPayload | InvalidInputError | NotFoundError | ForbiddenError | IllegalTransitionError,
    strawberry.union("SyncRunResult", description="The run goes on or is given up, or not."),
]
