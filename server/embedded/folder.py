"""The data folder: where things lie in it, who holds it, and its secret.

lock            held by the one process that runs the services
services.json   their addresses, while they run
secret          signs tokens; kept, so that they outlive a restart
postgres/       PostgreSQL's data
redis/          Redis's data
logs/           what both write
run/            their sockets (elsewhere, if the path is too long for a socket)
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.embedded.error import EmbeddedError

LONGEST_SOCKET_PATH = 100  # Linux allows 107 bytes, macOS 103
LONGEST_SOCKET_NAME = len("/postgres/.s.PGSQL.5432.lock")
LARGEST_LOG = 5_000_000


class Folder:
    """A data folder, created if need be, for the eyes of its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.postgres = path / "postgres"
        self.redis = path / "redis"
        self.logs = path / "logs"
        self.services = path / "services.json"
        try:
            path.mkdir(mode=_passable(), parents=True, exist_ok=True)
            for folder in (self.redis, self.logs):
                folder.mkdir(mode=0o700, exist_ok=True)
            (path / "lock").touch(mode=0o600)
            self.run = _socket_folder(path)
        except OSError as error:
            raise EmbeddedError(
                f"The data folder {path} cannot be used ({error.strerror}: {error.filename}). "
                "Set COMITY_DATA to a folder that you can write to."
            ) from None

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the folder, alone, until the block ends; yield whether that succeeded.

        The kernel lets go when the holder ends, however it ends: a lock cannot be stale.
        """
        with (self.path / "lock").open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            lock.truncate(0)
            lock.write(f"{os.getpid()} {Path(sys.argv[0]).name} {' '.join(sys.argv[1:2])}\n")
            lock.flush()
            yield True

    def leave(self) -> None:
        """Remove the folder of the sockets where it lies elsewhere; the services must have stopped."""
        if self.run.parent != self.path:
            shutil.rmtree(self.run, ignore_errors=True)

    def holder(self) -> str:
        """Say who holds the folder, for an error."""
        pid, _, command = (self.path / "lock").read_text().strip().partition(" ")
        return f"process {pid}, {command.strip()}" if command else "another process"

    def secret(self) -> str:
        """Return the secret kept in the folder; the first call makes it."""
        kept = self.path / "secret"
        if not kept.exists():
            new = kept.with_suffix(".new")
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            new.rename(kept)
        return kept.read_text().strip()

    def log(self, name: str) -> Path:
        """Return the log of a service, the last one put aside when it has grown large."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path


def _passable() -> int:
    """Return the mode of folders that PostgreSQL's account must pass through: as root, that is not ours."""
    return 0o711 if os.geteuid() == 0 else 0o700


def _socket_folder(path: Path) -> Path:
    run = path / "run"
    if len(os.fsencode(run)) + LONGEST_SOCKET_NAME > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
        run = Path(tempfile.gettempdir()) / f"comity-{os.getuid()}-{name}"
    run.mkdir(mode=_passable(), exist_ok=True)
    status = run.lstat()
    if status.st_uid != os.getuid() or run.is_symlink():
        raise PermissionError(1, "it belongs to somebody else", str(run))
    return run
