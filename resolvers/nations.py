"""Nations, as their members read them."""

from typing import Annotated

import strawberry

from models.nation import Nation as NationRow
from resolvers.context import Info
from resolvers.reading import Reading
from schema.context import Info as ReadInfo
from schema.nations import Nation
from sharing.errors import Refused
from sharing.texts import line


class NationReads(Reading):
    """Nations."""

    async def nation(self, info: ReadInfo, nation_id: int) -> Nation | None:
        """A nation that the caller belongs to."""
        return await self.loaders.nation_row(nation_id)


@strawberry.type
class NationQueries:
    """Where an operation may begin."""

    @strawberry.field(
        description="A nation that the viewer belongs to; null for any other, as for one that does not exist."
    )
    async def nation(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug, in whatever case.")]
    ) -> Nation | None:
        """A nation that the viewer belongs to."""
        try:
            wanted = line(slug.lower())
        except Refused:
            return None
        rows = await NationRow.of(info.context.caller).filter(slug=wanted).values("id")
        return await info.context.loaders.nation_row(rows[0]["id"]) if rows else None
