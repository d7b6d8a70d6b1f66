"""Imports: the rows of a CSV file become people of a nation, piece by piece, resumable after any crash."""

from collections.abc import Sequence
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from actions.intake import take_rows
from actions.rights import require_in
from actions.unit import Unit
from models.custom_field import CustomField
from models.nation import Nation
from models.queries import query
from models.run import ImportPiece, ImportRejection, ImportRun
from sharing.audiences.fields import REFERENCE_SLUG
from sharing.csv_rows import Row, RowError
from sharing.errors import InvalidFile, NotFound
from sharing.events import Event, EventKind, Noun
from sharing.headers import CustomColumn, HeaderPlan
from sharing.states import RunState
from sharing.visibility import Deed

PIECE_ROWS = 500
IMPORT_LOCK = 0x696D70
UPLOADING, QUEUED, IMPORTING, DONE = "UPLOADING", "QUEUED", "IMPORTING", "DONE"


async def begin_import(unit: Unit, nation_id: int, header: Row) -> tuple[UUID, tuple[str, ...]]:
    """Begin an import; its rows are handed over by ``add_rows``.

    Returns:
        The run, and the headers that are not known: their columns are passed over.

    Raises:
        NotFound: the caller does not belong to the nation.
        Forbidden: the caller's role does not let it import.
        InvalidFile: no column says anything about a person, or two bear one name.
    """
    nation = await require_in(unit.caller, nation_id, Deed.IMPORT)
    plan = await _plan(nation, header.cells, header.line)
    run = ImportRun(id=uuid7(), nation_id=nation.id, state=RunState.QUEUED, phase=UPLOADING, header=header.cells)
    await run.save(force_create=True)
    _tell(unit, run)
    return run.id, plan.unknown


async def _plan(nation: Nation, header: Sequence[str], line: int = 1) -> HeaderPlan:
    fields = await CustomField.filter(nation_id=nation.id, archived_at=None)
    # What an audience share knows its contacts by is not for files to say.
    free = [field for field in fields if field.slug != REFERENCE_SLUG or field.locked_by_id is None]
    customs = [CustomColumn(field.slug, field.kind, field.options, field.label) for field in free]
    return HeaderPlan(header, country=nation.country, customs=customs, at=line)


def _tell(unit: Unit, run: ImportRun) -> None:
    unit.emit(run.nation_id, Event(EventKind.PROGRESS, Noun.IMPORT_RUN, (run.id,)))


async def add_rows(unit: Unit, run_id: UUID, number: int, rows: Sequence[Row | RowError]) -> None:
    """Hand over the next rows of a file: ``number`` counts the pieces, from 0.

    Raises:
        InvalidFile: the upload was given up meanwhile.
    """
    await _uploading(run_id)
    good = [[row.line, row.cells] for row in rows if isinstance(row, Row)]
    await ImportPiece.create(run_id=run_id, number=number, rows=orjson.dumps(good))
    bad = [row for row in rows if isinstance(row, RowError)]
    await _reject(run_id, [(row.line, row.reason) for row in bad])
    await unit.pg.execute(
        query("count_upload"),
        run_id,
        len(rows),
        len(bad),
    )


async def _uploading(run_id: UUID) -> ImportRun:
    run = await ImportRun.filter(id=run_id).select_for_update().get()
    if run.state is RunState.FAILED:
        raise InvalidFile(run.error or "The upload was given up: send the file again.")
    return run


async def _reject(run_id: UUID, rows: Sequence[tuple[int, str]]) -> None:
    await ImportRejection.bulk_create(
        [ImportRejection(run_id=run_id, line=line, reason=reason) for line, reason in rows]
    )


async def finish_upload(unit: Unit, run_id: UUID) -> None:
    """The file is all there: let a worker take its rows in.

    Raises:
        InvalidFile: the upload was given up meanwhile.
    """
    run = await _uploading(run_id)
    run.phase = QUEUED
    await run.save(update_fields=["phase"])
    _tell(unit, run)
    unit.enqueue("run_import", run_id)


async def abandon_upload(unit: Unit, run_id: UUID, reason: str) -> None:
    """The file broke off, or cannot be read further: nothing of it is taken in."""
    run = await ImportRun.get_or_none(id=run_id)
    if run is None or run.phase != UPLOADING:
        return
    await ImportPiece.filter(run_id=run_id).delete()
    run.state, run.error, run.finished_at = RunState.FAILED, reason, await unit.now()
    await run.save(update_fields=["state", "error", "finished_at"])
    _tell(unit, run)


async def step_import(unit: Unit, run_id: UUID) -> bool:
    """Take in the next piece of an import, in a transaction of its own.

    Returns:
        Whether there is more to do.

    Raises:
        NotFound: there is no such import.
    """
    locked = await unit.pg.fetchval("SELECT true FROM import_runs WHERE id = $1 FOR UPDATE", run_id)
    if not locked:
        raise NotFound("There is no such import.")
    run = await ImportRun.get(id=run_id).prefetch_related("nation")
    if run.state not in (RunState.QUEUED, RunState.RUNNING) or run.phase == UPLOADING:
        return False
    if run.state is RunState.QUEUED:
        run.state, run.phase, run.started_at = RunState.RUNNING, IMPORTING, await unit.now()
    piece = await ImportPiece.filter(run_id=run_id).order_by("number").first()
    if piece is None:
        run.state, run.phase, run.finished_at = RunState.SUCCEEDED, DONE, await unit.now()
    else:
        # Two imports at once into one nation would each make the person whom the other has not committed yet.
        await unit.pg.execute("SELECT pg_advisory_xact_lock($1, $2)", IMPORT_LOCK, run.nation_id)
        rows = [Row(line, cells) for line, cells in orjson.loads(piece.rows)]
        taken = await take_rows(unit, run.nation, await _plan(run.nation, run.header), rows)
        await _reject(run_id, taken.rejected)
        run.done += len(rows)
        run.created += taken.created
        run.updated += taken.updated
        run.rejected += len(taken.rejected)
        await piece.delete()
    await run.save()
    _tell(unit, run)
    return run.state is RunState.RUNNING


async def fail_import(unit: Unit, run_id: UUID, reason: str) -> None:
    """Record that an import cannot go on, and why; the rows taken in so far stand."""
    run = await ImportRun.get_or_none(id=run_id)
    if run is None or run.state not in (RunState.QUEUED, RunState.RUNNING):
        return
    run.state, run.error, run.finished_at = RunState.FAILED, reason, await unit.now()
    await run.save(update_fields=["state", "error", "finished_at"])
    await unit.pg.execute(query("drop_pieces"), run_id)
    _tell(unit, run)
