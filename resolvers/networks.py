"""Networks, as the members of their nations and their managers read them, and what HQ shares in them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, TypeAlias

import strawberry

from actions.network_managers import dismiss_manager, name_manager
from actions.networks import leave_network, share_custom_fields, stop_sharing_custom_fields
from models.nation import Nation as NationRow
from models.network import Network as NetworkRow
from resolvers import present
from resolvers.context import Info
from resolvers.ids import number_of
from resolvers.keyset import Ordering, Row, connect, read_slice
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.cards import NationCard
from schema.context import Info as ReadInfo
from schema.inputs import NationActionInput, NetworkActionInput, NetworkManagerInput
from schema.networks import Network, NetworkManager
from schema.paging import Connection, Page
from schema.payloads import NationPayload, NationResult, NetworkPayload, NetworkResult
from sharing.slugs import as_slug
from sharing.visibility import Deed, presides

Managed: TypeAlias = Annotated[NetworkManagerInput, strawberry.argument(description="Which network, and who.")]

BY_SLUG = Ordering("nations of a network", (("slug", str),))


class NetworkReads(Reading):
    """Networks."""

    async def network(self, info: ReadInfo, number: int) -> Network | None:
        """A network of one of the caller's nations, or one that the caller manages."""
        return await self.loaders.network_row(number)

    async def nations_of_network(self, info: ReadInfo, network: Network, page: Page) -> Connection[NationCard]:
        """The nations of a network that the caller may see, by slug."""
        selection = Selection.below(info)
        part = self.window(page, BY_SLUG, network.number)
        source = NationRow.filter(network_id=network.number)
        found = await read_slice(source, part, present.CARD_COLUMNS, selection)
        return await connect(found, part, selection, selection, _cards)

    async def managers(self, network: Network) -> list[NetworkManager] | None:
        """Who manages a network, for whoever may name one."""
        if not presides(self.caller, network.number, network.hq_id, Deed.NAME_MANAGERS):
            return None
        return await self.loaders.managers_of(network.number)


async def _cards(rows: Sequence[Row], selection: Selection) -> list[NationCard]:
    return [present.card(row) for row in rows]


@strawberry.type
class NetworkQueries:
    """Where an operation may begin."""

    @strawberry.field(
        description="A network that a nation of the viewer's is in, or that the viewer manages; null for any other, as "
        "for one that does not exist."
    )
    async def network(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug, in whatever case.")]
    ) -> Network | None:
        """A network that the viewer may see."""
        wanted = as_slug(slug)
        if wanted is None:
            return None
        rows = await NetworkRow.of(info.context.caller).filter(slug=wanted).values("id")
        return await info.context.loaders.network_row(rows[0]["id"]) if rows else None


@strawberry.type
class NetworkMutations:
    """Edits of networks."""

    @strawberry.mutation(
        description="Have HQ share its custom field settings: from now on every nation of the network has "
        "exactly HQ's fields, its other fields are archived, and none but HQ changes them."
    )
    async def share_custom_fields(
        self, info: Info, input: Annotated[NetworkActionInput, strawberry.argument(description="Which network.")]
    ) -> NetworkResult:
        """Have HQ share its custom field settings."""
        number = number_of("Network", input.network_id, "networkId")
        done = await info.context.write(share_custom_fields, number)
        network = await info.context.loaders.network_row(number)
        return NetworkPayload(network=network, cursor=info.context.cursor(done, *done.positions))

    @strawberry.mutation(
        description="Have HQ stop sharing its custom field settings: the fields stay, are the nations' own from now "
        "on, and no longer travel."
    )
    async def stop_sharing_custom_fields(
        self, info: Info, input: Annotated[NetworkActionInput, strawberry.argument(description="Which network.")]
    ) -> NetworkResult:
        """Have HQ stop sharing its custom field settings."""
        number = number_of("Network", input.network_id, "networkId")
        done = await info.context.write(stop_sharing_custom_fields, number)
        network = await info.context.loaders.network_row(number)
        return NetworkPayload(network=network, cursor=info.context.cursor(done, *done.positions))

    @strawberry.mutation(
        description="Make a user of one of its nations a manager of a network. Its managers may do so, and the admins "
        "of its HQ."
    )
    async def name_network_manager(self, info: Info, input: Managed) -> NetworkResult:
        """Make a user a manager of a network."""
        number = number_of("Network", input.network_id, "networkId")
        done = await info.context.write(name_manager, number, input.email)
        network = await info.context.loaders.network_row(number)
        return NetworkPayload(network=network, cursor=info.context.cursor(done, *done.positions))

    @strawberry.mutation(
        description="Let a user manage a network no longer, from the next request on. Its managers may do so, to "
        "themselves as well, and the admins of its HQ."
    )
    async def dismiss_network_manager(self, info: Info, input: Managed) -> NetworkResult:
        """Let a user manage a network no longer."""
        number = number_of("Network", input.network_id, "networkId")
        done = await info.context.write(dismiss_manager, number, input.email)
        dismissed = done.result
        caller = info.context.caller
        if dismissed == caller.user_id:
            info.context.become(replace(caller, networks=caller.networks - {number}))
        network = await info.context.loaders.network_row(number)
        return NetworkPayload(network=network, cursor=info.context.cursor(done, *done.positions))

    @strawberry.mutation(
        description="Take a nation out of its network. Its custom fields are its own from now on; those and the "
        "Facebook user id no longer travel on its shares."
    )
    async def leave_network(
        self, info: Info, input: Annotated[NationActionInput, strawberry.argument(description="Which nation.")]
    ) -> NationResult:
        """Take a nation out of its network."""
        number = number_of("Nation", input.nation_id, "nationId")
        done = await info.context.write(leave_network, number)
        nation = await info.context.loaders.nation_row(number)
        return NationPayload(nation=nation, cursor=info.context.cursor(done, number))
