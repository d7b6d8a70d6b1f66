"""Servers that outlived their Comity: ended before new ones start on their data."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from server.embedded.error import EmbeddedError

POLL_SECONDS = 0.05


def end_former(program: str, data: Path, order: signal.Signals, seconds: float) -> None:
    """End servers that still work in a data folder, and wait until all their processes are gone.

    Only the holder of the folder above may do that: such a server is nobody's.

    Args:
        program: the name of the server's program.
        data: the folder it works in; servers make it their working directory.
        order: the signal that ends the server in order.
        seconds: how long to wait.

    Raises:
        EmbeddedError: it did not end.
    """
    deadline = time.monotonic() + seconds
    asked = False
    while former := _working_in(program, data):
        if not asked:
            _ask(former, order)
            asked = True
        if time.monotonic() > deadline:
            numbers = ", ".join(str(process.pid) for process in former)
            raise EmbeddedError(f"A server that an earlier Comity left behind does not end: process {numbers}.")
        time.sleep(POLL_SECONDS)


def _working_in(program: str, data: Path) -> list[psutil.Process]:
    """Return the server's processes. In a container root may not see the folder of others: the command line helps."""
    folder = str(data.resolve())
    found = []
    for process in psutil.process_iter(["cwd", "cmdline", "status"]):
        command = process.info["cmdline"] or []
        if process.info["status"] == psutil.STATUS_ZOMBIE or program not in " ".join(command[:1]):
            continue
        if process.info["cwd"] == folder or str(data) in command:
            found.append(process)
    return found


def _ask(processes: list[psutil.Process], order: signal.Signals) -> None:
    """Send the signal to the first process of a server; the others are its children."""
    numbers = {process.pid for process in processes}
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.ppid() not in numbers:
                process.send_signal(order)


def is_live(pid: int, program: str) -> bool:
    """Say whether a process is this program, and not ended, nor another that got the number of a dead one."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and program in " ".join(process.cmdline()[:1])
    return False
