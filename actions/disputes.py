"""Conflicts as rows: read for the rules, and recorded as the rules say."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.conflicts import ConflictChange, KnownConflict
from sharing.events import Noun
from sharing.records import Record
from sharing.states import ConflictState


async def load_conflicts(pg: asyncpg.Connection, match_ids: Collection[UUID]) -> dict[UUID, dict[str, KnownConflict]]:
    """Every conflict on record of some matches, by match and field."""
    known: dict[UUID, dict[str, KnownConflict]] = defaultdict(dict)
    for row in await pg.fetch(query("conflicts_of_matches"), list(match_ids)):
        known[row["match_id"]][row["field"]] = KnownConflict(
            ConflictState(row["state"]), row["sender_value"], row["receiver_value"]
        )
    return known


def moment(microseconds: int) -> datetime:
    """A moment as the database takes it."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).replace(microsecond=microseconds % 1_000_000)


async def save_conflicts(
    unit: Unit, terms: ShareTerms, changes: Mapping[UUID, tuple[Sequence[ConflictChange], Record, Record]]
) -> None:
    """Record steps of conflicts, and tell both nations.

    Args:
        unit: the open transaction.
        terms: the share.
        changes: for each match its steps, the sender's record and the receiver's.
    """
    rows = [
        (
            uuid7(),
            match_id,
            step.key,
            step.state.value,
            step.sender_text,
            step.receiver_text,
            moment(sender.time(step.key)),
            moment(receiver.time(step.key)),
        )
        for match_id, (steps, sender, receiver) in changes.items()
        for step in steps
    ]
    if not rows:
        return
    ids, matches, *rest = (list(column) for column in zip(*rows, strict=True))
    saved = await unit.pg.fetch(query("save_conflicts"), ids, matches, terms.id, *rest)
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.CONFLICT, [row["id"] for row in saved], terms.id)
