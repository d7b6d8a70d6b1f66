"""Nations, as their members read them, and their settings."""

from typing import Annotated

import strawberry

from actions.nations import update_nation
from models.nation import Nation as NationRow
from resolvers.context import Info
from resolvers.ids import number_of
from resolvers.reading import Reading
from schema.context import Info as ReadInfo
from schema.inputs import UpdateNationInput
from schema.nations import Nation
from schema.payloads import NationPayload, NationResult
from sharing.slugs import as_slug


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
        wanted = as_slug(slug)
        if wanted is None:
            return None
        rows = await NationRow.of(info.context.caller).filter(slug=wanted).values("id")
        return await info.context.loaders.nation_row(rows[0]["id"]) if rows else None


@strawberry.type
class NationMutations:
    """Edits of nations."""

    @strawberry.mutation(
        description="Change a nation's settings. Its live shares sync again where that changes what travels on them."
    )
    async def update_nation(
        self, info: Info, input: Annotated[UpdateNationInput, strawberry.argument(description="Which, and how.")]
    ) -> NationResult:
        """Change a nation's settings."""
        number = number_of("Nation", input.nation_id, "nationId")
        done = await info.context.write(
            update_nation,
            number,
            name=input.name,
            country=input.country,
            voters=input.voters_enabled,
            auto_districting=input.auto_districting,
        )
        nation = await info.context.loaders.nation_row(number)
        return NationPayload(nation=nation, cursor=info.context.cursor(done, number))
