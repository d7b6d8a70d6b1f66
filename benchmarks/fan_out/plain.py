"""A plain Strawberry application that tells all subscribers the same: what one writes by its documentation."""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL


@strawberry.type
class Stats:
    """The figures of a share."""

    matched: int
    not_found: int
    ambiguous: int
    synced: int
    unreviewed_changes: int
    total: int


@strawberry.type
class StatsChanged:
    """They changed."""

    share_id: strawberry.ID
    stats: Stats


@strawberry.type
class StatusChanged:
    """The status changed."""

    share_id: strawberry.ID
    to: str


@strawberry.type
class ChangeEvent:
    """One event."""

    cursor: str
    at: datetime
    topic: str
    change: StatsChanged | StatusChanged


class Hub:
    """Tells every subscriber what is published."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[ChangeEvent]] = set()

    def publish(self, event: ChangeEvent) -> None:
        """Tell it."""
        for queue in self.queues:
            queue.put_nowait(event)

    async def listen(self) -> AsyncGenerator[ChangeEvent, None]:
        """Hear it."""
        queue: asyncio.Queue[ChangeEvent] = asyncio.Queue()
        self.queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self.queues.discard(queue)


HUB = Hub()


@strawberry.type
class Query:
    """There has to be one."""

    @strawberry.field
    def nothing(self) -> bool:
        """Nothing."""
        return True


@strawberry.type
class Subscription:
    """What a client is told."""

    @strawberry.subscription
    async def share(self, id: strawberry.ID, after: str | None = None) -> AsyncGenerator[ChangeEvent, None]:
        """What happens to a share."""
        async for event in HUB.listen():
            yield event


async def publish(request: Request) -> JSONResponse:
    """Tell everybody of a change, and answer when that began."""
    number = int(request.query_params["number"])
    stats = Stats(matched=number, not_found=0, ambiguous=0, synced=0, unreviewed_changes=0, total=number)
    change = StatsChanged(
        share_id=strawberry.ID("VGFnU2hhcmU6MDE5YWJjZGUtZjAxMi03MzQ1LTg5YWItY2RlZjAxMjM0NTY3"), stats=stats
    )
    began = time.monotonic_ns()
    HUB.publish(ChangeEvent(cursor=f"{number:023}", at=datetime.now(UTC), topic="SHARES", change=change))
    return JSONResponse({"at": began})


graphql: GraphQL[None, None] = GraphQL(
    strawberry.Schema(Query, subscription=Subscription), subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,)
)
app = Starlette(
    routes=[
        Route("/publish", publish, methods=["POST"]),
        WebSocketRoute("/graphql", graphql),
    ]
)
