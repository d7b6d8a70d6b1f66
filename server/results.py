"""The outcome of an operation as it is sent."""

from typing import Any

from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

Body = dict[str, Any]


def never_began(result: ExecutionResult) -> bool:
    """Whether the request was at fault, or the stream broke off: there is no data then, not even null."""
    if isinstance(result, PreExecutionError):
        return True
    return result.data is None and bool(result.errors) and all(error.path is None for error in result.errors or ())


def body_of(result: ExecutionResult) -> Body:
    """The body of an answer, or the payload of a message."""
    body: Body = {}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if not never_began(result):
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return body
