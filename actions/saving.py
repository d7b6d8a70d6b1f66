"""What matching decided, written into the matches of a share."""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from uuid_utils.compat import uuid7

from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.events import Noun
from sharing.matching.bulk.writing import BYTES, Written
from sharing.matching.verdicts import Candidate, Outcome, evidence_as_rows
from sharing.states import AmbiguityReason, MatchState

_HEAD = ("id", "share_id", "sender_profile_id", "created_at", "tried_at")
_DECIDED = ("state", "receiver_profile_id", "stage", "score", "ambiguity", "evidence", "candidates")
_NULL = r"\N"

# How a match ended: its state, and the reason where that is a doubt.
Ending = tuple[MatchState, AmbiguityReason | None]


def _candidates_as_rows(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    return [
        {
            "profile": str(candidate.receiver),
            "stage": candidate.stage.value,
            "score": candidate.score,
            "evidence": evidence_as_rows(candidate.evidence),
        }
        for candidate in candidates
    ]


def _fields(outcome: Outcome) -> tuple[Any, ...]:
    return (
        outcome.state.value,
        outcome.receiver if outcome.state is MatchState.MATCHED else None,
        outcome.stage.value if outcome.stage else None,
        outcome.score,
        outcome.ambiguity.value if outcome.ambiguity else None,
        orjson.dumps(evidence_as_rows(outcome.evidence)).decode(),
        orjson.dumps(_candidates_as_rows(outcome.candidates)).decode(),
    )


async def save_outcomes(
    unit: Unit, terms: ShareTerms, outcomes: Mapping[UUID, Outcome], known: Mapping[UUID, asyncpg.Record]
) -> dict[UUID, UUID]:
    """Record what matching decided: a new match for a profile that had none, else the one it had.

    Args:
        unit: the open transaction.
        terms: the share.
        outcomes: by the sender's profile.
        known: the matches, not linked, that some of these profiles have.

    Returns:
        The match of each profile.
    """
    ids = _ids(outcomes, known)
    fresh = {profile_id: outcome for profile_id, outcome in outcomes.items() if profile_id not in known}
    if fresh:
        now = await unit.now()
        rows = [(ids[pid], terms.id, pid, now, now, *_fields(outcome)) for pid, outcome in fresh.items()]
        await unit.pg.copy_records_to_table("matches", records=rows, columns=[*_HEAD, *_DECIDED])
    await _update(unit, [(ids[pid], *_fields(outcome)) for pid, outcome in outcomes.items() if pid in known])
    _tell(unit, terms, ids, {pid: (outcome.state, outcome.ambiguity) for pid, outcome in outcomes.items()}, known)
    return ids


async def save_written(
    unit: Unit,
    terms: ShareTerms,
    found: Written,
    wanted: Callable[[UUID], bool],
    known: Mapping[UUID, asyncpg.Record],
) -> set[UUID]:
    """Record what matching in bulk decided, as ``save_outcomes`` does.

    Args:
        unit: the open transaction.
        terms: the share.
        found: outcomes of some of the sender's profiles.
        wanted: which of those profiles count.
        known: the matches, not linked, that some of these profiles have.

    Returns:
        The profiles that were recorded.
    """
    profiles = [UUID(bytes=found.ids[at : at + BYTES]) for at in range(0, len(found.ids), BYTES)]
    places = {profile_id: place for place, profile_id in enumerate(profiles) if wanted(profile_id)}
    ids = _ids(places, known)
    now = (await unit.now()).isoformat()
    lines = [
        f"{ids[profile_id]}\t{terms.id}\t{profile_id}\t{now}\t{now}\t{found.rows[place]}\n"
        for profile_id, place in places.items()
        if profile_id not in known
    ]
    if lines:
        source = io.BytesIO("".join(lines).encode())
        await unit.pg.copy_to_table("matches", source=source, columns=[*_HEAD, *_DECIDED], format="text")
    await _update(unit, [(ids[pid], *_read(found.rows[place])) for pid, place in places.items() if pid in known])
    _tell(unit, terms, ids, {profile_id: _ending(found, place) for profile_id, place in places.items()}, known)
    return set(places)


def _ending(found: Written, place: int) -> Ending:
    ambiguity = found.ambiguities[place]
    return MatchState(found.states[place]), AmbiguityReason(ambiguity) if ambiguity else None


def _read(row: str) -> tuple[Any, ...]:
    """The columns of ``_DECIDED`` from a row of ``Written``."""
    state, receiver, stage, score, ambiguity, evidence, candidates = row.split("\t")
    return (
        state,
        None if receiver == _NULL else UUID(receiver),
        None if stage == _NULL else stage,
        float(score),
        None if ambiguity == _NULL else ambiguity,
        evidence,
        candidates,
    )


def _ids(profiles: Collection[UUID], known: Mapping[UUID, asyncpg.Record]) -> dict[UUID, UUID]:
    return {pid: known[pid]["id"] if pid in known else uuid7() for pid in profiles}


async def _update(unit: Unit, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        await unit.pg.execute(query("save_outcomes"), *(list(column) for column in zip(*rows, strict=True)))


def _tell(
    unit: Unit,
    terms: ShareTerms,
    ids: Mapping[UUID, UUID],
    endings: Mapping[UUID, Ending],
    known: Mapping[UUID, asyncpg.Record],
) -> None:
    """Count what changed, and tell both nations of it."""
    moved = []
    for profile_id, (state, ambiguity) in endings.items():
        before = known.get(profile_id)
        if before is not None:
            if MatchState(before["state"]) is state and before["ambiguity"] == ambiguity:
                continue
            unit.count(terms.id, MatchState(before["state"]), -1)
        moved.append(ids[profile_id])
        unit.count(terms.id, state, 1)
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.MATCH, moved, terms.id)
