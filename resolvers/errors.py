"""Errors as data: what an action raises for its caller becomes a member of the mutation's result union."""

from collections.abc import Sequence
from typing import Any, TypeVar

import strawberry
from strawberry.extensions.field_extension import AsyncExtensionResolver, FieldExtension
from strawberry.types import get_object_definition
from strawberry.utils.str_converters import to_camel_case

from resolvers.ids import encode
from resolvers.repeating import DoneOnce
from schema.errors import (
    ForbiddenError,
    IllegalTransitionError,
    InputProblem,
    InvalidInputError,
    LockedError,
    NotFoundError,
    StaleVersionError,
    UserError,
)
from sharing.errors import (
    ComityError,
    Forbidden,
    IllegalTransition,
    InvalidInput,
    InvalidInputs,
    Locked,
    NotFound,
    StaleVersion,
    Unauthenticated,
)
from sharing.fields import CUSTOM_PREFIX, FIELDS
from sharing.lifecycle import ShareStatus
from sharing.states import RunState

Root = TypeVar("Root", bound=type)


class ErrorsAsData(FieldExtension):
    """Answers an error of ours with the member of the result union that stands for it; others go on upwards."""

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: strawberry.Info, **arguments: Any
    ) -> Any:
        """Resolve the mutation, or answer why not."""
        try:
            return await next_(source, info, **arguments)
        except ComityError as error:
            answer = as_data(error)
            if answer is None:
                raise
            return answer


def errors_as_data(root: Root) -> Root:
    """Have every mutation of a root type answer errors as data."""
    for field in get_object_definition(root, strict=True).fields:
        field.extensions = [*field.extensions, DoneOnce(), ErrorsAsData()]
    return root


def as_data(error: ComityError) -> UserError | None:
    """The answer that stands for an error; None where there is none, and it is no caller's to expect."""
    message, code, path = error.message, error.code, input_path(error.path)
    match error:
        case InvalidInput():
            return InvalidInputError(message=message, code=code, path=path, problems=_problems(error))
        case NotFound():
            return NotFoundError(message=message, code=code, path=path)
        case Forbidden() | Unauthenticated():
            return ForbiddenError(message=message, code=code, path=path)
        case Locked():
            locked_by = encode("AudienceShare", error.share_id)
            return LockedError(message=message, code=code, path=path, locked_by=locked_by)
        case IllegalTransition():
            run_state = RunState(error.run_state) if error.run_state else None
            status = ShareStatus(error.status)
            return IllegalTransitionError(message=message, code=code, path=path, status=status, run_state=run_state)
        case StaleVersion():
            return StaleVersionError(message=message, code=code, path=path, current=error.current)
    return None


def _problems(error: InvalidInput) -> list[InputProblem]:
    found = error.problems if isinstance(error, InvalidInputs) else [error]
    return [InputProblem(message=one.message, code=one.code, path=input_path(one.path)) for one in found]


def input_path(path: Sequence[str]) -> list[str] | None:
    """Where in an input something is, as the input calls it: a profile's fields go by their names in the schema."""
    if not path:
        return None
    head, *rest = path
    if head.startswith(CUSTOM_PREFIX):
        return ["fields", "customFields", head.removeprefix(CUSTOM_PREFIX), *rest]
    if head in FIELDS or head in ("is_supporter", "is_prospect"):
        return ["fields", to_camel_case(head), *rest]
    return [head, *rest]
