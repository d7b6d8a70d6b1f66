"""Networks: families of nations."""

import strawberry

from schema.audiences import AudienceSharing
from schema.cards import NationCard
from schema.context import Info
from schema.nodes import Node
from schema.paging import After, Before, Connection, First, Last, Page


@strawberry.type(description="A user who manages a network. Shown to its managers and to the admins of its HQ.")
class NetworkManager:
    """A user who manages a network."""

    email: str = strawberry.field(description="The address that the manager signs in with, by which to dismiss it.")
    name: str = strawberry.field(description="The person's name; empty where none was given.")


@strawberry.type(
    description="A family of nations under one owner. Shown to the members of its nations and to its managers."
)
class Network(Node):
    """A family of nations."""

    number: strawberry.Private[int]
    hq_id: strawberry.Private[int | None]
    slug: str = strawberry.field(description="The slug by which it is named.")
    name: str = strawberry.field(description="Its name.")
    hq: NationCard | None = strawberry.field(description="The nation that leads it; null where none does.")
    shares_custom_fields: bool = strawberry.field(
        description="Whether HQ shares its custom field settings: while it does, every nation of the network has "
        "exactly HQ's fields, and custom fields may travel within it."
    )

    audience_sharing: AudienceSharing = strawberry.field(
        description="Whether audience sharing is enabled in it, and from which nation."
    )

    @strawberry.field(description="Its nations, HQ among them, by slug.")
    async def nations(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[NationCard]:
        """Its nations."""
        return await info.context.reads.nations_of_network(info, self, Page(first, after, last, before))

    @strawberry.field(
        description="Who manages it, by address; null for whoever is neither one of them nor an admin of its HQ."
    )
    async def managers(self, info: Info) -> list[NetworkManager] | None:
        """Who manages it."""
        return await info.context.reads.managers(self)
