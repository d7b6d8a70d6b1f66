"""Accounts: who is asking, and signing in."""

from asyncio import gather
from typing import Annotated

import strawberry

from actions.accounts import authenticate
from models.user import User as UserRow
from resolvers.context import Info
from resolvers.ids import encode
from resolvers.reading import Reading
from schema.accounts import Membership, User, Viewer
from schema.context import Info as ReadInfo
from schema.inputs import SignInInput
from schema.networks import Network
from schema.payloads import SignInPayload, SignInResult


class AccountReads(Reading):
    """Accounts."""

    async def user(self, viewer: Viewer) -> User | None:
        """The user behind a viewer; None for a token of a nation."""
        if viewer.caller.user_id is None:
            return None
        rows = await UserRow.filter(id=viewer.caller.user_id).values("id", "email", "name")
        return User(id=encode("User", rows[0]["id"]), email=rows[0]["email"], name=rows[0]["name"]) if rows else None

    async def memberships(self, info: ReadInfo, viewer: Viewer) -> list[Membership]:
        """The nations that a viewer belongs to, by slug."""
        roles = viewer.caller.roles
        found = await gather(*(self.loaders.nation_row(number) for number in roles))
        nations = sorted((nation for nation in found if nation), key=lambda nation: nation.slug)
        return [Membership(nation=nation, role=roles[nation.number]) for nation in nations]

    async def managed_networks(self, viewer: Viewer) -> list[Network]:
        """The networks that a viewer manages, by slug."""
        found = await gather(*(self.loaders.network_row(number) for number in viewer.caller.networks))
        return sorted((network for network in found if network), key=lambda network: network.slug)


@strawberry.type
class AccountQueries:
    """Where an operation may begin."""

    @strawberry.field(description="Who is asking; null where nobody signed in.")
    def viewer(self, info: Info) -> Viewer | None:
        """Who is asking."""
        caller = info.context.caller
        return Viewer(caller=caller) if caller.is_known else None


@strawberry.type
class AccountMutations:
    """Signing in."""

    @strawberry.mutation(
        description="Sign in with a password. The token tells from then on who is asking; the rest of this operation "
        "is answered to the user already."
    )
    async def sign_in(
        self, info: Info, input: Annotated[SignInInput, strawberry.argument(description="Who.")]
    ) -> SignInResult:
        """Sign in with a password."""
        context = info.context
        user = await authenticate(input.email, input.password)
        issued = context.tokens.issue(user.id)
        caller = await context.tokens.caller_of(f"Bearer {issued.token}")
        context.become(caller)
        return SignInPayload(token=issued.token, expires_at=issued.expires_at, viewer=Viewer(caller=caller))
