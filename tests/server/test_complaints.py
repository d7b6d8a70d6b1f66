"""What clients are told of errors: what they can mend in a sentence, of all else an id that the log has too."""

from enum import Enum

import asyncpg
import pytest
import strawberry
from graphql import GraphQLError, parse
from graphql.error import GraphQLSyntaxError
from structlog.testing import capture_logs
from tortoise.exceptions import OperationalError

from server.api import ServedSchema
from server.complaints import complaint
from sharing.errors import (
    Forbidden,
    IllegalTransition,
    InvalidFile,
    InvalidInput,
    InvalidInputs,
    InvalidValue,
    NotFound,
    StaleVersion,
    Unauthenticated,
)


@strawberry.enum
class Direction(Enum):
    """Where to."""

    NORTH = "north"
    SOUTH = "south"


@strawberry.type
class Compass:
    """What knows where to go."""

    @strawberry.field
    def towards(self, x: Direction) -> str:
        """Say where to."""
        return x.value


def raised(error: Exception) -> GraphQLError:
    """Return an error as graphql-core hands it over."""
    return GraphQLError(f"inner words: {error}", original_error=error, path=["nation", 0])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("Too long.", "name"), "BAD_USER_INPUT"),
        (InvalidInputs([InvalidInput("Too long.", "name")]), "BAD_USER_INPUT"),
        (InvalidValue("phone", "Too long."), "BAD_USER_INPUT"),
        (InvalidFile("Too long."), "BAD_USER_INPUT"),
        (NotFound("Too long."), "NOT_FOUND"),
        (Forbidden("Too long."), "FORBIDDEN"),
        (Unauthenticated("Too long."), "UNAUTHENTICATED"),
        (IllegalTransition("Too long.", status="PENDING"), "ILLEGAL_TRANSITION"),
        (StaleVersion("Too long.", current=2), "STALE_VERSION"),
    ],
)
def test_errors_of_ours_are_told_as_they_are_with_the_code_that_clients_know(error: Exception, code: str):
    with capture_logs() as logs:
        told = complaint(raised(error))
    assert (told.message, told.extensions["code"], told.path) == ("Too long.", code, ["nation", 0])
    assert told.extensions.get("path") == (list(error.path) or None)
    assert told.original_error is None
    assert logs == []


@pytest.mark.parametrize("error", [KeyError("secret"), TypeError("secret"), asyncpg.PostgresError("secret")])
def test_anything_else_is_told_by_an_id_that_the_log_has(error: Exception):
    with capture_logs() as logs:
        told = complaint(raised(error), "Operation")
    assert "secret" not in str(told.formatted)
    assert told.extensions["code"] == "INTERNAL_SERVER_ERROR"
    (entry,) = logs
    assert entry["error_id"] == told.extensions["errorId"]
    assert (entry["log_level"], entry["operation"]) == ("error", "Operation")
    assert entry["exc_info"][1] is error


def test_what_graphql_finds_is_told_without_hints_at_names():
    with pytest.raises(GraphQLSyntaxError) as caught:
        parse("{")
    assert complaint(caught.value).extensions["code"] == "GRAPHQL_PARSE_FAILED"
    for hint in ("Did you mean 'secret'?", "Did you mean the enum value 'A', 'B', or 'C'?"):
        told = complaint(GraphQLError(f"There is no such thing. {hint}"))
        assert told.message == "There is no such thing."
    kept = complaint(GraphQLError("Refused.", extensions={"code": "OTHER", "more": 1}))
    assert kept.extensions == {"code": "OTHER", "more": 1}


def test_a_fault_found_by_a_scalar_of_ours_is_the_clients():
    found = GraphQLError("Variable “$x” got an invalid value", original_error=GraphQLError("no moment"))
    assert complaint(found).extensions["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_character_that_cannot_be_stored_is_the_clients(wrapped: bool):
    error: Exception = asyncpg.CharacterNotInRepertoireError("invalid byte sequence")
    told = complaint(raised(OperationalError(error) if wrapped else error))
    assert told.extensions["code"] == "BAD_USER_INPUT"
    assert "NUL" in told.message


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("refused"),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.CannotConnectNowError("starting"),
        asyncpg.AdminShutdownError("terminating"),
        asyncpg.InterfaceError("connection is closed"),
    ],
)
def test_a_database_that_is_away_is_told_as_something_that_passes(error: Exception):
    told = complaint(raised(error))
    assert told.extensions == {"code": "SERVICE_UNAVAILABLE"}
    assert "try again" in told.message


def test_a_mistake_of_ours_with_a_connection_is_a_mistake_of_ours():
    told = complaint(raised(asyncpg.InterfaceError("another operation is in progress")))
    assert told.extensions["code"] == "INTERNAL_SERVER_ERROR"


async def test_suggestions_are_told_only_where_they_are_turned_on():
    values = {"x": "NORT"}
    for told in (False, True):
        served = ServedSchema(Compass, suggestions=told)
        result = await served.execute("query($x: Direction!) { towards(x: $x) }", variable_values=values)
        assert ("Did you mean" in result.errors[0].message) is told
