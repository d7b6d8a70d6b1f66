"""From acceptance until everybody is synced, beside hand-written SQL that does the same writes knowing who is who."""

import time

import asyncpg

from benchmarks.bound import copy_tables, write_again
from benchmarks.figures import Figure
from benchmarks.memory import watched
from benchmarks.people import files
from benchmarks.phases import Phases
from benchmarks.stage import PATIENCE, staged
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
        await imported(sender, ours, PATIENCE)
        await imported(receiver, theirs, PATIENCE)
        connection = await asyncpg.connect(database_url)
        try:
            await copy_tables(connection)
            with watched() as peaks:
                async with Phases(database_url) as phases:
                    start = time.perf_counter()
                    share_id = await shared(sender, receiver, tag="shared")
                    done = await sender.until(SHARE, over, patience=PATIENCE, id=share_id)
                    seconds = time.perf_counter() - start
            bound = await write_again(connection)
        finally:
            await connection.close()
    stats = done["node"]["stats"]
    return [
        Figure(
            "accept to all synced",
            f"{seconds:.1f} s",
            f"the same rows by hand-written SQL {bound:.1f} s, x {seconds / bound:.1f}",
        ),
        Figure("of which", phases.in_words()),
        Figure("what became of them", ", ".join(f"{name} {number:,}" for name, number in stats.items() if number)),
        Figure("most memory of one process, MB private (resident)", peaks.in_words()),
    ]
