"""Networks, as the members of their nations and their managers read them, and what HQ shares in them."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

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
from schema.inputs import NationActionInput, NetworkActionInput
from schema.networks import Network
from schema.paging import Connection, Page
from schema.payloads import NationPayload, NationResult, NetworkPayload, NetworkResult
from sharing.errors import Refused
from sharing.texts import line

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
        try:
            wanted = line(slug.lower())
        except Refused:
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
        async with info.context.unit() as unit:
            await share_custom_fields(unit, number)
        network = await info.context.loaders.network_row(number)
        return NetworkPayload(network=network, cursor=info.context.cursor(unit, *unit.positions))

    @strawberry.mutation(
        description="Have HQ stop sharing its custom field settings: the fields stay, are the nations' own from now "
        "on, and no longer travel."
    )
    async def stop_sharing_custom_fields(
        self, info: Info, input: Annotated[NetworkActionInput, strawberry.argument(description="Which network.")]
    ) -> NetworkResult:
        """Have HQ stop sharing its custom field settings."""
        number = number_of("Network", input.network_id, "networkId")
        async with info.context.unit() as unit:
            await stop_sharing_custom_fields(unit, number)
        network = await info.context.loaders.network_row(number)
        return NetworkPayload(network=network, cursor=info.context.cursor(unit, *unit.positions))

    @strawberry.mutation(
        description="Take a nation out of its network. Its custom fields are its own from now on; those and the "
        "Facebook user id no longer travel on its shares."
    )
    async def leave_network(
        self, info: Info, input: Annotated[NationActionInput, strawberry.argument(description="Which nation.")]
    ) -> NationResult:
        """Take a nation out of its network."""
        number = number_of("Nation", input.nation_id, "nationId")
        async with info.context.unit() as unit:
            await leave_network(unit, number)
        nation = await info.context.loaders.nation_row(number)
        return NationPayload(nation=nation, cursor=info.context.cursor(unit, number))
