"""Accounts: who is asking."""

import strawberry

from schema.context import Info
from schema.nations import Nation
from schema.networks import Network
from schema.nodes import Node
from sharing.visibility import Caller, Role


@strawberry.type(description="A person who signs in. Shown to that person alone.")
class User(Node):
    """A person who signs in."""

    email: str = strawberry.field(description="The address to sign in with.")
    name: str = strawberry.field(description="The person's name; empty where none was given.")


@strawberry.type(description="The viewer's place in a nation.")
class Membership:
    """The viewer's place in a nation."""

    nation: Nation = strawberry.field(description="The nation.")
    role: Role = strawberry.field(description="What the viewer may do there.")


@strawberry.type(description="Who is asking.")
class Viewer:
    """Who is asking: a user, or a token of a nation."""

    caller: strawberry.Private[Caller]

    @strawberry.field(description="The user; null where a token of a nation asks.")
    async def user(self, info: Info) -> User | None:
        """The user."""
        return await info.context.reads.user(self)

    @strawberry.field(description="The nations that the viewer belongs to, by slug.")
    async def memberships(self, info: Info) -> list[Membership]:
        """The nations that the viewer belongs to."""
        return await info.context.reads.memberships(info, self)

    @strawberry.field(description="The networks that the viewer manages, by slug.")
    async def managed_networks(self, info: Info) -> list[Network]:
        """The networks that the viewer manages."""
        return await info.context.reads.managed_networks(self)
