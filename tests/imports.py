"""CSV files as nations bring them in."""

from __future__ import annotations

from itertools import islice
from textwrap import dedent
from uuid import UUID

from actions.importing import add_rows, begin_import, finish_upload
from models.run import ImportRejection, ImportRun
from sharing.csv_rows import CsvRows
from sharing.visibility import Caller
from tests.world import Nation


async def upload(
    nation: Nation, text: str, *, piece: int = 500, caller: Caller | None = None, ends: bool = True
) -> UUID:
    """Hand over a file, in pieces of some rows; ``ends`` tells whether it comes to its end. Gives the import."""
    rows = CsvRows([dedent(text).lstrip().encode()])
    async with nation.world.unit(caller or nation.member) as unit:
        run_id, _ = await begin_import(unit, nation.id, rows.header)
    source, number = iter(rows), 0
    while batch := list(islice(source, piece)):
        async with nation.world.unit(nation.member) as unit:
            await add_rows(unit, run_id, number, batch)
        number += 1
    if ends:
        async with nation.world.unit(nation.member) as unit:
            await finish_upload(unit, run_id)
    return run_id


async def imported(nation: Nation, text: str, *, piece: int = 500) -> ImportRun:
    """Hand over a file and have it taken in."""
    run_id = await upload(nation, text, piece=piece)
    await nation.world.work()
    return await ImportRun.get(id=run_id)


async def refusals(run: ImportRun) -> dict[int, str]:
    """Return the rows that were refused: by line, the reason."""
    return {row.line: row.reason for row in await ImportRejection.filter(run_id=run.id).order_by("line")}
