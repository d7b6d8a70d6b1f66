"""Conflicts: reviewed, applied, skipped."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from actions.conflicts import apply_conflicts, apply_matches, skip_conflicts, skip_matches
from actions.decisions import Seen
from actions.unit import Unit
from models.conflict import Conflict as ConflictRow
from resolvers.context import Info
from resolvers.ids import number_of, uuid_of, uuids_of
from resolvers.keyset import Ordering, connect, read_slice
from resolvers.present import CONFLICT_COLUMNS
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.conflicts import Conflict
from schema.context import Info as ReadInfo
from schema.decisions import (
    ApplyMatchesInput,
    ConflictsInput,
    ConflictsPayload,
    ConflictsResult,
    MatchesPayload,
    MatchesResult,
    SeenConflictInput,
    SkipMatchesInput,
)
from schema.matches import Match
from schema.paging import Connection, Page
from schema.shares import TagShare
from sharing.fields import FIELDS
from sharing.states import ConflictState

ORDER = Ordering("conflicts")

Decided: TypeAlias = Annotated[ConflictsInput, strawberry.argument(description="Whose, and which.")]
Action: TypeAlias = Callable[[Unit, int, Sequence[UUID], Seen], Awaitable[None]]

_PLACES = {key: place for place, key in enumerate(FIELDS)}


class ConflictReads(Reading):
    """Conflicts."""

    async def conflicts(
        self, info: ReadInfo, share: TagShare, page: Page, state: list[ConflictState] | None
    ) -> Connection[Conflict]:
        """The conflicts of a share, in the order in which they were opened, which keeps those of a person together."""
        selection = Selection.below(info)
        part = self.window(page, ORDER, share.row_id)
        source = ConflictRow.of(self.caller).filter(share_id=share.row_id)
        if state is not None:
            source = source.filter(state__in=state)
        found = await read_slice(source, part, CONFLICT_COLUMNS, selection)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_conflicts)

    async def conflicts_of_match(
        self, info: ReadInfo, match: Match, state: list[ConflictState] | None
    ) -> list[Conflict]:
        """The conflicts of a match, in order of the catalogue."""
        rows = await self.loaders.conflict_rows_of(match.row_id)
        wanted = [dict(row) for row in rows if state is None or row["state"] in state]
        wanted.sort(key=lambda row: (_PLACES.get(row["field"], len(_PLACES)), row["field"]))
        return await self.loaders.present_conflicts(wanted, Selection.below(info))


async def _decide(info: Info, input: ConflictsInput, action: Action) -> ConflictsPayload:
    context = info.context
    nation_id = number_of("Nation", input.nation_id, "nationId")
    ids = list(dict.fromkeys(uuids_of("Conflict", input.conflict_ids, "conflictIds")))
    seen = _seen(input.seen or ())
    done = await context.write(action, nation_id, ids, seen)
    return ConflictsPayload(conflicts=await _conflicts(info, ids), cursor=context.cursor(done, nation_id))


def _seen(shown: Iterable[SeenConflictInput]) -> Seen:
    return {uuid_of("Conflict", one.conflict_id, "seen"): (one.sender_value, one.receiver_value) for one in shown}


async def _conflicts(info: Info, ids: Sequence[UUID]) -> list[Conflict]:
    """Conflicts as the payload that is being answered selects them."""
    selection = Selection.below(info).under("conflicts")
    found = await gather(*(info.context.loaders.conflict_row(row, selection) for row in ids))
    return [conflict for conflict in found if conflict is not None]


async def _decide_on_people(
    info: Info, input: ApplyMatchesInput | SkipMatchesInput, action: Callable[..., Awaitable[list[UUID]]]
) -> MatchesPayload:
    context = info.context
    nation_id = number_of("Nation", input.nation_id, "nationId")
    ids = uuids_of("Match", input.match_ids, "matchIds")
    seen = None if input.seen is None else _seen(input.seen)
    done = await context.write(action, nation_id, ids, seen)
    decided = done.result
    found = await gather(*(context.loaders.match_row(row) for row in dict.fromkeys(ids)))
    return MatchesPayload(
        matches=[match for match in found if match is not None],
        conflicts=await _conflicts(info, decided),
        cursor=context.cursor(done, nation_id),
    )


@strawberry.type
class ConflictMutations:
    """Review."""

    @strawberry.mutation(
        description="Write the other nation's values into this nation's profiles; all of them, or none."
    )
    async def apply_conflicts(self, info: Info, input: Decided) -> ConflictsResult:
        """Write the other nation's values into this nation's profiles."""
        return await _decide(info, input, apply_conflicts)

    @strawberry.mutation(
        description="Take conflicts out of the queue; their fields stay out of sync until a value changes."
    )
    async def skip_conflicts(self, info: Info, input: Decided) -> ConflictsResult:
        """Take conflicts out of the queue."""
        return await _decide(info, input, skip_conflicts)

    @strawberry.mutation(
        description="Write the other nation's values into this nation's profiles for whole people: all that is open of "
        "them, or nothing. What was skipped stays so."
    )
    async def apply_matches(
        self, info: Info, input: Annotated[ApplyMatchesInput, strawberry.argument(description="Whose, and whom.")]
    ) -> MatchesResult:
        """Write the other nation's values into this nation's profiles for whole people."""
        return await _decide_on_people(info, input, apply_matches)

    @strawberry.mutation(
        description="Take whole people out of the queue: each open conflict of theirs is skipped, or none is."
    )
    async def skip_matches(
        self, info: Info, input: Annotated[SkipMatchesInput, strawberry.argument(description="Whose, and whom.")]
    ) -> MatchesResult:
        """Take whole people out of the queue."""
        return await _decide_on_people(info, input, skip_matches)
