"""The worker process: takes jobs from Redis, one id each, and runs the functions of `workers`."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

import orjson
import structlog
from arq import Retry, Worker, cron, func
from arq.connections import ArqRedis
from arq.cron import CronJob
from arq.worker import Function

from actions.post import Job, Post
from server.database import open_database
from server.garbage import collect_seldom
from server.post import LOST, dumps, mark_of, open_post
from server.probe import HEARTBEAT_SECONDS, worker_key
from server.settings import Settings
from workers.jobs import PASSING

POLL_SECONDS = 0.025  # half of it is what a job waits on average
MAX_JOBS = 8  # under way at once; of their steps only some are taken at a time
CONNECTIONS = 10
JOB_SECONDS = 600  # what is not done by then goes on in a job that the sweep asks for
MAX_TRIES = 6
LONGEST_DEFER = 30.0
FINISH_SECONDS = 3.0  # for jobs under way when the worker is asked to end
RECONNECT_SECONDS = 0.5

JobFunction = Callable[[Post, UUID], Awaitable[None]]

logger = structlog.get_logger("comity.worker")


@dataclass(frozen=True, slots=True)
class Cron:
    """Something done again and again, each time by one of the workers.

    Attributes:
        run: what is done.
        seconds: on which seconds of a minute.
        minutes: in which minutes of an hour; None for all.
        hours: in which hours of a day, UTC; None for all.
        at_start: whether a worker does it when it starts, too.
    """

    run: Callable[[Post], Awaitable[None]]
    seconds: frozenset[int] = frozenset({0})
    minutes: frozenset[int] | None = None
    hours: frozenset[int] | None = None
    at_start: bool = False


class Runner:
    """Runs jobs, one at a time for the same name and id; what is asked for meanwhile is asked for again afterwards."""

    def __init__(self, redis: ArqRedis, post: Post) -> None:
        self._redis = redis
        self._post = post
        self._asked_again: dict[Job, bool] = {}

    def function(self, name: str, function: JobFunction) -> Function:
        """A job as arq wants it."""

        async def run(ctx: dict[str, Any], subject: str) -> None:
            await self._run(Job(name, subject), function, ctx["job_try"])

        return func(run, name=name)

    def cron(self, name: str, row: Cron) -> CronJob:
        """A row of the timetable as arq wants it."""

        async def run(ctx: dict[str, Any]) -> None:
            await row.run(self._post)

        times = {"second": row.seconds, "minute": row.minutes, "hour": row.hours}
        chosen: dict[str, Any] = {unit: set(values) for unit, values in times.items() if values is not None}
        return cron(run, name=f"cron:{name}", run_at_startup=row.at_start, **chosen)

    async def _run(self, job: Job, function: JobFunction, attempt: int) -> None:
        await self._redis.delete(mark_of(job))
        if job in self._asked_again:
            self._asked_again[job] = True
            return
        self._asked_again[job] = False
        try:
            await function(self._post, UUID(job.subject))
        except PASSING as error:
            logger.warning("job failed, is tried again", job=job.name, id=job.subject, error=type(error).__name__)
            raise Retry(defer=min(2**attempt / 4, LONGEST_DEFER)) from error
        finally:
            again = self._asked_again.pop(job)
        if again:
            await self._post.send([job], [])


class Bench:
    """Where the jobs of one process are worked on, over one Redis after the other."""

    def __init__(self, redis: ArqRedis, functions: list[Function], crons: Callable[[], list[CronJob]]) -> None:
        self._redis = redis
        self._functions = functions
        self._crons = crons
        self._under_way: set[asyncio.Task[Any]] = set()

    async def work(self, stop: asyncio.Event) -> None:
        """Take jobs until `stop`; start over whenever Redis is lost."""
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            worker = self._worker()
            taking = asyncio.create_task(worker.main())
            await asyncio.wait({taking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            # Jobs that lost their Redis run on: they are safe twice.
            self._under_way |= {task for task in worker.tasks.values() if not task.done()}
            if not taking.done():
                worker.allow_pick_jobs = False
                await self._finish()
                await _end(worker, taking)
            elif isinstance(error := taking.exception(), LOST):
                logger.warning("redis is lost, is tried again", error=str(error))
                await asyncio.wait({stopping}, timeout=RECONNECT_SECONDS)
            else:
                taking.result()

    def _worker(self) -> Worker:
        return Worker(
            functions=self._functions,
            cron_jobs=self._crons(),  # anew, so that what is done at the start is done once Redis is back
            redis_pool=self._redis,
            handle_signals=False,
            max_jobs=MAX_JOBS,
            max_tries=MAX_TRIES,
            job_timeout=JOB_SECONDS,
            keep_result=0,
            health_check_key=worker_key(),
            health_check_interval=HEARTBEAT_SECONDS,
            poll_delay=POLL_SECONDS,
            job_serializer=dumps,
            job_deserializer=orjson.loads,
            timezone=UTC,
        )

    async def _finish(self) -> None:
        """Let jobs under way end, for some seconds; those that are cancelled go back to the queue."""
        if not self._under_way:
            return
        _, late = await asyncio.wait(self._under_way, timeout=FINISH_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)


async def _end(worker: Worker, taking: asyncio.Task[None]) -> None:
    """Have a worker that takes no more jobs end after its exchange with Redis: a cancellation may be lost in that."""
    worker.burst, worker.max_burst_jobs = True, 0
    await asyncio.wait({taking}, timeout=FINISH_SECONDS)
    while not taking.done():
        taking.cancel()
        await asyncio.wait({taking}, timeout=RECONNECT_SECONDS)
    if not taking.cancelled():
        taking.exception()  # whatever it was, it is over


async def work(settings: Settings, jobs: Mapping[str, JobFunction], crons: Mapping[str, Cron]) -> None:
    """Work until SIGTERM or Ctrl-C; jobs that are not done some seconds later stay queued.

    Args:
        settings: with the addresses of database and Redis.
        jobs: the functions by their names.
        crons: what is done again and again, by its name.

    Raises:
        DatabaseError: the database cannot be used when the worker starts.
    """
    stop = asyncio.Event()
    for order in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(order, stop.set)
    logging.getLogger("arq").setLevel(max(logging.WARNING, logging.root.level))
    collect_seldom()
    async with (
        open_database(settings.database_url, pool=CONNECTIONS),
        open_post(settings.redis_url) as post,
        bench_on(settings.redis_url, post, jobs, crons) as bench,
    ):
        await bench.work(stop)


@asynccontextmanager
async def bench_on(
    redis_url: str, post: Post, jobs: Mapping[str, JobFunction], crons: Mapping[str, Cron]
) -> AsyncIterator[Bench]:
    """Set up a bench over a Redis, which need not be there, now or later."""
    redis = ArqRedis.from_url(redis_url, socket_connect_timeout=2.0, socket_timeout=5.0)
    redis.job_serializer, redis.job_deserializer = dumps, orjson.loads
    runner = Runner(redis, post)
    functions = [runner.function(name, function) for name, function in jobs.items()]
    try:
        yield Bench(redis, functions, lambda: [runner.cron(name, row) for name, row in crons.items()])
    finally:
        await redis.aclose()
