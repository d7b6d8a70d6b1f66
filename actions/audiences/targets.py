"""The targets of an audience: a share for each, what it puts up there, and how it is taken down."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from actions.archiving import put_away
from actions.audiences.twins import add_fields, add_reference, add_segments, remove_fields, remove_segments
from actions.new_ids import given_once
from actions.runs import begin_run, tell_progress
from actions.unit import BOXES, Unit
from models.audience import AudienceSegment
from models.queries import query
from models.run import SyncRun
from models.share import Share, ShareStats
from models.tag import Tag, TagKind
from sharing.audiences.difference import TargetChange
from sharing.audiences.rules import AudienceRules, TargetRule
from sharing.errors import InvalidInput
from sharing.events import Event, EventKind, Noun
from sharing.lifecycle import ShareStatus
from sharing.states import UNFINISHED, RunTrigger
from sharing.texts import quote
from sharing.visibility import ShareKind

# The first sync, and one after the rules were edited, waits so long: whoever errs has time to say so.
QUEUED_FOR = timedelta(minutes=2)
ARCHIVED_AT_ONCE = 5_000


async def shares_of(source_id: int, statuses: Sequence[ShareStatus] = (ShareStatus.APPROVED,)) -> list[Share]:
    """The audience shares of a source, in order."""
    rows = Share.filter(kind=ShareKind.AUDIENCE, sender_id=source_id, status__in=list(statuses))
    return await rows.order_by("id")


async def hold(unit: Unit, share: Share) -> None:
    """Let whoever works on a share, or begins a run of it, come first, and keep everybody else from it until the end.

    Whoever holds several takes them in order of id.
    """
    await unit.pg.execute(query("work_alone"), str(share.id))
    await unit.pg.fetchval("SELECT true FROM shares WHERE id = $1 FOR UPDATE", share.id)


def _group_taken(name: str) -> InvalidInput:
    return InvalidInput(
        f"A target has a group {quote(name)} since just now: choose another name.", "rules", "groupName"
    )


async def open_target(unit: Unit, source_id: int, rules: AudienceRules, rule: TargetRule) -> Share:
    """Share with a target: its group, its segments and its fields are there at once, the people with the first sync."""
    share = await Share.get_or_none(kind=ShareKind.AUDIENCE, sender_id=source_id, receiver_id=rule.nation_id)
    before = None if share is None else ShareStatus(share.status)
    if share is None:
        share = await _new_share(unit, source_id, rule.nation_id)
    now = await unit.now()
    share.status = ShareStatus.APPROVED
    share.carried, share.last_sync_at, share.next_sync_at = {}, None, now + QUEUED_FOR
    share.requested_at = share.decided_at = now
    share.stopped_at = share.stopped_by_id = None
    _carry(share, rule)
    await share.save()
    group = Tag(id=uuid7(), nation_id=rule.nation_id, kind=TagKind.GROUP, name=rules.group_name, share_id=share.id)
    with given_once(_group_taken(group.name)):
        await group.save(force_create=True)
    unit.changed(rule.nation_id, Noun.GROUP, [group.id])
    await add_reference(unit, share)
    await add_fields(unit, share, rule.customs)
    await add_segments(unit, share, rule.segments)
    _tell_status(unit, share, before)
    return share


async def _new_share(unit: Unit, source_id: int, target_id: int) -> Share:
    hidden = Tag(id=uuid7(), nation_id=source_id, kind=TagKind.AUDIENCE, name=f"audience of {target_id}")
    await hidden.save(force_create=True)
    now = await unit.now()
    share = Share(
        id=uuid7(),
        kind=ShareKind.AUDIENCE,
        status=ShareStatus.APPROVED,
        sender_id=source_id,
        receiver_id=target_id,
        tag_id=hidden.id,
        requested_at=now,
        sync_profiles=True,
        offer_new_profiles=True,
        create_new_profiles=True,
        import_as_prospects=False,
    )
    await share.save(force_create=True)
    await ShareStats.create(share_id=share.id)
    return share


def _carry(share: Share, rule: TargetRule) -> None:
    share.optional_fields, share.custom_fields = list(rule.fields), list(rule.customs)
    share.version += 1


async def alter_target(unit: Unit, share: Share, rule: TargetRule, change: TargetChange) -> None:
    """Share something else with a target; it follows with the next sync, which is due soon.

    Whoever works on the share comes to the end of a step first; a run under way begins anew.
    """
    await hold(unit, share)
    customs = [key.removeprefix("custom:") for key in change.added_fields if key.startswith("custom:")]
    gone = [key.removeprefix("custom:") for key in change.removed_fields if key.startswith("custom:")]
    await add_fields(unit, share, customs)
    await remove_fields(unit, share, gone)
    await remove_segments(unit, share, change.removed_segments)
    await add_segments(unit, share, change.added_segments)
    _carry(share, rule)
    if share.next_sync_at is not None:
        share.next_sync_at = min(share.next_sync_at, await unit.now() + QUEUED_FOR)
    await share.save(update_fields=["optional_fields", "custom_fields", "version", "next_sync_at"])
    for row in await unit.pg.fetch(query("restart_runs"), [share.id]):
        unit.enqueue("run_sync", row["id"])
    for nation_id in (share.sender_id, share.receiver_id):
        unit.changed(nation_id, Noun.TAG_SHARE, [share.id], share.id)


async def rename_group(unit: Unit, share: Share, name: str) -> None:
    """Call the target's group otherwise."""
    group = await Tag.get(share_id=share.id)
    group.name = name
    with given_once(_group_taken(name)):
        await group.save(update_fields=["name"])
    unit.changed(share.receiver_id, Noun.GROUP, [group.id])


