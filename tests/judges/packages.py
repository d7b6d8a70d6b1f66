"""Programs for Node.js in tests: their packages, and what they say."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.services import Shared

PATIENCE = 120.0
INSTALL = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]


def install(folder: Path, shared: Shared) -> None:
    """Have what the lock in a folder names, installed once for all processes of a test run."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".installed"
    with (shared.folder / f"{folder.name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
            subprocess.run(INSTALL, cwd=folder, check=True)
            stamp.write_bytes(lock.read_bytes())


async def said(
    *command: object, folder: Path, environment: Mapping[str, str] | None = None, patience: float = PATIENCE
) -> bytes:
    """Run a program in a folder; return what it prints. It must end well, and within some seconds."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=folder,
        env=os.environ | dict(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        printed, complained = await asyncio.wait_for(process.communicate(), patience)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, (printed + complained).decode()
    return printed
