"""Resuming: whoever drops off the net, or Redis with all its hints, misses nothing and gets nothing twice."""

import asyncio
import random
import time
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from server.post import RedisPost
from tests.resolvers.watching import Hinting, cursor, execute, name_told, north_of, pull, pulled, told, watch
from tests.server.site import Site
from tests.services import PrivateRedis
from tests.tables import events, position
from tests.world import Nation, World


@pytest.fixture
def live(database: None, post: RedisPost) -> World:
    """Return a world whose news reach the site."""
    return World(Hinting(post))


async def test_whoever_comes_back_has_missed_nothing(site: Site, live: World):
    north, token = await north_of(live)
    async with site.line(token) as line:
        await watch(line, north)
        await north.person(first_name="Seen")
        seen = await told(line)
    for name in ("Missed", "Missed too"):
        await north.person(first_name=name)
    async with site.line(token) as line:
        await watch(line, north, after=seen["cursor"])
        names = [await name_told(line) for _ in range(2)]
        await north.person(first_name="Live")
        names.append(await name_told(line))
    assert names == ["Missed", "Missed too", "Live"]


async def drop_in_and_out(site: Site, nation: Nation, token: str, end: int, chance: random.Random) -> list[str]:
    """Follow a log from its beginning to a position over one connection after the other, each broken off somewhere."""
    cursors = [cursor(nation, 0)]
    last = cursor(nation, end)
    while cursors[-1] != last:
        with suppress(ConnectionClosed, OSError):
            async with site.line(token) as line:
                await watch(line, nation, after=cursors[-1])
                for _ in range(chance.randrange(1, 400)):
                    cursors.append((await told(line))["cursor"])
                    if cursors[-1] == last:
                        break
                line.socket.transport.abort()
    return cursors[1:]


async def write(nation: Nation, times: int, chance: random.Random) -> None:
    """Make people, now one, now many at once."""
    for _ in range(times):
        people = [await nation.person(first_name=uuid4().hex) for _ in range(chance.randrange(1, 4))]
        if chance.random() < 0.5:
            await nation.tag(uuid4().hex, people)
        await asyncio.sleep(chance.random() / 50)


async def test_every_subscribers_sequence_is_the_log_whatever_breaks_off(site: Site, live: World):
    """Writers in parallel, subscribers that come and go: none lost, none twice, none out of order."""
    north, token = await north_of(live)
    chance = random.Random(7)
    rounds, writers = 12, 4
    writing = asyncio.gather(*(write(north, rounds, random.Random(number)) for number in range(writers)))
    early = asyncio.create_task(follow_until_done(site, north, token, writing))
    await writing
    end = await position(north.id)
    wanted = [cursor(north, place) for place in range(1, end + 1)]
    assert end > rounds * writers
    late = await asyncio.gather(*(drop_in_and_out(site, north, token, end, chance) for _ in range(5)))
    assert [cursors == wanted for cursors in (*late, await early)] == [True] * 6
    subjects = [subject for row in await events(north.id) for subject in row["subjects"]]
    assert len(subjects) == end


async def follow_until_done(site: Site, nation: Nation, token: str, writing: asyncio.Future) -> list[str]:
    """Follow a log from its beginning while it is written, dropping off the net now and then."""
    cursors = [cursor(nation, 0)]
    chance = random.Random(11)
    while not writing.done() or cursors[-1] != cursor(nation, await position(nation.id)):
        with suppress(ConnectionClosed, TimeoutError):
            async with site.line(token) as line:
                await watch(line, nation, after=cursors[-1])
                for _ in range(chance.randrange(1, 60)):
                    event = await told(line, 0.5)
                    cursors.append(event["cursor"])
                line.socket.transport.abort()
    return cursors[1:]


async def test_subscribers_are_told_within_moments_and_without_redis_within_seconds(
    database_url: str, world: World, private_redis: PrivateRedis
):
    """Redis only carries hints: killed and emptied, it costs time and no event."""
    north, token = await north_of(world)
    with Site(database_url, private_redis.url).running() as site:
        async with site.line(token) as line:
            await watch(line, north)

            async def delay(name: str) -> float:
                began = time.perf_counter()
                await north.person(first_name=name)
                assert await name_told(line) == name
                return time.perf_counter() - began

            assert await delay("without any hint") < 2.5
            private_redis.kill()
            assert await delay("without Redis") < 2.5
            private_redis.wipe()
            private_redis.start()
            assert await delay("with another Redis") < 2.5


async def test_a_hint_wakes_at_once(site: Site, live: World):
    north, token = await north_of(live)
    async with site.line(token) as line:
        await watch(line, north)
        waits = []
        for number in range(20):
            began = time.perf_counter()
            await north.person(first_name=str(number))
            await told(line)
            waits.append(time.perf_counter() - began)
    assert sorted(waits)[len(waits) // 4] < 0.1


async def test_history_that_is_gone_or_never_was_is_said_to_be(site: Site, live: World):
    north, token = await north_of(live)
    for name in ("one", "two", "three"):
        await north.person(first_name=name)
    await execute("DELETE FROM events WHERE nation_id = $1 AND position <= 2", north.id)
    await execute("UPDATE streams SET pruned = 2 WHERE nation_id = $1", north.id)
    head = cursor(north, 3)
    for place, reason in ((1, "RETENTION"), (4, "EPOCH"), (10**12, "EPOCH")):
        async with site.line(token) as line:
            await watch(line, north, after=cursor(north, place))
            event = await told(line)
            assert event["change"] == {"__typename": "StreamReset", "reason": reason, "resumeFrom": head}
            assert event["cursor"] == head
            await north.person(first_name="after")
            assert await name_told(line) == "after"
        page = await pull(site, north, token, after=cursor(north, 1))
        assert page["events"][0]["change"]["__typename"] == "StreamReset"
        await execute("DELETE FROM events WHERE nation_id = $1 AND position > 3", north.id)
        await execute("UPDATE streams SET position = 3 WHERE nation_id = $1", north.id)
    async with site.line(token) as line:
        await watch(line, north, after=cursor(north, 2))
        assert await name_told(line) == "three"


async def test_replaying_the_log_onto_a_stale_view_gives_what_reading_anew_gives(site: Site, live: World):
    """Every change of a profile or a tag is told: whoever applies them all ends with the truth."""
    north, token = await north_of(live)
    chance = random.Random(3)
    people: list[UUID] = []
    tags: list[UUID] = []
    for _ in range(60):
        deed = chance.randrange(5)
        if deed == 0 or len(people) < 3:
            people.append(await north.person(first_name=uuid4().hex))
        elif deed == 1:
            await north.edit(chance.choice(people), first_name=uuid4().hex)
        elif deed == 2:
            await north.delete(people.pop(chance.randrange(len(people))))
        elif deed == 3:
            tags.append(await north.tag(uuid4().hex, chance.sample(people, 2)))
        elif tags:
            await north.take_off(chance.choice(tags), *chance.sample(people, 2))
    view: dict[str, dict] = {}
    async for event in pulled(site, north, token):
        change = event["change"]
        if change["__typename"] == "NodeDeleted":
            view.pop(change["deletedId"], None)
        else:
            view[change["node"]["id"]] = change["node"]
    query = """query($slug: String!) { nation(slug: $slug) {
      profiles(first: 100) { edges { node { __typename id firstName } } }
      tags(first: 100) { edges { node { __typename id name taggings } } } } }"""
    fresh = (await site.post(query, token, slug=north.slug)).json()["data"]["nation"]
    nodes = [edge["node"] for edges in fresh.values() for edge in edges["edges"]]
    assert view == {node["id"]: node for node in nodes}
