"""The web application: GraphQL, GraphiQL, uploads and health, over one database and one Redis."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tortoise.connection import get_connection

from resolvers.context import Context
from resolvers.log import Log
from resolvers.roots import Reads
from resolvers.seal import Seal
from server.api import served
from server.auth import Tokens, derived
from server.database import open_database
from server.endpoint import Endpoint
from server.explorer import explorer_assets
from server.hub import Hub, kept_ringing
from server.limits import Limits
from server.operations import Operations
from server.persisted import Persisted, read_manifest
from server.post import RedisPost, post_to
from server.quotas import Rates
from server.settings import Settings
from server.store import store_at
from server.uploads import Uploads
from sharing.visibility import Caller

CONNECTIONS = 12
CHECK_SECONDS = 2.0
PATIENCE = 0.8  # of the time that an operation has: so much has each of its statements

Handler = Callable[[Request], Awaitable[Response]]

# Unless an answer says otherwise: nothing of ours is a page that another may frame, or loads anything.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(settings: Settings) -> Starlette:
    """The application, which opens what it needs when it starts.

    Args:
        settings: with the addresses of database and Redis, and the secret.
    """
    secret = settings.secret.get_secret_value()
    post, hub, tokens = post_to(settings.redis_url), Hub(), Tokens(secret)
    store = store_at(settings.redis_url)
    seal, log = Seal(derived(secret, "cursor")), Log(hub)

    def new_context(caller: Caller) -> Context:
        return Context(caller, post, tokens, seal, log, Reads, webhooks_anywhere=settings.webhooks_anywhere)

    patience = settings.max_seconds * PATIENCE

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(open_database(settings.database_url, pool=CONNECTIONS, patience=patience))
            stack.push_async_callback(post.close)
            stack.push_async_callback(store.close)
            await stack.enter_async_context(kept_ringing(hub, settings.redis_url))
            yield

    limits = limits_of(settings)
    schema = served(limits, introspection=settings.introspection, suggestions=settings.suggestions)
    trusted = read_manifest(settings.documents, settings.documents_file)
    persisted = Persisted(settings.documents, trusted, store)
    rates = Rates(store, settings.rate, settings.rate_burst)
    operations = Operations(schema, tokens, new_context, persisted, rates)
    endpoint = Endpoint(operations, settings.allowed_origins, explorer=settings.graphiql)
    routes = [
        Route("/", lambda _: RedirectResponse("/graphql")),
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", endpoint),
        *([explorer_assets()] if settings.graphiql else []),
        Route("/import/{slug}", _uploading(Uploads(tokens.caller_of, post)), methods=["POST"]),
        Route("/healthz", lambda _: JSONResponse({"status": "ok"})),
        Route("/readyz", _readiness(post)),
    ]
    return Starlette(routes=routes, middleware=_middleware(settings), lifespan=lifespan)


def limits_of(settings: Settings) -> Limits:
    """What clients may do."""
    return Limits(
        text=settings.max_text,
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        fields=settings.max_fields,
        repeats=settings.max_repeats,
        directives=settings.max_directives,
        items=settings.max_list,
        cost=settings.max_cost,
        seconds=settings.max_seconds,
        body=settings.max_body,
        connections=settings.max_connections,
        operations=settings.max_operations,
        subscriptions=settings.max_subscriptions,
        messages=settings.max_messages,
    )


def _uploading(uploads: Uploads) -> Handler:
    async def upload(request: Request) -> Response:
        try:
            return await uploads(request)
        except ClientDisconnect:
            return Response(status_code=400)

    return upload


def _readiness(post: RedisPost) -> Handler:
    async def ready(_: Request) -> Response:
        """Whether database and Redis can be reached."""
        database, redis = await asyncio.gather(_database_answers(), post.answers())
        parts = {"database": database, "redis": redis}
        told = {name: "ok" if well else "unreachable" for name, well in parts.items()}
        well = all(parts.values())
        return JSONResponse({"status": "ready" if well else "not ready", **told}, 200 if well else 503)

    return ready


async def _database_answers() -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await get_connection("default").execute_query("SELECT 1")
    except Exception:
        return False
    return True


def _middleware(settings: Settings) -> list[Middleware]:
    found = [Middleware(DefaultHeaders)]
    if settings.allowed_origins:
        found.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.allowed_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
                expose_headers=["ETag", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"],
                max_age=3600,
            )
        )
    return found


class DefaultHeaders:
    """Gives every answer the headers that it does not have yet."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
