"""How much memory processes take at their worst, and how much of the processors they use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

EVERY_SECONDS = 0.25
MEGABYTE = 1 << 20


class Peaks:
    """The most that one process of each kind took.

    ``private`` is what a process holds of its own, without files and shared memory: PostgreSQL's processes share one
    buffer. Both are read from the kernel's counters, since adding up pages would slow down what is measured.
    """

    def __init__(self) -> None:
        self.private: dict[str, int] = {}
        self.resident: dict[str, int] = {}
        self._before: dict[int, float] | None = None
        self._used: dict[int, float] = {}

    @property
    def cpu_seconds(self) -> float:
        """What all processes together used of the processors, which tells more than the clock where others work too."""
        return sum(used - (self._before or {}).get(pid, 0.0) for pid, used in self._used.items())

    def look(self) -> None:
        """Take a sample of this process's children and theirs."""
        for process in psutil.Process().children(recursive=True):
            try:
                kind = _kind(process)
                memory = process.memory_info()
                times = process.cpu_times()
            except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                continue
            self.private[kind] = max(self.private.get(kind, 0), memory.rss - memory.shared)
            self.resident[kind] = max(self.resident.get(kind, 0), memory.rss)
            self._used[process.pid] = times.user + times.system
        if self._before is None:
            self._before = dict(self._used)

    def in_words(self) -> str:
        """Return the peaks, largest first."""
        rows = sorted(self.private.items(), key=lambda row: -row[1])
        return ", ".join(f"{kind} {size // MEGABYTE} ({self.resident[kind] // MEGABYTE})" for kind, size in rows)


def _kind(process: psutil.Process) -> str:
    command = process.cmdline()
    for word in ("serve", "worker"):
        if command[-1:] == [word]:
            return word
    return process.name().split(":")[0]


@contextmanager
def watched() -> Iterator[Peaks]:
    """Watch until the block ends."""
    peaks, done = Peaks(), threading.Event()
    peaks.look()

    def watch() -> None:
        while not done.wait(EVERY_SECONDS):
            peaks.look()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield peaks
    done.set()
    watcher.join()
    peaks.look()
