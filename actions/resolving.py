"""Who is whom, as people say it: a candidate is chosen, all of them are turned down, a wrong link is undone."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from actions.advance import NOBODY, hold_share, look_at
from actions.candidates import strangers_of
from actions.links import FIXED, end_matches, settle_claims
from actions.rights import require_in
from actions.saving import save_outcomes
from actions.terms import ShareTerms
from actions.unit import Unit
from models.match import Match
from models.profile import Profile
from models.queries import query
from models.share import Share
from sharing.errors import Forbidden, InvalidInput, NotFound
from sharing.matching.verdicts import NOT_FOUND, Candidate, Evidence, Outcome
from sharing.states import LINKED, AmbiguityReason, MatchStage, MatchState
from sharing.visibility import Deed

NO_MATCH = "There is no such match."
NO_CANDIDATE = "The match has no such candidate."
NOT_AMBIGUOUS = "The match is not ambiguous (any more): read it again."
NOT_LINKED = "The match links nobody (any more): read it again."
HELD = "A match that the share made, or a person chose, has this profile: unlink that one first if it is wrong."
RECEIVER_CHOOSES = "Only the receiving nation decides among candidates: they are its people."

# By share, what it means today: the shares that this transaction holds.
Held = Mapping[UUID, ShareTerms]


async def choose_candidate(unit: Unit, match_id: UUID, profile_id: UUID) -> None:
    """Settle an ambiguous match by linking it to one of its candidates, which no other claim undoes.

    Args:
        unit: the open transaction.
        match_id: the match.
        profile_id: the candidate, one of the receiver's people.

    Raises:
        NotFound: the match or the candidate does not exist (any more), or the caller may not know of it.
        Forbidden: only an admin of the receiver chooses.
        InvalidInput: the match is not ambiguous, or the candidate is held by a link that no other undoes.
    """
    if not await Profile.of(unit.caller).filter(id=profile_id, archived_at=None).exists():
        raise NotFound(NO_CANDIDATE, "profileId")
    match, _ = await _receivers_match(unit, match_id)
    terms = await hold_share(unit, match.share_id)
    match, terms = await _still(unit, match_id, terms, {MatchState.AMBIGUOUS}, NOT_AMBIGUOUS)
    candidates = [_candidate(item) for item in match.candidates]
    chosen = next((one for one in candidates if one.receiver == profile_id), None)
    apart = (match.sender_profile_id, profile_id) in await strangers_of(unit.pg, [match.sender_profile_id])
    # Nobody deletes or archives it until it is linked.
    there = await unit.pg.fetchval(
        "SELECT id FROM profiles WHERE id = $1 AND archived_at IS NULL FOR KEY SHARE", profile_id
    )
    if chosen is None or apart or there is None:
        raise NotFound(NO_CANDIDATE, "profileId")
    claims = await unit.pg.fetch(query("claims_on"), terms.id, [profile_id])
    if any(MatchStage(row["stage"]) in FIXED for row in claims):
        raise InvalidInput(HELD, "profileId")
    await _save(unit, terms, match, _linked(chosen, [one for one in candidates if one is not chosen]))
    await settle_claims(unit, terms, {profile_id})
    await look_at(unit, terms, [match.sender_profile_id], _claimed(match) - {profile_id})


def _linked(chosen: Candidate, others: Sequence[Candidate]) -> Outcome:
    return Outcome(
        MatchState.MATCHED,
        chosen.receiver,
        MatchStage.CHOSEN,
        chosen.score,
        evidence=chosen.evidence,
        candidates=tuple(others),
    )


def _candidate(item: Mapping[str, Any]) -> Candidate:
    """A candidate as it is stored with a match."""
    evidence = tuple(Evidence(one["field"], one["agrees"], one["score"]) for one in item["evidence"])
    return Candidate(UUID(item["profile"]), MatchStage(item["stage"]), item["score"], evidence)


async def reject_candidates(unit: Unit, match_id: UUID) -> None:
    """Say that none of the candidates of an ambiguous match is the person. It is tried again at once, without them.

    Raises:
        NotFound: there is no such match, or the caller may not know of it.
        Forbidden: only an admin of the receiver decides.
        InvalidInput: the match is not ambiguous.
    """
    match, share = await _receivers_match(unit, match_id)
    held = await _hold_between(unit, share.id)
    match, terms = await _still(unit, match_id, held.get(share.id), {MatchState.AMBIGUOUS}, NOT_AMBIGUOUS)
    candidates = [UUID(item["profile"]) for item in match.candidates]
    await _save(unit, terms, match, NOT_FOUND)
    pairs = [(match.sender_profile_id, candidate) for candidate in candidates]
    await _tell_apart(unit, held, pairs, share.receiver_id)
    await look_at(unit, terms, [match.sender_profile_id], _claimed(match))


async def unlink_match(unit: Unit, match_id: UUID) -> None:
    """Say that a match links two people who are not one: it ends, and no share links the two again, in any direction.

    The tag leaves the receiver's profile, and conflicts go; what was synced stays. The sender's profile is matched
    anew, or made anew where the receiver takes new people: it is shared as before.

    Raises:
        NotFound: there is no such match, or the caller may not know of it.
        Forbidden: only an admin of either side unlinks.
        InvalidInput: the match links nobody.
    """
    match, share = await _match(unit, match_id)
    nation_id = await _side(unit, (share.sender_id, share.receiver_id))
    held = await _hold_between(unit, share.id)
    match, _ = await _still(unit, match_id, held.get(share.id), LINKED, NOT_LINKED)
    assert match.receiver_profile_id is not None
    await _tell_apart(unit, held, [(match.sender_profile_id, match.receiver_profile_id)], nation_id)


async def _side(unit: Unit, nations: Sequence[int]) -> int:
    """The first of some nations in which the caller may say who is whom."""
    refusal: Forbidden | None = None
    for nation_id in nations:
        if nation_id in unit.caller.nations:
            try:
                await require_in(unit.caller, nation_id, Deed.RESOLVE_MATCHES)
            except Forbidden as problem:
                refusal = refusal or problem
                continue
            return nation_id
    raise refusal or NotFound(NO_MATCH, "matchId")


async def _match(unit: Unit, match_id: UUID) -> tuple[Match, Share]:
    match = await Match.of(unit.caller).get_or_none(id=match_id)
    if match is None:
        raise NotFound(NO_MATCH, "matchId")
    return match, await Share.get(id=match.share_id)


async def _receivers_match(unit: Unit, match_id: UUID) -> tuple[Match, Share]:
    """A match of which the caller may decide who it is."""
    match, share = await _match(unit, match_id)
    if share.receiver_id not in unit.caller.nations:
        raise Forbidden(RECEIVER_CHOOSES)
    await require_in(unit.caller, share.receiver_id, Deed.RESOLVE_MATCHES)
    return match, share


async def _hold_between(unit: Unit, share_id: UUID) -> Held:
    """Hold every live share between the two nations of one: whoever is at work on any comes to the end first."""
    rows = await unit.pg.fetch(query("shares_between"), share_id)
    held = {row["id"]: await hold_share(unit, row["id"]) for row in rows}
    return {held_id: terms for held_id, terms in held.items() if terms is not None}


async def _still(
    unit: Unit, match_id: UUID, terms: ShareTerms | None, states: Collection[MatchState], otherwise: str
) -> tuple[Match, ShareTerms]:
    """The match as it is now that its share is held, where it is in one of some states."""
    match, _ = await _match(unit, match_id)
    if terms is None or match.state not in states:
        raise InvalidInput(otherwise, "matchId")
    return match, terms


def _claimed(match: Match) -> frozenset[UUID]:
    """Whom of the receiver's people a match claims, where a rival keeps them from it: it is kept from nobody else."""
    if match.ambiguity is not AmbiguityReason.ALREADY_LINKED:
        return NOBODY
    return frozenset({UUID(match.candidates[0]["profile"])})


