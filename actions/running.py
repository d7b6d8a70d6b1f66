"""The steps of a sync run: match everybody, settle rival claims, then bring the pairs into step."""

from dataclasses import asdict, dataclass, field
from uuid import UUID

import orjson

from actions.advance import hold_share, link, make_missing, match
from actions.candidates import count_names
from actions.links import settle
from actions.runs import tell_progress
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.events import Noun
from sharing.states import LINKED, RunState

MATCH_CHUNK = 2_000
SETTLE_CHUNK = 1_000
SYNC_CHUNK = 1_000
TO_SYNC = ("MATCHED", "SYNCED", "CONFLICTED")
TO_CREATE = (*TO_SYNC, "NOT_FOUND")


@dataclass(slots=True)
class _Mark:
    """How far a run has come; saved with every step, and where a killed run goes on from."""

    run_id: UUID
    phase: str
    cursor: UUID | None
    done: int
    total: int | None
    state: RunState = RunState.RUNNING
    counts: dict[str, int] = field(default_factory=dict)


async def step_run(unit: Unit, run_id: UUID) -> bool:
    """Take a run one step further, in a transaction of its own.

    Returns:
        Whether there is more to do.
    """
    share_id = await unit.pg.fetchval("SELECT share_id FROM sync_runs WHERE id = $1", run_id)
    if share_id is None:
        return False
    terms = await hold_share(unit, share_id)
    row = await unit.pg.fetchrow(
        "SELECT state, phase, cursor, done, total, counts FROM sync_runs WHERE id = $1 FOR UPDATE", run_id
    )
    if terms is None or row is None or row["state"] not in ("QUEUED", "RUNNING"):
        return False
    mark = _Mark(run_id, row["phase"], row["cursor"], row["done"], row["total"], counts=orjson.loads(row["counts"]))
    if row["state"] == "QUEUED":
        await _start(unit, terms, mark)
    await _PHASES[mark.phase](unit, terms, mark)
    await _save(unit, terms, mark)
    return mark.state is RunState.RUNNING


async def _start(unit: Unit, terms: ShareTerms, mark: _Mark) -> None:
    mark.total = await unit.pg.fetchval("SELECT count(*) FROM taggings WHERE tag_id = $1", terms.tag_id)
    await count_names(unit.pg, terms.receiver_id)
    await unit.pg.execute(query("enqueue_strays"), terms.id, terms.tag_id)


async def _match_step(unit: Unit, terms: ShareTerms, mark: _Mark) -> None:
    rows = await unit.pg.fetch(query("next_tagged"), terms.tag_id, mark.cursor, MATCH_CHUNK)
    profile_ids = [row["profile_id"] for row in rows]
    if not profile_ids:
        mark.phase, mark.cursor = "SETTLING", None
        return
    known = {row["sender_profile_id"]: row for row in await unit.pg.fetch(query("live_matches"), terms.id, profile_ids)}
    linked = {profile_id for profile_id, row in known.items() if row["state"] in LINKED}
    searching = [profile_id for profile_id in profile_ids if profile_id not in linked]
    await match(unit, terms, searching, {pid: row for pid, row in known.items() if pid not in linked})
    mark.cursor = profile_ids[-1]
    mark.done += len(profile_ids)


async def _settle_step(unit: Unit, terms: ShareTerms, mark: _Mark) -> None:
    rows = await unit.pg.fetch(query("rival_claims"), terms.id, mark.cursor, SETTLE_CHUNK)
    if rows:
        await settle(unit, terms, rows)
        mark.cursor = max(row["receiver_profile_id"] for row in rows)
        return
    mark.phase, mark.cursor, mark.done = "SYNCING", None, 0
    if (mark.total or 0) > MATCH_CHUNK:
        # The table has just grown by more than the planner can know: on old figures it would read it whole for every chunk.
        await unit.pg.execute("ANALYZE matches")
    states = list(TO_CREATE if terms.create_new_profiles else TO_SYNC)
    mark.total = await unit.pg.fetchval(query("count_matches"), terms.id, states)


async def _sync_step(unit: Unit, terms: ShareTerms, mark: _Mark) -> None:
    states = list(TO_CREATE if terms.create_new_profiles else TO_SYNC)
    rows = await unit.pg.fetch(query("next_matches"), terms.id, mark.cursor, states, SYNC_CHUNK)
    if not rows:
        mark.state = RunState.SUCCEEDED
        await unit.pg.execute(query("touch_share"), terms.id)
        for nation_id in terms.nations:
            unit.changed(nation_id, Noun.TAG_SHARE, [terms.id], terms.id)
        unit.enqueue("advance_share", terms.id)
        return
    missing = {row["sender_profile_id"]: row["id"] for row in rows if row["state"] == "NOT_FOUND"}
    made = await make_missing(unit, terms, missing)
    linked = [row["id"] for row in rows if row["state"] in LINKED]
    tally = await link(unit, terms, linked, made, mark.run_id)
    for name, count in (("created", len(made)), *asdict(tally).items()):
        mark.counts[name] = mark.counts.get(name, 0) + count
    mark.cursor = rows[-1]["id"]
    mark.done += len(rows)


_PHASES = {"MATCHING": _match_step, "SETTLING": _settle_step, "SYNCING": _sync_step}


async def _save(unit: Unit, terms: ShareTerms, mark: _Mark) -> None:
    counts = orjson.dumps(mark.counts).decode()
    await unit.pg.execute(
        query("save_run"), mark.run_id, mark.state.value, mark.phase, mark.cursor, mark.done, mark.total, counts
    )
    tell_progress(unit, mark.run_id, terms.id, terms.nations)


async def fail_run(unit: Unit, run_id: UUID, reason: str) -> None:
    """Record that a run cannot go on, and why; what it did so far stands."""
    row = await unit.pg.fetchrow(query("fail_run"), run_id, reason)
    if row is None:
        return
    tell_progress(unit, run_id, row["share_id"], (row["sender_id"], row["receiver_id"]))
    unit.enqueue("advance_share", row["share_id"])
