"""Anything by its id."""

from asyncio import gather
from typing import Annotated
from uuid import UUID

import strawberry

from resolvers.context import Info
from resolvers.ids import as_number, as_uuid, decode
from resolvers.loaders import Loaders
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.accounts import Viewer
from schema.context import Info as ReadInfo
from schema.nodes import Node
from sharing.errors import InvalidInput
from sharing.events import Noun

MOST = 100
_NOUNS = {noun.value: noun for noun in Noun}


class NodeReads(Reading):
    """Anything."""

    async def node(self, info: ReadInfo, noun: Noun, subject: UUID) -> Node | None:
        """A thing by its kind and id; None where the caller may not see it."""
        return await read_node(self.loaders, noun, subject, Selection.below(info))


async def read_node(loaders: Loaders, noun: Noun, subject: UUID, selection: Selection) -> Node | None:
    """A thing by its kind and id, with what is selected of it; None where the caller may not see it."""
    match noun:
        case Noun.PROFILE:
            return await loaders.profile_row(subject, selection)
        case Noun.TAG:
            return await loaders.tag_row(subject, selection)
        case Noun.GROUP:
            return await loaders.group_row(subject)
        case Noun.TAG_SHARE:
            return await loaders.share_row(subject, selection)
        case Noun.MATCH:
            return await loaders.match_row(subject)
        case Noun.CONFLICT:
            return await loaders.conflict_row(subject, selection)
        case Noun.SYNC_RUN:
            return await loaders.sync_run_row(subject)
        case Noun.IMPORT_RUN:
            return await loaders.import_run_row(subject)
        case Noun.CUSTOM_FIELD:
            return await loaders.custom_field_row(subject)
        case Noun.SEGMENT:
            return await loaders.segment_row(subject)
        case Noun.AUDIENCE:
            return await loaders.audience_row(subject)
        case Noun.AUDIENCE_SHARE:
            return await loaders.audience_share_row(subject)
        case Noun.AUDIENCE_MATCH:
            return await loaders.audience_match_row(subject)
        case Noun.AUDIENCE_RUN:
            return await loaders.audience_run_row(subject)
        case Noun.AUTOMATION:
            return await loaders.automation_row(subject)
        case Noun.WEBHOOK_DELIVERY:
            return await loaders.delivery_row(subject)


async def _by_id(info: Info, text: str, *path: str) -> Node | None:
    kind, row = decode(text, *path)
    if kind in ("Nation", "Network"):
        number, loaders = as_number(row), info.context.loaders
        if number is None:
            return None
        return await (loaders.nation_row(number) if kind == "Nation" else loaders.network_row(number))
    subject = as_uuid(row)
    if subject is None:
        return None
    if kind == "User":
        caller = info.context.caller
        return await info.context.reads.user(Viewer(caller=caller)) if caller.user_id == subject else None
    noun = _NOUNS.get(kind)
    return await read_node(info.context.loaders, noun, subject, Selection.below(info)) if noun else None


@strawberry.type
class NodeQueries:
    """Where an operation may begin."""

    @strawberry.field(description="Anything by its id; null where it does not exist, or the viewer may not see it.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The global id.")]
    ) -> Node | None:
        """Anything by its id."""
        return await _by_id(info, id, "id")

    @strawberry.field(
        description="Several things by their ids, in that order; null for each that `node` answers null for."
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The global ids, at most 100.")],
    ) -> list[Node | None]:
        """Several things by their ids."""
        if len(ids) > MOST:
            raise InvalidInput(f"{len(ids)} ids are too many: give at most {MOST} at once.", "ids")
        return list(await gather(*(_by_id(info, text, "ids", str(place)) for place, text in enumerate(ids))))
