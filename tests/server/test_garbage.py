"""Whatever comes gets an answer: ten thousand requests and messages of any shape, and nobody else notices."""

import asyncio
import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.server.garbage import Garbage
from tests.server.site import Line, Site

EXAMPLES = 250
MESSAGES = 20

CODES = {
    "BAD_REQUEST", "BAD_USER_INPUT", "COST_EXCEEDED", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "NOT_FOUND",
    "OPERATION_RESOLUTION_FAILURE", "PERSISTED_QUERY_HASH_MISMATCH", "PERSISTED_QUERY_NOT_FOUND", "UNAUTHENTICATED",
}  # fmt: skip
STATUSES = {200, 400, 401, 405, 406, 415}
CLOSES = {4400, 4409, 4429}
# The words of Python, its libraries and ours, none of which a client has anything to do with.
OURS = re.compile(
    rb"Traceback|NoneType|has no (len|attribute)|not subscriptable|asyncpg|tortoise|strawberry|\.py\b|object at 0x"
)


@pytest.fixture(scope="module")
def target(database_url: str, redis_url: str):
    """Return a site on which nobody is counted."""
    options = {"COMITY_RATE": "0", "COMITY_MAX_MESSAGES": "100000"}
    with Site(database_url, redis_url, options).running() as running:
        yield running


@pytest.fixture(scope="module")
async def bystander(target: Site):
    """Return a socket of somebody who does nothing wrong."""
    async with target.line() as line:
        yield line


async def lives(bystander: Line) -> None:
    """Check that whoever does nothing wrong is served."""
    await bystander.subscribe("{ __typename }")
    assert await bystander.next() == {"__typename": "Query"}
    assert (await bystander.receive())["type"] == "complete"


def check(answer: bytes) -> None:
    """Check that an answer tells a client what it can mend and no more."""
    assert not OURS.search(answer), answer
    for code in re.findall(rb'"code": ?"([^"]*)"', answer):
        assert code.decode() in CODES, answer


async def response(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer off a connection on which others follow."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, headers = int(head.split(b" ", 2)[1]), head.lower()
    if b"transfer-encoding: chunked" not in headers:
        return status, await reader.readexactly(int(re.search(rb"content-length: (\d+)", headers)[1]))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return status, body


@settings(max_examples=EXAMPLES)
@given(chance=st.randoms(use_true_random=True))
async def test_whatever_is_requested_is_answered_and_nothing_is_our_fault(
    target: Site, bystander: Line, chance: Random
):
    garbage = Garbage(chance)
    requests = [garbage.http() for _ in range(MESSAGES)]
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    try:
        writer.write(b"".join(requests))
        for request in requests:
            status, body = await asyncio.wait_for(response(reader), 20)
            assert status in STATUSES, (status, request, body)
            check(body)
    finally:
        writer.transport.abort()
    await lives(bystander)


async def outcome(line: Line, message: str | bytes) -> bool:
    """Send a message and a ping; check what is answered until the pong. Whether the socket is open still."""
    try:
        await line.send(message)
        await line.send('{"type":"ping"}')
        while True:
            answer = await asyncio.wait_for(line.socket.recv(), 20)
            if answer == '{"type":"pong"}':
                return True
            check(answer.encode())
    except ConnectionClosed:
        code, reason = await line.closed()
        assert code in CLOSES, (message, code, reason)
        check(reason.encode())
        return False


@settings(max_examples=EXAMPLES)
@given(chance=st.randoms(use_true_random=True))
async def test_whatever_is_said_on_a_socket_is_answered_or_closes_it_properly(
    target: Site, bystander: Line, chance: Random
):
    garbage = Garbage(chance)
    waiting = [garbage.message() for _ in range(MESSAGES)]
    while waiting:
        async with target.line() as line:
            while waiting and await outcome(line, waiting.pop()):
                pass
    await lives(bystander)
