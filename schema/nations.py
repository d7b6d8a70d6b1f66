"""Nations: the tenants."""

from typing import Annotated

import strawberry

from schema.audiences import Audience, AudienceShare
from schema.automations import Automation
from schema.context import Info
from schema.custom_fields import CustomField
from schema.enums import ShareDirection
from schema.groups import Group
from schema.networks import Network
from schema.nodes import Node
from schema.paging import After, Before, Connection, First, Last, Page
from schema.profiles import Profile, ProfileFilter
from schema.runs import ImportRun
from schema.scalars import EventCursor
from schema.segments import Segment, SegmentCriterionInput, SegmentPreview
from schema.shares import Share
from schema.tags import Tag
from sharing.lifecycle import ShareStatus
from sharing.visibility import Plan


@strawberry.type(description="One tenant: its people, tags and users live in it and nowhere else.")
class Nation(Node):
    """One tenant. Shown to its members alone; others see its card."""

    number: strawberry.Private[int]
    network_id: strawberry.Private[int | None]
    slug: str = strawberry.field(description="The slug by which others name it.")
    name: str = strawberry.field(description="Its name.")
    plan: Plan = strawberry.field(description="What it pays for, and so may do.")
    voters_enabled: bool = strawberry.field(description="Whether it works with voter data.")
    auto_districting: bool = strawberry.field(description="Whether its districts follow from addresses by themselves.")
    country: str = strawberry.field(
        description="The ISO 3166 code of the country by which phones and postcodes are read that name none."
    )
    cursor: EventCursor = strawberry.field(
        description="How far its log of events had come before anything below this nation was read: subscribe to "
        "`changes` after it, and nothing is missed in between."
    )

    @strawberry.field(description="The network that it is in; null where it is in none.")
    async def network(self, info: Info) -> Network | None:
        """The network that it is in."""
        return None if self.network_id is None else await info.context.reads.network(info, self.network_id)

    @strawberry.field(description="The fields that it defined, or has from HQ, by slug.")
    async def custom_fields(
        self,
        info: Info,
        archived: Annotated[bool, strawberry.argument(description="Whether to give archived ones too.")] = False,
    ) -> list[CustomField]:
        """The fields that it defined."""
        return await info.context.reads.custom_fields(info, self, archived)

    @strawberry.field(description="Its people, in the order in which they were made.")
    async def profiles(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[
            ProfileFilter | None, strawberry.argument(description="Only those to which this applies.")
        ] = None,
        archived: Annotated[
            bool | None,
            strawberry.argument(description="Whether to give those that are archived instead of the others."),
        ] = False,
    ) -> Connection[Profile]:
        """Its people."""
        return await info.context.reads.profiles(info, self, Page(first, after, last, before), filter, bool(archived))

    @strawberry.field(
        description="One of its people, by exactly one of the arguments; null where there is no such person, or it is "
        "archived."
    )
    async def profile(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="The profile's id.")] = None,
        email: Annotated[str | None, strawberry.argument(description="One of its email addresses.")] = None,
        external_id: Annotated[str | None, strawberry.argument(description="Its external id.")] = None,
    ) -> Profile | None:
        """One of its people."""
        return await info.context.reads.find_profile(info, self, id, email, external_id)

    @strawberry.field(description="Its tags, by name, those shared to it included.")
    async def tags(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        shared: Annotated[
            ShareDirection | None,
            strawberry.argument(
                description="Only those that it shares by a pending or approved share, or only those shared to it."
            ),
        ] = None,
    ) -> Connection[Tag]:
        """Its tags."""
        return await info.context.reads.tags(info, self, Page(first, after, last, before), shared)

    @strawberry.field(description="Its groups, by name.")
    async def groups(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        archived: Annotated[
            bool, strawberry.argument(description="Whether to give those that are archived instead of the others.")
        ] = False,
    ) -> Connection[Group]:
        """Its groups."""
        return await info.context.reads.groups(info, self, Page(first, after, last, before), archived)

    @strawberry.field(description="Its segments, by name.")
    async def segments(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        archived: Annotated[
            bool, strawberry.argument(description="Whether to give those that are archived instead of the others.")
        ] = False,
    ) -> Connection[Segment]:
        """Its segments."""
        return await info.context.reads.segments(info, self, Page(first, after, last, before), archived)

    @strawberry.field(description="Who would be in a segment, before it is saved.")
    async def segment_preview(
        self,
        info: Info,
        criteria: Annotated[SegmentCriterionInput, strawberry.argument(description="Whom it would hold.")],
    ) -> SegmentPreview:
        """Who would be in a segment."""
        return await info.context.reads.preview_segment(self, criteria)

    @strawberry.field(description="Its automations, by name; null for whoever may not change them.")
    async def automations(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Automation] | None:
        """Its automations."""
        return await info.context.reads.automations(info, self, Page(first, after, last, before))

    @strawberry.field(description="The rules by which it shares its audience; null where it has none.")
    async def audience(self, info: Info) -> Audience | None:
        """The rules by which it shares its audience."""
        return await info.context.reads.audience_of_nation(self)

    @strawberry.field(
        description="The shares by which it gives its audience to others, or is given another's, the latest first."
    )
    async def audience_shares(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AudienceShare]:
        """The shares of audiences that it is a side of."""
        return await info.context.reads.audience_shares(info, self, Page(first, after, last, before))

    @strawberry.field(description="What it shares and what is shared with it, the latest first.")
    async def shares(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        direction: Annotated[
            ShareDirection | None,
            strawberry.argument(description="Only those that it sent, or only those that it received."),
        ] = None,
        status: Annotated[
            list[ShareStatus] | None, strawberry.argument(description="Only those that stand in one of these statuses.")
        ] = None,
    ) -> Connection[Share]:
        """What it shares and what is shared with it."""
        return await info.context.reads.shares(info, self, Page(first, after, last, before), direction, status)

    @strawberry.field(description="Files on their way into it, the latest first.")
    async def imports(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ImportRun]:
        """Files on their way into it."""
        return await info.context.reads.imports(info, self, Page(first, after, last, before))
