"""Shares: one sender, one receiver, one thing shared."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from schema.brakes import ShareLimits
from schema.cards import NationCard
from schema.conflicts import Conflict
from schema.context import Info
from schema.enums import OptionalGroup, ProfileField, ShareDirection
from schema.matches import Match
from schema.nodes import Node
from schema.paging import After, Before, Connection, First, Last, Page
from schema.runs import SyncRun
from schema.tags import Tag
from sharing.lifecycle import ShareAction, ShareStatus
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchState

NationArgument = Annotated[
    strawberry.ID,
    strawberry.argument(description="The viewer's nation, which is the sender or the receiver, by its id."),
]


@strawberry.type(
    description="The figures of a share, exact at any time. Each profile that it carries counts in one of them."
)
class ShareStats:
    """The boxes of a share."""

    matched: int = strawberry.field(description="Linked, and waiting to be synced: usually nobody.")
    not_found: int = strawberry.field(
        description="Nobody in the receiver matches. They are looked for again daily, and as soon as something changes."
    )
    ambiguous: int = strawberry.field(
        description="Somebody may match, but not for sure: several do, or something contradicts. They are not synced."
    )
    synced: int = strawberry.field(description="Linked and synced, with no open conflict.")
    unreviewed_changes: int = strawberry.field(
        description="Linked, with at least one open conflict that waits for a person."
    )
    total: int = strawberry.field(description="All of them together.")


@strawberry.interface(description="Something that one nation shares with another.")
class Share(Node):
    """Something that one nation shares with another."""

    status: ShareStatus = strawberry.field(description="Where it stands.")
    sender: NationCard = strawberry.field(description="The nation that shares.")
    receiver: NationCard = strawberry.field(description="The nation that it is shared with.")
    stats: ShareStats = strawberry.field(description="Its figures now.")


@strawberry.type(description="A tag that one nation shares with another, with the people who bear it.")
class TagShare(Share):
    """A tag that one nation shares with another."""

    row_id: strawberry.Private[UUID]
    sender_id: strawberry.Private[int]
    receiver_id: strawberry.Private[int]
    tag_id: strawberry.Private[UUID | None]
    version: int = strawberry.field(description="How many writes made it what it is.")
    tag_label: str = strawberry.field(description="What the receiver calls the tag: `sender-slug:tag name`.")
    sync_profiles: bool = strawberry.field(description="Whether profile data travels with the tag.")
    optional_groups: list[OptionalGroup] = strawberry.field(
        description="Optional groups of fields that the sender chose whole."
    )
    optional_fields: list[ProfileField] = strawberry.field(
        description="Optional fields that the sender chose one by one."
    )
    custom_fields: list[str] = strawberry.field(description="Custom fields that the sender chose one by one, by slug.")
    offer_new_profiles: bool = strawberry.field(description="Whether the sender offers people whom the receiver lacks.")
    covered_fields: list[ProfileField] = strawberry.field(
        description="All fields that travel, the always-synced ones included; empty where no profiles are synced."
    )
    overwrites_districts: bool = strawberry.field(
        description="Whether districts overwrite, whatever the sync mode, since one of the nations has "
        "auto-districting on; false where no districts travel."
    )
    sync_mode: SyncMode | None = strawberry.field(
        description="What the receiver chose for differing values; null before."
    )
    create_new_profiles: bool | None = strawberry.field(
        description="Whether the receiver takes people whom it lacks; null before."
    )
    import_as_prospects: bool | None = strawberry.field(description="Whether those become prospects; null before.")
    limits: ShareLimits = strawberry.field(
        description="What both nations let be written before somebody has to say so. Each sets its own."
    )
    requested_at: datetime = strawberry.field(description="When it was last asked for.")
    decided_at: datetime | None = strawberry.field(description="When the receiver answered; null before.")
    stopped_at: datetime | None = strawberry.field(description="When it was stopped; null while it is not.")
    stopped_by: NationCard | None = strawberry.field(description="The side that stopped it; null while it is not.")
    last_sync_at: datetime | None = strawberry.field(description="When its last sync ended; null before the first.")
    next_sync_at: datetime | None = strawberry.field(
        description="When it is synced again at the latest; null while it is not live."
    )

    @strawberry.field(description="The same as `customFields`, by a name that no other thing has.")
    def custom_field_slugs(self) -> list[str]:
        """The same as ``custom_fields``, for whoever selects several things under one ``node``."""
        return self.custom_fields

    @strawberry.field(description="On which side of it a nation is.")
    def direction(self, info: Info, nation: NationArgument) -> ShareDirection:
        """On which side of it a nation is."""
        return info.context.reads.direction(self, nation)

    @strawberry.field(description="What a nation can do to it now, its admins that is.")
    def allowed_actions(self, info: Info, nation: NationArgument) -> list[ShareAction]:
        """What a nation can do to it now."""
        return info.context.reads.allowed_actions(self, nation)

    @strawberry.field(
        description="The sender's tag for the sender; for the receiver its own of that name, null until it accepts."
    )
    async def tag(self, info: Info) -> Tag | None:
        """The tag, as the viewer's nation has it."""
        return await info.context.reads.tag_of_share(info, self)

    @strawberry.field(description="What became of each profile that it carries.")
    async def matches(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        state: Annotated[
            list[MatchState] | None, strawberry.argument(description="Only those in one of these states.")
        ] = None,
    ) -> Connection[Match]:
        """What became of each profile that it carries."""
        return await info.context.reads.matches(info, self, Page(first, after, last, before), state)

    @strawberry.field(description="The fields on which both nations hold different values, those of a person together.")
    async def conflicts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        state: Annotated[
            list[ConflictState] | None, strawberry.argument(description="Only those in one of these states.")
        ] = None,
    ) -> Connection[Conflict]:
        """The fields on which both nations hold different values."""
        return await info.context.reads.conflicts(info, self, Page(first, after, last, before), state)

    @strawberry.field(description="Its sync runs, the latest first.")
    async def runs(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[SyncRun]:
        """Its sync runs."""
        return await info.context.reads.runs(info, self, Page(first, after, last, before))
