"""Nations, their networks and the fields that they defined, read in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from uuid import UUID

from models.custom_field import CustomField
from models.nation import Nation
from models.network import Network
from models.segment import Segment
from resolvers import criteria, present
from resolvers.batches import Batches, Row, fetch
from resolvers.positions import cursor_at
from schema import custom_fields, nations, networks, segments


class NationBatches(Batches):
    """Nations."""

    def nation_row(self, number: int) -> Awaitable[nations.Nation | None]:
        """A nation that the caller belongs to."""
        return self.load("nation", number, self._read_nations)

    async def _read_nations(self, numbers: list[int]) -> Mapping[int, nations.Nation]:
        # First the positions: what is read afterwards may be newer, never older.
        positions = await fetch("stream_positions", numbers)
        at = {row["nation_id"]: row["position"] for row in positions}
        rows = await Nation.of(self.caller).filter(id__in=numbers).values(*present.NATION_COLUMNS)
        for row in rows:
            row["cursor"] = cursor_at(self.seal, row["id"], at.get(row["id"], 0))
        return {row["id"]: present.nation(row) for row in rows}


class NetworkBatches(Batches):
    """Networks."""

    def network_row(self, number: int) -> Awaitable[networks.Network | None]:
        """A network that the caller may see."""
        return self.load("network", number, self._read_networks)

    async def _read_networks(self, numbers: list[int]) -> Mapping[int, networks.Network]:
        rows = await Network.of(self.caller).filter(id__in=numbers).values(*present.NETWORK_COLUMNS)
        wanted = {row[column] for row in rows for column in ("hq_id", "audience_source_id")} - {None}
        named = Nation.filter(id__in=list(wanted))
        cards = {row["id"]: row for row in await named.values("id", *present.CARD_COLUMNS)}
        return {
            row["id"]: present.network(row, cards.get(row["hq_id"]), cards.get(row["audience_source_id"]))
            for row in rows
        }

    async def managers_of(self, number: int) -> list[networks.NetworkManager]:
        """Who manages a network, by address. Whoever asks sees to it that the caller may know."""
        return await self.load("managers of network", number, self._read_managers) or []

    async def _read_managers(self, numbers: list[int]) -> Mapping[int, list[networks.NetworkManager]]:
        found: dict[int, list[networks.NetworkManager]] = defaultdict(list)
        for row in await fetch("managers_of_networks", numbers):
            found[row["network_id"]].append(networks.NetworkManager(email=row["email"], name=row["name"]))
        return found


class CustomFieldBatches(Batches):
    """Custom fields."""

    def custom_field_row(self, field_id: UUID) -> Awaitable[custom_fields.CustomField | None]:
        """A custom field of a nation that the caller belongs to."""
        return self.load("custom field", field_id, self._read_fields)

    async def _read_fields(self, ids: list[UUID]) -> Mapping[UUID, custom_fields.CustomField]:
        rows = await CustomField.of(self.caller).filter(id__in=ids).values(*present.CUSTOM_FIELD_COLUMNS)
        return {field.row_id: field for field in await _present(rows)}

    async def custom_fields_of(self, number: int, *, archived: bool) -> list[custom_fields.CustomField]:
        """The custom fields of a nation that the caller belongs to, by slug."""
        fields = await self.load("custom fields of nation", number, self._read_fields_of) or []
        return [field for field in fields if archived or not field.is_archived]

    async def _read_fields_of(self, numbers: list[int]) -> Mapping[int, list[custom_fields.CustomField]]:
        found: dict[int, list[custom_fields.CustomField]] = defaultdict(list)
        rows = CustomField.of(self.caller).filter(nation_id__in=numbers).order_by("slug")
        for field in await _present(await rows.values(*present.CUSTOM_FIELD_COLUMNS)):
            found[field.nation_id].append(field)
        return found


class SegmentBatches(Batches):
    """Segments."""

    def segment_row(self, segment_id: UUID) -> Awaitable[segments.Segment | None]:
        """A segment of a nation that the caller belongs to."""
        return self.load("segment", segment_id, self._read_segments)

    async def _read_segments(self, ids: list[UUID]) -> Mapping[UUID, segments.Segment]:
        rows = await Segment.of(self.caller).filter(id__in=ids).values(*present.SEGMENT_COLUMNS)
        return {row["id"]: criteria.segment(row) for row in rows}


async def _present(rows: Sequence[Row]) -> list[custom_fields.CustomField]:
    shared = await fetch("custom_fields_are_shared", list({row["nation_id"] for row in rows})) if rows else []
    numbers = {row["id"] for row in shared}
    return [present.custom_field(row, shared=row["nation_id"] in numbers) for row in rows]
