"""Turns: what a process works on at once is bounded, and whoever waits is served in turns."""

from asyncio import Future, get_running_loop
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# How many are remembered as served, before those who do not wait are forgotten.
REMEMBERED = 1_000


class Turns:
    """Places for steps. A place that gets free goes to whoever of those waiting was served the longest ago, or never.

    Args:
        places: how many steps are taken at once.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: dict[str, deque[Future[None]]] = {}
        self._served: dict[str, int] = {}
        self._given = 0

    @asynccontextmanager
    async def take(self, whose: str) -> AsyncIterator[None]:
        """Wait for a place, and have it until the block ends.

        Args:
            whose: what the step is a part of; those of one thing wait in one line.
        """
        if self._free:
            self._free -= 1
            self._serve(whose)
        else:
            await self._wait(whose)
        try:
            yield
        finally:
            self._pass_on()

    def _serve(self, whose: str) -> None:
        self._given += 1
        self._served[whose] = self._given
        if len(self._served) > REMEMBERED:
            self._served = {key: at for key, at in self._served.items() if key in self._waiting}

    async def _wait(self, whose: str) -> None:
        place = get_running_loop().create_future()
        self._waiting.setdefault(whose, deque()).append(place)
        try:
            await place
        except BaseException:
            if place.done() and not place.cancelled():
                self._pass_on()  # it came as whoever waited gave up
            else:
                self._leave(whose, place)
            raise

    def _leave(self, whose: str, place: Future[None]) -> None:
        line = self._waiting.get(whose)
        if line is not None and place in line:
            line.remove(place)
            if not line:
                del self._waiting[whose]

    def _pass_on(self) -> None:
        """Give a place to the next in turn; to nobody where nobody waits."""
        while self._waiting:
            whose = min(self._waiting, key=lambda key: self._served.get(key, 0))
            line = self._waiting[whose]
            place = line.popleft()
            if not line:
                del self._waiting[whose]
            if not place.done():
                self._serve(whose)
                place.set_result(None)
                return
        self._free += 1
