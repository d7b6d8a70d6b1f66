"""`comity import`: a CSV file becomes people of a nation, in this process, with a bar that shows how far it is."""

import csv
from collections.abc import Collection, Iterator
from io import SEEK_END
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from actions.importing import PIECE_ROWS, abandon_upload, add_rows, begin_import, finish_upload, step_import
from actions.post import Job, Post
from actions.unit import unit_of_work
from models.run import ImportRejection, ImportRun
from server.cli.opened import nation_of
from server.garbage import collect_seldom
from server.refusal import Refusal
from sharing.csv_rows import CsvRows, Row, RowError
from sharing.errors import InvalidFile
from sharing.states import RunState
from sharing.visibility import Caller, Role

CHUNK = 1 << 18
SHOWN = 20


class Own:
    """A post without the import's own job: that is done here."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Send what others have to do."""
        await self._post.send([job for job in jobs if job.name != "run_import"], nations)


async def import_file(post: Post, slug: str, path: Path, report: Path | None) -> None:
    """Take a file in.

    Args:
        post: carries what follows from it.
        slug: the nation.
        path: the file.
        report: where the rows that cannot be taken are written, with their reasons; None shows the first of them.

    Raises:
        Refusal: there is no such nation or file, or the file is refused.
    """
    collect_seldom()
    nation = await nation_of(slug)
    caller, own = Caller(roles={nation.id: Role.ADMIN}), Own(post)
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with _file(path) as file, Progress(*bars, console=Console(stderr=True)) as progress:
        reading = progress.add_task("Reading", total=file.seek(0, SEEK_END))
        file.seek(0)
        run_id, ignored = await _hand_over(own, caller, nation.id, CsvRows(_chunks(file)), progress, reading)
        await _take_in(own, run_id, progress)
    await _tell(run_id, ignored, report)


def _file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise Refusal(f"The file {path} cannot be read: {error.strerror}.") from None


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


async def _hand_over(
    post: Post, caller: Caller, nation_id: int, rows: CsvRows, progress: Progress, bar: TaskID
) -> tuple[UUID, tuple[str, ...]]:
    """Store the rows of the file, so that the import survives this process."""
    async with unit_of_work(post, caller) as unit:
        run_id, ignored = await begin_import(unit, nation_id, rows.header)
    try:
        source, number = iter(rows), 0
        while batch := list[Row | RowError](islice(source, PIECE_ROWS)):
            async with unit_of_work(post, caller) as unit:
                await add_rows(unit, run_id, number, batch)
            number += 1
            progress.update(bar, completed=rows.bytes_read)
    except BaseException as fault:
        async with unit_of_work(post, caller) as unit:
            reason = fault.message if isinstance(fault, InvalidFile) else "The import was interrupted."
            await abandon_upload(unit, run_id, reason)
        raise
    async with unit_of_work(post, caller) as unit:
        await finish_upload(unit, run_id)
    return run_id, ignored


async def _take_in(post: Post, run_id: UUID, progress: Progress) -> None:
    run = await ImportRun.get(id=run_id)
    bar = progress.add_task("Taking in", total=run.total)
    more = True
    while more:
        async with unit_of_work(post) as unit:
            more = await step_import(unit, run_id)
        run = await ImportRun.get(id=run_id)
        progress.update(bar, completed=run.done)


async def _tell(run_id: UUID, ignored: tuple[str, ...], report: Path | None) -> None:
    run = await ImportRun.get(id=run_id)
    if run.state is not RunState.SUCCEEDED:
        raise Refusal(run.error or "The import did not come to its end.")
    console = Console(highlight=False)
    console.print(f"Created {run.created:,}, updated {run.updated:,}, rejected {run.rejected:,}.")
    if ignored:
        console.print(f"Columns passed over, since no field is called so: {', '.join(ignored)}.", markup=False)
    if not run.rejected:
        return
    rejected = await ImportRejection.filter(run_id=run_id).order_by("line").values_list("line", "reason")
    if report is not None:
        with report.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("line", "reason"), *rejected])
        console.print(f"The rejected lines, with the reasons, are in {report}.", markup=False)
        return
    for line, reason in rejected[:SHOWN]:
        console.print(f"line {line}: {reason}", markup=False)
    if len(rejected) > SHOWN:
        console.print(f"... and {len(rejected) - SHOWN:,} more: --report FILE writes them all.")
