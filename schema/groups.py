"""Groups: fixed lists of a nation's profiles."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.context import Info
from schema.locks import Lockable
from schema.nodes import Node
from schema.paging import After, Before, Connection, First, Last, Page
from schema.profiles import Profile
from schema.repeats import RepeatableInput


@strawberry.type(description="A fixed list of profiles of a nation: who is in it is put there, and taken out again.")
class Group(Node, Lockable):
    """A fixed list of profiles of a nation."""

    row_id: strawberry.Private[UUID]
    name: str = strawberry.field(description="Its name, which no other live group of the nation has.")
    members: int = strawberry.field(description="How many profiles are in it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    archived_at: datetime | None = strawberry.field(
        description="When it was archived; null where it is not. It can be restored for eighteen months."
    )

    @strawberry.field(description="The profiles that are in it, in the order in which they were made.")
    async def profiles(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Profile]:
        """The profiles that are in it."""
        return await info.context.reads.profiles_of_group(info, self, Page(first, after, last, before))


@strawberry.input(description="A group to be made.")
class CreateGroupInput(RepeatableInput):
    """A group to be made."""

    id: strawberry.ID | None = strawberry.field(
        default=None, description="The id that it is to have, made as those of profiles may be; null has one made."
    )
    nation_id: strawberry.ID = strawberry.field(description="The nation to make it in.")
    name: str = strawberry.field(description="Its name, which no other live group of the nation has, in whatever case.")


@strawberry.input(description="Another name for a group.")
class RenameGroupInput(RepeatableInput):
    """Another name for a group."""

    group_id: strawberry.ID = strawberry.field(description="The group.")
    name: str = strawberry.field(
        description="Its new name, which no other live group of the nation has, in whatever case."
    )


@strawberry.input(description="A group to do something to.")
class GroupActionInput(RepeatableInput):
    """A group to do something to."""

    group_id: strawberry.ID = strawberry.field(description="The group.")


@strawberry.input(description="A group, and profiles of the same nation.")
class GroupMembersInput(RepeatableInput):
    """A group, and profiles of the same nation."""

    group_id: strawberry.ID = strawberry.field(description="The group.")
    profile_ids: list[strawberry.ID] = strawberry.field(description="The profiles, at most 10,000.")
