"""How much an operation may ask for is counted in no time, whatever the operation is."""

import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
from graphql import GraphQLError, build_schema, parse

from server.documents import reader
from server.limits import Limits, check

SCHEMA = build_schema("type Query { a: Query b: Query c(x: Int): Int d: [Query] }")
LIMITS = Limits(depth=4, aliases=3, fields=10)


def problems(text: str) -> list[str]:
    return [error.message for error in check(parse(text), LIMITS)]


@pytest.mark.parametrize(
    "text",
    [
        "{ a { a { a { c } } } }",
        "{ x: c y: c z: c }",
        "{ a { c } b { c } d { c c c c c } }",
        "{ ...F } fragment F on Query { a { a { a { c } } } }",
        "{ __schema { types { fields { type { ofType { ofType { name } } } } } } }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A c }",
        "{ ...Missing }",
    ],
)
def test_what_keeps_within_the_limits_passes(text: str):
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{ a { a { a { a { c } } } } }", "nested 5 fields deep"),
        ("{ a { ...F } } fragment F on Query { ... { a { a { ... on Query { a { c } } } } } }", "nested 5 fields deep"),
        ("{ w: c x: c y: c z: c }", "renames 4 fields"),
        ("{ a { ...F } b { ...F } } fragment F on Query { x: c y: c }", "renames 4 fields"),
        ("{ a { ...F } b { ...F } } fragment F on Query { c d { c } c c }", "asks for 12 fields"),
        ("query A { c } query B { a { a { a { a { c } } } } }", "nested 5 fields deep"),
        ("{ x: __schema { y: types { z: name w: name } } }", "renames 4 fields"),
    ],
)
def test_what_goes_beyond_is_refused_with_the_figures(text: str, says: str):
    assert any(says in problem for problem in problems(text)), problems(text)


def bomb(fragments: int) -> str:
    """Return fragments that each spread the next twice."""
    spread = "".join(f"fragment F{n} on Query {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(fragments))
    return f"{{ ...F0 }} {spread} fragment F{fragments} on Query {{ c }}"


def work_of(call: Callable[[], object]) -> int:
    """Return how many functions a call calls and returns from: unlike its time, the same on any machine."""
    events = 0

    def count(*_: object) -> None:
        nonlocal events
        events += 1

    sys.setprofile(count)
    try:
        with suppress(GraphQLError):
            call()
    finally:
        sys.setprofile(None)
    return events


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fragments within fragments", bomb(60)),
        ("fields nobody knows", "{ " + " ".join(f"f{n}" for n in range(5_000)) + " }"),
        ("directives", "{ c " + "@skip(if: true) " * 10_000 + "}"),
        ("unknown directives", "{ c " + "@no " * 900 + "}"),
        ("aliases", "{ " + " ".join(f"a{n}: c" for n in range(600)) + " }"),
        ("depth", "{ a " * 300 + "}" * 300),
        ("depth that is never closed", "{ a " * 100_000),
        ("depth of a list", "{ c(x: " + "[" * 900 + "]" * 900 + ") }"),
        ("comments", "#\n" * 20_000 + "{ c }"),
        ("length", "{ c" + " " * 900_000 + "}"),
        ("a long name", "{ " + "x" * 900_000 + " }"),
    ],
)
def test_an_attack_is_refused_with_less_work_than_an_honest_text_of_400_fields(name: str, text: str):
    read = reader(SCHEMA, Limits())
    honest = "{" + " c" * 400 + "}"
    assert read(honest).errors == ()
    with pytest.raises(GraphQLError):
        raise read(text).errors[0]
    assert work_of(lambda: reader(SCHEMA, Limits())(text)) < work_of(lambda: reader(SCHEMA, Limits())(honest))


def test_a_text_is_read_once_for_all_who_send_it():
    read = reader(SCHEMA, Limits())
    assert read("{ c }").document is read("{ c }").document
    first = read("{ nothing }")
    assert first.errors == read("{ nothing }").errors
    assert first.errors[0].extensions == {"code": "GRAPHQL_VALIDATION_FAILED"}


def test_nobody_is_told_names_that_were_not_asked_for():
    read = reader(build_schema("type Query { secret(argument: Int): Int }"), Limits())
    texts = (
        "{ secre }",
        "{ secret(argumen: 1) }",
        "query($x: Querry) { secret(argument: $x) }",
        "{ ... on Quer { x } }",
    )
    for text in texts:
        for error in read(text).errors:
            assert "Did you mean" not in error.message
