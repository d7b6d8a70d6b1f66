"""How long a run stays in each of its phases."""

import asyncio
import time
from types import TracebackType

import asyncpg

LOOK_SECONDS = 0.05


class Phases:
    """Looks at the newest run until the block ends; ``in_words`` tells how long it was in each phase, in seconds."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self.seconds: dict[str, float] = {}

    async def __aenter__(self) -> "Phases":
        self._connection = await asyncpg.connect(self._url)
        self._looking = asyncio.create_task(self._look())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)
        await self._connection.close()

    async def _look(self) -> None:
        before = time.perf_counter()
        while True:
            phase = await self._connection.fetchval(
                "SELECT phase FROM sync_runs WHERE state = 'RUNNING' ORDER BY id DESC LIMIT 1"
            )
            await asyncio.sleep(LOOK_SECONDS)
            now = time.perf_counter()
            if phase is not None:
                self.seconds[phase] = self.seconds.get(phase, 0) + now - before
            before = now

    def in_words(self) -> str:
        """Return the phases in order, with their seconds."""
        return ", ".join(f"{phase.lower()} {seconds:.1f} s" for phase, seconds in self.seconds.items())
