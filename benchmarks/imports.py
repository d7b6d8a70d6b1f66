"""How many rows a second an import takes in, beside PostgreSQL's own COPY of the same file."""

import csv
import io
import time

import asyncpg

from benchmarks.figures import Figure
from benchmarks.memory import watched
from benchmarks.people import files
from benchmarks.stage import PATIENCE, staged
from tests.journeys.test_febrl import imported


async def measure(people: int) -> list[Figure]:
    """Upload a file over HTTP and wait until its last row is in."""
    file, _ = files(people)
    async with staged() as (stage, database_url):
        nation = await stage.founded("imports")
        with watched() as peaks:
            start = time.perf_counter()
            run = await imported(nation, file, PATIENCE)
            seconds = time.perf_counter() - start
        bound = await _copied(database_url, file)
    rate = people / seconds
    return [
        Figure("rows taken in", f"{run['created']:,} of {people:,}", f"{run['rejected']:,} rejected"),
        Figure("rows a second, with keys, events and tags", f"{rate:,.0f}", f"COPY alone {people / bound:,.0f}"),
        Figure("most memory of one process, MB private (resident)", peaks.in_words()),
    ]


async def _copied(database_url: str, file: bytes) -> float:
    """Seconds that COPY takes for the same file into a table of texts."""
    header = next(csv.reader(io.StringIO(file.decode())))
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(f"CREATE TABLE bound ({', '.join(f'{name} text' for name in header)})")
        start = time.perf_counter()
        await connection.copy_to_table("bound", source=io.BytesIO(file), format="csv", header=True)
        return time.perf_counter() - start
    finally:
        await connection.close()
