"""How much an operation may ask for is counted in no time, whatever the operation is."""

import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
from graphql import GraphQLError, build_schema, parse

from server.documents import reader
from server.limits import Limits, check, longest_list

SCHEMA = build_schema("type Query { a: Query b: Query c(x: Int): Int d: [Query] }")
LIMITS = Limits(depth=4, aliases=3, fields=10, repeats=6, directives=5)


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
        "{ c c c c c c }",
        "query @a { c @b ...F @d } fragment F on Query @e { c @f }",
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
        ("{ c c c c c c c }", "a field 7 times at one place"),
        ("{ c c c ... { c c } ...F ...F } fragment F on Query { c c }", "a field 7 times at one place"),
        ("{ a { c c } a { c c } a { c c ... { c } } }", "a field 7 times at one place"),
        ("{ c @a @b c @c @d @e @f }", "has 6 directives"),
        ("query($x: Int @a) @b { ...F ...F } fragment F on Query { c @c @d }", "has 6 directives"),
        ("{ x: __schema { y: types { z: name w: name } } }", "renames 4 fields"),
    ],
)
def test_what_goes_beyond_is_refused_with_the_figures(text: str, says: str):
    assert any(says in problem for problem in problems(text)), problems(text)


def bomb(fragments: int) -> str:
    """Return fragments that each spread the next twice."""
    spread = "".join(f"fragment F{n} on Query {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(fragments))
    return f"{{ ...F0 }} {spread} fragment F{fragments} on Query {{ c }}"


def spreads(fragments: int) -> str:
    """Return fragments, spread at one place, that ask for the same field."""
    defined = " ".join(f"fragment F{n} on Query {{ c }}" for n in range(fragments))
    return "{" + " ".join(f"...F{n}" for n in range(fragments)) + "}" + defined


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
        ("one field again and again", "{" + " c" * 1_990 + "}"),
        ("one field again and again, below itself", "{" + f"a {{{' c' * 30}}}" * 30 + "}"),
        ("one field in fragment after fragment", spreads(200)),
        (
            "directives in fragments",
            "{" + "...F " * 30 + "} fragment F on Query { c @skip(if: true) @include(if: true) }",
        ),
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
    honest = "{" + "".join(f" x{n}: a {{{' c' * 14}}}" for n in range(28)) + "}"
    assert read(honest).errors == ()
    with pytest.raises(GraphQLError):
        raise read(text).errors[0]
    assert work_of(lambda: reader(SCHEMA, Limits())(text)) < work_of(lambda: reader(SCHEMA, Limits())(honest))


@pytest.mark.parametrize(
    ("variables", "items"),
    [(None, 0), ({}, 0), ({"a": 1}, 0), ({"a": [1, 2]}, 2), ({"a": {"b": [[1], [2], [{"c": [1, 2, 3, 4]}]]}}, 4)],
)
def test_the_longest_list_is_found_wherever_it_is(variables: object, items: int):
    assert longest_list(variables) == items


def test_circles_of_fragments_are_refused_by_validation_and_counted_in_no_time():
    text = "{ ...F ...G } fragment F on Query { a { ...G ...F } } fragment G on Query { a { ...F } }"
    assert problems(text) == []
    assert {error.message.split(" ")[0] for error in reader(SCHEMA, Limits())(text).errors} == {"Cannot"}


def test_a_text_is_read_once_for_all_who_send_it():
    read = reader(SCHEMA, Limits())
    assert read("{ c }").document is read("{ c }").document
    first = read("{ nothing }")
    assert first.errors == read("{ nothing }").errors
    assert first.errors[0].extensions == {"code": "GRAPHQL_VALIDATION_FAILED"}


def test_nobody_is_told_names_that_were_not_asked_for_unless_it_is_turned_on():
    schema = build_schema("type Query { secret(argument: Int): Int }")
    read, telling = reader(schema, Limits()), reader(schema, Limits(), suggestions=True)
    assert "Did you mean 'secret'?" in telling("{ secre }").errors[0].message
    texts = (
        "{ secre }",
        "{ secret(argumen: 1) }",
        "query($x: Querry) { secret(argument: $x) }",
        "{ ... on Quer { x } }",
    )
    for text in texts:
        for error in read(text).errors:
            assert "Did you mean" not in error.message
