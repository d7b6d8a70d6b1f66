"""From acceptance until everybody is synced, beside hand-written SQL that does the same writes knowing who is who."""

import time

import asyncpg

from benchmarks.figures import Figure
from benchmarks.memory import watched
from benchmarks.people import files
from benchmarks.phases import Phases
from benchmarks.stage import staged
from sharing.fields import ALWAYS
from tests.journeys.test_febrl import SHARE, imported, over, shared


async def measure(people: int) -> list[Figure]:
    """Share a tag on all people of one nation with another, new people created."""
    return await _measure(*files(people))


async def measure_filled(people: int) -> list[Figure]:
    """The same with people of whom much is known: half of the 30 fields, a tenth of what both know in conflict."""
    return await _measure(*files(people, filled=True))


async def _measure(ours: bytes, theirs: bytes) -> list[Figure]:
    async with staged() as (stage, database_url):
        sender, receiver = await stage.founded("sender"), await stage.founded("receiver")
        await imported(sender, ours)
        await imported(receiver, theirs)
        connection = await asyncpg.connect(database_url)
        try:
            await connection.execute(
                "CREATE TABLE bound AS SELECT * FROM profiles; ALTER TABLE bound ADD PRIMARY KEY (id)"
            )
            await connection.execute("ANALYZE")
            with watched() as peaks:
                async with Phases(database_url) as phases:
                    start = time.perf_counter()
                    share_id = await shared(sender, receiver, tag="shared")
                    done = await sender.until(SHARE, over, patience=7_200, id=share_id)
                    seconds = time.perf_counter() - start
            bound = await _bound(connection)
        finally:
            await connection.close()
    stats = done["node"]["stats"]
    return [
        Figure(
            "accept to all synced",
            f"{seconds:.1f} s",
            f"the writes by hand-written SQL {bound:.1f} s, x {seconds / bound:.1f}",
        ),
        Figure("of which", phases.in_words()),
        Figure("what became of them", ", ".join(f"{name} {number:,}" for name, number in stats.items() if number)),
        Figure("most memory of one process, MB private (resident)", peaks.in_words()),
    ]


async def _bound(connection: asyncpg.Connection) -> float:
    """Seconds that the same writes take as four statements on copies of the tables, given who is who."""
    fills = ", ".join(f"{key} = coalesce(mine.{key}, other.{key})" for key in ALWAYS)
    columns = ", ".join(ALWAYS)
    start = time.perf_counter()
    await connection.execute("CREATE TABLE bound_matches AS SELECT * FROM matches")
    await connection.execute("CREATE TABLE bound_taggings AS SELECT id, tag_id, profile_id FROM taggings")
    for mine, other in (("receiver", "sender"), ("sender", "receiver")):
        await connection.execute(
            f"UPDATE bound mine SET {fills} FROM matches m JOIN bound other ON other.id = m.{other}_profile_id "  # noqa: S608
            f"WHERE mine.id = m.{mine}_profile_id AND m.stage <> 'CREATED' AND m.state <> 'ENDED'"
        )
    await connection.execute(
        f"INSERT INTO bound (id, nation_id, version, is_supporter, is_prospect, custom_fields, times, cleared, "  # noqa: S608
        f"created_at, updated_at, {columns}) "
        f"SELECT m.receiver_profile_id, 2, 1, false, false, '{{}}', '{{}}', '{{}}', now(), now(), {columns} "
        f"FROM matches m JOIN bound b ON b.id = m.sender_profile_id WHERE m.stage = 'CREATED' AND m.state <> 'ENDED'"
    )
    return time.perf_counter() - start
