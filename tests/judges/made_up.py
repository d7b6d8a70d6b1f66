"""What schemathesis has to know of Comity: which ids there are, and which answers are in order.

It counts every error in an answer as a failure, even one that tells a client what to mend, and so says what is made up
wrong. Here an answer fails that has no such word for the client: a status of 500, no JSON, a fault of the server's own.
"""

import json
import os
from dataclasses import replace
from typing import Any
from zlib import crc32

import schemathesis
from graphql import ArgumentNode, DocumentNode, ListValueNode, ObjectFieldNode, StringValueNode, Visitor, visit

ANSWERED = {200, 400}
# What a client may be told that it has to mend.
MENDABLE = {"BAD_USER_INPUT", "NOT_FOUND", "FORBIDDEN", "GRAPHQL_VALIDATION_FAILED", "COST_EXCEEDED"}
# Of so many values one is left as it was made up: it names nothing.
ONE_LEFT_OF = 5

# By the name of an argument or input field, values that name something that is there.
KNOWN: dict[str, list[str]] = json.loads(os.environ["COMITY_KNOWN"])


class _Naming(Visitor):
    """Has arguments name what is there."""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        return self._named(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        return self._named(node)

    def _named(self, node: Any) -> Any:
        known = KNOWN.get(node.name.value)
        if known is None:
            return None
        if isinstance(node.value, ListValueNode):
            values = tuple(_named(value, known) for value in node.value.values)
            return replace(node, value=replace(node.value, values=values))
        return replace(node, value=_named(node.value, known))


def _named(value: Any, known: list[str]) -> Any:
    """A value, or in most cases one that names something; the same for the same."""
    made_up = getattr(value, "value", None)
    number = crc32(str(made_up).encode(errors="replace"))
    if made_up is None or not number % ONE_LEFT_OF:
        return value
    return StringValueNode(value=known[number % len(known)])


@schemathesis.hook
def map_body(ctx: schemathesis.HookContext, body: DocumentNode) -> DocumentNode:
    """Have what is made up name what is there, so that more is done than refused."""
    named: DocumentNode = visit(body, _Naming())
    return named


@schemathesis.check
def in_order(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """Hold that an answer is one that a client can live with."""
    assert response.status_code in ANSWERED, f"The status is {response.status_code}."
    answer = response.json()
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert codes <= MENDABLE, f"The answer has {codes - MENDABLE}."
    assert answer.get("data") is not None or codes, "The answer holds neither data nor a reason why not."
