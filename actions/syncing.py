"""Bringing matched pairs into step: reads both sides, asks the rules for a plan, carries it out in bulk."""

from asyncio import sleep
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson

from actions.brakes import Meter
from actions.disputes import save_conflicts
from actions.fellows import fellow_shares, wake_fellows
from actions.ledger import record_writes
from actions.pairs import NOTHING_READ, PairJob, newly_carried, read_pairs
from actions.people import Edit, write_profiles
from actions.terms import ShareTerms, load_terms
from actions.unit import Unit
from models.queries import query
from sharing.audiences.oneway import plan_one_way, seen_of
from sharing.brakes import Brake, overwritten
from sharing.events import Noun
from sharing.mailboxes import EmailChange, EmailNote, emails_of
from sharing.modes import Terms as SyncTerms
from sharing.records import Record
from sharing.states import MatchState
from sharing.syncing import Pair, Planner, planner_for
from sharing.writes import Write

# Pairs that are planned at a stretch.
BREATH = 100


@dataclass(slots=True)
class Tally:
    """What a sync amounted to: pairs looked at, blanks filled, values replaced, conflicts opened."""

    pairs: int = 0
    filled: int = 0
    overwritten: int = 0
    overwritten_in_sender: int = 0
    conflicts: int = 0


async def note_carried(unit: Unit, terms: ShareTerms) -> bool:
    """Keep since when each field travels: one that begins to, or begins again, has not been in step in any pair.

    Returns:
        Whether there was anything to keep: who else was at it came first, and the terms are to be read again.
    """
    if terms.began is not None and terms.began.keys() == frozenset(terms.fields):
        return False
    await unit.pg.execute(query("note_carried"), terms.id, list(terms.fields))
    return True


async def sync_matches(
    unit: Unit,
    terms: ShareTerms,
    match_ids: Collection[UUID],
    run_id: UUID | None = None,
    read: Mapping[UUID, Record] = NOTHING_READ,
    meter: Meter | None = None,
) -> Tally:
    """Bring the linked ones among some matches of a share into step.

    A match whose profiles are not both there any more is left to whoever ends it. Doing it again changes nothing.

    Args:
        unit: the open transaction, which holds the share.
        terms: the share's terms at this moment.
        match_ids: the matches.
        run_id: the run that it is part of, for the ledger.
        read: records that this transaction has read, locked, or made already.
        meter: what measures the writes before they are made; None for those that follow from what a person decided.

    Raises:
        LimitReached: from the meter.
    """
    rows = await unit.pg.fetch(query("pairs_to_sync"), list(match_ids))
    return await sync_pairs(unit, terms, rows, run_id, read, meter)


async def sync_pairs(
    unit: Unit,
    terms: ShareTerms,
    rows: Sequence[asyncpg.Record],
    run_id: UUID | None = None,
    read: Mapping[UUID, Record] = NOTHING_READ,
    meter: Meter | None = None,
) -> Tally:
    """As ``sync_matches``, for matches already read as ``pairs_to_sync`` gives them, and locked."""
    jobs = await read_pairs(unit.pg, terms, rows, read)
    if terms.fields:
        await (_plan_one_way if terms.one_way else _plan)(unit.pg, terms, jobs)
    tally = _tally(jobs)
    if meter is not None:
        ours = tally.overwritten_in_sender
        await meter.take({Brake.SENDER_OVERWRITTEN: ours, Brake.RECEIVER_OVERWRITTEN: tally.overwritten - ours})
    if terms.fields:
        await _write(unit, terms, jobs, run_id)
        await _wake(unit, terms, jobs)
    await _save(unit, terms, jobs)
    return tally


def _tally(jobs: Sequence[PairJob]) -> Tally:
    tally = Tally(pairs=len(jobs))
    for job in jobs:
        if job.plan:
            tally.filled += job.plan.counts.filled
            tally.overwritten += job.plan.counts.overwritten
            if job.plan.counts.overwritten:
                tally.overwritten_in_sender += overwritten(job.plan, job.sender, job.receiver)[0]
            tally.conflicts += job.plan.counts.conflicts
    return tally


