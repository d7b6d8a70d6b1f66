"""Run a command that ends when the process that started it ends, and that need not run as root.

A script of its own, run by path with nothing but the standard library: it becomes the command (exec), so it costs some
milliseconds at the start and nothing later. `command_line` writes the call.

The tether itself is Linux's PR_SET_PDEATHSIG: the kernel sends the signal when the parent is gone, `kill -9` included.
It follows the thread that started the process, so start from one that lives as long as the process shall. On other
systems the command runs untethered.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_CAPBSET_READ = 23
PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522
# The first that this machine grants: read and search everything, or (containers often grant only this) write as well.
CAP_DAC_READ_SEARCH = 2
CAP_DAC_OVERRIDE = 1


def command_line(
    command: Sequence[str], *, at_end: signal.Signals, user: tuple[int, int] | None = None, reach: bool = False
) -> list[str]:
    """Return the command, tethered to this process.

    Args:
        command: the program and its arguments.
        at_end: the signal the command gets when this process ends.
        user: uid and gid to run as; only root may ask for another.
        reach: let that user still read what only root can reach, such as a program below /root.
    """
    options = ["--parent", str(os.getpid()), "--signal", str(int(at_end))]
    if user:
        options += ["--user", f"{user[0]}:{user[1]}"]
    if reach:
        options += ["--reach"]
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), *options, "--", *command]


def _prctl(option: int, *arguments: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.prctl(option, *(ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), f"prctl {option}")
    return result


def _keep(capability: int) -> None:
    """Hold one capability and no other, through exec, whoever the user is."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("=II", CAPABILITY_VERSION_3, 0)
    held = 1 << capability
    if libc.capset(header, struct.pack("=6I", held, held, held, 0, 0, 0)) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), "capset")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _become(uid: int, gid: int, reach: bool) -> None:
    if reach:
        # Else access(2) ignores the capability of anyone but root, and PostgreSQL asks access(2) about its own program.
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)
    if reach:
        _keep(CAP_DAC_READ_SEARCH if _prctl(PR_CAPBSET_READ, CAP_DAC_READ_SEARCH) else CAP_DAC_OVERRIDE)


def main() -> None:
    """Become the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--user")
    parser.add_argument("--reach", action="store_true")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    if asked.user:
        uid, gid = map(int, asked.user.split(":"))
        _become(uid, gid, asked.reach)
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, asked.signal)  # after the change of user, which would clear it
        if os.getppid() != asked.parent:  # it ended before the tether held
            sys.exit(1)
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python, for itself; exec would hand that on
        signal.signal(ignored, signal.SIG_DFL)
    os.execvp(asked.command[0], asked.command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
