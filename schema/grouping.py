"""What changing groups answers."""

from typing import Annotated, TypeAlias

import strawberry

from schema.errors import ForbiddenError, InvalidInputError, LockedError, NotFoundError
from schema.groups import Group
from schema.payloads import WritePayload


@strawberry.type(description="The group was made or changed.")
class GroupPayload(WritePayload):
    """The group was made or changed."""

    group: Group | None = strawberry.field(description="The group as it is now; null where it is gone since.")


@strawberry.type(description="Profiles were put into the group, or taken out of it.")
class GroupMembersPayload(WritePayload):
    """Profiles were put into the group, or taken out of it."""

    group: Group | None = strawberry.field(description="The group as it is now; null where it is gone since.")
    changed: int = strawberry.field(description="Of how many profiles that changed anything.")


GroupResult: TypeAlias = Annotated[
    GroupPayload | InvalidInputError | NotFoundError | ForbiddenError | LockedError,
    strawberry.union("GroupResult", description="The group was made or changed, or not."),
]
GroupMembersResult: TypeAlias = Annotated[
    GroupMembersPayload | InvalidInputError | NotFoundError | ForbiddenError | LockedError,
    strawberry.union("GroupMembersResult", description="Who is in the group changed, or not."),
]