async def _plan(pg: asyncpg.Connection, terms: ShareTerms, jobs: Sequence[PairJob]) -> None:
    """Give each pair its plan."""
    fellows, apart = await _fellows(pg, terms, [job.row["id"] for job in jobs])
    takers = await _email_holders(pg, terms, jobs) if "emails" in terms.fields else {}
    sender_holders, receiver_holders = takers.get(terms.sender_id, {}), takers.get(terms.receiver_id, {})
    carried, own = frozenset(terms.fields), terms.sync
    never_met, planners = newly_carried(terms), dict[frozenset[SyncTerms], Planner]()
    for place, job in enumerate(jobs):
        if place % BREATH == BREATH - 1:
            await sleep(0)  # whatever else this process works on goes on meanwhile
        row, unmet = job.row, never_met(job.row)
        elsewhere = apart.get(row["id"], frozenset()) & carried
        pair = Pair(
            sender=job.sender,
            receiver=job.receiver,
            first=row["first_synced_at"] is None,
            out_of_step=frozenset(row["out_of_step"]) | elsewhere | unmet,
            email_base=tuple(row["email_base"]),
            conflicts=job.known,
            sender_taken=_taken(job.receiver, job.sender.id, sender_holders),
            receiver_taken=_taken(job.sender, job.receiver.id, receiver_holders),
        )
        others = fellows.get(row["id"], frozenset())
        if others not in planners:
            planners[others] = planner_for(own, others, terms.overwrite_districts)
        plan = planners[others].plan(pair)
        # An address given to one profile of a nation in this plan is taken for every other in the same chunk.
        sender_holders.update(dict.fromkeys(plan.sender_emails.add, job.sender.id))
        receiver_holders.update(dict.fromkeys(plan.receiver_emails.add, job.receiver.id))
        job.unmet, job.plan = unmet, plan


async def _plan_one_way(pg: asyncpg.Connection, terms: ShareTerms, jobs: Sequence[PairJob]) -> None:
    """The same for an audience: what the source changed since each pair was synced goes to the target."""
    takers = await _email_holders(pg, terms, jobs) if "emails" in terms.fields else {}
    holders, carried, never_met = takers.get(terms.receiver_id, {}), frozenset(terms.fields), newly_carried(terms)
    for place, job in enumerate(jobs):
        if place % BREATH == BREATH - 1:
            await sleep(0)
        row, unmet = job.row, never_met(job.row)
        pair = Pair(
            sender=job.sender,
            receiver=job.receiver,
            first=row["first_synced_at"] is None,
            out_of_step=unmet,
            email_base=tuple(row["email_base"]),
            receiver_taken=_taken(job.sender, job.receiver.id, holders),
        )
        noted = [note["address"] for note in orjson.loads(row["notes"])]
        plan = plan_one_way(pair, terms.fields, orjson.loads(row["seen"] or "{}"), noted)
        holders.update(dict.fromkeys(plan.receiver_emails.add, job.receiver.id))
        job.unmet, job.plan, job.seen = unmet, plan, seen_of(job.sender, carried)


async def _wake(unit: Unit, terms: ShareTerms, jobs: Sequence[PairJob]) -> None:
    """From now on this share governs the fields of pairs that it has just linked, in other shares as well."""
    linked = [job.row["id"] for job in jobs if job.row["first_synced_at"] is None]
    if linked:
        await wake_fellows(unit, terms.id, linked)


def _taken(other: Record, own_id: UUID, holders: Mapping[str, UUID]) -> frozenset[str]:
    return frozenset(address for address in emails_of(other) if holders.get(address, own_id) != own_id)


async def _fellows(
    pg: asyncpg.Connection, terms: ShareTerms, match_ids: list[UUID]
) -> tuple[dict[UUID, frozenset[SyncTerms]], dict[UUID, frozenset[str]]]:
    """By match, the terms of the other live shares that link the same pair, and what is out of step there."""
    shares = await fellow_shares(pg, terms.id)
    if not shares:
        return {}, {}
    loaded = {share_id: await load_terms(pg, share_id) for share_id in shares}
    fellows: dict[UUID, frozenset[SyncTerms]] = defaultdict(frozenset)
    apart: dict[UUID, frozenset[str]] = defaultdict(frozenset)
    for row in await pg.fetch(query("fellow_links"), match_ids, shares):
        if fellow := loaded[row["share_id"]]:
            fellows[row["match_id"]] |= {fellow.sync}
            apart[row["match_id"]] |= frozenset(row["out_of_step"])
    return fellows, apart


