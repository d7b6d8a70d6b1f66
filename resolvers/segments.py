"""Segments: listed, tried, made, changed, archived and restored."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from tortoise.connection import get_connection

from actions.repeats import Done
from actions.segments import Members, archive_segment, create_segment, members_of, restore_segment, update_segment
from models.nation import Nation as NationRow
from models.profile import Profile as ProfileRow
from models.segment import Segment as SegmentRow
from resolvers import criteria
from resolvers.context import Info
from resolvers.criteria import as_kept as kept_of
from resolvers.ids import new_uuid, number_of, uuid_of
from resolvers.keyset import Ordering, Slice, connect, read_slice
from resolvers.people import profile_columns
from resolvers.present import SEGMENT_COLUMNS
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.context import Info as ReadInfo
from schema.nations import Nation
from schema.paging import Connection, Page
from schema.payloads import SegmentPayload, SegmentResult
from schema.profiles import Profile
from schema.segments import (
    CreateSegmentInput,
    Segment,
    SegmentActionInput,
    SegmentCriterionInput,
    SegmentPreview,
    UpdateSegmentInput,
)
from sharing.errors import NotFound

BY_NAME = Ordering("segments", (("name", str), ("id", UUID)))
MEMBERS = Ordering("profiles of a segment")


class SegmentReads(Reading):
    """Segments, and who is in them."""

    async def segments(self, info: ReadInfo, nation: Nation, page: Page, archived: bool) -> Connection[Segment]:
        """The segments of a nation, by name."""
        selection = Selection.below(info)
        part = self.window(page, BY_NAME, f"{nation.number} {archived}")
        source = SegmentRow.of(self.caller).filter(nation_id=nation.number, archived_at__isnull=not archived)
        found = await read_slice(source, part, SEGMENT_COLUMNS, selection)
        return await connect(found, part, selection, selection.under("edges", "node"), _present)

    async def count_segment(self, nation_id: int, criteria: dict[str, object]) -> int:
        """How many profiles of a nation meet criteria."""
        members = await self._members(nation_id, criteria)
        (row,) = await get_connection("default").execute_query_dict(*members.counting())
        return int(row["number"])

    async def profiles_of_segment(
        self, info: ReadInfo, nation_id: int, criteria: dict[str, object], page: Page
    ) -> Connection[Profile]:
        """The profiles of a nation that meet criteria, in the order in which they were made."""
        selection = Selection.below(info)
        part = self.window(page, MEMBERS, f"{nation_id} {criteria}")
        members = await self._members(nation_id, criteria)
        after, before = (keys[0] if keys else None for keys in (part.after, part.before))
        asked = members.paging(after, before, part.limit + 1, backwards=part.backwards)
        ids = [row["id"] for row in await get_connection("default").execute_query_dict(*asked)]
        kept = ids[: part.limit]
        total = await self.count_segment(nation_id, criteria) if "totalCount" in selection else None
        node = selection.under("edges", "node")
        rows = await ProfileRow.of(self.caller).filter(id__in=kept).order_by("id").values(*profile_columns(node))
        found = Slice(rows, len(ids) > part.limit, total)
        return await connect(found, part, selection, node, self.loaders.present_profiles)

    async def preview_segment(self, nation: Nation, criteria: SegmentCriterionInput) -> SegmentPreview:
        """Who meets criteria that are not saved."""
        kept = kept_of(criteria)
        await self._members(nation.number, kept)  # what is wrong with them is told once, whatever is selected
        return SegmentPreview(nation_id=nation.number, raw=kept)

    async def _members(self, nation_id: int, criteria: dict[str, object]) -> Members:
        nation = await NationRow.of(self.caller).get_or_none(id=nation_id)
        if nation is None:
            raise NotFound("There is no such nation.")
        (row,) = await get_connection("default").execute_query_dict("SELECT clock_timestamp() AS now")
        return await members_of(nation, criteria, row["now"])


async def _present(rows: Any, selection: Selection) -> list[Segment]:
    return [criteria.segment(row) for row in rows]


async def _payload(info: Info, done: Done[UUID]) -> SegmentPayload:
    segment = await info.context.loaders.segment_row(done.result)
    return SegmentPayload(segment=segment, cursor=info.context.cursor(done, *done.positions))


@strawberry.type
class SegmentMutations:
    """Edits of segments."""

    @strawberry.mutation(description="Save a segment.")
    async def create_segment(
        self, info: Info, input: Annotated[CreateSegmentInput, strawberry.argument(description="What to make.")]
    ) -> SegmentResult:
        """Save a segment."""
        nation_id, chosen = number_of("Nation", input.nation_id, "nationId"), new_uuid("Segment", input.id, "id")
        kept = criteria.as_kept(input.criteria)
        done = await info.context.write(create_segment, nation_id, input.name, kept, segment_id=chosen)
        return await _payload(info, done)

    @strawberry.mutation(description="Change the name or the criteria of a segment.")
    async def update_segment(
        self, info: Info, input: Annotated[UpdateSegmentInput, strawberry.argument(description="Which, and how.")]
    ) -> SegmentResult:
        """Change a segment."""
        segment_id = uuid_of("Segment", input.segment_id, "segmentId")
        kept = None if input.criteria is None else criteria.as_kept(input.criteria)
        done = await info.context.write(
            update_segment, segment_id, name=input.name, criteria=kept, expected_version=input.expected_version
        )
        return await _payload(info, done)

    @strawberry.mutation(
        description="Archive a segment: it is out of lists, its name is free, and it can be restored for 18 months."
    )
    async def archive_segment(
        self, info: Info, input: Annotated[SegmentActionInput, strawberry.argument(description="Which.")]
    ) -> SegmentResult:
        """Archive a segment."""
        done = await info.context.write(archive_segment, uuid_of("Segment", input.segment_id, "segmentId"))
        return await _payload(info, done)

    @strawberry.mutation(description="Bring an archived segment back.")
    async def restore_segment(
        self, info: Info, input: Annotated[SegmentActionInput, strawberry.argument(description="Which.")]
    ) -> SegmentResult:
        """Restore a segment."""
        done = await info.context.write(restore_segment, uuid_of("Segment", input.segment_id, "segmentId"))
        return await _payload(info, done)
