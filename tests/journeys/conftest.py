"""Each journey has a stage of its own: a database, a Redis, a web process and a worker."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.journeys.stage import Stage
from tests.services import PrivateRedis


@pytest.fixture
async def stage(fresh_database: Callable[[], Awaitable[str]], private_redis: PrivateRedis) -> AsyncIterator[Stage]:
    """Return Comity, up and running."""
    stage = Stage(await fresh_database(), private_redis.url)
    stage.start("serve")
    stage.start("worker")
    await stage.ready()
    yield stage
    await stage.close()
