"""Sync runs: a whole share matched and synced, chunk by chunk, resumable after any crash."""

from collections.abc import Collection
from uuid import UUID

from uuid_utils.compat import uuid7

from actions.unit import Unit
from models.queries import query
from models.run import SyncRun
from models.share import Share
from sharing.events import Event, EventKind, Noun
from sharing.lifecycle import RECEIVER_SEES, ShareStatus
from sharing.states import UNFINISHED, RunState, RunTrigger
from sharing.visibility import ShareKind


async def begin_run(unit: Unit, share: Share, trigger: RunTrigger) -> UUID:
    """Queue a run of an approved share; where one is under way already, give that."""
    running = await SyncRun.filter(share_id=share.id, state__in=list(UNFINISHED)).first()
    if running is not None:
        return running.id
    run = SyncRun(id=uuid7(), share_id=share.id, trigger=trigger, state=RunState.QUEUED, phase="MATCHING")
    await run.save(force_create=True)
    tell_progress(unit, run.id, share.id, (share.sender_id, share.receiver_id))
    unit.enqueue("run_sync", run.id)
    return run.id


async def look_again(unit: Unit, nation_ids: Collection[int], *, customs_only: bool = False) -> None:
    """Have the live shares of nations run again, since what travels may have changed, and tell of all their shares.

    Whoever is at work on one comes to the end first; whoever begins later does so on what this transaction commits. A
    run under way begins anew. An audience share follows with its next run, when that is due.

    Args:
        unit: the open transaction, which changes what travels.
        nation_ids: the nations on either side.
        customs_only: only the shares that ask for custom fields.
    """
    rows = await unit.pg.fetch(query("hold_live_shares"), list(nation_ids), customs_only)
    share_ids = [row["id"] for row in rows]
    for row in await unit.pg.fetch(query("restart_runs"), share_ids):
        unit.enqueue("run_sync", row["id"])
    for share in await Share.filter(id__in=share_ids, kind=ShareKind.TAG).order_by("id"):
        await begin_run(unit, share, RunTrigger.SETTINGS)
    for row in await unit.pg.fetch(query("shares_that_carry"), list(nation_ids), customs_only):
        unit.changed(row["sender_id"], Noun.TAG_SHARE, [row["id"]], row["id"])
        if ShareStatus(row["status"]) in RECEIVER_SEES:
            unit.changed(row["receiver_id"], Noun.TAG_SHARE, [row["id"]], row["id"])


def tell_progress(unit: Unit, run_id: UUID, share_id: UUID, nations: tuple[int, ...]) -> None:
    """Tell the nations that a run has moved on."""
    for nation_id in nations:
        unit.emit(nation_id, Event(EventKind.PROGRESS, Noun.SYNC_RUN, (run_id,), share_id))
