"""A small nation beside big runs, on a real queue and a real database: what is counted is steps, not seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import pytest
from redis.asyncio import Redis

from actions import running
from actions.post import Post
from models.run import SyncRun
from server import worker
from server.post import RedisPost
from server.worker import bench_on
from sharing.events import Noun
from sharing.modes import SyncMode
from sharing.states import RunState
from tests.couples import ANN, couple
from tests.crowd import somebody
from tests.shared_tag import SharedTag
from tests.tables import events
from tests.world import Basket, World
from workers import jobs
from workers.jobs import JOBS
from workers.turns import Turns

MANY = 60
PATIENCE = 120.0

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
async def _empty_queue(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        await redis.flushdb()


@pytest.fixture(autouse=True)
def _one_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MATCH_CHUNK", "SETTLE_CHUNK", "SYNC_CHUNK"):
        monkeypatch.setattr(running, name, 1)


@asynccontextmanager
async def working(redis_url: str, post: Post, workers: int = 1) -> AsyncIterator[list[set[UUID]]]:
    """Run workers until the block ends; yields for each of them the subjects of the jobs that it took.

    Where there are several, whoever had a turn of a run leaves the next to those who had none.
    """
    stop, took = asyncio.Event(), [set[UUID]() for _ in range(workers)]

    def noting(number: int, job: Callable[[Post, UUID], Awaitable[None]]) -> Callable[[Post, UUID], Awaitable[None]]:
        async def noted(post: Post, subject: UUID) -> None:
            took[number].add(subject)
            await job(post, subject)
            if job is JOBS["run_sync"]:

                async def served() -> bool:
                    return all(subject in subjects for subjects in took)

                await until(served)

        return noted

    async def work(number: int) -> None:
        noted = {name: noting(number, job) for name, job in JOBS.items()}
        async with bench_on(redis_url, post, noted, {}) as bench:
            await bench.work(stop)

    working = [asyncio.create_task(work(number)) for number in range(workers)]
    try:
        yield took
    finally:
        stop.set()
        await asyncio.gather(*working)


async def asked(post: RedisPost, people: int) -> SharedTag:
    """Return a share of some people, none of whom the receiver knows, that waits to be accepted."""
    world = World(post=Basket())
    north, south = await world.nations("north", "south")
    tag = await north.tag("board", [await north.person(**somebody(n % 10), bio=f"{n}") for n in range(people)])
    share = await north.share(tag, south)
    world.post = post  # type: ignore[assignment]
    return share


async def accepted(share: SharedTag) -> UUID:
    """Have a share accepted; gives its run."""
    await share.accept(SyncMode.ACCEPT_ALL)
    return (await SyncRun.get(share_id=share.id)).id


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is true, however long the machine takes within reason."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await true():
                return
            await asyncio.sleep(0.02)


async def ended(run_id: UUID) -> SyncRun:
    """Return a run once it has come to its end."""

    async def over() -> bool:
        return (await SyncRun.get(id=run_id)).state is RunState.SUCCEEDED

    await until(over)
    return await SyncRun.get(id=run_id)


async def begun(run_id: UUID, steps: int = 3) -> None:
    """Wait until a run has taken some steps."""

    async def far_enough() -> bool:
        run = await SyncRun.get(id=run_id)
        return run.state is RunState.RUNNING and run.done >= steps

    await until(far_enough)


async def moments(share: SharedTag) -> list[datetime]:
    """Return when the run of a share took its steps."""
    return [row["at"] for row in await events(share.sender.id) if row["noun"] == Noun.SYNC_RUN][1:]


async def test_a_small_run_takes_turns_with_a_big_one_step_by_step(redis_url, post, monkeypatch):
    """One worker, which takes one step at a time: for each step of the small run the big one has one."""
    monkeypatch.setattr(jobs, "_turns", Turns(1))
    big, small = await asked(post, MANY), await asked(post, 3)
    async with working(redis_url, post):
        long = await accepted(big)
        await begun(long)
        short = await ended(await accepted(small))
        assert (await SyncRun.get(id=long)).state is RunState.RUNNING
        own = await moments(small)
        between = [at for at in await moments(big) if own[0] < at < own[-1]]
        assert len(between) <= 2 * len(own), f"{len(between)} steps of the big run for {len(own)} of the small one"
        assert len(own) <= 3 * 3 + 6
        assert short.finished_at < (await ended(long)).finished_at
    assert len(await moments(big)) > MANY


async def test_with_more_big_runs_than_a_worker_has_room_for_each_waits_its_turn(redis_url, post, monkeypatch):
    """A job goes to the end of the queue after some steps: nobody waits for the end of a run to begin."""
    monkeypatch.setattr(worker, "MAX_JOBS", 2)
    monkeypatch.setattr(jobs, "TURN", 4)
    bigs, small = [await asked(post, MANY // 2) for _ in range(4)], await asked(post, 3)
    async with working(redis_url, post):
        long = [await accepted(big) for big in bigs]
        for run_id in long:
            await begun(run_id, 1)
        waited = await accepted(small)
        short = await ended(waited)
        own = await moments(small)
        for big in bigs:
            steps = [at for at in await moments(big) if short.queued_at < at < own[-1]]
            turns = len(own) / 4 + 2
            assert len(steps) <= 4 * 3 * turns, f"{len(steps)} steps of a big run before the small one ended"
        for run_id in long:
            assert (await ended(run_id)).finished_at > short.finished_at


async def test_every_worker_takes_chunks_of_one_run(redis_url, post, monkeypatch):
    """Whoever is free takes the next turn, however long another needs for its own."""
    monkeypatch.setattr(jobs, "TURN", 2)
    monkeypatch.setattr(worker, "MAX_JOBS", 1)
    big = await asked(post, 2 * MANY)
    async with working(redis_url, post, workers=3) as took:
        run = await ended(await accepted(big))
        assert run.done == run.total
        assert [run.id in subjects for subjects in took] == [True] * 3
    assert sum((await big.boxes()).values()) == 2 * MANY


async def test_an_edit_elsewhere_arrives_while_a_big_run_is_under_way(redis_url, post):
    pair = await couple(World(post=Basket()), {"employer": "Mill"}, {})
    big = await asked(post, MANY)
    pair.world.post = post  # type: ignore[assignment]
    async with working(redis_url, post):
        long = await accepted(big)
        await begun(long)
        await pair.sender.edit(pair.ours, employer="Dock")

        async def arrived() -> bool:
            return await pair.receiver.value(pair.theirs, "employer") == "Dock"

        await until(arrived)
        assert (await SyncRun.get(id=long)).state is RunState.RUNNING
        await ended(long)
    assert await pair.receiver.value(pair.theirs, "last_name") == ANN["last_name"]
