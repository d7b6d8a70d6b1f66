"""Errors as data: each error of ours has its member of the result union."""

from uuid import UUID

import pytest
from strawberry.types import get_object_definition

from resolvers.errors import ErrorsAsData, as_data, input_path
from resolvers.roots import Mutation
from schema.errors import (
    ForbiddenError,
    IllegalTransitionError,
    InputProblem,
    InvalidInputError,
    LockedError,
    NotFoundError,
    StaleVersionError,
)
from sharing.errors import (
    ComityError,
    Forbidden,
    IllegalTransition,
    InvalidInput,
    InvalidInputs,
    InvalidValue,
    Locked,
    NotFound,
    StaleVersion,
    Unauthenticated,
)
from sharing.lifecycle import ShareStatus
from sharing.states import RunState
from tests.resolvers.asking import gid


def test_every_mutation_answers_errors_as_data():
    fields = get_object_definition(Mutation, strict=True).fields
    assert len(fields) == 66
    assert all(any(isinstance(found, ErrorsAsData) for found in field.extensions) for field in fields)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (NotFound("No.", "tagId"), NotFoundError(message="No.", code="NOT_FOUND", path=["tagId"])),
        (Forbidden("No."), ForbiddenError(message="No.", code="FORBIDDEN", path=None)),
        (Unauthenticated("No."), ForbiddenError(message="No.", code="UNAUTHENTICATED", path=None)),
        (
            IllegalTransition("No.", status="DENIED"),
            IllegalTransitionError(message="No.", code="ILLEGAL_TRANSITION", path=None, status=ShareStatus.DENIED),
        ),
        (
            IllegalTransition("No.", status="APPROVED", run_state="FAILED"),
            IllegalTransitionError(
                message="No.",
                code="ILLEGAL_TRANSITION",
                path=None,
                status=ShareStatus.APPROVED,
                run_state=RunState.FAILED,
            ),
        ),
        (
            StaleVersion("No.", "expectedVersion", current=3),
            StaleVersionError(message="No.", code="STALE_VERSION", path=["expectedVersion"], current=3),
        ),
        (
            Locked("No.", UUID(int=7), "groupId"),
            LockedError(message="No.", code="LOCKED", path=["groupId"], locked_by=gid("AudienceShare", UUID(int=7))),
        ),
        (
            InvalidValue("home_address", "No."),
            InvalidInputError(
                message="No.",
                code="INVALID_VALUE",
                path=["fields", "homeAddress"],
                problems=[InputProblem(message="No.", code="INVALID_VALUE", path=["fields", "homeAddress"])],
            ),
        ),
    ],
)
def test_each_error_has_its_answer(error: ComityError, answer: object):
    assert as_data(error) == answer


def test_several_problems_are_all_named():
    answer = as_data(InvalidInputs([InvalidInput("A.", "a"), InvalidValue("custom:b", "B.")]))
    assert isinstance(answer, InvalidInputError)
    assert (answer.message, answer.path) == ("A. B.", ["a"])
    assert [(problem.message, problem.path) for problem in answer.problems] == [
        ("A.", ["a"]),
        ("B.", ["fields", "customFields", "b"]),
    ]


def test_what_is_no_callers_to_expect_has_no_answer():
    assert as_data(ComityError("Hm.")) is None


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), None),
        (("first_name",), ["fields", "firstName"]),
        (("is_supporter",), ["fields", "isSupporter"]),
        (("custom:shirt",), ["fields", "customFields", "shirt"]),
        (("receiverSlugs", "2"), ["receiverSlugs", "2"]),
    ],
)
def test_paths_go_by_the_names_of_the_schema(path: tuple[str, ...], shown: list[str] | None):
    assert input_path(path) == shown
