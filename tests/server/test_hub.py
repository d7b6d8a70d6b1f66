"""Bells: they ring for what Redis tells and for what the database holds, and only for who watches."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from server.hub import LOOK_SECONDS, Hub, kept_ringing
from server.post import CHANNEL, RedisPost
from tests.services import PrivateRedis
from tests.world import World


@asynccontextmanager
async def ringing(redis_url: str):
    """Run bells."""
    hub = Hub()
    async with kept_ringing(hub, redis_url):
        yield hub


async def test_a_bell_wakes_all_who_wait_and_counts_for_those_who_come_late():
    hub = Hub()
    with hub.watching(1), hub.watching(1), hub.watching(2):
        seen = hub.rung(1)
        waiting = [asyncio.create_task(hub.rings(1, seen)) for _ in range(3)]
        other = asyncio.create_task(hub.rings(2, hub.rung(2)))
        await asyncio.sleep(0)
        hub.ring(1)
        await asyncio.wait_for(asyncio.gather(*waiting), 1)
        await asyncio.wait_for(hub.rings(1, seen), 1)
        assert not other.done()
        hub.ring_all()
        await asyncio.wait_for(other, 1)


async def test_a_nation_that_nobody_watches_has_no_bell():
    hub = Hub()
    hub.ring(1)
    with hub.watching(1):
        pass
    with pytest.raises(KeyError):
        hub.rung(1)


async def test_a_hint_rings_at_once(database: None, redis_url: str, post: RedisPost):
    async with ringing(redis_url) as hub:
        with hub.watching(700_003):
            await asyncio.sleep(0.3)
            seen = hub.rung(700_003)
            await post.send([], [700_003])
            await asyncio.wait_for(hub.rings(700_003, seen), LOOK_SECONDS / 2)


async def test_without_redis_a_look_at_the_database_rings(world: World):
    nation = await world.nation("north")
    async with ringing("unix:///nowhere/redis.sock") as hub:
        with hub.watching(nation.id):
            await nation.person(first_name="Ada")
            await asyncio.wait_for(hub.rings(nation.id, hub.rung(nation.id)), 3 * LOOK_SECONDS)
            seen = hub.rung(nation.id)
            with pytest.raises(TimeoutError):  # nothing has happened since
                await asyncio.wait_for(hub.rings(nation.id, seen), 2 * LOOK_SECONDS)


async def test_bells_outlive_their_redis_and_whatever_is_said_there(database: None, private_redis: PrivateRedis):
    async with ringing(private_redis.url) as hub:
        with hub.watching(7):
            await asyncio.sleep(0.3)
            async with Redis.from_url(private_redis.url) as redis:
                for nonsense in (f"{CHANNEL}", f"{CHANNEL}x", f"{CHANNEL}{'9' * 5000}"):
                    await redis.publish(nonsense, b"\xff")
            private_redis.kill()
            private_redis.start()
            async with Redis.from_url(private_redis.url) as redis, asyncio.timeout(5):
                while not await redis.publish(f"{CHANNEL}7", ""):  # noqa: ASYNC110 - until somebody listens
                    await asyncio.sleep(0.05)
                await hub.rings(7, 0)
