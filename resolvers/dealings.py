"""What passes between nations, read in batches: shares, matches, conflicts, runs."""

from __future__ import annotations

from asyncio import gather
from collections import defaultdict
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from uuid import UUID

from models.conflict import Conflict
from models.match import Match
from models.run import ImportRun, SyncRun
from models.share import Share
from resolvers import present
from resolvers.batches import Batches, Row, fetch
from resolvers.selection import Selection
from schema import conflicts, matches, runs, shares
from sharing.coverage import Pairing, covered
from sharing.lifecycle import ShareStatus

_VALUES = frozenset({"senderValue", "receiverValue"})
# What of a share follows from what its two nations are to each other.
_OF_BOTH = frozenset({"coveredFields", "overwritesDistricts"})
_SIDES = ("sender_id", "receiver_id")
_TERMS = (
    "id", "status", *_SIDES, "sync_profiles", "optional_groups", "optional_fields", "custom_fields",
    "offer_new_profiles",
)  # fmt: skip


class ShareBatches(Batches):
    """Shares, and what hangs on them."""

    def share_row(self, share_id: UUID, selection: Selection) -> Awaitable[shares.TagShare | None]:
        """A share that the caller may see."""

        async def read(ids: list[UUID]) -> Mapping[UUID, shares.TagShare]:
            rows = await Share.of(self.caller).filter(id__in=ids).values(**present.SHARE_COLUMNS)
            return {share.row_id: share for share in await self.present_shares(rows, selection)}

        return self.load(("share", selection.any_of(_OF_BOTH)), share_id, read)

    async def present_shares(self, rows: Sequence[Row], selection: Selection) -> list[shares.TagShare]:
        """Rows of shares, which are taken over, with what follows from both nations where that is selected."""
        if not selection.any_of(_OF_BOTH):
            return [present.share(row) for row in rows]
        between = await self.pairings(rows)
        return [present.share(row, between[row["id"]]) for row in rows]

    async def covered_fields(self, rows: Sequence[Row]) -> Mapping[UUID, tuple[str, ...]]:
        """The fields that travel with each of some shares, as far as both nations allow today."""
        between = await self.pairings(rows)
        return {row["id"]: covered(present.settings(row), between[row["id"]]) for row in rows if row["id"] in between}

    async def pairings(self, rows: Sequence[Row]) -> Mapping[UUID, Pairing]:
        """What sender and receiver of each of some shares are to each other today."""
        pairings = await fetch("pairings_of_shares", [row["id"] for row in rows]) if rows else []
        return {row["share_id"]: present.pairing(row) for row in pairings}

    def match_row(self, match_id: UUID) -> Awaitable[matches.Match | None]:
        """A match of a share that the caller may see."""
        return self.load("match", match_id, self._read_matches)

    async def _read_matches(self, ids: list[UUID]) -> Mapping[UUID, matches.Match]:
        rows = await Match.of(self.caller).filter(id__in=ids).values(*present.MATCH_COLUMNS, "share__status")
        return {match.row_id: match for match in map(present_match, rows)}

    def conflict_row(self, conflict_id: UUID, selection: Selection) -> Awaitable[conflicts.Conflict | None]:
        """A conflict of a share that the caller may see."""

        async def read(ids: list[UUID]) -> Mapping[UUID, conflicts.Conflict]:
            rows = await Conflict.of(self.caller).filter(id__in=ids).values(*present.CONFLICT_COLUMNS)
            return dict(zip(_ids(rows), await self.present_conflicts(rows, selection), strict=True))

        return self.load(("conflict", selection.any_of(_VALUES)), conflict_id, read)

    async def conflict_rows_of(self, match_id: UUID) -> Sequence[Row]:
        """The rows of the conflicts of a match that the caller may see; not to be taken over."""
        return await self.load("conflicts of match", match_id, self._read_conflicts_of) or ()

    async def _read_conflicts_of(self, ids: list[UUID]) -> Mapping[UUID, list[Row]]:
        found: dict[UUID, list[Row]] = defaultdict(list)
        for row in await Conflict.of(self.caller).filter(match_id__in=ids).values(*present.CONFLICT_COLUMNS):
            found[row["match_id"]].append(row)
        return found

    async def present_conflicts(self, rows: Sequence[Row], selection: Selection) -> list[conflicts.Conflict]:
        """Rows of conflicts, which are taken over. The other's value shows while a live share carries the field."""
        if not selection.any_of(_VALUES):
            return [present.conflict(row, sender=False, receiver=False) for row in rows]
        share_ids = list(dict.fromkeys(row["share_id"] for row in rows))
        terms = dict(zip(share_ids, await gather(*map(self._terms, share_ids)), strict=True))
        shown = []
        for row in rows:
            share = terms[row["share_id"]]
            live = share is not None and row["field"] in share["live_fields"]
            sides = [live or (share is not None and share[side] in self.caller.nations) for side in _SIDES]
            shown.append(present.conflict(row, sender=sides[0], receiver=sides[1]))
        return shown

    def _terms(self, share_id: UUID) -> Awaitable[Row | None]:
        return self.load("terms", share_id, self._read_terms)

    async def _read_terms(self, ids: list[UUID]) -> Mapping[UUID, Row]:
        rows = await Share.of(self.caller).filter(id__in=ids).values(*_TERMS)
        travels = await self.covered_fields([row for row in rows if row["status"] is ShareStatus.APPROVED])
        for row in rows:
            row["live_fields"] = frozenset(travels.get(row["id"], ()))
        return {row["id"]: row for row in rows}

    def sync_run_row(self, run_id: UUID) -> Awaitable[runs.SyncRun | None]:
        """A sync run of a share that the caller may see."""
        return self.load("sync run", run_id, self._read_sync_runs)

    async def _read_sync_runs(self, ids: list[UUID]) -> Mapping[UUID, runs.SyncRun]:
        rows = await SyncRun.of(self.caller).filter(id__in=ids).values(*present.SYNC_RUN_COLUMNS)
        return dict(zip(_ids(rows), map(present.sync_run, rows), strict=True))

    def import_run_row(self, run_id: UUID) -> Awaitable[runs.ImportRun | None]:
        """An import into a nation that the caller belongs to."""
        return self.load("import run", run_id, self._read_import_runs)

    async def _read_import_runs(self, ids: list[UUID]) -> Mapping[UUID, runs.ImportRun]:
        rows = await ImportRun.of(self.caller).filter(id__in=ids).values(*present.IMPORT_RUN_COLUMNS)
        return dict(zip(_ids(rows), map(present.import_run, rows), strict=True))


def _ids(rows: Iterable[Row]) -> list[UUID]:
    return [row["id"] for row in rows]


def present_match(row: Row) -> matches.Match:
    """A match, from its columns and ``share__status``; the row is taken over."""
    return present.match(row, live=row["share__status"] is ShareStatus.APPROVED)
