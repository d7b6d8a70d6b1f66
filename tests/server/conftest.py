"""The server is tested as users meet it: a web process of its own, on the database and the Redis of this test process."""

from collections.abc import AsyncIterator, Iterator

import pytest

from actions.post import Post
from server.post import open_post
from tests.server.site import Site
from tests.world import World


@pytest.fixture(scope="session")
def site(database_url: str, redis_url: str) -> Iterator[Site]:
    """Return a web process, which the tests of this process share."""
    with Site(database_url, redis_url).running() as running:
        yield running


@pytest.fixture
async def post(redis_url: str) -> AsyncIterator[Post]:
    """Return the post of the site's own Redis."""
    async with open_post(redis_url) as opened:
        yield opened


@pytest.fixture
def world(database: None) -> World:
    """Return a world without nations, on the site's own database."""
    return World()
