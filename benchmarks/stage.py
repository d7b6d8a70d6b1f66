"""Comity as it is run: embedded services, a web process and the workers, in a folder that goes with them."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from server import embedded
from server.migrate import migrate
from server.settings import Settings
from tests.journeys.stage import Stage

WORKERS = 2
PATIENCE = 7_200.0  # seconds that a benchmark waits for one thing


@asynccontextmanager
async def staged() -> AsyncIterator[tuple[Stage, str]]:
    """Run Comity with two workers until the block ends; gives the stage, and the address of its database."""
    with services() as settings:
        await migrate(settings.database_url)
        stage = Stage(settings.database_url, settings.redis_url)
        try:
            stage.start("serve")
            for number in range(WORKERS):
                stage.start("worker", f"worker {number}")
            await stage.ready()
            yield stage, settings.database_url
        finally:
            await stage.close()


@contextmanager
def services() -> Iterator[Settings]:
    """Run PostgreSQL and Redis in a folder that goes with them; gives their settings."""
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        Path(folder).chmod(0o711)  # as root, PostgreSQL's account must pass through
        os.environ["COMITY_DATA"] = folder
        with embedded.start(Settings.load()) as services:
            yield services.settings
