"""All of Comity in one terminal: services, then web and workers, kept alive, and ended in order.

The services of our own are tethered to this process, and so are its children (see `server.tether`): a `kill -9` of it
leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import structlog

from server import embedded
from server.refusal import Refusal
from server.settings import Settings
from server.tether import command_line

Step = Callable[[Settings], Awaitable[None]]
Announcement = Callable[[Settings], None]

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POLL_SECONDS = 0.1
GRACE_SECONDS = 20.0  # for requests and jobs under way; what a killed job leaves undone is resumed
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
STEADY_SECONDS = 60.0  # a child that lasted so long starts again without delay

logger = structlog.get_logger("comity.supervisor")


class SupervisorError(Refusal):
    """Comity cannot be run here and now."""


class Child:
    """A process that is started again when it ends, later each time."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.process: asyncio.subprocess.Process | None = None
        self.ending = asyncio.Event()

    async def keep(self) -> None:
        """Run the process again and again, until `end`."""
        delay = FIRST_DELAY
        while not self.ending.is_set():
            started = time.monotonic()
            status = await self._run_once()
            if self.ending.is_set():
                return
            delay = FIRST_DELAY if time.monotonic() - started > STEADY_SECONDS else min(delay * 2, LONGEST_DELAY)
            logger.warning("process ended, starts again", process=self.name, status=status, seconds=delay)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.ending.wait(), delay)

    def end(self, order: signal.Signals = signal.SIGTERM) -> None:
        """Ask the process to end, and start it no more."""
        self.ending.set()
        if self.process is None:
            return
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(order)
        if order is signal.SIGKILL:
            self._kill_group(self.process.pid)

    async def _run_once(self) -> int:
        self.process = await asyncio.create_subprocess_exec(
            *command_line(self.command, at_end=signal.SIGTERM),
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us, and we end the children in order
        )
        if self.ending.is_set():
            self.process.terminate()
        status = await self.process.wait()
        self._kill_group(self.process.pid)  # processes of its own that it left behind would hold the port
        return status

    @staticmethod
    def _kill_group(leader: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def run(
    settings: Settings,
    *,
    migrate: Step,
    seed: Step,
    announce: Announcement,
    program: tuple[str, ...] = (sys.executable, "-m", "server.cli"),
) -> None:
    """Run all of Comity until Ctrl-C, SIGTERM or a closed terminal.

    Args:
        settings: as the environment has them.
        migrate: brings the tables up to date; runs before any child, with complete settings.
        seed: puts the demo in, where there is none; runs after migrate.
        announce: says where to look; called once, when the web answers.
        program: what `serve` and `worker` are commands of.

    Raises:
        Refusal: a service does not start, the data folder is in use, or the port is taken.
    """
    for order in SIGNALS:
        signal.signal(order, _interrupt)
    with suppress(KeyboardInterrupt), embedded.start(settings) as services:
        _require_port(settings)
        asyncio.run(_run(services, migrate, seed, announce, program))


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _require_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SupervisorError(
                f"Comity cannot listen on {settings.host}, port {settings.port} ({error.strerror}). "
                "Stop the program that does, or set COMITY_PORT to another port."
            ) from None


async def _run(
    services: embedded.Services, migrate: Step, seed: Step, announce: Announcement, program: tuple[str, ...]
) -> None:
    stop, hurry = _asked_to_stop()
    settings = services.settings
    if not await _prepare(settings, (migrate, seed), stop):
        return
    commands = {"web": "serve"} | {f"worker {number + 1}": "worker" for number in range(settings.workers)}
    environment = settings.environment()
    children = [Child(name, [*program, command], environment) for name, command in commands.items()]
    keeping = [asyncio.create_task(child.keep()) for child in children]
    announcing = asyncio.create_task(_announce(settings, announce))
    try:
        await _watch(services, stop)
    finally:
        announcing.cancel()
        await _end(children, keeping, hurry)


def _asked_to_stop() -> tuple[asyncio.Event, asyncio.Event]:
    """Return what the first Ctrl-C sets, and what a second sets; SIGTERM and a closed terminal count as well."""
    stop, hurry = asyncio.Event(), asyncio.Event()
    for order in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(order, lambda: hurry.set() if stop.is_set() else stop.set())
    return stop, hurry


async def _prepare(settings: Settings, steps: tuple[Step, ...], stop: asyncio.Event) -> bool:
    """Take the steps; say whether all were taken, or we were asked to stop before."""
    stopped = asyncio.create_task(stop.wait())
    for step in steps:
        taking = asyncio.ensure_future(step(settings))
        await asyncio.wait({taking, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not taking.done():
            taking.cancel()
            await asyncio.wait({taking})
            return False
        taking.result()
    stopped.cancel()
    return not stop.is_set()


async def _watch(services: embedded.Services, stop: asyncio.Event) -> None:
    """Wait for the end, and start services again that end before."""
    while not stop.is_set():
        for name in services.revive():
            logger.warning("service ended, was started again", service=name)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), POLL_SECONDS * 5)


async def _announce(settings: Settings, announce: Announcement) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - asked for, not bound
    while True:
        try:
            _, writer = await asyncio.open_connection(host, settings.port)
        except OSError:
            await asyncio.sleep(POLL_SECONDS)
            continue
        writer.close()
        announce(settings)
        return


async def _end(children: list[Child], keeping: list[asyncio.Task[None]], hurry: asyncio.Event) -> None:
    """End the children: ask, wait, insist; at once when Ctrl-C comes again."""
    for child in children:
        child.end()
    hurried: asyncio.Future[Any] = asyncio.create_task(hurry.wait())
    ended: asyncio.Future[Any] = asyncio.gather(*keeping, return_exceptions=True)
    await asyncio.wait({hurried, ended}, timeout=GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    hurried.cancel()
    if not ended.done():
        for child in children:
            child.end(signal.SIGKILL)
        await asyncio.wait({ended}, timeout=POLL_SECONDS * 10)
