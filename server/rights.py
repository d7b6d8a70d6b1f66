"""Whether anybody's rights have changed: asked once for all, rather than of each of thousands."""

import asyncio
import time

from tortoise.connection import get_connection

from models.queries import query

# After so long they are taken to have changed, whatever the database says: it may have been exchanged for another.
MOST_SECONDS = 60.0
NEVER = "1:1:"  # a snapshot that sees nothing


class Rights:
    """Numbers the times between changes of anybody's rights, as far as this process was told."""

    def __init__(self) -> None:
        self._time = 0
        self._snapshot = NEVER
        self._changed_at = -MOST_SECONDS
        self._begun = self._ended = 0
        self._looking: asyncio.Task[None] | None = None

    async def time(self) -> int:
        """A number that grows whenever rights change. Every change committed before the call counts.

        Whoever has read rights after being told a number, and is told the same again, knows that they still hold.
        """
        awaited = self._begun + 1  # a look that is under way may have begun before such a change
        while self._ended < awaited:
            if self._looking is None:
                self._begun += 1
                self._looking = asyncio.create_task(self._look())
            await asyncio.shield(self._looking)
        return self._time

    async def _look(self) -> None:
        try:
            began = time.monotonic()
            (row,) = await get_connection("default").execute_query_dict(query("rights_changed_since"), [self._snapshot])
            if row["changed"] or began - self._changed_at > MOST_SECONDS:
                self._time += 1
                self._changed_at = began
            self._snapshot = row["snapshot"]
            self._ended = self._begun
        finally:
            self._looking = None
