"""The post over Redis: jobs for the workers, hints for whoever watches. Losing one loses no truth, only time."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import orjson
import structlog
from arq.constants import default_queue_name, job_key_prefix
from arq.jobs import serialize_job
from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions.post import Job

CHANNEL = "comity:nation:"
MARK = "comity:queued:"

SEND_SECONDS = 0.5
SILENCE_SECONDS = 1.0  # after a failure nothing is tried for so long: a dead Redis must not slow down every mutation
MARK_MILLISECONDS = 60_000
EXPIRY_MILLISECONDS = 3_600_000  # a job nobody took in an hour is forgotten; the sweep asks again

# Whatever keeps us from Redis, or Redis from answering.
LOST = (RedisError, OSError, TimeoutError)

# A job is queued once: its mark stands until a worker begins it. What happens after that needs a job of its own.
SEND = """
local queue, now, expiry, mark_expiry, jobs = KEYS[1], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
for i = 0, jobs - 1 do
    local mark, key, id, body = ARGV[5 + 4 * i], ARGV[6 + 4 * i], ARGV[7 + 4 * i], ARGV[8 + 4 * i]
    if redis.call('SET', mark, id, 'NX', 'PX', mark_expiry) then
        redis.call('PSETEX', key, expiry, body)
        redis.call('ZADD', queue, now, id)
    end
end
for i = 5 + 4 * jobs, #ARGV do
    redis.call('PUBLISH', ARGV[i], '')
end
"""

logger = structlog.get_logger("comity.post")


class RedisPost:
    """A post that Redis carries, in one round trip a unit of work.

    Args:
        redis: a client whose timeouts are short.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._silent_until = 0.0
        self._lost = False

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Enqueue the jobs that are not queued yet, and wake whoever watches the nations. Never raises."""
        if not (jobs or nations) or time.monotonic() < self._silent_until:
            return
        arguments = _arguments(jobs, nations)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._redis.eval(SEND, 1, default_queue_name, *arguments)  # type: ignore[misc]
        except LOST as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            if not self._lost:
                logger.warning("redis does not take the post; the sweep will find the work", error=str(error))
            self._lost = True
        else:
            if self._lost:
                logger.info("redis takes the post again")
            self._lost = False

    async def answers(self) -> bool:
        """Whether Redis is there now."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return bool(await self._redis.ping())
        except LOST:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


def _arguments(jobs: Collection[Job], nations: Collection[int]) -> list[Any]:
    now = time.time_ns() // 1_000_000
    arguments: list[Any] = [now, EXPIRY_MILLISECONDS, MARK_MILLISECONDS, len(jobs)]
    for job in jobs:
        job_id = uuid4().hex
        body = serialize_job(job.name, (job.subject,), {}, None, now, serializer=dumps)
        arguments += [mark_of(job), job_key_prefix + job_id, job_id, body]
    return [*arguments, *(f"{CHANNEL}{nation}" for nation in nations)]


def mark_of(job: Job) -> str:
    """The key that stands in Redis while a job waits for a worker."""
    return f"{MARK}{job.name}:{job.subject}"


def dumps(value: Any) -> bytes:
    """A job as Redis keeps it: JSON, whatever cannot be said in it by its name."""
    return orjson.dumps(value, default=repr)


def post_to(redis_url: str) -> RedisPost:
    """A post over a Redis, which need not be there, now or later. Close it at the end."""
    return RedisPost(Redis.from_url(redis_url, socket_timeout=SEND_SECONDS, socket_connect_timeout=SEND_SECONDS))


@asynccontextmanager
async def open_post(redis_url: str) -> AsyncIterator[RedisPost]:
    """Open a post until the block ends."""
    post = post_to(redis_url)
    try:
        yield post
    finally:
        await post.close()
