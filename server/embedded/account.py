"""Whom PostgreSQL runs as: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "comity-postgres"
FALLBACK = "nobody"


@dataclass(frozen=True)
class Account:
    """The user and group of PostgreSQL's processes."""

    uid: int
    gid: int

    def own(self, folder: Path) -> None:
        """Make the folder and all in it the account's."""
        for path in (folder, *folder.rglob("*")):
            if path.lstat().st_uid != self.uid:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, *paths: Path) -> bool:
        """Say whether the account, as any other, may pass through all folders above these paths."""
        return all(parent.stat().st_mode & stat.S_IXOTH for path in paths for parent in path.resolve().parents)


def account() -> Account | None:
    """Return the account PostgreSQL must run as when we are root, made on first use; None means our own."""
    if os.geteuid() != 0:
        return None
    useradd = shutil.which("useradd", path=os.defpath + ":/usr/sbin:/sbin")
    if useradd and not _known(NAME):
        subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", NAME],
            capture_output=True,
            check=False,
        )
    entry = pwd.getpwnam(NAME if _known(NAME) else FALLBACK)
    return Account(entry.pw_uid, entry.pw_gid)


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
