"""Reading a GraphQL request off HTTP, and finding the media type that its answer shall have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request

from server.results import Body
from server.streams import EVENTS

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"

LONGEST_NAME = 200
HASH = re.compile(r"[0-9a-f]{64}")

# The parameters of a request: their name, the type that they have where they are given, and how that is called.
SHAPES = (
    ("query", str, "a string"),
    ("documentId", str, "a string"),
    ("operationName", str, "a string"),
    ("variables", dict, "an object"),
    ("extensions", dict, "an object"),
)


@dataclass
class Unfit(Exception):
    """A request that is no GraphQL request, or not one for here.

    Attributes:
        status: the HTTP status that says so; None for the one that any operation has that never began.
        message: what is wrong, and what to do.
        code: the same for a program.
        headers: what the answer has to carry besides.
        extensions: what a program has to know besides.
    """

    status: int | None
    message: str
    code: str = "BAD_REQUEST"
    headers: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def error(self) -> GraphQLError:
        """What is answered, as GraphQL has it."""
        return GraphQLError(self.message, extensions={"code": self.code, **self.extensions})

    @property
    def body(self) -> Body:
        """The body of that answer."""
        return {"errors": [self.error.formatted]}


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation as it was asked for.

    Attributes:
        query: the text of its document; empty where only its name was given.
        operation_name: which operation of the document, if there are several.
        variables: their values.
        extensions: what else a client sent.
        named: the name of the document: its SHA-256 in hexadecimal, or the id of a trusted one.
    """

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client takes as an answer.

    Attributes:
        kind: the media type of one result: GraphQL's own where the client names it, plain JSON where it takes anything.
            None where it takes streams only.
        stream: whether it takes results as they come, as events.
    """

    kind: str | None
    stream: bool


def wish_of(accept: str | None) -> Wish:
    """What a client takes, by its Accept header.

    Raises:
        Unfit: nothing that there is here.
    """
    if accept is None or not accept.strip():
        return Wish(JSON, stream=False)
    taken: dict[str, float] = {}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        taken[kind] = max(_quality(parameters), taken.get(kind, 0.0))
    stream = taken.get(EVENTS, 0.0) > 0
    named = max((GRAPHQL, JSON), key=lambda kind: taken.get(kind, 0.0))  # the first of equals
    if taken.get(named, 0.0) > 0:
        return Wish(named, stream)
    if max(taken.get("application/*", 0.0), taken.get("*/*", 0.0)) > 0 and taken.get(JSON) is None:
        return Wish(JSON, stream)
    if stream:
        return Wish(None, stream)
    raise Unfit(406, f"The answer is {GRAPHQL}, {JSON} or {EVENTS}: accept one of them.")


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


async def asked_by(request: Request, max_body: int) -> Asked:
    """The operation that a request asks for, in so many bytes at most.

    Raises:
        Unfit: the method, the content type, the size or the shape is not as it must be.
    """
    if request.method == "GET":
        return _checked({**request.query_params, **_parsed_parameters(request.query_params)})
    if request.method != "POST":
        raise Unfit(405, "GraphQL takes GET and POST.", headers={"Allow": "GET, POST"})
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    if kind.strip() != JSON:
        raise Unfit(415, f"The Content-Type must be {JSON}.", headers={"Accept-Post": JSON})
    charset = parameters.partition("charset=")[2].strip().strip("\"'")
    if charset not in ("", "utf-8", "utf8"):
        raise Unfit(415, "The body must be in UTF-8.", headers={"Accept-Post": JSON})
    try:
        body = orjson.loads(await _body(request, max_body))
    except orjson.JSONDecodeError:
        raise Unfit(400, "The body is not JSON.") from None
    return _checked(body)


def _parsed_parameters(parameters: Mapping[str, str]) -> dict[str, Any]:
    parsed = {}
    for name in ("variables", "extensions"):
        if text := parameters.get(name):
            try:
                parsed[name] = orjson.loads(text)
            except orjson.JSONDecodeError:
                raise Unfit(400, f"The parameter {name} is not JSON.") from None
    return parsed


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Unfit(413, f"The body is larger than {most:,} bytes: send less, or in parts.")
    return bytes(body)


def _checked(given: object) -> Asked:
    if isinstance(given, list):
        raise Unfit(400, "Several operations in one request are not taken: send each in a request of its own.")
    if not isinstance(given, dict):
        raise Unfit(400, "The body must be a JSON object.")
    return checked(given)


def checked(given: Mapping[str, Any]) -> Asked:
    """The operation that some parameters ask for.

    Raises:
        Unfit: there is no query, or a parameter has another type than it must have.
    """
    for name, kind, called in SHAPES:
        if given.get(name) is not None and not isinstance(given[name], kind):
            raise Unfit(400, f"“{name}” must be {called}.")
    named, query = _named(given), given.get("query") or ""
    if not query and named is None:
        raise Unfit(400, "There is no query in the request.")
    return Asked(query, given.get("operationName"), given.get("variables"), given.get("extensions"), named)


def _named(given: Mapping[str, Any]) -> str | None:
    """The name of the document, by `documentId` or as Apollo's clients give it."""
    name: str | None = given.get("documentId")
    persisted = (given.get("extensions") or {}).get("persistedQuery")
    if persisted is not None:
        if not isinstance(persisted, dict) or not isinstance(persisted.get("sha256Hash"), str):
            raise Unfit(400, "“persistedQuery” must be an object with a “sha256Hash”.")
        if persisted.get("version") != 1:
            raise Unfit(400, "The “version” of “persistedQuery” must be 1.")
        if name is not None:
            raise Unfit(400, "Give “documentId” or “persistedQuery”, not both.")
        name = persisted["sha256Hash"]
    if name is None:
        return None
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unfit(400, f"The name of a document must have from 1 to {LONGEST_NAME} characters.")
    lowered = name.removeprefix("sha256:").lower()
    return lowered if HASH.fullmatch(lowered) else name
