"""GraphQL over HTTP and websocket, at one address; GraphiQL there for browsers."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.http.websocket_origin import is_same_origin, normalize_allowed_origins, normalize_origin
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from server.api import ServedSchema
from server.auth import Tokens
from server.cohorts import Cohorts
from server.complaints import complaint
from server.explorer import asks_for_page, explorer_page
from server.reception import GRAPHQL, JSON, Asked, Unfit, answer_type, asked_by
from server.results import body_of, never_began
from server.sockets import Socket
from sharing.errors import Unauthenticated
from sharing.visibility import Caller

OPERATION_SECONDS = 30.0
CLOSE_POLICY = 1008  # before the socket is accepted: the handshake gets 403

HEADERS = {"Cache-Control": "no-store", "Vary": "Accept, Authorization, Origin"}


class Endpoint:
    """Where operations come in, as an ASGI application.

    Args:
        schema: what is served.
        tokens: tells who is asking.
        new_context: makes the context of one operation, for a caller.
        allowed_origins: pages of other origins that may open websockets; * for all.
    """

    def __init__(
        self,
        schema: ServedSchema,
        tokens: Tokens,
        new_context: Callable[[Caller], Any],
        allowed_origins: Iterable[str] = (),
    ) -> None:
        self._schema = schema
        self._tokens = tokens
        self._new_context = new_context
        self._cohorts = Cohorts(schema, tokens, new_context)
        self._allowed_origins = normalize_allowed_origins(allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a socket."""
        if scope["type"] == "http":
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)
        else:
            websocket = WebSocket(scope, receive, send)
            if self._may_connect(websocket):
                await Socket(websocket, self._schema, self._tokens, self._new_context, self._cohorts).serve()
            else:
                await websocket.close(CLOSE_POLICY)

    def _may_connect(self, websocket: WebSocket) -> bool:
        """Whether the page behind a handshake may have a socket. What is no browser sends no origin."""
        origin = websocket.headers.get("origin")
        if origin is None or is_same_origin(origin, websocket.headers.get("host")):
            return True
        return "*" in self._allowed_origins or normalize_origin(origin) in self._allowed_origins

    async def _answer(self, request: Request) -> Response:
        if asks_for_page(request):
            return explorer_page(request)
        kind = JSON
        try:
            kind = answer_type(request.headers.get("accept"))
            asked = await asked_by(request)
            caller = await self._tokens.caller_of(request.headers.get("authorization"))
            return await self._executed(request, asked, caller, kind)
        except Unfit as unfit:
            return refusal(unfit, kind)
        except Unauthenticated as error:
            return refusal(Unfit(401, error.message, error.code, {"WWW-Authenticate": "Bearer"}), kind)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:
            told = complaint(GraphQLError(str(error), original_error=error))
            away = told.extensions is not None and told.extensions["code"] == "SERVICE_UNAVAILABLE"
            return _response({"errors": [told.formatted]}, 503 if away else 500, kind)

    async def _executed(self, request: Request, asked: Asked, caller: Caller, kind: str) -> Response:
        try:
            async with asyncio.timeout(OPERATION_SECONDS):
                result = await self._schema.execute(
                    asked.query,
                    variable_values=asked.variables,
                    context_value=self._new_context(caller),
                    operation_name=asked.operation_name,
                    allowed_operation_types=_allowed(request.method),
                    operation_extensions=asked.extensions,
                )
        except CannotGetOperationTypeError as error:
            status = 400 if kind == GRAPHQL else 200
            raise Unfit(status, error.as_http_error_reason(), "OPERATION_RESOLUTION_FAILURE") from None
        except InvalidOperationTypeError as error:
            raise _misplaced(error.operation_type) from None
        except TimeoutError:
            raise Unfit(503, f"The operation took longer than {OPERATION_SECONDS:.0f} seconds.", "TIMEOUT") from None
        return _response(body_of(result), 400 if kind == GRAPHQL and never_began(result) else 200, kind)


def refusal(unfit: Unfit, kind: str = JSON) -> Response:
    """The answer to a request that is not taken: an error as GraphQL has them."""
    error = {"message": unfit.message, "extensions": {"code": unfit.code}}
    return _response({"errors": [error]}, unfit.status, kind, unfit.headers)


def _allowed(method: str) -> set[OperationType]:
    return {OperationType.QUERY} if method == "GET" else {OperationType.QUERY, OperationType.MUTATION}


def _misplaced(kind: OperationType) -> Unfit:
    if kind is OperationType.SUBSCRIPTION:
        return Unfit(400, "Subscriptions go over a websocket, by the protocol graphql-transport-ws.")
    return Unfit(405, "Mutations go by POST.", headers={"Allow": "POST"})


def _response(body: dict[str, Any], status: int, kind: str, headers: Mapping[str, str] | None = None) -> Response:
    fixed = {**HEADERS, **(headers or {}), "Content-Type": f"{kind}; charset=utf-8"}
    return Response(orjson.dumps(body), status, fixed)
