"""Groups, and who locks them and other things, read in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from uuid import UUID

from models.tag import Tag
from resolvers.batches import Batches, Row, fetch
from resolvers.ids import encode
from resolvers.present import card, filled
from resolvers.selection import Selection
from schema.cards import NationCard
from schema.groups import Group

GROUP_COLUMNS = ("id", "nation_id", "name", "share_id", "taggings", "created_at", "archived_at")


class LockBatches(Batches):
    """Who locks what."""

    def locker(self, share_id: UUID) -> Awaitable[NationCard | None]:
        """The nation that an audience share comes from. Whoever asks sees to it that the caller sees what it locks."""
        return self.load("locker", share_id, self._read_lockers)

    async def _read_lockers(self, ids: list[UUID]) -> Mapping[UUID, NationCard]:
        return {row["share_id"]: card(row) for row in await fetch("lockers", ids)}


class GroupBatches(LockBatches):
    """Groups."""

    def group_row(self, group_id: UUID) -> Awaitable[Group | None]:
        """A group of a nation that the caller belongs to."""
        return self.load("group", group_id, self._read_groups)

    async def _read_groups(self, ids: list[UUID]) -> Mapping[UUID, Group]:
        rows = await Tag.groups_of(self.caller).filter(id__in=ids).values(*GROUP_COLUMNS)
        return {row["id"]: _present(row) for row in rows}

    async def group_rows_of(self, profile_id: UUID) -> Sequence[Row]:
        """The rows of the live groups that a profile of the caller's nations is in, by name; not to be taken over."""
        return await self.load("groups of profile", profile_id, self._read_groups_of) or ()

    async def _read_groups_of(self, ids: list[UUID]) -> Mapping[UUID, list[Row]]:
        found: dict[UUID, list[Row]] = defaultdict(list)
        columns = {column: column for column in GROUP_COLUMNS}
        groups = Tag.groups_of(self.caller).filter(archived_at=None, tagged__profile_id__in=ids)
        for row in await groups.values(**columns, profile_id="tagged__profile_id"):
            found[row.pop("profile_id")].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row["name"], row["id"]))
        return found

    async def present_groups(self, rows: Sequence[Row], selection: Selection) -> list[Group]:
        """Rows of groups, which are taken over."""
        return [_present(row) for row in rows]


def _present(row: Row) -> Group:
    row["row_id"] = row["id"]
    row["id"] = encode("Group", row["id"])
    row["members"], row["lock"] = row["taggings"], row["share_id"]
    return filled(Group, row)
