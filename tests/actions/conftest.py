"""Actions are tested on a real database, which the tests of one process share; each makes nations of its own."""

import pytest

from tests.world import World


@pytest.fixture
def world(database: None) -> World:
    """Return a world without nations."""
    return World()
