"""Conflicts: one field of one match on which both nations hold different values."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.context import Info
from schema.enums import ProfileField
from schema.matches import Match
from schema.nodes import Node, still_there
from sharing.states import ConflictState


@strawberry.type(description="One field of one match on which both nations hold different values.")
class Conflict(Node):
    """One field of one match on which both nations hold different values."""

    match_id: strawberry.Private[UUID]
    field: ProfileField = strawberry.field(description="The field; `CUSTOM_FIELDS` for a custom field.")
    custom_field: str | None = strawberry.field(
        description="The custom field's slug; null for a field of the catalogue."
    )
    state: ConflictState = strawberry.field(description="Whether it waits for a person.")
    sender_value: str | None = strawberry.field(
        description="The sender's value as text; null where blank, or no longer shown to the receiver."
    )
    receiver_value: str | None = strawberry.field(
        description="The receiver's value as text; null where blank, or no longer shown to the sender."
    )
    sender_changed_at: datetime = strawberry.field(description="When the sender's value last changed.")
    receiver_changed_at: datetime = strawberry.field(description="When the receiver's value last changed.")
    opened_at: datetime = strawberry.field(description="When it was opened.")
    closed_at: datetime | None = strawberry.field(description="When it was resolved; null before.")

    @strawberry.field(description="The same as `state`, by a name that no other thing has.")
    def conflict_state(self) -> ConflictState:
        """The same as ``state``, for whoever selects several things under one ``node``."""
        return self.state

    @strawberry.field(description="The match whose field it is.")
    async def match(self, info: Info) -> Match:
        """The match whose field it is."""
        return still_there(await info.context.reads.match(info, self.match_id))
