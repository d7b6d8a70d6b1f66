"""What the tests themselves stand on: databases from a template, and Redis."""

import asyncpg
from redis.asyncio import Redis


async def scalar(url, statement):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_the_shared_database_has_the_tables(database_url):
    assert (
        await scalar(database_url, "SELECT count(*) FROM information_schema.tables WHERE table_name = 'profiles'") == 1
    )


async def test_each_fresh_database_is_a_test_s_own(fresh_database):
    one, other = await fresh_database(), await fresh_database()
    await scalar(one, "CREATE TABLE mine ()")
    assert await scalar(other, "SELECT to_regclass('mine')::text") is None
    assert await scalar(other, "SELECT to_regclass('profiles')::text") == "profiles"


async def test_redis_answers(redis_url):
    async with Redis.from_url(redis_url) as redis:
        assert await redis.ping()


async def test_a_private_redis_may_be_killed_and_emptied(private_redis):
    async with Redis.from_url(private_redis.url) as redis:
        await redis.set("a", "1")
        private_redis.kill()
        private_redis.wipe()
        private_redis.start()
    async with Redis.from_url(private_redis.url) as redis:
        assert await redis.get("a") is None
