"""Runs: syncs of shares, and imports into nations."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.expressions import Subquery

from models.run import ImportRejection as RejectionRow
from models.run import ImportRun as ImportRow
from models.run import SyncRun as SyncRow
from resolvers import present
from resolvers.keyset import Ordering, Row, connect, read_slice
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.context import Info as ReadInfo
from schema.nations import Nation
from schema.paging import Connection, Page
from schema.runs import ImportRejection, ImportRun, Run, SyncRun
from schema.shares import TagShare
from sharing.events import Noun

SYNCS = Ordering("sync runs", descending=True)
IMPORTS = Ordering("imports", descending=True)
REJECTIONS = Ordering("rejections", (("line", int),))


class RunReads(Reading):
    """Runs."""

    async def run(self, info: ReadInfo, noun: Noun, run_id: UUID) -> Run | None:
        """A sync run or an import that the caller may see."""
        if noun is Noun.SYNC_RUN:
            return await self.loaders.sync_run_row(run_id)
        if noun is Noun.AUDIENCE_RUN:
            return await self.loaders.audience_run_row(run_id)
        return await self.loaders.import_run_row(run_id)

    async def runs(self, info: ReadInfo, share: TagShare, page: Page) -> Connection[SyncRun]:
        """The sync runs of a share, the latest first."""
        selection = Selection.below(info)
        part = self.window(page, SYNCS, share.row_id)
        source = SyncRow.of(self.caller).filter(share_id=share.row_id)
        found = await read_slice(source, part, present.SYNC_RUN_COLUMNS, selection)
        return await connect(found, part, selection, selection, _present_syncs)

    async def imports(self, info: ReadInfo, nation: Nation, page: Page) -> Connection[ImportRun]:
        """The imports of a nation, the latest first."""
        selection = Selection.below(info)
        part = self.window(page, IMPORTS, nation.number)
        source = ImportRow.of(self.caller).filter(nation_id=nation.number)
        found = await read_slice(source, part, present.IMPORT_RUN_COLUMNS, selection)
        return await connect(found, part, selection, selection, _present_imports)

    async def rejections(self, info: ReadInfo, run: ImportRun, page: Page) -> Connection[ImportRejection]:
        """The rows that an import could not take, by line."""
        selection = Selection.below(info)
        part = self.window(page, REJECTIONS, run.row_id)
        source = RejectionRow.filter(run_id__in=Subquery(ImportRow.of(self.caller).filter(id=run.row_id).values("id")))
        found = await read_slice(source, part, ("line", "reason"), selection)
        return await connect(found, part, selection, selection, _present_rejections)


async def _present_syncs(rows: Sequence[Row], selection: Selection) -> list[SyncRun]:
    return [present.sync_run(row) for row in rows]


async def _present_imports(rows: Sequence[Row], selection: Selection) -> list[ImportRun]:
    return [present.import_run(row) for row in rows]


async def _present_rejections(rows: Sequence[Row], selection: Selection) -> list[ImportRejection]:
    return [present.filled(ImportRejection, row) for row in rows]
