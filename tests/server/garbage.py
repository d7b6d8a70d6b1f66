"""What clients might send: requests and messages of any shape, most of them almost right."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson

QUERIES = [
    "{ __typename }",
    "{",
    "",
    "{ nothing }",
    "{ viewer { user { email } } }",
    "query($id: ID!) { node(id: $id) { id } }",
    "query($x: [ID!]!) { nodes(ids: $x) { id } }",
    "query A { __typename } query B { viewer { __typename } }",
    'subscription { changes(nation: "TmF0aW9uOjE=") { cursor } }',
    "subscription($id: ID!, $x: EventCursor) { share(id: $id, after: $x) { cursor } }",
    "query($id: ID!, $x: Int) { changes(nation: $id, first: $x) { cursor } }",
    "mutation($x: CreateTagInput!) { createTag(input: $x) { __typename } }",
    "{ ...F } fragment F on Query { ...F }",
    "{ a" * 30,
    "{ __typename @skip(if: $x) }",
    "\ufeff{ __typename }",
    '{ nation(slug: "\\u0000") { id } }',
    "{ rateLimit { remaining } } # \U0001f600",
]

SCALARS = [
    None,
    True,
    0,
    -1,
    2**63 - 1,
    1.5,
    "",
    "x",
    "\0",
    "VGFnOjE=",
    "TmF0aW9uOjE=",
    "é\u2028",
    "Bearer x",
    "-1",
    "a" * 300,
]
NAMES = ["id", "x", "input", "query", "variables", "type", "payload", "", "__proto__", "\0"]
TYPES = ["subscribe", "complete", "ping", "pong", "connection_init", "start", "next"]
RAW = [
    b"\xff",
    b"",
    b"[",
    b"nul",
    b"[" * 3_000,
    b'{"type":' * 900,
    b'{"type": "ping", "type": 7}',
    b"1e999",
    b"7",
    b"[]",
]

METHODS = [b"POST"] * 8 + [b"GET", b"PUT"]
KINDS = [b"application/json"] * 16 + [b"", b"text/plain", b"application/json; charset=utf-16", b";"]
ACCEPTS = [b"application/json", b"application/graphql-response+json", b"*/*", b"", b"text/event-stream, */*"] * 3
ACCEPTS += [b"text/event-stream"] * 3 + [b"text/html", b";q=x,,", b"a/b"]
TOKENS = [b""] * 12 + [b"Bearer", b"Bearer x.y.z", b"Basic eDp5", b"Bearer " + b"x" * 5_000]
PLACES = [b""] * 8 + [
    b"?query={__typename}",
    b"?query=%7B&variables=%7B",
    b"?documentId=%00",
    b"?extensions=[]",
    b"?%ff=%ff",
]


class Garbage:
    """Makes what clients might send.

    Args:
        chance: where it comes from.
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def value(self, depth: int = 0) -> Any:
        """Return a value of any shape."""
        kind = self.chance.randrange(4) if depth < 4 else 0
        if kind < 2:
            return self.chance.choice(SCALARS)
        if kind == 2:
            return [self.value(depth + 1) for _ in range(self.chance.randrange(4))]
        return self.object(depth)

    def object(self, depth: int = 0) -> dict[str, Any]:
        """Return an object of any shape."""
        return {self.chance.choice(NAMES): self.value(depth + 1) for _ in range(self.chance.randrange(4))}

    def some(self, usual: dict[str, Any], wrong: float) -> dict[str, Any]:
        """Return some parts of an object, each in so many cases of another shape."""
        parts = [name for name in usual if self.chance.random() < 0.7 or name in ("query", "type", "id")]
        return {name: self.value() if self.chance.random() < wrong else usual[name] for name in parts}

    def request(self, wrong: float = 0.1) -> dict[str, Any]:
        """Return the parameters of an operation, each in so many cases of another shape."""
        choice, usual = self.chance.choice, {"query": self.chance.choice(QUERIES), "variables": self.object()}
        if choice((False, False, True)):
            usual["operationName"] = choice(["A", "B", "C", ""])
        if choice((False, False, False, True)):
            named = self.some({"version": 1, "sha256Hash": choice(["0" * 64, "x"])}, wrong)
            usual["extensions"] = self.some({"persistedQuery": named, "x": self.value()}, wrong)
        if choice([False] * 9 + [True]):
            usual["documentId"] = choice(["x", "sha256:" + "0" * 64])
        return self.some(usual, wrong)

    def message(self) -> str | bytes:
        """Return a message for a socket. One of ten is of the wrong shape, which ends the socket."""
        kind = self.chance.randrange(20)
        if kind == 0:
            return self.chance.choice(RAW)
        usual = {"type": "subscribe", "id": str(self.chance.randrange(10**9)), "payload": self.request(0.0)}
        if kind == 1:
            usual = self.some({**usual, "type": self.chance.choice(TYPES), "payload": self.request()}, 0.2)
        return orjson.dumps(usual).decode()

    def http(self) -> bytes:
        """Return a request over HTTP: well framed, and anything in it."""
        choice = self.chance.choice
        kind = self.chance.randrange(10)
        body = choice(RAW) if kind == 0 else orjson.dumps(self.value() if kind == 1 else self.request())
        lines = [choice(METHODS) + b" /graphql" + choice(PLACES) + b" HTTP/1.1", b"Host: x"]
        lines += [b"Content-Length: %d" % len(body), b"Accept: " + choice(ACCEPTS)]
        lines += [b"Content-Type: " + kind for kind in [choice(KINDS)] if kind]
        lines += [b"Authorization: " + token for token in [choice(TOKENS)] if token]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body
