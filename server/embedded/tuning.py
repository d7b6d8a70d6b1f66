"""How PostgreSQL is set for the machine it finds itself on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024


@dataclass(frozen=True)
class Machine:
    """What PostgreSQL may use: bytes of memory, processor cores, bytes of shared memory and of disk that are free."""

    memory: int
    cores: int
    shared: int
    disk: int


@dataclass(frozen=True)
class Setting:
    """One setting of PostgreSQL, its value on a machine, and why."""

    name: str
    value: Callable[[Machine], str]
    reason: str


def _always(value: str) -> Callable[[Machine], str]:
    return lambda machine: value


def _share(divisor: int, least: int, most: int) -> Callable[[Machine], str]:
    """Return a rule: a part of the memory, in whole megabytes, within bounds."""
    return lambda machine: f"{max(least, min(most, machine.memory // divisor // MB))}MB"


SETTINGS = (
    Setting("listen_addresses", _always(""), "nothing listens on the network; a socket in a private folder serves"),
    Setting("unix_socket_permissions", _always("0700"), "the account that runs Comity, and root, are the only ones in"),
    Setting("max_connections", _always("200"), "pools of a few web processes and a dozen workers, with room"),
    Setting("shared_buffers", _share(32, 64, 512), "pages used over and over; the rest is in the system's own cache"),
    Setting("effective_cache_size", _share(2, 256, 65536), "how much the system's cache may hold, for the planner"),
    Setting("work_mem", _share(512, 8, 64), "a sort or hash of a hundred thousand candidates stays off the disk"),
    Setting("maintenance_work_mem", _share(64, 64, 512), "indexes over a million rows are built in memory"),
    Setting("wal_buffers", _always("16MB"), "bulk writes of two workers at once do not wait for each other"),
    Setting("max_wal_size", lambda machine: f"{max(1024, min(8192, machine.disk // 16 // MB))}MB",
            "a first sync ends before a checkpoint must start, and pages are logged whole once"),
    Setting("min_wal_size", _always("256MB"), "segments are used again instead of made anew"),
    Setting("checkpoint_timeout", _always("15min"), "fewer whole pages in the log"),
    Setting("wal_compression", _always("on"), "whole pages in the log shrink to a fraction"),
    Setting("synchronous_commit", _always("on"), "what was answered is on disk, whatever happens next"),
    Setting("random_page_cost", _always("1.1"), "solid state: an index is nearly always worth it"),
    Setting("effective_io_concurrency", _always("64"), "solid state: many reads at once"),
    Setting("jit", _always("off"), "compiling costs more than these short statements take"),
    Setting("max_parallel_workers_per_gather", lambda machine: str(min(4, machine.cores // 2)), "some cores stay free"),
    Setting("autovacuum_naptime", _always("15s"), "statistics follow an import within seconds, before it is matched"),
    Setting("autovacuum_analyze_scale_factor", _always("0.02"), "plans stay right while a table grows"),
    Setting("autovacuum_vacuum_scale_factor", _always("0.05"), "queues and events that come and go leave little dead"),
    Setting("autovacuum_vacuum_insert_scale_factor", _always("0.05"), "index-only scans after bulk inserts"),
    Setting("log_checkpoints", _always("off"), "the log says what a person has to know"),
    Setting("log_min_error_statement", _always("panic"), "statements carry personal data, which no log may"),
    Setting("log_error_verbosity", _always("terse"), "details of an error carry personal data as well"),
    Setting("dynamic_shared_memory_type", lambda machine: "posix" if machine.shared >= 256 * MB else "mmap",
            "containers have 64 MB of shared memory, too little for a parallel hash"),
)  # fmt: skip


def machine(data: Path) -> Machine:
    """Look at this machine, within the limits of the container we may be in, and at the disk of the data's folder."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (text := limit.read_text().strip()).isdigit():
        memory = min(memory, int(text))
    shared = shutil.disk_usage("/dev/shm").free if Path("/dev/shm").is_dir() else 0  # noqa: S108 - looked at, not used
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    return Machine(memory, os.cpu_count() or 1, shared, shutil.disk_usage(there).free)


def options(on: Machine, changed: dict[str, str] | None = None) -> list[str]:
    """Return the settings as arguments of the server.

    Args:
        on: the machine.
        changed: values that replace or add to those of the table.
    """
    values = {setting.name: setting.value(on) for setting in SETTINGS} | (changed or {})
    return [f"--{name}={value}" for name, value in values.items()]
