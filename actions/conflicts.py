"""Review: one side takes the other's value, or leaves a field out of step."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from actions.advance import hold_share
from actions.disputes import load_conflicts, save_conflicts
from actions.people import KEY_FIELDS, Edit, write_profiles
from actions.rights import require_in
from actions.syncing import sync_matches
from actions.terms import ShareTerms
from actions.unit import Unit
from models.conflict import Conflict
from models.match import Match
from models.records import load_records, microseconds
from sharing.conflicts import ConflictChange, KnownConflict, accept, is_stale, skip
from sharing.errors import InvalidInput, NotFound, StaleVersion
from sharing.records import Record
from sharing.states import ConflictState
from sharing.visibility import Deed
from sharing.writes import Side, Write

# By conflict, the sender's value and the receiver's as somebody was shown them.
Seen = Mapping[UUID, tuple[str | None, str | None]]
NOTHING_SEEN: Seen = MappingProxyType({})

MAX_CONFLICTS = 1_000
NO_CONFLICT = "There is no such conflict."
CHANGED = "A value has changed since the conflict was shown: look at it again."
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
    held = await _by_share(unit, nation_id, conflict_ids, seen)
    wanted = [conflict.match_id for _, conflicts in held for conflict in conflicts]
    pairs = {match.id: (match.sender_profile_id, match.receiver_profile_id) for match in await _matches(wanted)}
    ids = {profile_id for pair in pairs.values() for profile_id in pair if profile_id}
    fields = {*KEY_FIELDS, *(key for terms, _ in held for key in terms.fields)}
    records = await load_records(unit.pg, ids, sorted(fields), lock=True)
    known = await load_conflicts(unit.pg, list(pairs))
    time = microseconds(await unit.now())
    writes: dict[UUID, dict[str, Write]] = defaultdict(dict)
    for terms, conflicts in held:
        side = Side.SENDER if terms.sender_id == nation_id else Side.RECEIVER
        for conflict in conflicts:
            sender_id, receiver_id = pairs[conflict.match_id]
            theirs = records.get(receiver_id) if receiver_id else None
            sender, receiver = _fresh(conflict, records.get(sender_id), theirs, known)
            own = sender if side is Side.SENDER else receiver
            write = accept(side, sender.value(conflict.field), receiver.value(conflict.field), time)
            if writes[own.id].setdefault(conflict.field, write) != write:
                raise InvalidInput(TWO_VALUES, "conflictIds")
    edits = {profile_id: Edit(changes) for profile_id, changes in writes.items()}
    only = held[0][0].id if len(held) == 1 else None
    await write_profiles(unit, nation_id, records, edits, share_id=only)
    for terms, conflicts in held:
        await sync_matches(unit, terms, {conflict.match_id for conflict in conflicts})


async def _matches(ids: Sequence[UUID]) -> list[Match]:
    return await Match.filter(id__in=list(dict.fromkeys(ids)))


def _fresh(
    conflict: Conflict,
    sender: Record | None,
    receiver: Record | None,
    known: Mapping[UUID, Mapping[str, KnownConflict]],
) -> tuple[Record, Record]:
    """The two records, where both are there and hold the values that the conflict was recorded with."""
    seen = known.get(conflict.match_id, {}).get(conflict.field)
    if sender is None or receiver is None or seen is None:
        raise StaleVersion(CHANGED, "conflictIds")
    if is_stale(seen, sender.value(conflict.field), receiver.value(conflict.field)):
        raise StaleVersion(CHANGED, "conflictIds")
    return sender, receiver


async def skip_conflicts(unit: Unit, nation_id: int, conflict_ids: Sequence[UUID], seen: Seen = NOTHING_SEEN) -> None:
    """Take conflicts out of the queue; their fields stay out of step until a value changes or somebody resolves them.

    Args and errors are those of ``apply_conflicts``.
    """
    for terms, conflicts in await _by_share(unit, nation_id, conflict_ids, seen):
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
        changes = {
            match.id: (steps[match.id], records[match.sender_profile_id], records[match.receiver_profile_id])
            for match in matches
            if match.receiver_profile_id in records and match.sender_profile_id in records
        }
        await save_conflicts(unit, terms, changes)
        await sync_matches(unit, terms, match_ids)


async def _by_share(
    unit: Unit, nation_id: int, conflict_ids: Sequence[UUID], seen: Seen
) -> list[tuple[ShareTerms, list[Conflict]]]:
    """Conflicts that a nation may decide on, with the share of each, held."""
    await require_in(unit.caller, nation_id, Deed.REVIEW_CONFLICTS)
    wanted = list(dict.fromkeys(conflict_ids))
    if not wanted:
        raise InvalidInput("Name at least one conflict.", "conflictIds")
    if not seen.keys() <= set(wanted):
        raise InvalidInput("What was seen must be of the conflicts named in conflictIds: name them there too.", "seen")
    if len(wanted) > MAX_CONFLICTS:
        raise InvalidInput(f"At most {MAX_CONFLICTS:,} conflicts at once: send them in parts.", "conflictIds")
    conflicts = await Conflict.of(unit.caller).filter(id__in=wanted)
    if len(conflicts) < len(wanted):
        raise NotFound(NO_CONFLICT, "conflictIds")
    shares: dict[UUID, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        if conflict.state is ConflictState.RESOLVED:
            raise InvalidInput("A conflict is resolved already: read the list again.", "conflictIds")
        shares[conflict.share_id].append(conflict)
    held = []
    for share_id in sorted(shares):
        terms = await hold_share(unit, share_id)
        if terms is None or nation_id not in terms.nations:
            raise NotFound(NO_CONFLICT, "conflictIds")
        present = await Conflict.filter(id__in=[c.id for c in shares[share_id]])
        for conflict in present:
            values = (conflict.sender_value, conflict.receiver_value)
            if seen.get(conflict.id, values) != values:
                raise StaleVersion(CHANGED, "seen")
        held.append((terms, present))
    return held
