"""The steps of a run that only an audience share takes: who is shared, what changed since, who is in which segment."""

from collections import Counter
from dataclasses import asdict
from enum import Enum, auto
from uuid import UUID

from actions.advance import NOBODY, bring_up
from actions.audiences.gathering import gather
from actions.audiences.placing import place
from actions.brakes import braked
from actions.holding import hold_run
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.brakes import LimitReached
from sharing.fields import MAX_EMAILS
from sharing.states import RunPhase

AT_ONCE = 1_000
COUNTED = ("created", "pairs", "filled", "overwritten", "conflicts", "overwritten_in_sender")


class After(Enum):
    """What comes after a step: another, matching everybody, the end of the run, or nothing while it is held."""

    MORE = auto()
    MATCH_ALL = auto()
    END = auto()
    HELD = auto()


async def begin_audience(unit: Unit, terms: ShareTerms, run_id: UUID) -> None:
    """Take the first step of a run.

    Raises:
        InvalidInputs: a segment cannot be asked as it stands.
    """
    await gather(unit, terms)
    await unit.pg.execute(query("move_run"), run_id, RunPhase.GATHERING, None, None)


async def step_audience(unit: Unit, terms: ShareTerms, run_id: UUID, phase: RunPhase) -> After:
    """Take a further step of a run that is in one of the phases of an audience.

    Raises:
        InvalidInputs: a segment cannot be asked as it stands.
    """
    if phase is RunPhase.GATHERING:
        if await unit.pg.fetchval(query("needs_all"), terms.id):
            await unit.pg.execute(query("drop_changes"), terms.id)  # whoever is shared is looked at by this run
            return After.MATCH_ALL
        await unit.pg.execute(query("forget_since_run"), terms.id)
        await unit.pg.execute(query("enqueue_strays"), terms.id, terms.tag_id)
        await look_at_changes(unit, terms, run_id)
        return After.MORE
    if phase is RunPhase.CHANGES:
        return await _bring_changes(unit, terms, run_id)
    return After.MORE if await place(unit, terms, run_id) else After.END


async def look_at_changes(unit: Unit, terms: ShareTerms, run_id: UUID) -> None:
    """Have a run bring across what waits: whoever changed, came or left, also while it looked at everybody."""
    total = await unit.pg.fetchval(query("changes_waiting"), terms.id)
    await unit.pg.execute(query("move_run"), run_id, RunPhase.CHANGES, None, total)


async def _bring_changes(unit: Unit, terms: ShareTerms, run_id: UUID) -> After:
    """Bring a chunk of what changed across; not where its writes would go past a limit."""
    try:
        async with braked(unit, terms, run_id) as meter:
            rows = await unit.pg.fetch(query("claim_changes"), terms.id, AT_ONCE)
            profile_ids = [row["profile_id"] for row in rows]
            if not profile_ids:
                if "emails" not in terms.fields or not await unit.pg.fetchval(
                    query("enqueue_freed"), terms.id, MAX_EMAILS
                ):
                    await unit.pg.execute(query("move_run"), run_id, RunPhase.PLACING, None, None)
                return After.MORE
            made, tally = await bring_up(unit, terms, profile_ids, NOBODY, meter, run_id)
    except LimitReached as reached:
        await hold_run(unit, terms, run_id, reached.holds)
        return After.HELD
    counts = Counter(asdict(tally) | {"created": made})
    await unit.pg.execute(query("count_run"), run_id, len(profile_ids), *(counts[name] for name in COUNTED))
    return After.MORE
