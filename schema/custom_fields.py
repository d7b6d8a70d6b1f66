"""Custom fields: what a nation adds to the catalogue for itself."""

from uuid import UUID

import strawberry

from schema.locks import Lockable
from schema.nodes import Node
from sharing.customs import CustomKind


@strawberry.type(description="A field that a nation defined for its profiles. Its slug and kind never change.")
class CustomField(Node, Lockable):
    """A field that a nation defined."""

    row_id: strawberry.Private[UUID]
    nation_id: strawberry.Private[int]
    slug: str = strawberry.field(description="What it is called by.")
    label: str = strawberry.field(description="The name that a person reads.")
    kind: CustomKind = strawberry.field(description="What it holds.")
    options: list[str] = strawberry.field(
        description="What a choice may be; empty for other kinds. Profiles may hold options that were removed since."
    )
    is_archived: bool = strawberry.field(
        description="Whether it is archived: it takes no new values and does not travel; what profiles hold stays."
    )
    is_shared: bool = strawberry.field(
        description="Whether it is one of those that HQ shares with every nation of the network: HQ alone changes it."
    )
