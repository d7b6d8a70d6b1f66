"""Runs that are held before a limit, go on when somebody says so, or are given up."""

from collections.abc import Collection
from uuid import UUID

import asyncpg
import orjson

from actions.rights import require_in
from actions.runs import begin_run, tell_progress
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from models.run import SyncRun
from models.share import Share
from sharing.brakes import Amounts, Brake, Hold, holds_as_json, holds_from_json, still
from sharing.errors import Forbidden, IllegalTransition, NotFound
from sharing.events import Noun
from sharing.states import UNFINISHED, RunState, RunTrigger
from sharing.visibility import Deed, ShareKind
from sharing.writes import Side

NO_RUN = "There is no such run."
NOT_CONCERNED = "The limit that holds the run is the other nation's: only its admins say that it goes on."


async def hold_run(unit: Unit, terms: ShareTerms, run_id: UUID, found: Collection[Hold]) -> None:
    """Hold a run before limits, and tell both nations; one that is under way no longer stays as it is."""
    document = orjson.dumps(holds_as_json(found)).decode()
    if found and await unit.pg.fetchval(query("hold_run"), run_id, document):
        tell_progress(unit, run_id, terms.id, terms.nations)


async def run_instead(unit: Unit, terms: ShareTerms) -> None:
    """Have a run do what changes between runs may not: it looks at everybody, and is measured by itself.

    Where one is under way the changes wait for its end.
    """
    # Nobody else begins one meanwhile.
    await unit.pg.fetchval("SELECT true FROM shares WHERE id = $1 FOR NO KEY UPDATE", terms.id)
    if await SyncRun.filter(share_id=terms.id, state__in=list(UNFINISHED)).exists():
        return
    await unit.pg.execute(query("drop_changes"), terms.id)
    await begin_run(unit, await Share.get(id=terms.id), RunTrigger.CHANGES)


async def resume_run(unit: Unit, run_id: UUID, kind: ShareKind = ShareKind.TAG) -> UUID:
    """Have a held run pass the limits of the caller's nation, to its end. It goes on once no other nation's holds it.

    Returns:
        The run.

    Raises:
        NotFound: there is no such run, or the caller may not know of it.
        IllegalTransition: the run is not held.
        Forbidden: only an admin of a nation whose limit holds it lets it go on.
    """
    run, share = await _locked(unit, run_id, kind)
    if run.state is not RunState.HELD:
        raise IllegalTransition(
            f"The run is {run.state.lower()}: only a held one is resumed.",
            status=share.status.value,
            run_state=run.state.value,
        )
    found = holds_from_json(run.held_by)
    concerned = list(dict.fromkeys(_nation(share, hold.brake) for hold in found))
    own = await _allowed(unit, concerned, Deed.RESUME_RUN, NOT_CONCERNED)
    lifted = [hold.brake for hold in found if _nation(share, hold.brake) in own]
    await _let_go(unit, share, run.id, [hold for hold in found if hold.brake not in lifted], lifted)
    return run.id


async def cancel_run(unit: Unit, run_id: UUID, kind: ShareKind = ShareKind.TAG) -> UUID:
    """Give up a run that is queued, under way or held. What it wrote stays; it writes nothing more.

    Whoever takes a step of it comes to the end of the step first. The next run is due when it would be after this one.

    Returns:
        The run.

    Raises:
        NotFound: there is no such run, or the caller may not know of it.
        IllegalTransition: the run is over.
        Forbidden: only an admin of either side cancels.
    """
    run, share = await _locked(unit, run_id, kind)
    if run.state not in UNFINISHED:
        raise IllegalTransition(
            f"The run is {run.state.lower()}: only one that is queued, running or held can be cancelled.",
            status=share.status.value,
            run_state=run.state.value,
        )
    await _allowed(unit, (share.sender_id, share.receiver_id), Deed.CANCEL_RUN, NO_RUN)
    await unit.pg.execute(query("cancel_run"), run.id)
    tell_progress(unit, run.id, share.id, (share.sender_id, share.receiver_id))
    for nation_id in (share.sender_id, share.receiver_id):
        unit.changed(nation_id, Noun.TAG_SHARE, [share.id], share.id)
    unit.enqueue("advance_share", share.id)
    return run.id


async def recheck_hold(unit: Unit, share: Share, limits: Amounts) -> None:
    """Let a held run of a share, which is locked, go on where its limits have been raised or cleared far enough."""
    row: asyncpg.Record | None = await unit.pg.fetchrow(query("held_run"), share.id)
    if row is None:
        return
    found = holds_from_json(orjson.loads(row["held_by"]))
    rest = still(found, limits)
    if rest != found:
        await _let_go(unit, share, row["id"], rest, ())


async def _let_go(unit: Unit, share: Share, run_id: UUID, rest: Collection[Hold], lifted: Collection[Brake]) -> None:
    documents = (holds_as_json(rest), [brake.value for brake in lifted])
    await unit.pg.execute(query("let_run_go"), run_id, *(orjson.dumps(document).decode() for document in documents))
    tell_progress(unit, run_id, share.id, (share.sender_id, share.receiver_id))
    if not rest:
        unit.enqueue("run_sync", run_id)


async def _locked(unit: Unit, run_id: UUID, kind: ShareKind) -> tuple[SyncRun, Share]:
    """A run that the caller may see, and its share, with nobody at work on either until the transaction ends."""
    run = await SyncRun.of(unit.caller, kind).get_or_none(id=run_id)
    if run is None:
        raise NotFound(NO_RUN, "runId")
    await unit.pg.execute(query("work_alone"), str(run.share_id))
    await unit.pg.fetchval("SELECT true FROM shares WHERE id = $1 FOR UPDATE", run.share_id)
    await unit.pg.execute(query("lock_run"), run_id)
    run = await SyncRun.of(unit.caller, kind).get_or_none(id=run_id)
    if run is None:
        raise NotFound(NO_RUN, "runId")
    return run, await Share.get(id=run.share_id)


def _nation(share: Share, brake: Brake) -> int:
    return share.sender_id if brake.side is Side.SENDER else share.receiver_id


async def _allowed(unit: Unit, nations: Collection[int], deed: Deed, otherwise: str) -> frozenset[int]:
    """Those of some nations in which the caller may do a deed.

    Raises:
        Forbidden: there is none.
    """
    refusal, found = Forbidden(otherwise), set[int]()
    for nation_id in nations:
        if nation_id in unit.caller.nations:
            try:
                await require_in(unit.caller, nation_id, deed)
            except Forbidden as problem:
                refusal = problem
                continue
            found.add(nation_id)
    if not found:
        raise refusal
    return frozenset(found)
