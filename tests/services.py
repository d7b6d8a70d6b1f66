"""Real services for the tests: one PostgreSQL and one Redis for all processes of a test run."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import asyncpg

from server.embedded.folder import Folder
from server.embedded.postgres import Postgres
from server.embedded.redis import Redis
from server.migrate import migrate

TEMPLATE = "comity_template"

# What a test run needs no more than it needs to survive a power cut.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "400",
}


@dataclass(frozen=True)
class Shared:
    """Where the services of this test run are, and a folder for all its processes."""

    folder: Path
    sockets: Path
    redis: str

    def database(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgres://comity@/{name}?host={quote(str(self.sockets))}"

    def dump(self) -> str:
        """Write down for another process; `load` reads it."""
        return json.dumps({name: str(value) for name, value in asdict(self).items()})

    @classmethod
    def load(cls, text: str) -> Shared:
        """Read what `dump` wrote."""
        values = json.loads(text)
        return cls(folder=Path(values["folder"]), sockets=Path(values["sockets"]), redis=values["redis"])


@contextmanager
def shared_services() -> Iterator[Shared]:
    """Run both services until the block ends, in a folder that goes with them."""
    path = Path(tempfile.mkdtemp(prefix="comity-tests-"))
    try:
        path.chmod(0o711)  # as root, PostgreSQL's account must pass through
        folder = Folder(path / "data")
        postgres, redis = Postgres(folder, FORGETFUL), Redis(folder)
        with postgres.running(), redis.running():
            yield Shared(folder=path, sockets=postgres.sockets, redis=str(redis.socket))
        folder.leave()
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Databases:
    """Databases made from the migrated template, for one process of the test run."""

    def __init__(self, shared: Shared, process: str) -> None:
        self.shared = shared
        self.process = process
        self.numbers = count(1)

    async def make(self) -> str:
        """Clone the template; return the address of the clone."""
        await self._template()
        name = f"comity_{self.process}_{next(self.numbers)}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
        return self.shared.database(name)

    async def drop(self, database_url: str) -> None:
        """Drop a clone, whoever is connected."""
        name = database_url.rpartition("/comity_")[2].partition("?")[0]
        await self._execute(f'DROP DATABASE IF EXISTS "comity_{name}" WITH (FORCE)')

    async def _template(self) -> None:
        """Make the template, once for all processes: the first makes it while the others wait."""
        made = self.shared.folder / "template"
        with (self.shared.folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if made.exists():
                return
            await self._execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
            await self._execute(f"CREATE DATABASE {TEMPLATE}")
            await migrate(self.shared.database(TEMPLATE))
            made.touch()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.shared.database("comity"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class PrivateRedis:
    """A Redis for one test, which may kill it and empty it."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path)
        self.server = Redis(self.folder)
        self.url = self.server.url()

    def start(self) -> None:
        """Start it, on the data that is there."""
        self.server.start()

    def kill(self) -> None:
        """End it as a crash does."""
        assert self.server.process is not None
        os.kill(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()

    def wipe(self) -> None:
        """Take away all its data; it must not run."""
        shutil.rmtree(self.server.data)
        self.server.data.mkdir()

    def stop(self) -> None:
        """End it in order."""
        self.server.stop()
        self.folder.leave()
