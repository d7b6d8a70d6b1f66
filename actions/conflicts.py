"""Review: one side takes the other's value, or leaves a field out of step."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from actions.decisions import (
    CHANGED,
    NOTHING_SEEN,
    Decided,
    Seen,
    conflicts_of_people,
    named_conflicts,
)
from actions.disputes import load_conflicts, save_conflicts
from actions.people import KEY_FIELDS, Edit, write_profiles
from actions.syncing import sync_matches
from actions.unit import Unit
from models.conflict import Conflict
from models.match import Match
from models.records import load_records, microseconds
from sharing.conflicts import ConflictChange, KnownConflict, accept, is_stale, skip
from sharing.errors import InvalidInput, StaleVersion
from sharing.records import Record
from sharing.writes import Side, Write

GONE = "One of the people is gone: read the list again."
TWO_VALUES = "Two of the conflicts would give one field of a person different values: apply one of them."


async def apply_conflicts(unit: Unit, nation_id: int, conflict_ids: Sequence[UUID], seen: Seen = NOTHING_SEEN) -> None:
    """Write the other nation's value into the profiles of this one, for each of some conflicts; all or none.

    Args:
        unit: the open transaction.
        nation_id: the nation that decides.
        conflict_ids: the conflicts.
        seen: the values, the sender's and the receiver's, that were shown of some of them.

    Raises:
        NotFound: a conflict does not exist, or is not this nation's to decide.
        Forbidden: the caller's role does not let it review.
        InvalidInput: a conflict is resolved already, two ask for different values of one field, or there are too many.
        StaleVersion: a value has changed since the conflict was shown, or recorded: look again.
    """
    await _apply(unit, nation_id, await named_conflicts(unit, nation_id, conflict_ids, seen), "conflictIds")


async def skip_conflicts(unit: Unit, nation_id: int, conflict_ids: Sequence[UUID], seen: Seen = NOTHING_SEEN) -> None:
    """Take conflicts out of the queue; their fields stay out of step until a value changes or somebody resolves them.

    Args and errors are those of ``apply_conflicts``.
    """
    await _skip(unit, await named_conflicts(unit, nation_id, conflict_ids, seen), "conflictIds")


async def apply_matches(unit: Unit, nation_id: int, match_ids: Sequence[UUID], seen: Seen) -> list[UUID]:
    """Write the other nation's values into the profiles of this one for whole people: all that is in conflict; or none.

    Skipped conflicts are left: somebody decided on them already.

    Args:
        unit: the open transaction.
        nation_id: the nation that decides.
        match_ids: the people, by their matches.
        seen: the values that were shown of every open conflict of theirs: nothing is written that nobody saw.

    Returns:
        The conflicts applied, in the order of the people, each one's in the order in which they were opened.

    Raises:
        NotFound: a match does not exist, or is not this nation's to decide on.
        Forbidden: the caller's role does not let it review.
        InvalidInput: somebody has no open conflicts, two ask for different values of one field, or there are too many.
        StaleVersion: a conflict is open that was not seen, or a value has changed since: look again.
    """
    decided = await conflicts_of_people(unit, nation_id, match_ids, seen)
    await _apply(unit, nation_id, decided, "matchIds")
    return _in_order(match_ids, decided)


async def skip_matches(unit: Unit, nation_id: int, match_ids: Sequence[UUID], seen: Seen | None = None) -> list[UUID]:
    """Take whole people out of the queue: every open conflict of theirs is skipped.

    Args, result and errors are those of ``apply_matches``, save that nobody has to say what was seen.
    """
    decided = await conflicts_of_people(unit, nation_id, match_ids, seen)
    await _skip(unit, decided, "matchIds")
    return _in_order(match_ids, decided)


def _in_order(match_ids: Sequence[UUID], decided: Decided) -> list[UUID]:
    places = {match_id: place for place, match_id in enumerate(dict.fromkeys(match_ids))}
    conflicts = [conflict for _, found in decided for conflict in found]
    return [found.id for found in sorted(conflicts, key=lambda found: (places[found.match_id], found.id))]


async def _apply(unit: Unit, nation_id: int, decided: Decided, path: str) -> None:
    wanted = [conflict.match_id for _, conflicts in decided for conflict in conflicts]
    pairs = {match.id: (match.sender_profile_id, match.receiver_profile_id) for match in await _matches(wanted)}
    ids = {profile_id for pair in pairs.values() for profile_id in pair if profile_id}
    fields = {*KEY_FIELDS, *(key for terms, _ in decided for key in terms.fields)}
    records = await load_records(unit.pg, ids, sorted(fields), lock=True)
    known = await load_conflicts(unit.pg, list(pairs))
    time = microseconds(await unit.now())
    writes: dict[UUID, dict[str, Write]] = defaultdict(dict)
    for terms, conflicts in decided:
        side = Side.SENDER if terms.sender_id == nation_id else Side.RECEIVER
        for conflict in conflicts:
            sender_id, receiver_id = pairs[conflict.match_id]
            theirs = records.get(receiver_id) if receiver_id else None
            sender, receiver = _fresh(conflict, records.get(sender_id), theirs, known, path)
            own = sender if side is Side.SENDER else receiver
            write = accept(side, sender.value(conflict.field), receiver.value(conflict.field), time)
            if writes[own.id].setdefault(conflict.field, write) != write:
                raise InvalidInput(TWO_VALUES, path)
    edits = {profile_id: Edit(changes) for profile_id, changes in writes.items()}
    only = decided[0][0].id if len(decided) == 1 else None
    await write_profiles(unit, nation_id, records, edits, share_id=only)
    for terms, conflicts in decided:
        await sync_matches(unit, terms, {conflict.match_id for conflict in conflicts})


async def _matches(ids: Sequence[UUID]) -> list[Match]:
    return await Match.filter(id__in=list(dict.fromkeys(ids)))


def _fresh(
    conflict: Conflict,
    sender: Record | None,
    receiver: Record | None,
    known: Mapping[UUID, Mapping[str, KnownConflict]],
    path: str,
) -> tuple[Record, Record]:
    """The two records, where both are there and hold the values that the conflict was recorded with."""
    seen = known.get(conflict.match_id, {}).get(conflict.field)
    if sender is None or receiver is None or seen is None:
        raise StaleVersion(CHANGED, path)
    if is_stale(seen, sender.value(conflict.field), receiver.value(conflict.field)):
        raise StaleVersion(CHANGED, path)
    return sender, receiver


async def _skip(unit: Unit, decided: Decided, path: str) -> None:
    for terms, conflicts in decided:
        match_ids = list({conflict.match_id for conflict in conflicts})
        known = await load_conflicts(unit.pg, match_ids)
        steps: dict[UUID, list[ConflictChange]] = defaultdict(list)
        for conflict in conflicts:
            step = skip(conflict.field, known[conflict.match_id][conflict.field])
            if step:
                steps[conflict.match_id].append(step)
        matches = await Match.filter(id__in=match_ids)
        ids = {pid for match in matches for pid in (match.sender_profile_id, match.receiver_profile_id) if pid}
        records = await load_records(unit.pg, ids, terms.fields, lock=True)
        if not ids <= records.keys():
            raise StaleVersion(GONE, path)
        changes = {
            match.id: (steps[match.id], records[match.sender_profile_id], records[match.receiver_profile_id])
            for match in matches
            if match.receiver_profile_id is not None
        }
        await save_conflicts(unit, terms, changes)
        await sync_matches(unit, terms, match_ids)
