"""What a client is told when an operation fails: a sentence for what it can mend, an id for what it cannot."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import asyncpg
import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from tortoise.exceptions import OperationalError

from sharing.errors import ComityError, Forbidden, InvalidInput, NotFound, Refused, Unauthenticated

INTERNAL = (
    "Something went wrong here. Nothing is known to be wrong with your request; the log has more under the errorId."
)
UNREADABLE = "A text in the request holds a character that cannot be stored; take out NUL characters."

SLOW = "The operation took too long: ask for less."
OUTAGE = "The database cannot be reached at the moment: try again soon."
AWAY = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)

# Apollo's vocabulary, which clients and tools know.
CODES: Mapping[type[ComityError], str] = {
    InvalidInput: "BAD_USER_INPUT",
    Refused: "BAD_USER_INPUT",
    NotFound: "NOT_FOUND",
    Forbidden: "FORBIDDEN",
    Unauthenticated: "UNAUTHENTICATED",
}

# graphql-core offers names of the schema to whoever mistypes one.
SUGGESTION = re.compile(r"\s*Did you mean .*\?$", re.DOTALL)

logger = structlog.get_logger("comity.api")


def complaint(error: GraphQLError, operation: str | None = None, suggestions: bool = False) -> GraphQLError:
    """An error as a client may see it. What is not for it to mend is logged, and told by an id that the log has too.

    Args:
        error: as it was raised; it is left as it is.
        operation: the operation's name, for the log.
        suggestions: whether it may name what may have been meant.
    """
    cause = _cause(error)
    if cause is None:
        message = error.message if suggestions else SUGGESTION.sub("", error.message)
        return _told(error, message, {"code": _own_code(error), **(error.extensions or {})})
    if isinstance(cause, ComityError):
        return _told(error, cause.message, _of_ours(cause))
    if _is_unreadable(cause):
        return _told(error, UNREADABLE, {"code": "BAD_USER_INPUT"})
    if _is_slow(cause):
        logger.warning("a statement took too long", operation=operation)
        return _told(error, SLOW, {"code": "TIMEOUT"})
    if _is_outage(cause):
        logger.warning("database is away", operation=operation, error=str(cause))
        return _told(error, OUTAGE, {"code": "SERVICE_UNAVAILABLE"})
    error_id = uuid4().hex
    logger.error(
        "operation failed",
        error_id=error_id,
        operation=operation,
        path=error.path,
        exc_info=(type(cause), cause, cause.__traceback__),
    )
    return _told(error, INTERNAL, {"code": "INTERNAL_SERVER_ERROR", "errorId": error_id})


def _cause(error: BaseException) -> BaseException | None:
    """What was raised in our code; None where GraphQL itself, or a scalar of ours, found the fault."""
    while isinstance(error, GraphQLError):
        if error.original_error is None:
            return None
        error = error.original_error
    return error


def _own_code(error: GraphQLError) -> str:
    return "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "BAD_USER_INPUT"


def _of_ours(cause: ComityError) -> dict[str, Any]:
    code = next((code for kind, code in CODES.items() if isinstance(cause, kind)), cause.code)
    return {"code": code, **({"path": list(cause.path)} if cause.path else {})}


def _is_unreadable(cause: BaseException) -> bool:
    """Whether PostgreSQL refused a text for a character that it has no place for."""
    return isinstance(_of_postgres(cause), asyncpg.CharacterNotInRepertoireError | asyncpg.UntranslatableCharacterError)


def _is_slow(cause: BaseException) -> bool:
    """Whether PostgreSQL broke a statement off because it took too long."""
    return isinstance(_of_postgres(cause), asyncpg.QueryCanceledError)


def _of_postgres(cause: BaseException) -> BaseException:
    """What PostgreSQL said, where Tortoise has wrapped it."""
    if isinstance(cause, OperationalError) and cause.args and isinstance(cause.args[0], Exception):
        return cause.args[0]
    return cause


def _is_outage(cause: BaseException) -> bool:
    """Whether the database went away, and may well come back."""
    if isinstance(cause, asyncpg.InterfaceError):
        return "closed" in str(cause) or "closing" in str(cause)
    return isinstance(cause, AWAY)


def _told(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
