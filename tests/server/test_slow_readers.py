"""Clients of streams that read slowly, or not at all: what waits for them is bounded, and they are not waited for."""

import asyncio
import socket
from contextlib import aclosing

import pytest
from uvicorn import Config, Server

from server.connections import Connection
from server.streams import MOST_WAITING, EventStream, Waiting, frame


async def test_a_client_that_does_not_read_makes_the_results_wait():
    """What it has taken is all that was asked for, but for one in hand."""
    asked, taken, full = [], [], asyncio.Event()

    async def results():
        for number in range(1_000):
            asked.append(number)
            yield frame({"data": {"a": number}})

    async def send(message):
        taken.append(message)
        if len(taken) == 12:
            full.set()
            await asyncio.Event().wait()

    async def receive():
        await full.wait()
        return {"type": "http.disconnect"}

    await EventStream(results(), {})({"type": "http"}, receive, send)
    assert len(asked) == 10  # and the headers, and a comment


async def test_so_many_events_wait_for_a_client_and_no_more():
    waiting, over = Waiting(), asyncio.Event()
    assert [waiting.put(b"x") for _ in range(MOST_WAITING)] == [True] * (MOST_WAITING - 1) + [False]
    task = asyncio.create_task(over.wait())
    async with aclosing(waiting.taken(task)) as events:
        assert [await anext(events) for _ in range(MOST_WAITING)] == [b"x"] * MOST_WAITING
        drained, following = asyncio.create_task(waiting.drained()), asyncio.create_task(anext(events))
        await drained
        assert waiting.put(b"y")
        assert await following == b"y"
        over.set()
        with pytest.raises(StopAsyncIteration):
            await anext(events)


async def test_a_connection_whose_client_takes_nothing_is_cut():
    gone = asyncio.Event()

    class Impatient(Connection):
        stall_seconds = 0.01

    async def app(scope, receive, send):
        async def endless():
            try:
                while True:
                    yield frame({"data": {"a": "x" * 100_000}})
            finally:
                gone.set()

        await EventStream(endless(), {})(scope, receive, send)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(Config(app, http=Impatient, lifespan="off", log_config=None))
        serving = asyncio.create_task(server.serve([listening]))
        _, writer = await asyncio.open_connection(*listening.getsockname(), limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(gone.wait(), 20)
        writer.transport.abort()
        server.should_exit = True
        await serving
