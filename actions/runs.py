"""Sync runs: a whole share matched and synced, chunk by chunk, resumable after any crash."""

from uuid import UUID

from uuid_utils.compat import uuid7

from actions.unit import Unit
from models.run import SyncRun
from models.share import Share
from sharing.events import Event, EventKind, Noun
from sharing.states import UNFINISHED, RunState, RunTrigger


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


def tell_progress(unit: Unit, run_id: UUID, share_id: UUID, nations: tuple[int, ...]) -> None:
    """Tell the nations that a run has moved on."""
    for nation_id in nations:
        unit.emit(nation_id, Event(EventKind.PROGRESS, Noun.SYNC_RUN, (run_id,), share_id))
