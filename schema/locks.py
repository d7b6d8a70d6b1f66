"""What an audience share may lock."""

from uuid import UUID

import strawberry

from schema.cards import NationCard
from schema.context import Info


@strawberry.type
class Lockable:
    """Something that an audience share may lock."""

    lock: strawberry.Private[UUID | None]

    @strawberry.field(
        description="Whether it is part of an audience share to this nation, and only the nation that shares it can "
        "change it."
    )
    def is_locked(self) -> bool:
        """Whether an audience share locks it."""
        return self.lock is not None

    @strawberry.field(description="The nation whose audience share locks it; null where none does.")
    async def locked_by(self, info: Info) -> NationCard | None:
        """The nation whose audience share locks it."""
        return None if self.lock is None else await info.context.reads.locker(self.lock)
