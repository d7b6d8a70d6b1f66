"""What web processes share in Redis and can do without: scripts run there, and nothing where Redis is away."""

import asyncio
import time
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from server.post import LOST

ANSWER_SECONDS = 2.0  # for Redis, and for this process to come round to its answer when many ask at once
WAIT_SECONDS = 5.0  # for a turn as well
QUIET_SECONDS = 5.0  # after a failure nothing is tried for so long
MOST_AT_ONCE = 16  # connections to Redis, too

logger = structlog.get_logger("comity.store")


class Store:
    """Redis, where losing what it holds costs time and no truth.

    Args:
        redis: a client whose timeouts are short.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)
        self._asked = set[asyncio.Task[Any]]()
        self._silent_until = 0.0
        self._lost = False

    def script(self, text: str) -> AsyncScript:
        """A script in Lua, to be run by `run`."""
        return self._redis.register_script(text)

    async def run(self, script: AsyncScript, keys: list[str], arguments: list[Any]) -> Any:
        """What a script returns; None where Redis is away. Never raises for that.

        Whoever waits for it may be cancelled and the script is not: a cancelled one may keep others waiting.
        """
        if time.monotonic() < self._silent_until:
            return None
        task = asyncio.create_task(self._ask(script, keys, arguments))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        done, _ = await asyncio.wait({task}, timeout=WAIT_SECONDS)
        if not done:
            self._fail(TimeoutError("it does not answer"))
            return None
        return task.result()

    async def _ask(self, script: AsyncScript, keys: list[str], arguments: list[Any]) -> Any:
        async with self._turns:
            if time.monotonic() < self._silent_until:  # since this began to wait
                return None
            try:
                found = await script(keys, arguments)
            except LOST as error:
                self._fail(error)
                return None
            self._lost = False
            return found

    def _fail(self, error: Exception) -> None:
        """Ask nothing for a while."""
        self._silent_until = time.monotonic() + QUIET_SECONDS
        if not self._lost:
            logger.warning("redis is away: rates are not limited, new documents not kept", error=str(error))
        self._lost = True

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


def store_at(redis_url: str) -> Store:
    """A store in a Redis, which need not be there, now or later. Close it at the end."""
    return Store(Redis.from_url(redis_url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS))
