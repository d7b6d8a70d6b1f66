"""What an operation costs: by its text and the sizes that it asks for, in no time whatever they are."""

from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, get_introspection_query, parse

from server.costs import CEILING, Costs
from tests.resolvers.asking import SCHEMA
from tests.server.test_limits import bomb, work_of

FEW = build_schema(
    "type Query { a: Query b: Query c(x: Int): Int d: [Query] e(first: Int): [Query] f(ids: [ID!]): [Query] }"
)


def cost(text: str, schema: GraphQLSchema = FEW, operation: str | None = None, **variables: Any) -> int:
    return Costs(schema, parse(text)).of(operation, variables)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ __typename }", 1),
        ("{ c }", 1),
        ("{ a { c } }", 2),
        ("{ a { c c: c c: c c: c c: c c: c c: c c: c c: c c: c } }", 2),
        ("{ a { b { a { __typename } } } }", 3),
        ("{ d { __typename } }", 10),
        ("{ d { d { __typename } } }", 110),
        ("{ e { __typename } }", 50),
        ("{ e(first: null) { __typename } }", 50),
        ("{ e(first: 7) { __typename } }", 7),
        ("{ e(first: 7) { e(first: 3) { __typename } } }", 28),
        ("{ e(first: 0) { a { __typename } } }", 1),
        ("{ e(first: -7) { a { __typename } } }", 1),
        ("{ f(ids: [1, 2, 3]) { __typename } }", 3),
        ("{ f(ids: 1) { __typename } }", 1),
        ("{ e(first: 2147483647) { e(first: 2147483647) { __typename } } }", CEILING // 10),
        ("{ e(first: 99999999999999999999) { __typename } }", CEILING // 10),
        ("{ ...F ...F } fragment F on Query { a { __typename } }", 2),
        ("{ ... { a { ... on Query { b { __typename } } } } }", 2),
        ("query($n: Int = 4) { e(first: $n) { __typename } }", 4),
        ("query A { a { __typename } } query B { c }", 0),
    ],
)
def test_objects_cost_a_point_and_values_a_tenth_as_often_as_there_may_be_some(text: str, points: int):
    assert cost(text) == points


@pytest.mark.parametrize(
    ("value", "points"),
    [(7, 7), (0, 1), (-7, 1), (None, 50), ("x", 50), (True, 50), (10**30, CEILING // 10), ([1, 2], 2)],
)
def test_variables_say_how_long_a_list_is(value: Any, points: int):
    assert cost("query($n: Int) { e(first: $n) { __typename } }", n=value) == points
    assert cost("query($n: Int = 5) { e(first: $n) { __typename } }") == 5


def test_a_cost_is_counted_once_for_each_size_and_a_few_of_them_remembered():
    costs = Costs(
        FEW, parse("query($n: Int, $x: Int) { e(first: $n) { " + " ".join("a { c }" for _ in range(90)) + "} }")
    )
    assert costs.of(None, {"n": 5, "x": "a"}) == costs.of(None, {"n": 5, "x": "b"})
    first = work_of(lambda: costs.of(None, {"n": 6}))
    assert work_of(lambda: costs.of(None, {"n": 6, "x": "c"})) < first / 4
    for n in range(1_000):
        costs.of(None, {"n": n})
    assert len(costs._known) <= 64


def test_fragments_within_fragments_are_counted_in_no_time():
    text = bomb(60)
    assert cost(text) == CEILING // 10
    costs = Costs(FEW, parse(text))
    assert work_of(lambda: costs.of(None, {})) < work_of(lambda: parse(text))


PEOPLE = 'query($n: Int) { nation(slug: "x") { profiles(first: $n) { edges { cursor node { id } } pageInfo { endCursor } } } }'


@pytest.mark.parametrize(
    ("text", "variables", "points"),
    [
        ("{ viewer { user { email } } }", {}, 3),
        (PEOPLE, {"n": 10}, 15),
        (PEOPLE, {"n": 100}, 123),
        (PEOPLE, {}, 63),
        (PEOPLE.replace("pageInfo", "totalCount pageInfo"), {"n": 10}, 20),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * 100}, 110),
        ('{ changes(nation: "x", first: 1000) { events { cursor } } }', {}, 1_101),
        ('{ changes(nation: "x") { events { cursor } } }', {}, 111),
        ('mutation { signIn(input: {email: "a", password: "b"}) { __typename } }', {}, 211),
        ('subscription { changes(nation: "x") { cursor } }', {}, 12),
        (get_introspection_query(), {}, 100),
    ],
)
def test_what_comity_is_asked_for_costs_what_it_takes(text: str, variables: dict[str, Any], points: int):
    assert SCHEMA.read(text).costs.of(None, variables) == points
