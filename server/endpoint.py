"""GraphQL over HTTP and websocket, at one address; GraphiQL there for browsers."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import ExitStack
from hashlib import sha256

import orjson
from graphql import GraphQLError
from graphql import OperationType as Kind
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.http.websocket_origin import is_same_origin, normalize_allowed_origins, normalize_origin

from schema.scalars import EventCursor
from server.complaints import complaint
from server.explorer import asks_for_page, explorer_page
from server.operations import Operation, Operations
from server.quotas import headers_of
from server.reception import JSON, Unfit, Wish, asked_by, wish_of
from server.results import Body, body_of, never_began
from server.sockets import Socket
from server.streams import EventStream, frame
from sharing.errors import Unauthenticated

CLOSE_POLICY = 1008  # before the socket is accepted: the handshake gets 403

HEADERS = {"Cache-Control": "no-store", "Vary": "Accept, Authorization, Origin"}

DEFAULT = Wish(JSON, stream=False)

UNSTREAMED = "Subscriptions tell events: accept text/event-stream, or open a websocket and speak graphql-transport-ws."


class Endpoint:
    """Where operations come in, as an ASGI application.

    Args:
        operations: runs what is asked for.
        allowed_origins: pages of other origins that may open websockets; * for all.
        explorer: whether browsers get GraphiQL.
    """

    def __init__(self, operations: Operations, allowed_origins: Iterable[str] = (), *, explorer: bool = True) -> None:
        self._operations = operations
        self._explorer = explorer
        self._allowed_origins = normalize_allowed_origins(allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a socket."""
        if scope["type"] == "http":
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)
        else:
            websocket = WebSocket(scope, receive, send)
            if self._may_connect(websocket):
                await Socket(websocket, self._operations).serve()
            else:
                await websocket.close(CLOSE_POLICY)

    def _may_connect(self, websocket: WebSocket) -> bool:
        """Whether the page behind a handshake may have a socket. What is no browser sends no origin."""
        origin = websocket.headers.get("origin")
        if origin is None or is_same_origin(origin, websocket.headers.get("host")):
            return True
        return "*" in self._allowed_origins or normalize_origin(origin) in self._allowed_origins

    async def _answer(self, request: Request) -> Response:
        if self._explorer and asks_for_page(request):
            return explorer_page(request)
        wish = DEFAULT
        try:
            wish = wish_of(request.headers.get("accept"))
            asked = await asked_by(request, self._operations.limits.body)
            address = request.client.host if request.client else ""
            operation = await self._operations.begin(asked, request.headers.get("authorization"), address)
            if operation.kind is Kind.MUTATION and request.method == "GET":
                raise Unfit(405, "Mutations go by POST.", headers={"Allow": "POST"})
            if wish.stream and (operation.kind is Kind.SUBSCRIPTION or wish.kind is None):
                return self._stream(request, operation)
            if operation.kind is Kind.SUBSCRIPTION:
                raise Unfit(400, UNSTREAMED)
            return await self._result(request, operation, wish.kind or JSON)
        except Unfit as unfit:
            return refusal(unfit, wish)
        except Unauthenticated as error:
            return refusal(Unfit(401, error.message, error.code, {"WWW-Authenticate": "Bearer"}), wish)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:
            told = complaint(GraphQLError(str(error), original_error=error))
            away = told.extensions is not None and told.extensions["code"] == "SERVICE_UNAVAILABLE"
            return _response({"errors": [told.formatted]}, 503 if away else 500, wish.kind or JSON)

    def _stream(self, request: Request, operation: Operation) -> Response:
        operation.context.last_event = EventCursor(request.headers.get("last-event-id", ""))
        place = ExitStack()
        place.enter_context(self._operations.connections.taken(operation.principal))
        headers = {**HEADERS, **headers_of(operation.context.rate_limit)}
        return EventStream(self._operations.events(operation), headers, place)

    async def _result(self, request: Request, operation: Operation, kind: str) -> Response:
        result = await self._operations.run(operation)
        limited = headers_of(operation.context.rate_limit)
        response = _response(body_of(result), _status(not never_began(result), kind), kind, limited)
        if request.method == "GET" and operation.asked.named and not result.errors:
            return _cacheable(response, request.headers.get("if-none-match", ""))
        return response


def _cacheable(response: Response, known: str) -> Response:
    """An answer that the client may keep, and need not be sent again while it is the same."""
    digest = sha256(response.body, usedforsecurity=False).hexdigest()[:32]
    headers = {**HEADERS, "Cache-Control": "private, max-age=0, must-revalidate", "ETag": f'W/"{digest}"'}
    if any(tag.strip() == headers["ETag"] for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def refusal(unfit: Unfit, wish: Wish = DEFAULT) -> Response:
    """The answer to a request that is not taken. What is wrong with the operation itself is told in the stream."""
    if wish.kind is None and unfit.status in (None, 200):
        return EventStream(_once(frame(unfit.body)), HEADERS)
    kind = wish.kind or JSON
    return _response(unfit.body, unfit.status or _status(False, kind), kind, unfit.headers)


async def _once(event: bytes) -> AsyncGenerator[bytes, None]:
    yield event


def _status(began: bool, kind: str) -> int:
    """The status of an answer: plain JSON has always been sent with 200, whatever became of the operation."""
    return 200 if began or kind == JSON else 400


def _response(body: Body, status: int, kind: str, headers: Mapping[str, str] | None = None) -> Response:
    fixed = {**HEADERS, **(headers or {}), "Content-Type": f"{kind}; charset=utf-8"}
    return Response(orjson.dumps(body), status, fixed)
