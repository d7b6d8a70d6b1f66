"""GraphQL over a websocket: the protocol to the letter, and a proper close for whatever is not of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from models.user import ApiToken, Membership
from server.auth import Tokens
from server.sockets import MAX_OPERATIONS
from sharing.visibility import Role
from tests.resolvers.asking import gid
from tests.server.site import SECRET, Site
from tests.server.test_auth import signed, token_of, user_of
from tests.world import World

CHANGES = "subscription($nation: ID!) { changes(nation: $nation) { cursor topic } }"


async def test_queries_and_mutations_go_over_the_socket(site: Site):
    async with site.line() as line:
        first = await line.subscribe("query($id: ID!) { node(id: $id) { id } }", id="VGFnOjE=")
        cost = {"cost": {"requested": 2, "maximum": 5000}}
        payload = {"data": {"node": None}, "extensions": cost}
        assert await line.receive() == {"id": first, "type": "next", "payload": payload}
        assert await line.receive() == {"id": first, "type": "complete"}
        wrong = 'mutation { signIn(input: {email: "a@b.c", password: "x"}) { __typename } }'
        await line.subscribe(wrong)
        assert (await line.next())["signIn"] == {"__typename": "ForbiddenError"}


async def test_pings_are_answered_before_and_after_the_introduction(site: Site):
    async with site.line("") as line:
        await line.send({"type": "ping"})
        assert await line.receive() == {"type": "pong"}
        await line.send({"type": "connection_init"})
        assert await line.receive() == {"type": "connection_ack"}
        await line.send({"type": "pong", "payload": {"x": 1}})
        await line.send({"type": "ping", "payload": {}})
        assert await line.receive() == {"type": "pong"}


MALFORMED = [
    "",
    "{",
    "[]",
    '"x"',
    "null",
    "7",
    "{}",
    '{"type": null}',
    '{"type": 7}',
    '{"type": []}',
    '{"type": "nothing"}',
    '{"type": "start", "id": "1"}',
    '{"type": "subscribe"}',
    '{"type": "subscribe", "id": "1"}',
    '{"type": "subscribe", "id": "1", "payload": null}',
    '{"type": "subscribe", "id": "1", "payload": []}',
    '{"type": "subscribe", "id": "1", "payload": {}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": 7}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "variables": []}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "operationName": {}}}',
    '{"type": "subscribe", "id": [], "payload": {"query": "{ __typename }"}}',
    '{"type": "subscribe", "id": {}, "payload": {"query": "{ __typename }"}}',
    '{"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}',
    '{"type": "complete"}',
    '{"type": "complete", "id": ["1"]}',
    b"\x00\x01",
    b'{"type": "ping"}',
    "[" * 60_000,
]


@pytest.mark.parametrize("message", MALFORMED, ids=lambda message: repr(message[:60]))
async def test_a_malformed_message_closes_the_socket_with_4400(site: Site, message: str | bytes):
    async with site.line() as line:
        await line.send(message)
        assert (await line.closed())[0] == 4400


@pytest.mark.parametrize("payload", [[], "x", 7, True])
async def test_a_malformed_introduction_closes_the_socket_with_4400(site: Site, payload: object):
    async with site.line("") as line:
        await line.send({"type": "connection_init", "payload": payload})
        assert (await line.closed())[0] == 4400


@pytest.mark.parametrize("authorization", ["Bearer x.y.z", "nonsense", 7, [], {"a": 1}, f"Bearer {signed({})}"])
async def test_a_token_that_is_not_right_closes_the_socket_with_4403(site: Site, authorization: object):
    async with site.line("") as line:
        await line.send({"type": "connection_init", "payload": {"authorization": authorization}})
        assert (await line.closed())[0] == 4403


async def test_the_order_of_the_protocol_is_kept(site: Site):
    async with site.line("") as line:
        await line.subscribe("{ __typename }")
        assert await line.closed() == (4401, "Unauthorized")
    async with site.line() as line:
        await line.send({"type": "connection_init"})
        assert await line.closed() == (4429, "Too many initialisation requests")
    async with site.line("", protocols=("graphql-ws",)) as line:
        assert (await line.closed())[0] == 4406
    async with site.line("", protocols=()) as line:
        assert (await line.closed())[0] == 4406


async def test_an_id_is_free_again_once_its_operation_is_over_and_not_before(site: Site, world: World):
    north = await world.nation("north")
    async with site.line(await token_of(north)) as line:
        message = {"id": "a", "type": "subscribe", "payload": {"query": "{ __typename }"}}
        for _ in range(3):
            await line.send(message)
            assert (await line.receive())["type"] == "next"
            assert await line.receive() == {"id": "a", "type": "complete"}
        following = {"query": CHANGES, "variables": {"nation": gid("Nation", north.id)}}
        await line.send({"id": "b", "type": "subscribe", "payload": following})
        await line.send({"id": "b", "type": "complete"})
        await line.send({"id": "b", "type": "subscribe", "payload": following})
        await line.send({"id": "b", "type": "subscribe", "payload": following})
        assert await line.closed() == (4409, "Subscriber for b already exists")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { node(id: $id) { id } }", "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
        ('subscription { changes(nation: "x") { cursor } }', "BAD_USER_INPUT"),
        ('subscription { changes(nation: "TmF0aW9uOjE=", after: "x") { cursor } }', "NOT_FOUND"),
        ('subscription { share(id: "VGFnU2hhcmU6MQ==") { cursor } }', "NOT_FOUND"),
        ('subscription { shareStats(id: "TmF0aW9uOjE=") { total } }', "NOT_FOUND"),
    ],
)
async def test_an_operation_that_cannot_begin_gets_an_error_and_the_socket_lives_on(site: Site, query: str, code: str):
    async with site.line() as line:
        operation_id = await line.subscribe(query)
        message = await line.receive()
        assert (message["type"], message["id"]) == ("error", operation_id)
        assert [error["extensions"]["code"] for error in message["payload"]] == [code]
        await line.subscribe("{ __typename }")
        assert await line.next() == {"__typename": "Query"}


async def test_a_socket_has_so_many_operations_and_no_more(site: Site, world: World):
    north = await world.nation("north")
    async with site.line(await token_of(north)) as line:
        for _ in range(MAX_OPERATIONS):
            await line.subscribe(CHANGES, nation=gid("Nation", north.id))
        refused = await line.subscribe("{ __typename }")
        message = await line.receive()
        assert (message["type"], message["id"]) == ("error", refused)
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        await line.send({"id": "1", "type": "complete"})
        await line.subscribe("{ __typename }")
        assert await line.next() == {"__typename": "Query"}


async def test_each_operation_has_the_rights_of_its_own_moment(site: Site, world: World):
    """What was read or allowed before counts no more."""
    north = await world.nation("north")
    user_id = await user_of(north, Role.MEMBER)
    query = "{ viewer { memberships { role } } }"
    async with site.line(Tokens(SECRET).issue(user_id).token) as line:
        for role in (Role.MEMBER, Role.ADMIN):
            await Membership.filter(user_id=user_id).update(role=role)
            await line.subscribe(query)
            assert await line.next() == {"viewer": {"memberships": [{"role": role.value}]}}
            assert (await line.receive())["type"] == "complete"
        await Membership.filter(user_id=user_id).delete()
        await line.subscribe(query)
        assert await line.next() == {"viewer": {"memberships": []}}


async def test_a_token_that_runs_out_ends_its_subscriptions_and_then_the_socket(site: Site, world: World):
    north = await world.nation("north")
    token = await token_of(north, expires_at=datetime.now(UTC) + timedelta(seconds=1))
    async with site.line(token) as line:
        operation_id = await line.subscribe(CHANGES, nation=gid("Nation", north.id))
        message = await line.receive()
        assert (message["type"], message["id"]) == ("error", operation_id)
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "expired" in message["payload"][0]["message"]
        await line.subscribe("{ __typename }")
        assert (await line.receive())["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        code, reason = await line.closed()
        assert code == 4403
        assert "expired" in reason


async def test_a_revoked_token_is_found_out_at_the_next_operation(site: Site, world: World):
    north = await world.nation("north")
    async with site.line(await token_of(north)) as line:
        await ApiToken.filter(nation_id=north.id).update(revoked_at=datetime.now(UTC))
        await line.subscribe("{ __typename }")
        assert (await line.receive())["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_page_of_another_origin_gets_no_socket(site: Site):
    address = f"ws://127.0.0.1:{site.port}/graphql"
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{site.port + 1}"):
        with pytest.raises(InvalidStatus) as caught:
            await connect(address, origin=origin, proxy=None)
        assert caught.value.response.status_code == 403
    async with connect(address, origin=site.url, subprotocols=["graphql-transport-ws"], proxy=None):
        pass


async def test_a_message_beyond_64_kibibytes_closes_the_socket(site: Site):
    async with site.line() as line:
        await line.send({"type": "ping", "payload": {"x": "y" * 70_000}})
        assert (await line.closed())[0] == 1009


async def test_sockets_that_go_away_in_any_moment_leave_the_site_well(site: Site, world: World):
    north = await world.nation("north")
    token = await token_of(north)

    async def come_and_go(number: int) -> None:
        async with site.line(token) as line:
            for _ in range(number % 5):
                await line.subscribe(CHANGES, nation=gid("Nation", north.id))
            await asyncio.sleep(number % 7 / 100)
            line.socket.transport.abort()

    await asyncio.gather(*(come_and_go(number) for number in range(40)), return_exceptions=True)
    await north.person(first_name=uuid4().hex)
    assert (await site.post("{ __typename }")).status_code == 200
