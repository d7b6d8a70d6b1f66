"""Results as they come, over HTTP: server-sent events, by graphql-sse's “distinct connections”."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack, aclosing, suppress
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.results import Body

EVENTS = "text/event-stream"
ENDLESS = "comity.endless"  # marks the scope of a request whose answer ends only when the client or the server goes
PING_SECONDS = 12.0  # so that nothing on the way takes a quiet stream for a dead one
MOST_WAITING = 64

PING = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"


def frame(body: Body) -> bytes:
    """One result as an event: with the cursor that it carries as its id, if it carries one."""
    cursor = _cursor(body)
    named = f"id: {cursor}\n" if cursor else ""
    return b"event: next\n" + named.encode() + b"data: " + orjson.dumps(body) + b"\n\n"


def _cursor(body: Body) -> str | None:
    data = body.get("data")
    if not isinstance(data, dict) or len(data) != 1:
        return None
    (value,) = data.values()
    cursor = value.get("cursor") if isinstance(value, dict) else None
    return cursor if isinstance(cursor, str) and cursor.isprintable() else None


class Waiting:
    """Events on their way to a client that reads them as fast as it will: so many wait, and no more."""

    def __init__(self) -> None:
        self._events = deque[bytes]()
        self._more = asyncio.Event()
        self._room = asyncio.Event()

    def put(self, event: bytes) -> bool:
        """Take an event. Whether more may follow before it has drained."""
        self._events.append(event)
        self._more.set()
        if len(self._events) >= MOST_WAITING:
            self._room.clear()
            return False
        return True

    async def drained(self) -> None:
        """Return once there is room again."""
        await self._room.wait()

    def end(self) -> None:
        """Let no more be waited for."""
        self._more.set()
        self._room.set()

    async def taken(self, task: asyncio.Task[Any]) -> AsyncGenerator[bytes, None]:
        """The events, until a task is over that puts them there and all are taken."""
        task.add_done_callback(lambda _: self.end())
        while self._events or not task.done():
            while self._events:
                yield self._events.popleft()
            self._more.clear()
            self._room.set()
            if not task.done():
                await self._more.wait()


class EventStream(Response):
    """An answer that goes on until its results end or the client goes.

    The next result is asked for when the last has been handed on, so that a client that does not read makes its
    subscription wait and nothing pile up.

    Args:
        events: what to send.
        headers: what the answer has to carry.
        place: what it holds until it ends.
    """

    def __init__(
        self, events: AsyncGenerator[bytes, None], headers: Mapping[str, str], place: ExitStack | None = None
    ) -> None:
        fixed = {**headers, "Content-Type": f"{EVENTS}; charset=utf-8", "X-Accel-Buffering": "no"}
        super().__init__(headers=fixed)
        del self.headers["content-length"]
        self._events = events
        self._place = place or ExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the results."""
        scope[ENDLESS] = True
        with self._place:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await _send(send, PING)  # the headers arrive before the first event does
            await self._until_over(receive, send)

    async def _until_over(self, receive: Receive, send: Send) -> None:
        tasks = [asyncio.create_task(work) for work in (self._tell(send), _until_gone(receive), _keep_alive(send))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            with suppress(OSError):  # the client is gone
                task.result()

    async def _tell(self, send: Send) -> None:
        async with aclosing(self._events):
            async for event in self._events:
                await _send(send, event)
                await asyncio.sleep(0)  # neither the results nor a client that is gone need ever make it wait
        await _send(send, COMPLETE)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send(send: Send, part: bytes) -> None:
    await send({"type": "http.response.body", "body": part, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _keep_alive(send: Send) -> None:
    while True:
        await asyncio.sleep(PING_SECONDS)
        await _send(send, PING)
