"""Limits on what a share writes, and what holds a run."""

from uuid import UUID

import strawberry

import schema.enums  # noqa: F401 an enum has to be told before a type names it
from schema.cards import NationCard
from schema.context import Info
from schema.nodes import still_there
from sharing.brakes import Limit
from sharing.writes import Side


@strawberry.type(description="What one nation lets a share write into it before somebody has to say so.")
class SideLimits:
    """What one nation lets a share write into it before somebody has to say so."""

    created_people: int | None = strawberry.field(
        description="How many people may be made, by one run or between two; null for no limit. Always null for the "
        "sender, in which a share makes nobody."
    )
    overwritten_values: int | None = strawberry.field(
        description="How many values may be replaced, cleared or, of email addresses, removed, by one run or between "
        "two; null for no limit. Filling a blank is none."
    )


@strawberry.type(description="What both nations let a share write.")
class ShareLimits:
    """What both nations let a share write."""

    sender: SideLimits = strawberry.field(description="What the sender lets be written into its own people.")
    receiver: SideLimits = strawberry.field(description="What the receiver lets be written into its own people.")


@strawberry.type(description="A limit that a run stands before. Nothing was written past it.")
class RunHold:
    """A limit that a run stands before."""

    share_id: strawberry.Private[UUID]
    side: Side = strawberry.field(description="The side whose limit it is: only its admins let the run go on.")
    limit: Limit = strawberry.field(description="Which of its limits.")
    allowed: int = strawberry.field(description="How many it allows.")
    wanted: int = strawberry.field(
        description="How many there would be with what the run would write next: more may follow."
    )

    @strawberry.field(description="The nation whose limit it is.")
    async def nation(self, info: Info) -> NationCard:
        """The nation whose limit it is."""
        reads = info.context.reads
        found = await reads.share(info, self.share_id) or await reads.audience_share(info, self.share_id)
        share = still_there(found)
        return share.sender if self.side is Side.SENDER else share.receiver
