"""Bells that wake who watches a nation: Redis brings news of every process, a look at the database backs it up."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from tortoise.connection import get_connection

from models.queries import query
from server.post import CHANNEL

LOOK_SECONDS = 1.0  # how late news is at most while Redis is away
RECONNECT_SECONDS = 0.5
QUIET_SECONDS = 5.0  # after so long without news Redis is asked whether it is still there
CONNECT_SECONDS = 2.0

logger = structlog.get_logger("comity.hub")


@dataclass
class Bell:
    """The bell of one nation.

    Attributes:
        watchers: how many wait for it, now or soon.
        rung: how often it has rung.
        ringing: set the next time it rings, and then replaced.
        head: how far the log had come when it was last looked at.
    """

    watchers: int = 0
    rung: int = 0
    ringing: asyncio.Event = field(default_factory=asyncio.Event)
    head: int = -1

    def ring(self) -> None:
        """Wake all who wait."""
        self.rung += 1
        self.ringing.set()
        self.ringing = asyncio.Event()


class Hub:
    """The bells of the nations that somebody watches in this process."""

    def __init__(self) -> None:
        self._bells: dict[int, Bell] = {}

    @contextmanager
    def watching(self, nation_id: int) -> Iterator[None]:
        """Have the bell of a nation ring until the block ends."""
        bell = self._bells.setdefault(nation_id, Bell())
        bell.watchers += 1
        try:
            yield
        finally:
            bell.watchers -= 1
            if not bell.watchers:
                del self._bells[nation_id]

    def rung(self, nation_id: int) -> int:
        """How often the bell of a watched nation has rung."""
        return self._bells[nation_id].rung

    async def rings(self, nation_id: int, rung: int) -> None:
        """Return once the bell of a watched nation has rung more often than so often."""
        bell = self._bells[nation_id]
        while bell.rung <= rung:
            await bell.ringing.wait()

    def ring(self, nation_id: int) -> None:
        """Ring for a nation, if anybody watches it."""
        if bell := self._bells.get(nation_id):
            bell.ring()

    def ring_all(self) -> None:
        """Ring for every nation: some news may have been missed."""
        for bell in self._bells.values():
            bell.ring()

    async def look(self) -> None:
        """Ring for each watched nation whose log has grown since the last look."""
        if not self._bells:
            return
        rows = await get_connection("default").execute_query_dict(query("stream_positions"), [list(self._bells)])
        for row in rows:
            bell = self._bells.get(row["nation_id"])
            if bell is not None and row["position"] != bell.head:
                bell.head = row["position"]
                bell.ring()


@asynccontextmanager
async def kept_ringing(hub: Hub, redis_url: str) -> AsyncIterator[None]:
    """Have the bells ring until the block ends. Redis need not be there, now or later."""
    tasks = [asyncio.create_task(_listen(hub, redis_url)), asyncio.create_task(_keep_looking(hub))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(hub: Hub, redis_url: str) -> None:
    """Ring for what Redis tells, over one connection, for ever."""
    client = Redis.from_url(redis_url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=QUIET_SECONDS)
    lost = False
    try:
        while True:
            try:
                async with client.pubsub() as news:
                    await news.psubscribe(f"{CHANNEL}*")
                    if lost:
                        logger.info("redis brings news again")
                    lost = False
                    hub.ring_all()
                    await _ring_for(hub, news)
            except Exception as error:
                if not lost:
                    logger.warning("redis brings no news, the database is asked instead", error=str(error))
                lost = True
                await asyncio.sleep(RECONNECT_SECONDS)
    finally:
        await client.aclose()


async def _ring_for(hub: Hub, news: PubSub) -> None:
    heard = time.monotonic()
    while True:
        message = await news.get_message(timeout=QUIET_SECONDS)
        if message is None:
            if time.monotonic() - heard > 2 * QUIET_SECONDS:
                raise TimeoutError("it does not answer")
            await news.ping()
            continue
        heard = time.monotonic()
        if message["type"] == "pmessage":
            hub.ring(int(message["channel"].decode().removeprefix(CHANNEL)))


async def _keep_looking(hub: Hub) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await hub.look()
        except Exception as error:
            logger.warning("the database cannot be asked for news", error=str(error))
