"""Matches: the link from a sender's profile to a receiver's, within one share."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from schema.context import Info
from schema.enums import ProfileField
from schema.nodes import Node, still_there
from schema.profiles import Profile
from sharing.mailboxes import EmailHindrance
from sharing.states import AmbiguityReason, ConflictState, MatchStage, MatchState
from sharing.writes import Side

if TYPE_CHECKING:
    from schema.conflicts import Conflict
    from schema.shares import TagShare


@strawberry.type(description="One field that spoke for or against a match.")
class Evidence:
    """One field that spoke for or against a match."""

    field: ProfileField = strawberry.field(description="The field that was compared.")
    agrees: bool = strawberry.field(description="Whether it speaks for the match.")
    score: float = strawberry.field(description="How alike the two values are, from 0 to 1.")


@strawberry.type(description="A person of the receiver whom a sender's profile may be.")
class Candidate:
    """A person of the receiver whom a sender's profile may be."""

    profile: Profile = strawberry.field(description="The receiver's profile.")
    stage: MatchStage = strawberry.field(description="The step that found it.")
    score: float = strawberry.field(description="How sure it is, from 0 to 1, seeing who else it may be.")
    evidence: list[Evidence] = strawberry.field(description="What speaks for and against it.")


@strawberry.type(description="An email address that one side lacks and could not be given.")
class EmailNote:
    """An email address that one side lacks and could not be given."""

    address: str = strawberry.field(description="The address.")
    side: Side = strawberry.field(description="The nation that lacks it.")
    hindrance: EmailHindrance = strawberry.field(description="Why it could not be added.")


@strawberry.type(description="What became of one profile that a share carries.")
class Match(Node):
    """What became of one profile that a share carries."""

    row_id: strawberry.Private[UUID]
    share_id: strawberry.Private[UUID]
    sender_profile_id: strawberry.Private[UUID]
    receiver_profile_id: strawberry.Private[UUID | None]
    found: strawberry.Private[list[dict[str, Any]]]
    state: MatchState = strawberry.field(description="What became of it.")
    stage: MatchStage | None = strawberry.field(
        description="The step that made the match, or came closest; null where none did."
    )
    score: float | None = strawberry.field(description="How sure it is, from 0 to 1; null where nobody was found.")
    ambiguity: AmbiguityReason | None = strawberry.field(description="Why it is not sure; null unless it is ambiguous.")
    evidence: list[Evidence] = strawberry.field(description="The fields that agreed and those that did not.")
    email_notes: list[EmailNote] = strawberry.field(
        description="Email addresses that one side could not be given; empty unless the share is live."
    )
    out_of_step: list[ProfileField] = strawberry.field(
        description="Fields on which the two were left different by the first sync, and have not met since."
    )
    created_at: datetime = strawberry.field(description="When the share first carried the profile.")
    tried_at: datetime = strawberry.field(description="When it was last matched.")
    first_synced_at: datetime | None = strawberry.field(description="When the pair was first synced; null before.")
    ended_at: datetime | None = strawberry.field(description="When it ended; null while it has not.")

    @strawberry.field(description="The same as `state`, by a name that no other thing has.")
    def match_state(self) -> MatchState:
        """The same as ``state``, for whoever selects several things under one ``node``."""
        return self.state

    @strawberry.field(description="The share that carries it.")
    async def share(self, info: Info) -> Annotated["TagShare", strawberry.lazy("schema.shares")]:
        """The share that carries it."""
        return still_there(await info.context.reads.share(info, self.share_id))

    @strawberry.field(description="The sender's profile; null where the viewer may not see it, or it is gone.")
    async def sender_profile(self, info: Info) -> Profile | None:
        """The sender's profile."""
        return await info.context.reads.profile(info, self.sender_profile_id)

    @strawberry.field(
        description="The receiver's profile; null where there is none, the viewer may not see it, or it is gone."
    )
    async def receiver_profile(self, info: Info) -> Profile | None:
        """The receiver's profile."""
        return await info.context.reads.profile(info, self.receiver_profile_id)

    @strawberry.field(
        description="Whom it may be, the likeliest first. Shown to the receiver alone; empty unless it is ambiguous."
    )
    async def candidates(self, info: Info) -> list[Candidate]:
        """Whom it may be."""
        return await info.context.reads.candidates(info, self)

    @strawberry.field(description="The conflicts of its fields, in order of the catalogue.")
    async def field_conflicts(
        self,
        info: Info,
        state: Annotated[
            list[ConflictState] | None, strawberry.argument(description="Only those in one of these states.")
        ] = None,
    ) -> list[Annotated["Conflict", strawberry.lazy("schema.conflicts")]]:
        """The conflicts of its fields."""
        return await info.context.reads.conflicts_of_match(info, self, state)
