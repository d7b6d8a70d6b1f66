"""The post: a job is queued once while it waits, watchers are woken, and a dead Redis slows nobody down."""

import asyncio
import time
from uuid import uuid4

import pytest
from arq.connections import ArqRedis
from redis.asyncio import Redis

from actions.post import Job
from server.post import CHANNEL, SEND_SECONDS, SILENCE_SECONDS, mark_of, open_post
from tests.services import PrivateRedis


@pytest.fixture
async def redis(redis_url: str):
    """Return an empty Redis."""
    async with ArqRedis.from_url(redis_url) as client:
        await client.flushdb()
        yield client


def job(name: str = "advance_share") -> Job:
    return Job(name, str(uuid4()))


async def test_jobs_are_queued_as_json_that_anybody_can_read(redis_url: str, redis: ArqRedis):
    one, two = job(), job("run_sync")
    async with open_post(redis_url) as post:
        await post.send([one, two], [])
    bodies = [(await redis.get(key)).decode() for key in await redis.keys("arq:job:*")]
    assert await redis.zcard("arq:queue") == len(bodies) == 2
    for wanted in (one, two):
        assert any(f'"f":"{wanted.name}","a":["{wanted.subject}"]' in body for body in bodies)


async def test_a_job_that_waits_is_not_queued_again_until_a_worker_begins_it(redis_url: str, redis: ArqRedis):
    wanted = job()
    async with open_post(redis_url) as post:
        for _ in range(3):
            await post.send([wanted, job()], [])
        assert await redis.zcard("arq:queue") == 4
        await redis.delete(mark_of(wanted))
        await post.send([wanted], [])
    assert await redis.zcard("arq:queue") == 5


async def test_whoever_watches_a_nation_is_woken(redis_url: str, redis: ArqRedis):
    async with redis.pubsub() as news, open_post(redis_url) as post:
        await news.psubscribe(f"{CHANNEL}*")
        await news.get_message(timeout=5)
        await post.send([], [700_001, 700_002])
        heard = set()
        while len(heard) < 2:  # other tests are heard too: channels know no databases
            message = await news.get_message(ignore_subscribe_messages=True, timeout=5)
            heard |= {message["channel"].decode()} & {f"{CHANNEL}700001", f"{CHANNEL}700002"}


async def test_thousands_of_jobs_go_in_one_letter(redis_url: str, redis: ArqRedis):
    async with open_post(redis_url) as post:
        await post.send([job() for _ in range(5_000)], range(1_000))
    assert await redis.zcard("arq:queue") == 5_000


async def test_a_redis_that_is_not_there_costs_next_to_nothing():
    async with open_post("unix:///nowhere/redis.sock") as post:
        began = time.perf_counter()
        for _ in range(1_000):
            await post.send([job()], [1])
        assert time.perf_counter() - began < 1.0
        assert not await post.answers()


async def test_a_redis_that_hangs_costs_half_a_second_now_and_then():
    async def ignore(reader, writer):
        await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(ignore, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_post(f"redis://127.0.0.1:{port}") as post:
        began = time.perf_counter()
        for _ in range(1_000):
            await post.send([job()], [1])
        assert time.perf_counter() - began < SEND_SECONDS + 0.5


async def test_the_post_finds_a_redis_that_comes_back(private_redis: PrivateRedis):
    async with open_post(private_redis.url) as post, Redis.from_url(private_redis.url) as redis:
        await post.send([job()], [])
        private_redis.kill()
        await post.send([job()], [])
        private_redis.start()
        await asyncio.sleep(SILENCE_SECONDS + 0.1)
        await redis.flushdb()
        await post.send([job()], [])
        assert await redis.zcard("arq:queue") == 1
        assert await post.answers()
