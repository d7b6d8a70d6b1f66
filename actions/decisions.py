"""What a nation decides on in a review, its shares held: conflicts by name, or all that are open of some people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from actions.advance import hold_share
from actions.rights import require_in
from actions.terms import ShareTerms
from actions.unit import Unit
from models.conflict import Conflict
from models.match import Match
from models.queries import query
from sharing.errors import InvalidInput, InvalidInputs, NotFound, StaleVersion
from sharing.states import ConflictState
from sharing.visibility import Deed

# By conflict, the sender's value and the receiver's as somebody was shown them.
Seen: TypeAlias = Mapping[UUID, tuple[str | None, str | None]]
NOTHING_SEEN: Seen = MappingProxyType({})
# Shares, held, each with the conflicts that are decided on.
Decided: TypeAlias = list[tuple[ShareTerms, list[Conflict]]]

MAX_CONFLICTS = 1_000
NO_CONFLICT = "There is no such conflict."
NO_MATCH = "There is no such match."
CHANGED = "A value has changed since the conflict was shown: look at it again."
OPENED = "A conflict has been opened that is not among those seen: look at the person again."
NOT_SHARED = "The person is shared no more: read the list again."
NOTHING_OPEN = "This person has no open conflicts: read the list again."


async def named_conflicts(unit: Unit, nation_id: int, conflict_ids: Sequence[UUID], seen: Seen) -> Decided:
    """Conflicts that a nation may decide on, by their ids.

    Raises:
        NotFound: a conflict does not exist, or is not this nation's to decide.
        Forbidden: the caller's role does not let it review.
        InvalidInput: a conflict is resolved already, there are none or too many, or others were seen than are named.
        StaleVersion: a value is another than was seen, or a person is shared no more.
    """
    await require_in(unit.caller, nation_id, Deed.REVIEW_CONFLICTS)
    wanted = list(dict.fromkeys(conflict_ids))
    if not wanted:
        raise InvalidInput("Name at least one conflict.", "conflictIds")
    if not seen.keys() <= set(wanted):
        raise InvalidInput("What was seen must be of the conflicts named in conflictIds: name them there too.", "seen")
    if len(wanted) > MAX_CONFLICTS:
        raise InvalidInput(f"At most {MAX_CONFLICTS:,} conflicts at once: send them in parts.", "conflictIds")
    named = await Conflict.of(unit.caller).filter(id__in=wanted)
    held = await _hold(unit, nation_id, (conflict.share_id for conflict in named))
    conflicts = await Conflict.filter(id__in=wanted)
    if held is None or min(len(named), len(conflicts)) < len(wanted):
        raise NotFound(NO_CONFLICT, "conflictIds")
    if any(conflict.state is ConflictState.RESOLVED for conflict in conflicts):
        raise InvalidInput("A conflict is resolved already: read the list again.", "conflictIds")
    _compare(conflicts, seen)
    await _check_shared(unit, conflicts, "conflictIds")
    return _by_share(held, conflicts)


async def conflicts_of_people(unit: Unit, nation_id: int, match_ids: Sequence[UUID], seen: Seen | None) -> Decided:
    """All open conflicts of people that a nation may decide on, by their matches.

    Args:
        unit: the open transaction.
        nation_id: the nation that decides.
        match_ids: the matches.
        seen: the values shown of every open conflict of theirs; None where nobody says what was shown. Those resolved
            or skipped since may be among them.

    Raises:
        NotFound: a match does not exist, or is not this nation's to decide on.
        Forbidden: the caller's role does not let it review.
        InvalidInput: somebody has no open conflicts, all together have too many, nobody is named, or what was seen is
            of others.
        StaleVersion: a conflict is open that was not seen, a value is another than was seen, or a person is shared no
            more.
    """
    await require_in(unit.caller, nation_id, Deed.REVIEW_CONFLICTS)
    wanted = list(dict.fromkeys(match_ids))
    if not wanted:
        raise InvalidInput("Name at least one match.", "matchIds")
    if len(wanted) > MAX_CONFLICTS:
        raise InvalidInput(f"At most {MAX_CONFLICTS:,} matches at once: send them in parts.", "matchIds")
    named = await Match.of(unit.caller).filter(id__in=wanted)
    held = await _hold(unit, nation_id, (match.share_id for match in named))
    if held is None or len(named) < len(wanted):
        raise NotFound(NO_MATCH, "matchIds")
    known = await Conflict.filter(match_id__in=wanted)
    waiting = [conflict for conflict in known if conflict.state is ConflictState.OPEN]
    _check_waiting(match_ids, waiting)
    if seen is not None:
        if not seen.keys() <= {conflict.id for conflict in known}:
            raise InvalidInput("What was seen must be of the people named in matchIds: name them there too.", "seen")
        if not seen.keys() >= {conflict.id for conflict in waiting}:
            raise StaleVersion(OPENED, "seen")
        _compare(waiting, seen)
    await _check_shared(unit, waiting, "matchIds")
    return _by_share(held, waiting)


async def _check_shared(unit: Unit, conflicts: Collection[Conflict], path: str) -> None:
    """Whoever has lost the shared tag is shared no more, though no worker may have seen it yet."""
    if await unit.pg.fetch(query("strays_among"), [conflict.match_id for conflict in conflicts]):
        raise StaleVersion(NOT_SHARED, path)


def _check_waiting(match_ids: Sequence[UUID], waiting: Collection[Conflict]) -> None:
    concerned = {conflict.match_id for conflict in waiting}
    problems = [
        InvalidInput(NOTHING_OPEN, "matchIds", str(place))
        for place, match_id in enumerate(match_ids)
        if match_id not in concerned
    ]
    if problems:
        raise InvalidInputs(problems)
    if len(waiting) > MAX_CONFLICTS:
        raise InvalidInput(
            f"These people have {len(waiting):,} open conflicts: decide on at most {MAX_CONFLICTS:,} at once, and send "
            "the people in parts.",
            "matchIds",
        )


async def _hold(unit: Unit, nation_id: int, share_ids: Iterable[UUID]) -> dict[UUID, ShareTerms] | None:
    """Shares, held; None where one is not live, or not this nation's."""
    held = {}
    for share_id in sorted(set(share_ids)):
        terms = await hold_share(unit, share_id)
        if terms is None or nation_id not in terms.nations:
            return None
        held[share_id] = terms
    return held


def _compare(conflicts: Iterable[Conflict], seen: Seen) -> None:
    for conflict in conflicts:
        values = (conflict.sender_value, conflict.receiver_value)
        if seen.get(conflict.id, values) != values:
            raise StaleVersion(CHANGED, "seen")


def _by_share(held: Mapping[UUID, ShareTerms], conflicts: Iterable[Conflict]) -> Decided:
    shares: dict[UUID, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        shares[conflict.share_id].append(conflict)
    return [(terms, shares[share_id]) for share_id, terms in held.items()]
