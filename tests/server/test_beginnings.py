"""Where a subscription begins is no part of what it asks for: the variables that say so, and only those, are told."""

import pytest
from graphql import parse

from server.beginnings import beginning

TABLE = [
    ("subscription($a: T) { changes(after: $a) { x } }", None, {"a"}),
    ('subscription($n: ID!, $a: T = "c") { changes(nation: $n, after: $a) { x } }', None, {"a"}),
    ("subscription S($a: T) { s: share(after: $a) { x } }", "S", {"a"}),
    ('subscription { changes(after: "c") { x } }', None, set()),
    ("subscription($a: T) { changes(nation: $a) { x } }", None, set()),
    ("subscription($a: T) { changes(nation: $a, after: $a) { x } }", None, set()),
    ("subscription($a: T) { changes(after: $a) { y(first: $a) } }", None, set()),
    ("subscription($a: T) { changes(after: $a) { y(filter: {z: [$a]}) } }", None, set()),
    ("subscription($a: T) { changes(after: $a) { ...F } } fragment F on E { y(after: $a) }", None, set()),
    ("subscription($a: T) { changes(after: $a) { y @include(if: $a) } }", None, set()),
    ("subscription($a: T) { changes { y(after: $a) } }", None, set()),
    ("subscription A($a: T) { changes(after: $a) { x } } query B($a: T) { y(z: $a) }", "A", set()),
    ("subscription A($a: T) { changes(after: $a) { x } } query B { y }", "A", {"a"}),
    ("subscription A($a: T) { changes(after: $a) { x } } query B { y }", "B", None),
    ("subscription A($a: T) { changes(after: $a) { x } } query B { y }", None, None),
    ("subscription A { changes { x } }", "B", None),
    ("query($a: T) { changes(after: $a) { x } }", None, None),
    ("mutation { x }", None, None),
    ("fragment F on E { y }", None, None),
]


@pytest.mark.parametrize(("text", "name", "names"), TABLE)
def test_the_variables_that_only_say_where_to_begin(text: str, name: str | None, names: set[str] | None):
    assert beginning(parse(text), name) == names