async def sync_sooner(unit: Unit, share: Share, every_hours: int) -> None:
    """Have a target's share wait no longer than the rules say; one that waits for longer already is told."""
    if await unit.pg.fetchval(query("sync_sooner"), share.id, every_hours):
        for nation_id in (share.sender_id, share.receiver_id):
            unit.changed(nation_id, Noun.TAG_SHARE, [share.id], share.id)


async def close_target(unit: Unit, share: Share) -> None:
    """Share nothing with a target any more.

    The group, the segments and the fields that the sharing made are archived at once, and locked no longer; the
    contacts that it made are archived by a job that begins as soon as the transaction is committed. Whoever was there
    before stays.
    """
    await hold(unit, share)
    now = await unit.now()
    group = await Tag.get(share_id=share.id)
    group.share_id, group.archived_at = None, now
    await group.save(update_fields=["share_id", "archived_at"])
    unit.changed(share.receiver_id, Noun.GROUP, [group.id])
    carried = await AudienceSegment.filter(share_id=share.id).values_list("segment_id", flat=True)
    await remove_segments(unit, share, [UUID(str(segment_id)) for segment_id in carried])
    await remove_fields(unit, share)
    for run in await SyncRun.filter(share_id=share.id, state__in=list(UNFINISHED)):
        tell_progress(unit, run.id, share.id, (share.sender_id, share.receiver_id))
    share.status = ShareStatus.STOPPED
    share.stopped_at, share.stopped_by_id, share.next_sync_at = now, share.sender_id, None
    share.version += 1
    await share.save()
    await unit.pg.fetch(query("end_share"), share.id)
    await unit.pg.execute(query("unshare"), share.id, share.tag_id)
    await unit.pg.execute("UPDATE tags SET taggings = 0 WHERE id = $1", share.tag_id)
    figures = dict.fromkeys(BOXES, 0)
    unit.emit(share.sender_id, Event(EventKind.STATS, Noun.TAG_SHARE, (share.id,), share.id, figures))
    _tell_status(unit, share, ShareStatus.APPROVED)
    unit.enqueue("end_audience", share.id)


async def archive_contacts(unit: Unit, share_id: UUID) -> bool:
    """Archive some of the contacts that a share made which is over.

    Returns:
        Whether there may be more.
    """
    share = await Share.filter(id=share_id).select_for_update(no_key=True).first()
    if share is None or share.status is not ShareStatus.STOPPED:
        return False
    rows = await unit.pg.fetch(query("leavers"), share_id, None, ARCHIVED_AT_ONCE)
    if rows:
        await put_away(unit, share.receiver_id, [row["profile_id"] for row in rows])
    return len(rows) == ARCHIVED_AT_ONCE


async def set_paused(unit: Unit, share: Share, paused: bool) -> None:
    """Have a target's share sync no more for now, or again; a run under way is given up, and what it did stands.

    Whoever is about to begin a run comes first, or finds that none is due.
    """
    await hold(unit, share)
    for run in await SyncRun.filter(share_id=share.id, state__in=list(UNFINISHED)) if paused else []:
        await unit.pg.execute(query("cancel_run"), run.id)
        tell_progress(unit, run.id, share.id, (share.sender_id, share.receiver_id))
    share.next_sync_at = None if paused else await unit.now()
    await share.save(update_fields=["next_sync_at"])
    for nation_id in (share.sender_id, share.receiver_id):
        unit.changed(nation_id, Noun.TAG_SHARE, [share.id], share.id)


async def sync_now(unit: Unit, share: Share) -> UUID:
    """Begin a run of a target's share; where one is under way, give that."""
    await unit.pg.fetchval("SELECT true FROM shares WHERE id = $1 FOR NO KEY UPDATE", share.id)
    return await begin_run(unit, share, RunTrigger.ASKED)


def _tell_status(unit: Unit, share: Share, before: ShareStatus | None) -> None:
    detail = {"from": before.value if before else None, "to": share.status.value}
    for nation_id in (share.sender_id, share.receiver_id):
        unit.emit(nation_id, Event(EventKind.STATUS, Noun.TAG_SHARE, (share.id,), share.id, detail))
