"""Actions are tested on a real database, which the tests of one process share; each makes nations of its own."""

from collections.abc import AsyncIterator

import pytest

from server.database import open_database
from tests.world import World


@pytest.fixture(scope="session")
async def _database(database_url: str) -> AsyncIterator[None]:
    async with open_database(database_url, pool=5):
        yield


@pytest.fixture
def world(_database: None) -> World:
    """Return a world without nations."""
    return World()
