"""Matches, and whom they may be."""

from asyncio import gather
from collections.abc import Sequence
from uuid import UUID

from models.match import Match as MatchRow
from resolvers.dealings import present_match
from resolvers.ids import as_uuid
from resolvers.keyset import Ordering, Row, connect, read_slice
from resolvers.present import MATCH_COLUMNS, evidence
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.context import Info as ReadInfo
from schema.matches import Candidate, Match
from schema.paging import Connection, Page
from schema.shares import TagShare
from sharing.states import MatchStage, MatchState

ORDER = Ordering("matches")
_NOTHING = Selection((), {})


class MatchReads(Reading):
    """Matches."""

    async def match(self, info: ReadInfo, match_id: UUID) -> Match | None:
        """A match of a share that the caller may see."""
        return await self.loaders.match_row(match_id)

    async def matches(
        self, info: ReadInfo, share: TagShare, page: Page, state: list[MatchState] | None
    ) -> Connection[Match]:
        """The matches of a share; those that have ended only where they are asked for."""
        selection = Selection.below(info)
        part = self.window(page, ORDER, share.row_id)
        source = MatchRow.of(self.caller).filter(share_id=share.row_id)
        source = source.exclude(state=MatchState.ENDED) if state is None else source.filter(state__in=state)
        found = await read_slice(source, part, (*MATCH_COLUMNS, "share__status"), selection)
        return await connect(found, part, selection, selection.under("edges", "node"), _present)

    async def candidates(self, info: ReadInfo, match: Match) -> list[Candidate]:
        """Whom a match may be, for whoever belongs to the receiver, whose people they are."""
        if not match.found:
            return []
        share = await self.loaders.share_row(match.share_id, _NOTHING)
        if share is None or share.receiver_id not in self.caller.nations:
            return []
        selection = Selection.below(info).under("profile")
        ids = [as_uuid(item["profile"]) for item in match.found]
        found = await gather(*(self.loaders.profile_row(row, selection) for row in ids if row))
        return [
            Candidate(
                profile=profile,
                stage=MatchStage(item["stage"]),
                score=item["score"],
                evidence=evidence(item["evidence"]),
            )
            for item, profile in zip(match.found, found, strict=True)
            if profile is not None
        ]


async def _present(rows: Sequence[Row], selection: Selection) -> list[Match]:
    return [present_match(row) for row in rows]
