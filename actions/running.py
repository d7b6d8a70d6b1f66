"""The steps of a sync run: match everybody, settle rival claims, then bring the pairs into step.

Matching and syncing are cut into chunks, and each chunk is a step of its own: several workers take a run further at
once, and a killed one leaves its chunk to the next.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from uuid import UUID

import asyncpg

from actions.advance import hold_share, link, make_missing, match, without_broken
from actions.audiences.stepping import COUNTED, After, begin_audience, look_at_changes, step_audience
from actions.brakes import Meter, braked
from actions.candidates import count_names, learn_quality
from actions.holding import hold_run
from actions.links import settle
from actions.runs import tell_progress
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.brakes import LimitReached
from sharing.errors import InvalidInputs
from sharing.events import Noun
from sharing.states import LINKED, RunPhase, RunState

MATCH_CHUNK = 2_000
BULK_CHUNK = 5_000
# From so many people who are looked for on, and such a part of those they are looked for among, it is cheaper to read
# everybody than to look for each.
BULK_FROM, BULK_PART = 2_000, 1 / 20
# Of more people than these in all, reading would not be done before a job has to be.
BULK_MOST = 8_000_000
SETTLE_CHUNK = 1_000
SYNC_CHUNK = 1_000
OF_AUDIENCES = (RunPhase.GATHERING, RunPhase.CHANGES, RunPhase.PLACING)
TO_SYNC = ("MATCHED", "SYNCED", "CONFLICTED")
TO_CREATE = (*TO_SYNC, "NOT_FOUND")


@dataclass(frozen=True, slots=True)
class _Run:
    """A run as a step finds it."""

    id: UUID
    state: RunState
    phase: RunPhase
    cursor: UUID | None
    total: int | None


async def step_run(unit: Unit, run_id: UUID) -> bool:
    """Take a run one step further, in a transaction of its own.

    Returns:
        Whether there may be more to do; False also where other workers have the rest of a phase in hand: the last of
        them goes on to the next.
    """
    share_id = await unit.pg.fetchval("SELECT share_id FROM sync_runs WHERE id = $1", run_id)
    if share_id is None:
        return False
    terms = await hold_share(unit, share_id, among_others=True)
    if terms is None:
        return False
    # The chunk first: while somebody has one, nobody takes the run on to another phase, of which it might be.
    chunk = await unit.pg.fetchrow(query("claim_chunk"), run_id)
    if chunk is None:
        return await _step_alone(unit, terms, run_id)
    run = await _read(unit, run_id)
    return run is not None and run.state is RunState.RUNNING and await _do_chunk(unit, terms, run, chunk)


async def _read(unit: Unit, run_id: UUID, *, lock: bool = False) -> _Run | None:
    row = await unit.pg.fetchrow(query("lock_run") if lock else query("read_run"), run_id)
    if row is None:
        return None
    return _Run(run_id, RunState(row["state"]), RunPhase(row["phase"]), row["cursor"], row["total"])


async def _do_chunk(unit: Unit, terms: ShareTerms, run: _Run, chunk: asyncpg.Record) -> bool:
    """Do a chunk; not where its writes would go past a limit: then nothing of it is written, and the run is held."""
    counts: Counter[str] = Counter()
    if run.phase is RunPhase.MATCHING:
        await _match_chunk(unit, terms, chunk)
    else:
        try:
            async with braked(unit, terms, run.id) as meter:
                counts = await _sync_chunk(unit, terms, run, chunk, meter)
        except LimitReached as reached:
            await hold_run(unit, terms, run.id, reached.holds)
            return False
    await unit.pg.execute("DELETE FROM run_chunks WHERE run_id = $1 AND number = $2", run.id, chunk["number"])
    await unit.pg.execute(query("count_run"), run.id, chunk["size"], *(counts[name] for name in COUNTED))
    tell_progress(unit, run.id, terms.id, terms.nations)
    return True


async def _match_chunk(unit: Unit, terms: ShareTerms, chunk: asyncpg.Record) -> None:
    rows = await unit.pg.fetch(query("tagged_between"), terms.tag_id, chunk["first"], chunk["last"])
    profile_ids = [row["profile_id"] for row in rows]
    known = {row["sender_profile_id"]: row for row in await unit.pg.fetch(query("live_matches"), terms.id, profile_ids)}
    known = await without_broken(unit, terms, known)
    linked = {profile_id for profile_id, row in known.items() if row["state"] in LINKED}
    searching = [profile_id for profile_id in profile_ids if profile_id not in linked]
    if searching:
        await match(unit, terms, searching, {pid: row for pid, row in known.items() if pid not in linked})


async def _sync_chunk(unit: Unit, terms: ShareTerms, run: _Run, chunk: asyncpg.Record, meter: Meter) -> Counter[str]:
    rows = await unit.pg.fetch(query("matches_between"), terms.id, chunk["first"], chunk["last"], _states(terms))
    missing = {row["sender_profile_id"]: row["id"] for row in rows if row["state"] == "NOT_FOUND"}
    made = await make_missing(unit, terms, missing, meter)
    linked = [row["id"] for row in rows if row["state"] in LINKED]
    tally = await link(unit, terms, linked, made, meter, run.id)
    return Counter(asdict(tally) | {"created": len(made)})


def _states(terms: ShareTerms) -> list[str]:
    return list(TO_CREATE if terms.create_new_profiles else TO_SYNC)


async def _step_alone(unit: Unit, terms: ShareTerms, run_id: UUID) -> bool:
    """What one worker does while the others wait: begin, settle rival claims, go on to the next phase, end."""
    # The share before its run: whoever has to note what it carries holds it already when coming here.
    await unit.pg.execute("SELECT FROM shares WHERE id = $1 FOR NO KEY UPDATE", terms.id)
    run = await _read(unit, run_id, lock=True)
    if run is None or run.state not in (RunState.QUEUED, RunState.RUNNING):
        return False
    if terms.one_way and (run.state is RunState.QUEUED or run.phase in OF_AUDIENCES):
        if not await _step_audience(unit, terms, run):
            return False
    elif run.state is RunState.QUEUED:
        await _begin(unit, terms, run)
    elif run.phase is RunPhase.SETTLING:
        await _settle(unit, terms, run)
    elif await unit.pg.fetchval("SELECT EXISTS (SELECT FROM run_chunks WHERE run_id = $1)", run_id):
        return False
    elif run.phase is RunPhase.MATCHING:
        if (run.total or 0) > MATCH_CHUNK:
            # The table has just grown by more than the planner knows: on old figures every step would read it whole.
            await unit.pg.execute("ANALYZE matches (id, share_id, sender_profile_id, receiver_profile_id, state)")
        await unit.pg.execute(query("move_run"), run_id, RunPhase.SETTLING, None, run.total)
    elif terms.one_way:
        await look_at_changes(unit, terms, run_id)
    else:
        await _end(unit, terms, run)
        return False
    tell_progress(unit, run_id, terms.id, terms.nations)
    return True


async def _step_audience(unit: Unit, terms: ShareTerms, run: _Run) -> bool:
    """What only an audience does; whether there may be more to do."""
    try:
        async with unit.attempt():
            if run.state is RunState.QUEUED:
                await begin_audience(unit, terms, run.id)
                return True
            after = await step_audience(unit, terms, run.id, run.phase)
    except InvalidInputs as problem:
        await fail_run(unit, run.id, f"A segment that is shared cannot be asked any more: {problem}")
        return False
    if after is After.MATCH_ALL:
        await _begin(unit, terms, run)
    elif after is After.END:
        await _end(unit, terms, run)
    return after in (After.MORE, After.MATCH_ALL)


async def _begin(unit: Unit, terms: ShareTerms, run: _Run) -> None:
    await count_names(unit.pg, terms.receiver_id)
    there = await unit.pg.fetchrow(query("count_searching"), terms.id, terms.tag_id, terms.receiver_id)
    searching, people = (there["searching"], there["people"]) if there else (0, 0)
    in_bulk = BULK_FROM <= searching <= BULK_MOST - people and searching >= people * BULK_PART
    if not in_bulk and not await unit.pg.fetchval(query("has_links"), terms.id):
        # Pairs in step agree by our own doing: they tell nothing of how carefully the nations keep their profiles.
        await learn_quality(unit.pg, terms)
    await unit.pg.execute(query("forget_since_run"), terms.id)
    await unit.pg.execute(query("enqueue_strays"), terms.id, terms.tag_id)
    size = BULK_CHUNK if in_bulk else MATCH_CHUNK
    total = await unit.pg.fetchval(query("cut_tagged"), run.id, terms.tag_id, size, in_bulk)
    await unit.pg.execute(query("move_run"), run.id, RunPhase.MATCHING, None, total)
    unit.enqueue("run_sync", run.id)


async def _settle(unit: Unit, terms: ShareTerms, run: _Run) -> None:
    rows = await unit.pg.fetch(query("rival_claims"), terms.id, run.cursor, SETTLE_CHUNK)
    if rows:
        await settle(unit, terms, rows)
        cursor = max(row["receiver_profile_id"] for row in rows)
        await unit.pg.execute(query("move_run"), run.id, RunPhase.SETTLING, cursor, run.total)
        return
    total = await unit.pg.fetchval(query("cut_matches"), run.id, terms.id, _states(terms), SYNC_CHUNK)
    await unit.pg.execute(query("move_run"), run.id, RunPhase.SYNCING, None, total)
    unit.enqueue("run_sync", run.id)


async def _end(unit: Unit, terms: ShareTerms, run: _Run) -> None:
    await unit.pg.execute(query("end_run"), run.id)
    await unit.pg.execute(query("touch_share"), terms.id)
    tell_progress(unit, run.id, terms.id, terms.nations)
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.TAG_SHARE, [terms.id], terms.id)
    unit.enqueue("advance_share", terms.id)


async def fail_run(unit: Unit, run_id: UUID, reason: str) -> None:
    """Record that a run cannot go on, and why; what it did so far stands."""
    row = await unit.pg.fetchrow(query("fail_run"), run_id, reason)
    if row is None:
        return
    tell_progress(unit, run_id, row["share_id"], (row["sender_id"], row["receiver_id"]))
    unit.enqueue("advance_share", row["share_id"])
