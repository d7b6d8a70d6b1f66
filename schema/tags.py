"""Tags."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.cards import NationCard
from schema.nodes import Node


@strawberry.type(description="A label of a nation, its own or one that another nation shared to it.")
class Tag(Node):
    """A label of a nation. What follows from its shares is filled only where it is selected."""

    row_id: strawberry.Private[UUID]
    share_id: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="Its name, without the nation it came from.")
    label: str = strawberry.field(description="The name, or `sender-slug:name` where it was shared to this nation.")
    taggings: int = strawberry.field(description="How many profiles of this nation bear it.")
    is_shared: bool = strawberry.field(
        description="Whether it was shared to this nation, or is shared by a pending or approved share."
    )
    shared_by: NationCard | None = strawberry.field(
        description="The nation that shared it to this one; null for a nation's own tag."
    )
    shares_profiles: bool = strawberry.field(description="Whether profile data comes or goes with it.")
    creates_profiles: bool = strawberry.field(
        description="Whether people whom the receiver lacks are created along with it."
    )
    created_at: datetime = strawberry.field(description="When it was made here.")