async def _save(unit: Unit, terms: ShareTerms, match: Match, outcome: Outcome) -> None:
    rows: list[asyncpg.Record] = await unit.pg.fetch(query("live_matches"), terms.id, [match.sender_profile_id])
    await save_outcomes(unit, terms, {match.sender_profile_id: outcome}, {match.sender_profile_id: rows[0]})


async def _tell_apart(unit: Unit, held: Held, pairs: Sequence[tuple[UUID, UUID]], nation_id: int) -> None:
    """Record that the two of each pair are not one person; links between them end in every share held."""
    caller = unit.caller
    ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    await unit.pg.execute(query("keep_apart"), ours, theirs, nation_id, caller.user_id, caller.token_id)
    freed: dict[UUID, set[UUID]] = {}
    concerned: dict[UUID, set[UUID]] = {}
    for share_id, terms in held.items():
        rows = await unit.pg.fetch(query("matches_of_strangers"), share_id, ours, theirs)
        wrong = [row["id"] for row in rows if MatchState(row["state"]) in LINKED]
        freed[share_id] = await end_matches(unit, terms, wrong)
        concerned[share_id] = {row["sender_profile_id"] for row in rows}
    for share_id, profile_ids in concerned.items():
        if profile_ids:
            await look_at(unit, held[share_id], profile_ids, freed[share_id])