async def _email_holders(
    pg: asyncpg.Connection, terms: ShareTerms, jobs: Sequence[PairJob]
) -> dict[int, dict[str, UUID]]:
    """Who holds the addresses concerned, by nation."""
    addresses = list(
        {address for job in jobs for record in (job.sender, job.receiver) for address in emails_of(record)}
    )
    holders: dict[int, dict[str, UUID]] = {}
    for nation_id in terms.nations:
        rows = await pg.fetch(query("holders_of_emails"), nation_id, addresses)
        holders[nation_id] = {row["address"]: row["profile_id"] for row in rows}
    return holders


async def _write(unit: Unit, terms: ShareTerms, jobs: Sequence[PairJob], run_id: UUID | None) -> None:
    sides: tuple[dict[UUID, Record], dict[UUID, Record]] = ({}, {})
    edits: tuple[dict[UUID, Edit], dict[UUID, Edit]] = ({}, {})
    for job in jobs:
        if job.plan is None:
            continue
        for side, own, other, writes, emails in (
            (0, job.sender, job.receiver, job.plan.sender_writes, job.plan.sender_emails),
            (1, job.receiver, job.sender, job.plan.receiver_writes, job.plan.receiver_emails),
        ):
            edit = Edit(writes, _email_write(own, other, emails))
            if edit.writes or edit.emails:
                sides[side][own.id], edits[side][own.id] = own, edit
    for nation_id, before, changed in zip(terms.nations, sides, edits, strict=True):
        fires = nation_id == terms.receiver_id and terms.fires_automations
        await write_profiles(unit, nation_id, before, changed, share_id=terms.id, fires=fires)
    matches = {record.id: job.row["id"] for job in jobs for record in (job.sender, job.receiver)}
    for nation_id, before, changed in zip(terms.nations, sides, edits, strict=True):
        await record_writes(unit.pg, terms.id, run_id, nation_id, matches, before, changed)


def _email_write(own: Record, other: Record, change: EmailChange) -> Write | None:
    return Write(change.applied_to(emails_of(own)), other.time("emails")) if change else None


async def _save(unit: Unit, terms: ShareTerms, jobs: Sequence[PairJob]) -> None:
    """Record where each match stands now, and tell both nations of those that moved."""
    moved: list[UUID] = []
    rows = []
    for job in jobs:
        plan, row = job.plan, job.row
        before, after = MatchState(row["state"]), plan.state if plan else MatchState.SYNCED
        apart = sorted(plan.out_of_step) if plan else row["out_of_step"]
        base = list(plan.email_base) if plan else row["email_base"]
        notes = orjson.dumps([_note(note) for note in plan.notes]).decode() if plan else row["notes"]
        same = sorted(row["out_of_step"]) == apart and row["email_base"] == base and _same(row["notes"], notes)
        same = same and before is after and row["first_synced_at"] is not None
        if same and not job.unmet and job.seen is None:
            continue
        if before is not after:
            unit.count(terms.id, before, -1)
            unit.count(terms.id, after, 1)
        if not same:
            moved.append(row["id"])
        seen = None if job.seen is None else orjson.dumps(job.seen).decode()
        rows.append((row["id"], after.value, _literal(apart), _literal(base), notes, seen))
    if rows:
        await unit.pg.execute(query("save_synced"), *(list(column) for column in zip(*rows, strict=True)))
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.MATCH, moved, terms.id)
    known = {
        job.row["id"]: (job.plan.conflicts, job.sender, job.receiver) for job in jobs if job.plan and job.plan.conflicts
    }
    await save_conflicts(unit, terms, known)


def _note(note: EmailNote) -> dict[str, str]:
    return {"side": note.side.value, "address": note.address, "hindrance": note.hindrance.value}


def _same(stored: str, notes: str) -> bool:
    return stored == notes or bool(orjson.loads(stored) == orjson.loads(notes))


def _literal(items: Sequence[str]) -> str:
    """A list as the text of a PostgreSQL array; the items are field keys and email addresses, quoted all the same."""
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"
