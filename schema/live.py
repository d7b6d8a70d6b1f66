"""What subscribers are told: changes of a nation, in order, each with the cursor to go on from."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from schema.audiences import AudienceShare
from schema.context import Info
from schema.enums import ProfileField, ResetReason
from schema.nodes import Node
from schema.profiles import Profile
from schema.runs import Run
from schema.scalars import EventCursor
from schema.shares import ShareStats, TagShare
from sharing.events import Noun, Topic
from sharing.lifecycle import ShareStatus


@strawberry.type(description="Something is new, or is no longer as it was.")
class NodeChanged:
    """Something is new or changed. It is read when it is selected, as far as the viewer may see it then."""

    noun: strawberry.Private[Noun]
    subject: strawberry.Private[UUID]

    @strawberry.field(
        description="The thing as it is now; null where it is gone again, or the viewer may no longer see it."
    )
    async def node(self, info: Info) -> Node | None:
        """The thing as it is now."""
        return await info.context.reads.node(info, self.noun, self.subject)


@strawberry.type(description="Something is gone, or no longer shown to this nation.")
class NodeDeleted:
    """Something is gone."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="A share passed from one status to another.")
class ShareStatusChanged:
    """A share passed from one status to another."""

    subject: strawberry.Private[UUID]
    share_id: strawberry.ID = strawberry.field(description="The share's id.")
    from_: ShareStatus | None = strawberry.field(
        name="from", description="The status before; null where the share is new."
    )
    to: ShareStatus = strawberry.field(description="The status since.")

    @strawberry.field(
        description="The share as it is now; null where it is an audience's, or the viewer no longer sees it."
    )
    async def share(self, info: Info) -> TagShare | None:
        """The share as it is now."""
        return await info.context.reads.share(info, self.subject)

    @strawberry.field(
        description="The audience share as it is now; null where it is a tag's, or the viewer no longer sees it."
    )
    async def audience_share(self, info: Info) -> AudienceShare | None:
        """The audience share as it is now."""
        return await info.context.reads.audience_share(info, self.subject)


@strawberry.type(description="A run went on, or ended.")
class RunProgressed:
    """A run went on, or ended."""

    noun: strawberry.Private[Noun]
    subject: strawberry.Private[UUID]
    run_id: strawberry.ID = strawberry.field(description="The run's id.")

    @strawberry.field(description="The run as it is now; null where the viewer no longer sees it.")
    async def run(self, info: Info) -> Run | None:
        """The run as it is now."""
        return await info.context.reads.run(info, self.noun, self.subject)


@strawberry.type(description="The figures of a share changed.")
class StatsChanged:
    """The figures of a share changed."""

    subject: strawberry.Private[UUID]
    share_id: strawberry.ID = strawberry.field(description="The share's id.")
    stats: ShareStats = strawberry.field(description="The figures at that moment.")

    @strawberry.field(
        description="The share as it is now; null where it is an audience's, or the viewer no longer sees it."
    )
    async def share(self, info: Info) -> TagShare | None:
        """The share as it is now."""
        return await info.context.reads.share(info, self.subject)

    @strawberry.field(
        description="The audience share as it is now; null where it is a tag's, or the viewer no longer sees it."
    )
    async def audience_share(self, info: Info) -> AudienceShare | None:
        """The audience share as it is now."""
        return await info.context.reads.audience_share(info, self.subject)


@strawberry.type(description="An automation fired: people of the nation changed the field that it watches.")
class AutomationFired:
    """An automation fired for a profile."""

    subject: strawberry.Private[UUID]
    automation_id: strawberry.ID = strawberry.field(description="The automation's id.")
    profile_id: strawberry.ID = strawberry.field(description="The id of the profile whose field changed.")
    field: ProfileField = strawberry.field(description="The field; `CUSTOM_FIELDS` for a custom field.")
    custom_field: str | None = strawberry.field(
        description="The custom field's slug; null for a field of the catalogue."
    )

    @strawberry.field(description="The profile as it is now; null where the viewer no longer sees it.")
    async def profile(self, info: Info) -> Profile | None:
        """The profile as it is now."""
        return await info.context.reads.profile(info, self.subject)


@strawberry.type(description="Some events cannot be told: read everything again, and go on from `resumeFrom`.")
class StreamReset:
    """Some events cannot be told."""

    reason: ResetReason = strawberry.field(description="Why not.")
    resume_from: EventCursor = strawberry.field(
        description="Subscribe after this cursor, then read again what you show."
    )


Change = Annotated[
    NodeChanged | NodeDeleted | ShareStatusChanged | RunProgressed | StatsChanged | AutomationFired | StreamReset,
    strawberry.union("Change", description="What happened."),
]


@strawberry.type(description="One event of a nation's log.")
class ChangeEvent:
    """One event of a nation's log."""

    cursor: EventCursor = strawberry.field(description="Its place in the log: give it as `after` to go on from here.")
    at: datetime = strawberry.field(description="When it happened.")
    topic: Topic = strawberry.field(description="What it is about.")
    change: Change = strawberry.field(description="What happened.")


@strawberry.type(description="Some events of a nation's log, in order.")
class ChangeBatch:
    """Some events of a nation's log."""

    events: list[ChangeEvent] = strawberry.field(description="The events, in order.")
    cursor: EventCursor = strawberry.field(description="Where the batch ends: give it as `after` for the next one.")
    has_more: bool = strawberry.field(description="Whether more events follow already.")
