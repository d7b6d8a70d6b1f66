"""Processes that calculate, as those who start them ask them."""

import asyncio
import json
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from actions.calculator import LENGTH_BYTES

_READ_AHEAD = 1 << 22
# With the very path of this process: it may run from elsewhere than where the interpreter would look.
_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from actions.calculator import main; main()"


class CalculationFailed(Exception):
    """A calculating process ended, or met an error."""


class Calculator:
    """A process that calculates; it is asked one thing after another."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._busy = asyncio.Lock()

    async def ask(self, name: str, *arguments: Any) -> Any:
        """Have it calculate something.

        Args:
            name: a method of ``calculator.Desk``.
            arguments: what that takes.

        Raises:
            CalculationFailed: it met an error, or it is gone.
        """
        async with self._busy:
            try:
                right, answer = await self._exchange(pickle.dumps((name, arguments), pickle.HIGHEST_PROTOCOL))
            except (OSError, asyncio.IncompleteReadError) as gone:
                raise CalculationFailed(f"The process that should {name} is gone.") from gone
        if not right:
            raise CalculationFailed(answer)
        return answer

    async def _exchange(self, body: bytes) -> Any:
        sink, source = self._process.stdin, self._process.stdout
        assert sink is not None
        assert source is not None
        sink.write(len(body).to_bytes(LENGTH_BYTES))
        sink.write(body)
        await sink.drain()
        length = int.from_bytes(await source.readexactly(LENGTH_BYTES))
        return pickle.loads(await source.readexactly(length))  # noqa: S301  # from a process that this one started

    async def end(self) -> None:
        """End the process, whatever it is at."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def calculator() -> AsyncIterator[Calculator]:
    """Start a process that calculates; it ends with the block, or before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, json.dumps(sys.path), stdin=PIPE, stdout=PIPE, limit=_READ_AHEAD
    )
    found = Calculator(process)
    try:
        yield found
    finally:
        await asyncio.shield(found.end())
