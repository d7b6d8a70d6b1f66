"""Subscriptions over HTTP, as events: the protocol of graphql-sse to the letter, and the rights of the websocket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import orjson
import pytest

from models.user import ApiToken
from resolvers.positions import cursor_at
from server.auth import Tokens
from server.operations import Operations
from server.persisted import Persisted
from server.quotas import Rates
from server.reception import Asked
from server.store import store_at
from server.streams import EVENTS, frame
from tests.resolvers.asking import SCHEMA, SEAL, gid
from tests.resolvers.watching import cursor
from tests.server.listening import opened
from tests.server.site import SECRET, Site
from tests.server.test_auth import token_of, user_of
from tests.world import World

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
URQL = f"{GRAPHQL}, application/graphql+json, {JSON}, {EVENTS}, multipart/mixed"
CHANGES = "subscription($nation: ID!, $after: EventCursor) { changes(nation: $nation, after: $after) { cursor topic } }"


@dataclass
class Stream:
    """An answer that is read event by event."""

    response: httpx.Response
    parts: AsyncIterator[bytes]
    buffer: bytes = b""
    comments: list[bytes] = field(default_factory=list)

    async def event(self) -> dict[str, str]:
        """Return the next event; comments on the way are kept."""
        while True:
            while b"\n\n" not in self.buffer:
                self.buffer += await asyncio.wait_for(anext(self.parts), 10)
            block, _, self.buffer = self.buffer.partition(b"\n\n")
            if not block.startswith(b":"):
                return dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in _lines(block))
            self.comments.append(block)

    async def next(self) -> dict:
        """Return the body of the next result."""
        event = await self.event()
        assert event["event"] == "next", event
        return orjson.loads(event["data"])


def _lines(block: bytes) -> list[str]:
    assert b"\r" not in block
    return block.decode().split("\n")


@asynccontextmanager
async def streaming(
    site: Site, query: str, token: str | None = None, accept: str = EVENTS, last: str = "", **variables
):
    """Open a stream."""
    headers = {"Accept": accept, **({"Authorization": f"Bearer {token}"} if token else {})}
    headers |= {"Last-Event-ID": last} if last else {}
    async with (
        httpx.AsyncClient(timeout=20, verify=False) as client,
        client.stream(
            "POST", f"{site.url}/graphql", json={"query": query, "variables": variables}, headers=headers
        ) as r,
    ):
        yield Stream(r, r.aiter_raw())


async def test_events_come_with_their_cursors_and_a_client_that_comes_back_has_missed_nothing(site: Site, world: World):
    north = await world.nation("north")
    token, nation = await token_of(north), gid("Nation", north.id)
    async with streaming(site, CHANGES, token, nation=nation, after=cursor(north, 0)) as stream:
        assert stream.response.headers["content-type"] == f"{EVENTS}; charset=utf-8"
        assert stream.response.headers["cache-control"] == "no-store"
        assert await anext(stream.parts) == b":\n\n"
        await north.person(first_name=uuid4().hex)
        event = await stream.event()
    assert event["id"] == orjson.loads(event["data"])["data"]["changes"]["cursor"]
    people = [await north.person(first_name=uuid4().hex) for _ in range(3)]
    query = CHANGES.replace("topic", "topic change { ... on NodeChanged { node { id } } }")
    async with streaming(site, query, token, last=event["id"], nation=nation, after="ignored") as stream:
        told = [await stream.next() for _ in people]
    ids = [body["data"]["changes"]["change"]["node"]["id"] for body in told]
    assert ids == [gid("Profile", person) for person in people]
    async with streaming(site, query, token, last="forged", nation=nation) as stream:
        assert (await stream.next())["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "path": ["after"]}
        assert await stream.event() == {"event": "complete", "data": ""}


async def test_a_client_comes_back_to_a_subscription_that_takes_no_cursor_and_to_one_among_many(
    site: Site, world: World
):
    north = await world.nation("north")
    token, nation = await token_of(north), gid("Nation", north.id)
    for number in range(6):
        await north.person(first_name=str(number))
    fixed = "subscription($nation: ID!) { changes(nation: $nation) { cursor } }"
    for query in (fixed, CHANGES, CHANGES, CHANGES):
        for place in (0, 3):
            async with streaming(site, query, token, last=cursor(north, place), nation=nation) as stream:
                told = [(await stream.event())["id"] for _ in range(6 - place)]
            assert told == [cursor(north, number) for number in range(place + 1, 7)]


async def test_those_who_stream_the_same_are_told_the_very_same(database: None, redis_url: str):
    """Each event is executed and encoded once for them all, and made an event once."""
    store = store_at(redis_url)
    async with opened() as room, AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        persisted, rates = Persisted("off", {}, store), Rates(store, 0, 10)
        operations = Operations(SCHEMA, Tokens(SECRET), room.cohorts._new_context, persisted, rates)
        north = await room.world.nation("north")
        await north.person(first_name="Early")
        variables = {"nation": gid("Nation", north.id), "after": cursor_at(SEAL, north.id, 0)}
        streams = []
        for _ in range(4):
            token = Tokens(SECRET).issue(await user_of(north)).token
            operation = await operations.begin(Asked(CHANGES, variables=variables), f"Bearer {token}", "")
            streams.append(await stack.enter_async_context(aclosing(operations.events(operation))))
            assert b"event: next" in await anext(streams[-1])
        for _ in range(50):  # until the last to begin has caught up
            await north.person(first_name="Late")
            first, *others = [await asyncio.wait_for(anext(events), 10) for events in streams]
            if all(event is first for event in others):
                break
        else:
            pytest.fail("they are told one by one")


async def test_queries_mutations_and_errors_are_one_event_and_then_the_end(site: Site):
    wrong = 'mutation { signIn(input: {email: "a@b.c", password: "x"}) { __typename } }'
    for query, data in (
        ("{ __typename }", {"__typename": "Query"}),
        (wrong, {"signIn": {"__typename": "ForbiddenError"}}),
    ):
        async with streaming(site, query) as stream:
            assert (await stream.next())["data"] == data
            assert await stream.event() == {"event": "complete", "data": ""}
            with pytest.raises(StopAsyncIteration):
                await stream.event()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (CHANGES, "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
        ('subscription { changes(nation: "TmF0aW9uOjE=") { cursor } }', "NOT_FOUND"),
        ('subscription { share(id: "VGFnU2hhcmU6MQ==") { cursor } }', "NOT_FOUND"),
    ],
)
async def test_what_cannot_begin_is_told_in_the_stream(site: Site, query: str, code: str):
    async with streaming(site, query) as stream:
        assert stream.response.status_code == 200
        body = await stream.next()
        assert code in {error["extensions"]["code"] for error in body["errors"]}
        assert "data" not in body
        assert (await stream.event())["event"] == "complete"


async def test_what_is_no_request_gets_a_status(site: Site):
    async with streaming(site, "{ __typename }", token="x.y.z") as stream:
        assert (stream.response.status_code, stream.response.headers["www-authenticate"]) == (401, "Bearer")
    async with httpx.AsyncClient() as client:
        for body, kind, status in (
            (b"{", JSON, 400),
            (b"[]", JSON, 400),
            (b"{}", JSON, 400),
            (b"{}", "text/plain", 415),
        ):
            headers = {"Accept": EVENTS, "Content-Type": kind}
            response = await client.post(f"{site.url}/graphql", content=body, headers=headers)
            assert (response.status_code, response.headers["content-type"]) == (status, f"{JSON}; charset=utf-8")


@pytest.mark.parametrize("accept", [URQL, f"{EVENTS}, {JSON};q=0.1", f"{EVENTS}, */*"])
async def test_a_client_that_takes_json_too_gets_events_only_of_subscriptions(site: Site, world: World, accept: str):
    north = await world.nation("north")
    async with streaming(site, "{ __typename }", accept=accept) as stream:
        assert stream.response.headers["content-type"].startswith("application/")
    async with streaming(site, CHANGES, await token_of(north), accept, nation=gid("Nation", north.id)) as stream:
        assert stream.response.headers["content-type"].startswith(EVENTS)


async def test_a_token_that_runs_out_or_is_revoked_ends_the_stream(site: Site, world: World):
    north = await world.nation("north")
    nation, soon = gid("Nation", north.id), datetime.now(UTC) + timedelta(seconds=1)
    async with streaming(site, CHANGES, await token_of(north, expires_at=soon), nation=nation) as stream:
        assert (await stream.next())["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await stream.event())["event"] == "complete"
    async with streaming(site, CHANGES, await token_of(north), nation=nation) as stream:
        await anext(stream.parts)
        await ApiToken.filter(nation_id=north.id).update(revoked_at=datetime.now(UTC))
        await north.person(first_name=uuid4().hex)
        body = await stream.next()
        while "data" in body:  # it began before the token was revoked
            body = await stream.next()
        assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_streams_end_with_the_server_and_do_not_hold_it_up(database_url: str, redis_url: str, world: World):
    """`Site.stop` sees that nothing had to be cancelled."""
    north = await world.nation("north")
    with Site(database_url, redis_url).running() as site:
        async with streaming(site, CHANGES, await token_of(north), nation=gid("Nation", north.id)) as stream:
            await anext(stream.parts)
            await asyncio.to_thread(site.process.terminate)
            with pytest.raises(httpx.RemoteProtocolError):
                await stream.event()


def test_an_id_is_a_cursor_and_nothing_else():
    values = ({"cursor": "x\ny"}, {"cursor": 7}, {"cursor": ""}, [{"cursor": "x"}], None, "x")
    for body in (
        *({"data": {"a": value}} for value in values),
        {"data": {"a": {"cursor": "x"}, "b": 1}},
        {"errors": []},
    ):
        assert b"id: " not in frame(body)
    assert frame({"data": {"a": {"cursor": "x"}}}) == b'event: next\nid: x\ndata: {"data":{"a":{"cursor":"x"}}}\n\n'
