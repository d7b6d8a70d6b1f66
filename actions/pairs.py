"""Matched pairs as they are read to be synced."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

import asyncpg

from actions.disputes import load_conflicts
from actions.people import IDENTIFYING, KEY_FIELDS
from actions.terms import ShareTerms
from models.records import differing, load_records, lock_profiles, microseconds, moment_of
from sharing.audiences.fields import REFERENCE
from sharing.conflicts import KnownConflict
from sharing.records import Record
from sharing.syncing import NO_CONFLICTS, PairPlan

NOTHING_READ: Mapping[UUID, Record] = MappingProxyType({})
NOTHING_NEW: frozenset[str] = frozenset()


@dataclass(slots=True)
class PairJob:
    """A pair on the bench: its match's row and the two records; then what they never met with, and the plan.

    ``seen`` is what a sync of an audience saw of the sender's fields; None in a tag share.
    """

    row: asyncpg.Record
    sender: Record
    receiver: Record
    known: Mapping[str, KnownConflict]
    unmet: frozenset[str] = NOTHING_NEW
    plan: PairPlan | None = None
    seen: Mapping[str, int] | None = None


async def read_pairs(
    pg: asyncpg.Connection, terms: ShareTerms, rows: Sequence[asyncpg.Record], read: Mapping[UUID, Record]
) -> list[PairJob]:
    """The pairs of some matches as they stand, their profiles locked where the share syncs any field.

    Args:
        pg: the connection.
        terms: the share's terms.
        rows: of the matches, as ``pairs_to_sync`` gives them.
        read: records that this transaction has read, locked, or made already.
    """
    records = await _records(pg, terms, rows, read)
    known = await load_conflicts(pg, [row["id"] for row in rows]) if terms.fields else {}
    jobs = []
    for row in rows:
        sender, receiver = records.get(row["sender_profile_id"]), records.get(row["receiver_profile_id"])
        if sender and receiver:
            jobs.append(PairJob(row, sender, receiver, known.get(row["id"], NO_CONFLICTS)))
    return jobs


async def _records(
    pg: asyncpg.Connection, terms: ShareTerms, rows: Sequence[asyncpg.Record], read: Mapping[UUID, Record]
) -> dict[UUID, Record]:
    """The profiles of both sides, locked. Of pairs that were in step before, only fields on which some of them differ.

    Equal values are equal to the rules, read or not.
    """
    senders, receivers = [row["sender_profile_id"] for row in rows], [row["receiver_profile_id"] for row in rows]
    ids = {*senders, *receivers} - read.keys()
    fields: Collection[str] = terms.fields
    if fields:
        await lock_profiles(pg, ids)
    if fields and all(row["first_synced_at"] for row in rows):
        apart = await differing(pg, senders, receivers, fields)
        fields = apart | ({"emails"} & set(fields))
    elif terms.one_way:
        fields = (*fields, REFERENCE)
    if not IDENTIFYING.isdisjoint(fields):
        fields = {*fields, *KEY_FIELDS}
    return {**await load_records(pg, ids, sorted(fields)), **read}


def newly_carried(terms: ShareTerms) -> Callable[[asyncpg.Record], frozenset[str]]:
    """What tells the fields that came to travel after a pair was last synced; none where this is its first sync."""
    began = terms.began or {}
    latest = moment_of(max(began.values(), default=0))

    def never_met(row: asyncpg.Record) -> frozenset[str]:
        settled = row["settled_at"] or row["first_synced_at"]
        if row["first_synced_at"] is None or settled >= latest:
            return NOTHING_NEW
        moment = microseconds(settled)
        return frozenset(key for key, since in began.items() if since > moment)

    return never_met
