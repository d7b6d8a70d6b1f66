"""GraphQL over a websocket, by the protocol graphql-transport-ws: what comes in gets an answer or a proper close."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, aclosing, suppress
from datetime import UTC, datetime
from typing import Any

import orjson
from graphql import GraphQLError
from graphql import OperationType as Kind
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.complaints import complaint
from server.frames import EXTENSION, Frames
from server.members import Told
from server.operations import Operations
from server.quotas import Pace, principal_of
from server.reception import Asked, Unfit, checked
from server.results import body_of, never_began
from sharing.errors import Unauthenticated

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 10.0
MAX_OPERATIONS = 100
LONGEST_REASON = 120  # bytes; a close frame holds 123

BAD_MESSAGE = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
BAD_PROTOCOL = 4406
INIT_TIMEOUT = 4408
TAKEN = 4409
TOO_MANY_INITS = 4429
TOO_FAST = 4429
TRY_LATER = 1013

Message = dict[str, Any]


class Close(Exception):
    """The client broke the protocol, or may not stay: the socket is closed, with a code that says why."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Gone(Exception):
    """Nobody is there any more to be told."""


class Written:
    """Results written to a socket as the messages of one operation, as far as its buffers hold."""

    def __init__(self, frames: Frames, operation_id: str) -> None:
        self._frames = frames
        self._head = b'{"id":' + orjson.dumps(operation_id) + b","

    def take(self, told: Told) -> bool:
        """Send a result. Whether more may follow before it has drained."""
        return self._frames.write_text(self._head, told.tail)

    async def drained(self) -> None:
        """Return once the buffers have room again, or nobody is there."""
        await self._frames.writable.wait()


