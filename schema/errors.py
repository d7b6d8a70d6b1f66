"""Errors as data: what a mutation answers where the caller can do something about it."""

import strawberry

from sharing.lifecycle import ShareStatus
from sharing.states import RunState


@strawberry.interface(description="Something that the caller can do something about. Nothing has changed.")
class UserError:
    """What every error says."""

    message: str = strawberry.field(description="What is wrong and what to do, in a sentence for a person.")
    code: str = strawberry.field(
        description="What is wrong, for a program: it stays the same whatever the message says."
    )
    path: list[str] | None = strawberry.field(
        description="The part of `input` that is at fault, outermost name first; null where no one part is."
    )


@strawberry.type(description="One thing that is wrong with an input.")
class InputProblem:
    """One of the problems of an input."""

    message: str = strawberry.field(description="What is wrong and what to do, in a sentence for a person.")
    code: str = strawberry.field(description="What is wrong, for a program.")
    path: list[str] | None = strawberry.field(
        description="The part of `input` that is at fault, outermost name first; null where no one part is."
    )


@strawberry.type(description="An input that cannot be taken as it is.")
class InvalidInputError(UserError):
    """An input that cannot be taken."""

    problems: list[InputProblem] = strawberry.field(
        description="Everything that is wrong with it, each named; at least one."
    )


@strawberry.type(description="Something that does not exist, or that the caller may not know of: the two answer alike.")
class NotFoundError(UserError):
    """Something that is not there for the caller."""


@strawberry.type(
    description="Something that the caller's role, the nation's plan or the caller's credentials do not allow."
)
class ForbiddenError(UserError):
    """Something that the caller may not do."""


@strawberry.type(
    description="Something that is part of an audience share, and that only the nation that shares it can change."
)
class LockedError(UserError):
    """Something that an audience share locks."""

    locked_by: strawberry.ID = strawberry.field(description="The audience share, by its id.")


@strawberry.type(description="Something that a share's status, or the state of one of its runs, does not allow now.")
class IllegalTransitionError(UserError):
    """Something that the share's status, or the state of its run, does not allow."""

    status: ShareStatus = strawberry.field(description="Where the share stands.")
    run_state: RunState | None = strawberry.field(
        default=None, description="Where the run stands; null where no run is meant."
    )


@strawberry.type(description="A write made from an old copy: somebody else has written since.")
class StaleVersionError(UserError):
    """A write made from an old copy."""

    current: int | None = strawberry.field(
        description="The version that stands; null where the thing is not versioned."
    )
