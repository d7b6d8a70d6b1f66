"""Operations are tested on a real database, which the tests of one process share; each makes nations of its own."""

import pytest

from tests.resolvers.asking import Api
from tests.world import World


@pytest.fixture
def world(database: None) -> World:
    """Return a world without nations."""
    return World()


@pytest.fixture
def api(world: World) -> Api:
    """Return the schema, asked about this world."""
    return Api(world)
