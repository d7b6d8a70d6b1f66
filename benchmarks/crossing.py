"""Changed profiles brought across to the other nation, beside sling copying as many changed rows to another table."""

import asyncio
import time
from collections.abc import Collection
from uuid import UUID

import asyncpg

from actions.people import KEY_FIELDS, Edit, write_profiles
from actions.post import Job
from actions.unit import unit_of_work
from benchmarks import peer
from benchmarks.figures import Figure
from benchmarks.memory import watched
from benchmarks.people import files
from benchmarks.stage import PATIENCE, staged
from models.records import load_records, microseconds
from server.database import open_database
from server.post import open_post
from sharing.fields import ALWAYS
from sharing.writes import Write
from tests.journeys.test_febrl import SHARE, imported, over, shared

PART = 2  # every second of the people is changed: 50,000 of 100,000
AT_ONCE = 1_000
EDITED = ("employer", "occupation", "website")
# As many columns as sling is given: the profile's own, and those of the fields that every share carries.
WIDTH = 40
HEAD = ("id", "nation_id", "version", "created_at", "updated_at", "is_supporter", "is_prospect", "times", "cleared")

_LINKED = """
SELECT m.sender_profile_id, s.sender_id, s.id AS share_id FROM matches m JOIN shares s ON s.id = m.share_id
WHERE m.state IN ('SYNCED', 'CONFLICTED') ORDER BY m.sender_profile_id LIMIT $1
"""
_BEHIND = """
SELECT count(*) FROM matches m
JOIN profiles s ON s.id = m.sender_profile_id JOIN profiles r ON r.id = m.receiver_profile_id
WHERE (s.employer, s.occupation, s.website) IS DISTINCT FROM (r.employer, r.occupation, r.website)
"""


async def measure(people: int) -> list[Figure]:
    """Bring two nations into step, change half of the sender's people at one stroke, and wait until all is across."""
    peer.check()
    ours, theirs = files(people, filled=True)
    async with staged() as (stage, database_url):
        sender, receiver = await stage.founded("sender"), await stage.founded("receiver")
        await imported(sender, ours, PATIENCE)
        await imported(receiver, theirs, PATIENCE)
        share_id = await shared(sender, receiver, tag="shared")
        await sender.until(SHARE, over, patience=PATIENCE, id=share_id)
        pg = await asyncpg.connect(database_url)
        try:
            await _copy(pg)
            peer.sling(database_url, "public.sling_source", "public.sling_target")  # all there is, the first time
            rows = await pg.fetch(_LINKED, people // PART)
            with watched() as peaks:
                seconds = await _crossed(pg, database_url, stage.redis_url, rows)
            behind = await pg.fetchval(_BEHIND)
            assert behind == 0, f"{behind} people differ still"
            await pg.execute(_REFRESH)
            theirs_seconds = peer.sling(database_url, "public.sling_source", "public.sling_target")
            missed = await pg.fetchval(_MISSED)
            assert missed == 0, f"sling missed {missed} rows"
        finally:
            await pg.close()
    ratio = theirs_seconds / seconds
    return [
        Figure(
            f"{len(rows):,} changed profiles of {people:,} across",
            f"{seconds:.1f} s",
            f"sling {theirs_seconds:.1f} s, x {ratio:.2f}",
        ),
        Figure("most memory of one process, MB private (resident)", peaks.in_words()),
    ]


async def _copy(pg: asyncpg.Connection) -> None:
    """Make the table that sling reads: the sender's people, in forty columns."""
    columns = ", ".join([*HEAD, *ALWAYS][:WIDTH])
    await pg.execute(
        f"CREATE TABLE sling_source AS SELECT {columns} FROM profiles "  # noqa: S608 (catalogue keys only)
        "WHERE nation_id = (SELECT sender_id FROM shares); ALTER TABLE sling_source ADD PRIMARY KEY (id)"
    )


_REFRESH = """
UPDATE sling_source s
SET employer = p.employer, occupation = p.occupation, website = p.website, updated_at = p.updated_at
FROM profiles p WHERE p.id = s.id AND p.updated_at > s.updated_at
"""

_MISSED = """
SELECT count(*) FROM sling_source s LEFT JOIN sling_target t ON t.id::text = s.id::text
WHERE (s.employer, s.occupation, s.website) IS DISTINCT FROM (t.employer, t.occupation, t.website)
"""


async def _crossed(pg: asyncpg.Connection, database_url: str, redis_url: str, rows: list[asyncpg.Record]) -> float:
    """Change some people in one transaction; gives the seconds from its commit until nothing of it is left to do."""
    profiles = [row["sender_profile_id"] for row in rows]
    async with open_database(database_url), open_post(redis_url) as post:
        async with unit_of_work(post) as unit:
            for at in range(0, len(profiles), AT_ONCE):
                some = profiles[at : at + AT_ONCE]
                moment = microseconds(await unit.now())
                before = await load_records(unit.pg, some, {*KEY_FIELDS, *EDITED}, lock=True)
                await write_profiles(unit, rows[0]["sender_id"], before, _edits(some, moment))
            assert unit.jobs == (Job("advance_share", str(rows[0]["share_id"])),)
            start = time.perf_counter()
        while True:
            if not await pg.fetchval("SELECT EXISTS (SELECT FROM changes)"):
                return time.perf_counter() - start
            await asyncio.sleep(0.05)


def _edits(profiles: Collection[UUID], moment: int) -> dict[UUID, Edit]:
    return {
        profile: Edit({key: Write(_new(key, number), moment) for key in EDITED})
        for number, profile in enumerate(profiles)
    }


def _new(key: str, number: int) -> str:
    return f"https://changed-{number}.example.org/" if key == "website" else f"Changed {key} {number}"
