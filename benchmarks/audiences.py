"""A run of an audience with many targets after one in a hundred contacts changed, beside the same writes by hand."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from actions.audiences.networks import enable_audience_sharing
from actions.audiences.rules import activate_audience, create_audience, sync_audience_now
from actions.nations import create_nation, create_network
from actions.people import KEY_FIELDS, Edit, write_profiles
from actions.post import Post
from actions.segments import create_segment
from actions.unit import Unit, unit_of_work
from benchmarks.bound import copy_tables, write_again
from benchmarks.figures import Figure
from benchmarks.made_up import DAYS_OF_BIRTH, FIRST_BIRTHDAY, MAKE_PEOPLE
from benchmarks.memory import watched
from benchmarks.stage import staged
from models.network import Network
from models.records import load_records, microseconds
from server.database import open_database
from server.post import open_post
from sharing.audiences.rules import TERMS_VERSION, AudienceRules, TargetRule
from sharing.visibility import Caller, Plan, Role
from sharing.writes import Write

TARGETS = 20
PART = 100  # one in so many contacts is changed
AT_ONCE = 1_000
FIELDS = ("first_name", "last_name", "employer", "occupation", "birthdate", "home_address", "email_opt_in")


async def measure(people: int) -> list[Figure]:
    """Share everybody, a part with each target, change some, sync, and do the same writes by hand."""
    async with staged() as (stage, database_url):
        pg = await asyncpg.connect(database_url)
        try:
            async with open_database(database_url), open_post(stage.redis_url) as post:
                source, audience_id = await _founded(post, pg, people)
                first = await _synced(post, pg, source, audience_id)
                changed = await _change(post, pg, source)
                await copy_tables(pg)
                with watched() as peaks:
                    seconds = await _synced(post, pg, source, audience_id)
                behind = await pg.fetchval(_BEHIND)
                assert behind == 0, f"{behind} contacts differ still"
            bound = await write_again(pg)
        finally:
            await pg.close()
    return [
        Figure(f"first sync of {people:,} contacts to {TARGETS} targets, a part to each", f"{first:.1f} s"),
        Figure(
            f"sync after {changed:,} of them changed",
            f"{seconds:.1f} s",
            f"the same rows by hand-written SQL {bound:.1f} s, x {seconds / bound:.1f}",
        ),
        Figure("most memory of one process, MB private (resident)", peaks.in_words()),
    ]


async def _founded(post: Post, pg: asyncpg.Connection, people: int) -> tuple[int, UUID]:
    """Found a network, fill its source, and activate rules that give every target a part of its people."""
    async with unit_of_work(post) as unit:
        await create_network(unit, "network", "Network")
        source = await create_nation(unit, "source", "Source", Plan.NETWORK, network_slug="network")
        targets = [
            await create_nation(unit, f"target-{number}", "Target", Plan.NETWORK, network_slug="network")
            for number in range(TARGETS)
        ]
    await pg.execute(MAKE_PEOPLE, source, people)
    await pg.execute("VACUUM ANALYZE")
    async with unit_of_work(post, _admin(source)) as unit:
        await enable_audience_sharing(unit, (await Network.get(slug="network")).id, "source")
        rules = tuple([await _rule(unit, source, target, number) for number, target in enumerate(targets)])
        audience_id = await create_audience(unit, source, AudienceRules("Members", rules))
        await activate_audience(unit, audience_id, TERMS_VERSION)
    return source, audience_id


async def _rule(unit: Unit, source: int, target: int, number: int) -> TargetRule:
    """Give a target one part of the source's people: those who were born in some years."""
    first = FIRST_BIRTHDAY + timedelta(days=number * DAYS_OF_BIRTH // TARGETS)
    last = FIRST_BIRTHDAY + timedelta(days=(number + 1) * DAYS_OF_BIRTH // TARGETS - 1)
    values = [first.isoformat(), last.isoformat()]
    criteria = {"clause": {"field": "birthdate", "operator": "BETWEEN", "values": values}}
    segment = await create_segment(unit, source, f"Part {number}", criteria, segment_id=uuid7())
    return TargetRule(target, (segment,), FIELDS)


def _admin(nation_id: int) -> Caller:
    return Caller(token_id=UUID(int=nation_id), roles={nation_id: Role.ADMIN})


async def _synced(post: Post, pg: asyncpg.Connection, source: int, audience_id: UUID) -> float:
    """Sync now; gives the seconds until no run is left."""
    start = time.perf_counter()
    async with unit_of_work(post, _admin(source)) as unit:
        await sync_audience_now(unit, audience_id)
    while True:
        if not await pg.fetchval(_UNDER_WAY):
            break
        await asyncio.sleep(0.05)
    failed = await pg.fetch("SELECT error FROM sync_runs WHERE state <> 'SUCCEEDED'")
    assert not failed, failed[0]["error"]
    return time.perf_counter() - start


async def _change(post: Post, pg: asyncpg.Connection, source: int) -> int:
    """Give one in a hundred of the source's people another employer and occupation."""
    rows = await pg.fetch(_SOME, source, PART)
    ids = [row["id"] for row in rows]
    for at in range(0, len(ids), AT_ONCE):
        async with unit_of_work(post) as unit:
            some = ids[at : at + AT_ONCE]
            moment = microseconds(await unit.now())
            before = await load_records(unit.pg, some, {*KEY_FIELDS, *FIELDS}, lock=True)
            edit = Edit({key: Write(f"Another {key}", moment) for key in ("employer", "occupation")})
            await write_profiles(unit, source, before, dict.fromkeys(some, edit))
    return len(ids)


_UNDER_WAY = "SELECT EXISTS (SELECT FROM sync_runs WHERE state IN ('QUEUED', 'RUNNING', 'HELD'))"

_SOME = """
SELECT id FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM profiles WHERE nation_id = $1
) numbered WHERE n % $2 = 0
"""

_BEHIND = """
SELECT count(*) FROM matches m
JOIN profiles s ON s.id = m.sender_profile_id JOIN profiles t ON t.id = m.receiver_profile_id
WHERE (s.employer, s.occupation) IS DISTINCT FROM (t.employer, t.occupation)
"""
