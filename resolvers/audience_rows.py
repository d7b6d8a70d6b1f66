"""Audiences and their shares, read in batches, and rows of them as the types of the API."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any
from uuid import UUID

from models.audience import Audience
from models.match import Match
from models.run import SyncRun
from models.share import Share
from models.tag import Tag, TagKind
from resolvers.batches import Batches, Row
from resolvers.bounds import held_by, receiver_limits
from resolvers.ids import encode
from resolvers.present import BOXES, filled, stats
from schema import audiences
from schema.cards import NationCard
from schema.enums import ProfileField
from schema.runs import Progress
from sharing.audiences.rules import TERMS_VERSION

AUDIENCE_COLUMNS = (
    "id", "nation_id", "state", "rules", "terms_version", "terms_accepted_at", "version", "created_at", "updated_at",
)  # fmt: skip
SHARE_COLUMNS = {
    name: name
    for name in (
        "id", "status", "sender_id", "receiver_id", "optional_fields", "custom_fields", "stopped_at", "last_sync_at",
        "next_sync_at", "limits",
    )
} | {
    "sender_slug": "sender__slug",
    "sender_name": "sender__name",
    "receiver_slug": "receiver__slug",
    "receiver_name": "receiver__name",
    **{box: f"stats__{box}" for box in BOXES},
}  # fmt: skip
MATCH_COLUMNS = (
    "id", "share_id", "sender_profile_id", "receiver_profile_id", "state", "stage", "score", "ambiguity",
    "created_at", "first_synced_at", "ended_at",
)  # fmt: skip
RUN_COLUMNS = (
    "id", "share_id", "trigger", "state", "phase", "done", "total", "held_by", "counts", "error", "queued_at",
    "started_at", "finished_at",
)  # fmt: skip


class AudienceBatches(Batches):
    """Audiences, their shares, and what hangs on those."""

    def audience_row(self, audience_id: UUID) -> Awaitable[audiences.Audience | None]:
        """An audience of a nation that the caller belongs to."""
        return self.load("audience", audience_id, self._read_audiences)

    async def _read_audiences(self, ids: list[UUID]) -> Mapping[UUID, audiences.Audience]:
        rows = await Audience.of(self.caller).filter(id__in=ids).values(*AUDIENCE_COLUMNS)
        return {found.row_id: found for found in map(audience, rows)}

    def audience_share_row(self, share_id: UUID) -> Awaitable[audiences.AudienceShare | None]:
        """An audience share that the caller may see."""
        return self.load("audience share", share_id, self._read_audience_shares)

    async def _read_audience_shares(self, ids: list[UUID]) -> Mapping[UUID, audiences.AudienceShare]:
        rows = await Share.audiences_of(self.caller).filter(id__in=ids).values(**SHARE_COLUMNS)
        return {found.row_id: found for found in await self.present_audience_shares(rows)}

    async def present_audience_shares(self, rows: list[Row]) -> list[audiences.AudienceShare]:
        """Rows of audience shares, which are taken over, with their groups."""
        groups = Tag.filter(kind=TagKind.GROUP, share_id__in=[row["id"] for row in rows])
        found = {row["share_id"]: row for row in await groups.values("share_id", "id", "name")} if rows else {}
        return [_share(row, found.get(row["id"])) for row in rows]

    def audience_match_row(self, match_id: UUID) -> Awaitable[audiences.AudienceMatch | None]:
        """A match of an audience share that the caller may see."""
        return self.load("audience match", match_id, self._read_audience_matches)

    async def _read_audience_matches(self, ids: list[UUID]) -> Mapping[UUID, audiences.AudienceMatch]:
        rows = await Match.of_audiences(self.caller).filter(id__in=ids).values(*MATCH_COLUMNS)
        return {found.row_id: found for found in map(audience_match, rows)}

    def audience_run_row(self, run_id: UUID) -> Awaitable[audiences.AudienceRun | None]:
        """A run of an audience share that the caller may see."""
        return self.load("audience run", run_id, self._read_audience_runs)

    async def _read_audience_runs(self, ids: list[UUID]) -> Mapping[UUID, audiences.AudienceRun]:
        rows = await SyncRun.of_audiences(self.caller).filter(id__in=ids).values(*RUN_COLUMNS)
        found = [row["id"] for row in rows]
        return dict(zip(found, map(audience_run, rows), strict=True))


def audience(row: Row) -> audiences.Audience:
    """An audience, from its columns."""
    rules: Mapping[str, Any] = row["rules"]
    row["row_id"] = row["id"]
    row["id"] = encode("Audience", row["id"])
    row["rules_state"] = row.pop("state")
    row["group_name"] = rules["groupName"]
    row["fires_automations"] = rules["firesAutomations"]
    row["sync_every_hours"] = rules["everyHours"]
    row["current_terms"] = TERMS_VERSION
    version, accepted = row.pop("terms_version"), row.pop("terms_accepted_at")
    row["accepted_terms"] = audiences.AcceptedTerms(version=version, accepted_at=accepted) if version else None
    return filled(audiences.Audience, row)


def _share(row: Row, group: Row | None) -> audiences.AudienceShare:
    row["row_id"] = row["id"]
    row["id"] = encode("AudienceShare", row["id"])
    row["sender"] = NationCard(slug=row["sender_slug"], name=row["sender_name"])
    row["receiver"] = NationCard(slug=row["receiver_slug"], name=row["receiver_name"])
    row["group_id"], row["group_name"] = (group["id"], group["name"]) if group else (None, None)
    row["covered_fields"] = [ProfileField(key) for key in row["optional_fields"]]
    row["custom_field_slugs"] = row.pop("custom_fields")
    row["target_limits"] = receiver_limits(row.pop("limits"))
    row["stats"] = stats(row)
    return filled(audiences.AudienceShare, row)


def audience_match(row: Row) -> audiences.AudienceMatch:
    """A match of an audience share, from its columns."""
    row["row_id"] = row["id"]
    row["id"] = encode("AudienceMatch", row["id"])
    row["match_state"] = row.pop("state")
    return filled(audiences.AudienceMatch, row)


def audience_run(row: Row) -> audiences.AudienceRun:
    """A run of an audience share, from its columns."""
    counts: Mapping[str, int] = row.pop("counts")
    row["id"] = encode("AudienceRun", row["id"])
    row["run_state"] = row.pop("state")
    row["progress"] = Progress(phase=row["phase"], done=row["done"], total=row["total"])
    row["held_by"] = held_by(row["share_id"], row["held_by"])
    row["contacts_created"] = counts.get("created", 0)
    row["contacts_synced"] = counts.get("pairs", 0)
    row["values_written"] = counts.get("filled", 0) + counts.get("overwritten", 0)
    row["opted_out"] = counts.get("opted_out")
    return filled(audiences.AudienceRun, row)
