"""Matches, whom they may be, and what people say about that."""

from asyncio import gather
from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from actions.repeats import Done
from actions.resolving import choose_candidate, reject_candidates, unlink_match
from models.match import Match as MatchRow
from resolvers.context import Info
from resolvers.dealings import present_match
from resolvers.ids import as_uuid, uuid_of
from resolvers.keyset import Ordering, Row, connect, read_slice
from resolvers.present import MATCH_COLUMNS, evidence
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.context import Info as ReadInfo
from schema.decisions import (
    ChooseCandidateInput,
    MatchActionInput,
    MatchPayload,
    MatchResult,
    UnlinkMatchPayload,
    UnlinkMatchResult,
)
from schema.matches import Candidate, Match
from schema.paging import Connection, Page
from schema.shares import TagShare
from sharing.states import MatchStage, MatchState

ORDER = Ordering("matches")
_NOTHING = Selection((), {})

Action: TypeAlias = Annotated[MatchActionInput, strawberry.argument(description="Which match.")]


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


async def _decided(info: Info, done: Done[Any], match_id: UUID) -> MatchPayload:
    return MatchPayload(
        match=await info.context.loaders.match_row(match_id), cursor=info.context.cursor(done, *done.positions)
    )


@strawberry.type
class MatchMutations:
    """What people say about who is whom."""

    @strawberry.mutation(
        description="Say which candidate of an ambiguous match is the person. It is linked, for good, and synced; "
        "only an admin of the receiver chooses."
    )
    async def choose_candidate(
        self, info: Info, input: Annotated[ChooseCandidateInput, strawberry.argument(description="Which match, who.")]
    ) -> MatchResult:
        """Link an ambiguous match to one of its candidates."""
        match_id = uuid_of("Match", input.match_id, "matchId")
        profile_id = uuid_of("Profile", input.profile_id, "profileId")
        done = await info.context.write(choose_candidate, match_id, profile_id)
        return await _decided(info, done, match_id)

    @strawberry.mutation(
        description="Say that no candidate of an ambiguous match is the person. None of them is ever matched with it "
        "again; it is tried at once without them. Only an admin of the receiver decides."
    )
    async def reject_candidates(self, info: Info, input: Action) -> MatchResult:
        """Turn all candidates of an ambiguous match down."""
        match_id = uuid_of("Match", input.match_id, "matchId")
        done = await info.context.write(reject_candidates, match_id)
        return await _decided(info, done, match_id)

    @strawberry.mutation(
        description="Say that a match links two who are not one person. It ends, what was synced stays, and the two "
        "are never matched again; the sender's profile is matched anew. For admins of either side."
    )
    async def unlink_match(self, info: Info, input: Action) -> UnlinkMatchResult:
        """Undo a wrong link."""
        context = info.context
        match_id = uuid_of("Match", input.match_id, "matchId")
        done = await context.write(unlink_match, match_id)
        ended = await context.loaders.match_row(match_id)
        renewed = await _renewed(info, ended) if ended else None
        return UnlinkMatchPayload(match=ended, renewed=renewed, cursor=context.cursor(done, *done.positions))


async def _renewed(info: Info, ended: Match) -> Match | None:
    """The match that the sender's profile of an ended one has now."""
    context = info.context
    source = MatchRow.of(context.caller).filter(share_id=ended.share_id, sender_profile_id=ended.sender_profile_id)
    found = await source.exclude(state=MatchState.ENDED).first()
    return await context.loaders.match_row(found.id) if found else None
