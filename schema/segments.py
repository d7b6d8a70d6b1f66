"""Segments: saved filters over a nation's profiles, as clients build and read them."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.context import Info
from schema.enums import ProfileField
from schema.locks import Lockable
from schema.nodes import Node
from schema.paging import After, Before, Connection, First, Last, Page
from schema.profiles import Profile
from schema.repeats import RepeatableInput
from schema.segment_enums import SegmentJoin
from sharing.segments.criteria import Attribute, Operator

FIELD = "A field of the catalogue; `CUSTOM_FIELDS` is none: see `customField`."
COMPONENT = "A part of the address that `field` is, such as `city`."
CUSTOM = "The slug of a custom field."
ATTRIBUTE = "Something else about a profile."
VALUES = (
    "What to compare with, as text: one, for BETWEEN the lower and the higher, for IN up to 1,000; none for IS_BLANK "
    "and where days are counted. Tags and groups go by their ids, moments as 2026-11-26T18:00:00Z."
)
DAYS = "How many days, counted from today (UTC), for IN_LAST_DAYS, IN_NEXT_DAYS and ANNIVERSARY; 0 is today."
CASE = "Whether upper and lower case differ where texts are compared."


@strawberry.input(
    description="One condition on a profile: about exactly one of field, customField and attribute. A blank field "
    "meets only IS_BLANK and NOT_EQUALS."
)
class SegmentClauseInput:
    """One condition on a profile."""

    field: ProfileField | None = strawberry.field(default=None, description=FIELD)
    component: str | None = strawberry.field(default=None, description=COMPONENT)
    custom_field: str | None = strawberry.field(default=None, description=CUSTOM)
    attribute: Attribute | None = strawberry.field(default=None, description=ATTRIBUTE)
    operator: Operator = strawberry.field(description="How to compare.")
    values: list[str] | None = strawberry.field(default=None, description=VALUES)
    days: int | None = strawberry.field(default=None, description=DAYS)
    case_sensitive: bool = strawberry.field(default=False, description=CASE)


@strawberry.input(
    description="Whom a segment holds: exactly one of all, any, not and clause. At most 200 conditions, 10 deep."
)
class SegmentCriterionInput:
    """Whom a segment holds."""

    all: list["SegmentCriterionInput"] | None = strawberry.field(default=None, description="All of these hold.")
    any: list["SegmentCriterionInput"] | None = strawberry.field(
        default=None, description="At least one of these holds."
    )
    not_: "SegmentCriterionInput | None" = strawberry.field(
        default=None, name="not", description="This does not hold: its plain opposite, blanks included."
    )
    clause: SegmentClauseInput | None = strawberry.field(default=None, description="This condition holds.")


@strawberry.type(description="A part of a segment's criteria. The first is the whole; each names the one it stands in.")
class SegmentPart:
    """A part of a segment's criteria."""

    place: int = strawberry.field(description="Its place in the list, from 0.")
    parent: int | None = strawberry.field(description="The place of the part that it stands in; null for the whole.")
    join: SegmentJoin = strawberry.field(description="How it is put together.")
    field: ProfileField | None = strawberry.field(description=FIELD)
    component: str | None = strawberry.field(description=COMPONENT)
    custom_field: str | None = strawberry.field(description=CUSTOM)
    attribute: Attribute | None = strawberry.field(description=ATTRIBUTE)
    operator: Operator | None = strawberry.field(description="How to compare; null where it is no clause.")
    values: list[str] = strawberry.field(description=VALUES)
    days: int | None = strawberry.field(description=DAYS)
    case_sensitive: bool = strawberry.field(description=CASE)


@strawberry.type
class Held:
    """Whom criteria hold, saved or not."""

    nation_id: strawberry.Private[int]
    raw: strawberry.Private[dict[str, object]]

    @strawberry.field(
        description="How many profiles are in it now. An error where its criteria name what is gone: see the message."
    )
    async def count(self, info: Info) -> int:
        """How many profiles are in it now."""
        return await info.context.reads.count_segment(self.nation_id, self.raw)

    @strawberry.field(description="The profiles that are in it now, in the order in which they were made.")
    async def profiles(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Profile]:
        """The profiles that are in it now."""
        page = Page(first, after, last, before)
        return await info.context.reads.profiles_of_segment(info, self.nation_id, self.raw, page)


@strawberry.type(description="A saved filter over the profiles of a nation: who is in it follows from its criteria.")
class Segment(Node, Held, Lockable):
    """A saved filter over the profiles of a nation."""

    row_id: strawberry.Private[UUID]
    name: str = strawberry.field(description="Its name, which no other live segment of the nation has.")
    criteria: list[SegmentPart] = strawberry.field(description="Whom it holds, part by part, as given.")
    version: int = strawberry.field(description="Counts its changes; see `expectedVersion`.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    archived_at: datetime | None = strawberry.field(
        description="When it was archived; null where it is not. It can be restored for eighteen months."
    )


@strawberry.type(description="Who would be in a segment, before it is saved.")
class SegmentPreview(Held):
    """Who would be in a segment."""


@strawberry.input(description="A segment to be made.")
class CreateSegmentInput(RepeatableInput):
    """A segment to be made."""

    id: strawberry.ID | None = strawberry.field(
        default=None, description="The id that it is to have, made as those of profiles may be; null has one made."
    )
    nation_id: strawberry.ID = strawberry.field(description="The nation to make it in.")
    name: str = strawberry.field(description="Its name, which no other live segment of the nation has.")
    criteria: SegmentCriterionInput = strawberry.field(description="Whom it holds.")


@strawberry.input(description="An edit of a segment. What is left out or null stays as it is.")
class UpdateSegmentInput(RepeatableInput):
    """An edit of a segment."""

    segment_id: strawberry.ID = strawberry.field(description="The segment.")
    name: str | None = strawberry.field(default=None, description="Its new name.")
    criteria: SegmentCriterionInput | None = strawberry.field(default=None, description="Whom it holds from now on.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the edit was made from: refused where it has changed since."
    )


@strawberry.input(description="A segment to do something to.")
class SegmentActionInput(RepeatableInput):
    """A segment to do something to."""

    segment_id: strawberry.ID = strawberry.field(description="The segment.")
