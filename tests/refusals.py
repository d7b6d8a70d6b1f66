"""What is refused leaves no trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sharing.errors import ComityError, InvalidInputs
from tests.tables import holdings, position
from tests.world import Nation

Info = pytest.ExceptionInfo[ComityError]


@asynccontextmanager
async def refused(kind: type[ComityError], *nations: Nation) -> AsyncIterator[Info]:
    """What is done inside is refused so, and nothing of these nations has changed, no log among it."""
    ids = [nation.id for nation in nations]
    before = await holdings(ids), [await position(nation_id) for nation_id in ids]
    jobs = set(nations[0].world.post.jobs)
    with pytest.raises(kind) as info:
        yield info
    assert (await holdings(ids), [await position(nation_id) for nation_id in ids]) == before
    assert set(nations[0].world.post.jobs) == jobs


def paths(info: Info) -> list[tuple[str, ...]]:
    """Return the inputs that were named as being at fault."""
    error = info.value
    return [problem.path for problem in error.problems] if isinstance(error, InvalidInputs) else [error.path]