class Socket:
    """One connection, and the operations on it.

    Args:
        websocket: not yet accepted.
        operations: runs what is asked for.
    """

    def __init__(self, websocket: WebSocket, operations: Operations) -> None:
        self._websocket = websocket
        self._runs = operations
        self._frames: Frames | None = websocket.scope.get("extensions", {}).get(EXTENSION)
        self._address = websocket.client.host if websocket.client else ""
        self._pace = Pace(operations.limits.messages)
        self._place = ExitStack()
        self._authorization: str | None = None
        self._initialised = False
        self._acknowledged = False
        self._open = True
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Accept the connection, and serve it until it ends."""
        spoken = PROTOCOL if PROTOCOL in self._websocket.scope.get("subprotocols", ()) else None
        await self._websocket.accept(subprotocol=spoken)
        try:
            if spoken is None:
                raise Close(BAD_PROTOCOL, f"The subprotocol must be {PROTOCOL}.")
            self._close_after(INIT_SECONDS, INIT_TIMEOUT, "Connection initialisation timeout")
            async for message in self._messages():
                await self._take(message)
        except Close as close:
            await self._close(close.code, close.reason)
        except Gone:
            pass
        finally:
            await self._end()

    async def _messages(self) -> AsyncIterator[Message]:
        while True:
            event = await self._websocket.receive()
            if event["type"] == "websocket.disconnect":
                return
            if not self._pace.allows():
                raise Close(TOO_FAST, "Too many messages: send fewer a second.")
            if (text := event.get("text")) is None:
                raise Close(BAD_MESSAGE, "Messages must be text.")
            try:
                message = orjson.loads(text)
            except orjson.JSONDecodeError:
                raise Close(BAD_MESSAGE, "Messages must be JSON.") from None
            if not isinstance(message, dict):
                raise Close(BAD_MESSAGE, "Messages must be JSON objects.")
            yield message

    async def _take(self, message: Message) -> None:
        match message.get("type"):
            case "connection_init":
                await self._initialise(message.get("payload"))
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(_id(message), message.get("payload"))
            case "complete":
                if task := self._operations.pop(_id(message), None):
                    task.cancel()
            case _:
                raise Close(BAD_MESSAGE, "There is no such type of message.")

    async def _initialise(self, payload: Any) -> None:
        if self._initialised:
            raise Close(TOO_MANY_INITS, "Too many initialisation requests")
        if not isinstance(payload, dict | None):
            raise Close(BAD_MESSAGE, "The payload of connection_init must be an object.")
        self._initialised = True
        given = {name.lower(): value for name, value in (payload or {}).items()}.get("authorization")
        try:
            if not isinstance(given, str | None):
                raise Unauthenticated("The authorization must be a string: “Bearer”, a space and a token.")
            caller = await self._runs.tokens.caller_of(given)
            self._place.enter_context(self._runs.connections.taken(principal_of(caller, self._address)))
        except Unauthenticated as error:
            raise Close(FORBIDDEN, error.message) from None
        except Unfit as unfit:
            raise Close(TRY_LATER, unfit.message) from None
        self._authorization = given
        self._stop_timer()
        if caller.expires_at is not None:
            left = (caller.expires_at - datetime.now(UTC)).total_seconds()
            self._close_after(left + 1.0, FORBIDDEN, "The token has expired: sign in again.")
        await self._send({"type": "connection_ack"})
        self._acknowledged = True

    async def _subscribe(self, operation_id: str, payload: Any) -> None:
        if not self._acknowledged:
            raise Close(UNAUTHORIZED, "Unauthorized")
        if operation_id in self._operations:
            raise Close(TAKEN, f"Subscriber for {operation_id} already exists")
        if not isinstance(payload, dict):
            raise Close(BAD_MESSAGE, "The payload of subscribe must be an object.")
        try:
            asked = checked(payload)
        except Unfit as unfit:
            raise Close(BAD_MESSAGE, unfit.message) from None
        if len(self._operations) >= MAX_OPERATIONS:
            message = (
                f"There are {MAX_OPERATIONS} operations on this socket already: complete one, or open another socket."
            )
            await self._fail(operation_id, [GraphQLError(message, extensions={"code": "TOO_MANY_OPERATIONS"})])
            return
        self._operations[operation_id] = asyncio.create_task(self._run(operation_id, asked))

    async def _run(self, operation_id: str, asked: Asked) -> None:
        """Run one operation to its end, and tell of it."""
        try:
            try:
                failure = await self._tell(operation_id, asked)
            except (Gone, asyncio.CancelledError):
                raise
            except Unfit as unfit:
                failure = [unfit.error]
            except Exception as error:
                failure = [complaint(GraphQLError(str(error), original_error=error))]
            self._operations.pop(
                operation_id, None
            )  # before the last message, so that the id can be used again at once
            if failure:
                await self._fail(operation_id, failure)
            else:
                await self._send({"id": operation_id, "type": "complete"})
        except Gone:
            self._operations.pop(operation_id, None)

    async def _tell(self, operation_id: str, asked: Asked) -> list[GraphQLError]:
        """Send the results of an operation. What keeps it from beginning, or from going on, is returned."""
        operation = await self._runs.begin(asked, self._authorization, self._address)
        if self._frames is not None and operation.kind is Kind.SUBSCRIPTION:
            return await self._runs.follow(operation, Written(self._frames, operation_id))
        async with aclosing(self._runs.results(operation)) as results:
            async for result in results:
                if never_began(result):
                    return result.errors or []
                await self._send({"id": operation_id, "type": "next", "payload": body_of(result)})
        return []

    async def _fail(self, operation_id: str, errors: list[GraphQLError]) -> None:
        payload = [error.formatted for error in errors]
        await self._send({"id": operation_id, "type": "error", "payload": payload})

    async def _send(self, message: Message) -> None:
        if not self._open:
            raise Gone
        try:
            await self._websocket.send({"type": "websocket.send", "text": orjson.dumps(message).decode()})
        except (WebSocketDisconnect, RuntimeError) as error:  # gone, or closed by us meanwhile
            self._open = False
            raise Gone from error

    async def _close(self, code: int, reason: str) -> None:
        if self._open:
            self._open = False
            with suppress(WebSocketDisconnect, RuntimeError):
                await self._websocket.close(code, reason.encode()[:LONGEST_REASON].decode(errors="ignore"))

    def _close_after(self, seconds: float, code: int, reason: str) -> None:
        def close() -> None:
            self._closing = asyncio.create_task(self._close(code, reason))

        self._timer = asyncio.get_running_loop().call_later(seconds, close)  # thousands wait: no task for each

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    async def _end(self) -> None:
        self._open = False
        self._stop_timer()
        tasks = list(self._operations.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._place.close()


def _id(message: Message) -> str:
    operation_id = message.get("id")
    if not isinstance(operation_id, str) or not operation_id:
        raise Close(BAD_MESSAGE, "The message must have an id, which is a string.")
    return operation_id
