"""Limits that a target sets on an audience, its runs resumed or cancelled: the inputs, the payloads, the results."""

from typing import Annotated, TypeAlias

import strawberry

from schema.audiences import AudienceRun, AudienceShare
from schema.errors import ForbiddenError, IllegalTransitionError, InvalidInputError, NotFoundError
from schema.payloads import WritePayload
from schema.repeats import RepeatableInput


@strawberry.input(
    description="Limits of a target on what an audience share writes into it, at least one of them. What is left out "
    "stays as it is; null clears it; 0 lets nothing be written."
)
class SetAudienceLimitsInput(RepeatableInput):
    """Limits of a target on what an audience share writes into it."""

    share_id: strawberry.ID = strawberry.field(description="The audience share.")
    created_people: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many contacts one run may make."
    )
    overwritten_values: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many values one run may overwrite."
    )


@strawberry.input(description="A run of an audience share to do something to.")
class AudienceRunActionInput(RepeatableInput):
    """A run of an audience share to do something to."""

    run_id: strawberry.ID = strawberry.field(description="The run.")


@strawberry.type(description="The limits are set.")
class SetAudienceLimitsPayload(WritePayload):
    """The limits are set."""

    share: AudienceShare | None = strawberry.field(
        description="The share as it is now; null where it is shown no longer."
    )


@strawberry.type(description="The run goes on, or is given up.")
class AudienceRunPayload(WritePayload):
    """The run goes on, or is given up."""

    run: AudienceRun | None = strawberry.field(description="The run as it is now; null where it is shown no longer.")


SetAudienceLimitsResult: TypeAlias = Annotated[
    SetAudienceLimitsPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("SetAudienceLimitsResult", description="The limits are set, or not."),
]
AudienceRunResult: TypeAlias = Annotated[
    AudienceRunPayload | InvalidInputError | NotFoundError | ForbiddenError | IllegalTransitionError,
    strawberry.union("AudienceRunResult", description="The run goes on or is given up, or not."),
]
