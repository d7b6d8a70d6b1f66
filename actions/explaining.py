"""Why two profiles are linked or are not, told as far as whoever asks may know. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from actions.candidates import MATCH_FIELDS, decide_matches, frequencies_of, strangers_of
from actions.terms import ShareTerms, load_terms
from actions.unit import Unit
from models.match import Match
from models.profile import Profile
from models.queries import query
from models.records import load_records
from sharing.lifecycle import ShareStatus
from sharing.matching.accounts import Account, MatchRuling, StepAccount, account, own_steps, ruling, shared_keys
from sharing.matching.keys import MAX_HOLDERS
from sharing.matching.verdicts import Outcome
from sharing.records import Record
from sharing.states import LINKED, MatchState
from sharing.visibility import Caller


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a match is what it is.

    Attributes:
        match: the match.
        ruling: what came of it, and why.
        steps: what each step came to; none where that would tell of the other nation's profile.
        account: what speaks for and against; None where there is nobody, or it is not for the caller to know.
        receiver_id: the receiver's profile that the account is about.
        rival_id: the match of another of the sender's profiles that has the receiver's.
    """

    match: Match
    ruling: MatchRuling
    steps: tuple[StepAccount, ...] = ()
    account: Account | None = None
    receiver_id: UUID | None = None
    rival_id: UUID | None = None


async def explain_match(unit: Unit, match_id: UUID, profile_id: UUID | None = None) -> Explained | None:
    """Why a match links somebody, or why it does not, on what is known now.

    Both nations are told of a link, and of the likeliest candidate of a doubt; the receiver of each candidate. Of any
    other two only who belongs to both nations is told more than that they are not linked: whoever could try out its own
    profiles on another nation's would come to know that nation's people.

    Args:
        unit: an open transaction.
        match_id: the match.
        profile_id: the receiver's profile to compare with; None for the one that it links, or that comes nearest.

    Returns:
        None where there is no such match or profile, or the caller may not know of it.
    """
    match = await Match.of(unit.caller).get_or_none(id=match_id)
    if match is None:
        return None
    terms = await load_terms(unit.pg, match.share_id)
    if terms is None:
        return None
    wanted = Profile.of(unit.caller).filter(id=profile_id, nation_id=terms.receiver_id)
    if profile_id is not None and not await wanted.exists():
        return None
    senders = await load_records(unit.pg, [match.sender_profile_id], MATCH_FIELDS)
    if terms.status is not ShareStatus.APPROVED or match.state is MatchState.ENDED or not senders:
        return Explained(match, MatchRuling.ENDED)
    whole = (await decide_matches(unit.pg, terms, list(senders)))[match.sender_profile_id]
    target = profile_id or _nearest(match, whole)
    if target is None or (target != profile_id and not _may_see(unit.caller, terms, match, target)):
        return _nobody(unit.caller, terms, match, senders[match.sender_profile_id])
    if not _may_see(unit.caller, terms, match, target):
        return Explained(match, MatchRuling.WITHHELD)
    return await _explain(unit, terms, match, whole, senders[match.sender_profile_id], target)


def _nearest(match: Match, whole: Outcome) -> UUID | None:
    """Whom a match links or, failing that, who comes nearest: as it was recorded, or else as it is now."""
    recorded = _candidates(match)
    now = [whole.receiver, *(candidate.receiver for candidate in whole.candidates)]
    return next((found for found in (match.receiver_profile_id, *recorded, *now) if found is not None), None)


def _candidates(match: Match) -> list[UUID]:
    """Whom an ambiguous match may be, the likeliest first."""
    return [UUID(item["profile"]) for item in match.candidates] if match.state is MatchState.AMBIGUOUS else []


def _may_see(caller: Caller, terms: ShareTerms, match: Match, target: UUID) -> bool:
    """Whether the caller may know how a receiver's profile compares with the sender's."""
    if caller.nations.issuperset(terms.nations) or target == match.receiver_profile_id:
        return True
    candidates = _candidates(match)
    return target in (candidates if terms.receiver_id in caller.nations else candidates[:1])


def _nobody(caller: Caller, terms: ShareTerms, match: Match, sender: Record) -> Explained:
    """Nobody was found: what was looked for stands in the sender's own profile, which its own nation alone knows."""
    own = terms.sender_id in caller.nations
    return Explained(match, MatchRuling.NOBODY, own_steps(sender, terms.rules) if own else ())


async def _explain(
    unit: Unit, terms: ShareTerms, match: Match, whole: Outcome, sender: Record, target: UUID
) -> Explained | None:
    receiver = (await load_records(unit.pg, [target], MATCH_FIELDS)).get(target)
    if receiver is None:
        return Explained(match, MatchRuling.ENDED) if target == match.receiver_profile_id else None
    keys = shared_keys(sender, receiver, terms.rules)
    crowded = await _crowded(unit, terms.receiver_id, keys)
    frequencies = await frequencies_of(unit.pg, terms.receiver_id)
    found = account(sender, receiver, terms.rules, frequencies, terms.quality, crowded)
    rival = await unit.pg.fetchval(query("rival_of"), terms.id, match.id, target)
    if match.state in LINKED and match.receiver_profile_id == target:
        return Explained(match, MatchRuling.LINKED, found.steps, found, target)
    apart = (match.sender_profile_id, target) in await strangers_of(unit.pg, [match.sender_profile_id])
    why = ruling(found, target, whole, told_apart=apart, lost=rival is not None)
    rival = rival if why is MatchRuling.LOST_TO_ANOTHER else None
    return Explained(match, why, found.steps, found, target, rival)


async def _crowded(unit: Unit, nation_id: int, keys: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of some keys too many profiles of a nation have."""
    if not keys:
        return set()
    kinds, hashes = zip(*keys, strict=True)
    rows = await unit.pg.fetch(query("crowded_keys"), nation_id, list(kinds), list(hashes), MAX_HOLDERS)
    return {(row["kind"], row["key"]) for row in rows}
