"""The listeners of one server, in a process of their own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

PATIENCE = 300.0
LINE = 1 << 26  # bytes; the arrivals of one event


@dataclass
class Crowd:
    """Some thousand listeners."""

    size: int
    process: asyncio.subprocess.Process

    async def prick_up(self, seconds: float) -> None:
        """Have them listen for one message each, so long at most."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"collect {seconds}\n".encode())
        assert await self._line() == b"ready\n"

    async def heard(self) -> list[int]:
        """Return when each heard a message, by the monotonic clock, in nanoseconds."""
        arrivals: list[int] = json.loads(await self._line())
        return arrivals

    async def _line(self) -> bytes:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return await self.process.stdout.readline()


@asynccontextmanager
async def gathered(port: int, path: str, protocol: str | None, hellos: Sequence[Sequence[str]]) -> AsyncIterator[Crowd]:
    """Open a socket for each of the hellos until the block ends."""
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "benchmarks.fan_out.listener")
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=LINE)
    try:
        assert process.stdin is not None
        order = {"port": port, "path": path, "protocol": protocol, "hellos": hellos}
        process.stdin.write(json.dumps(order).encode() + b"\n")
        crowd = Crowd(len(hellos), process)
        assert await crowd._line() == b"open\n", "the listeners could not open their sockets"
        yield crowd
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
