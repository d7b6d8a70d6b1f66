"""Shares: asked for, accepted, rejected, stopped, changed and asked for again."""

from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from actions.fellows import wake_fellows
from actions.rights import require_in
from actions.runs import begin_run, tell_progress
from actions.taggings import hold_tag
from actions.tags import own_tag
from actions.terms import load_pairing, settings_as_saved
from actions.unit import BOXES, Unit
from models.nation import Nation
from models.queries import query
from models.run import SyncRun
from models.share import Share, ShareStats
from models.tag import Tag
from sharing.coverage import Settings, check
from sharing.errors import ComityError, Forbidden, IllegalTransition, InvalidInput, InvalidInputs, NotFound
from sharing.events import Event, EventKind, Noun
from sharing.lifecycle import Party, ShareAction, ShareStatus, next_status
from sharing.modes import SyncMode
from sharing.slugs import as_slug
from sharing.states import UNFINISHED, RunTrigger
from sharing.texts import quote
from sharing.visibility import Deed, ShareKind

MAX_RECEIVERS = 100


async def create_tag_shares(unit: Unit, tag_id: UUID, receiver_slugs: Sequence[str], settings: Settings) -> list[UUID]:
    """Ask nations to share in a tag, one share each. All are made, or none.

    Raises:
        NotFound: there is no such tag, or the caller may not know of it.
        Forbidden: the caller's role or plan may not, or the tag was shared to the nation by another.
        InvalidInputs: receivers or settings that cannot be; every one is named.
    """
    tag = await own_tag(unit, tag_id, Deed.CREATE_SHARE)
    receivers = await _receivers(unit, tag, receiver_slugs)
    problems: list[InvalidInput] = []
    for nation in receivers:
        pairing = await load_pairing(unit.pg, tag.nation_id, nation.id)
        problems += check(settings, pairing, nation.slug)
    if problems:
        raise InvalidInputs(problems)
    now = await unit.now()
    shares = []
    for nation in receivers:
        share = Share(
            id=uuid7(),
            kind=ShareKind.TAG,
            status=ShareStatus.PENDING,
            sender_id=tag.nation_id,
            receiver_id=nation.id,
            tag_id=tag.id,
            requested_at=now,
        )
        _put_settings(share, settings)
        await share.save(force_create=True)
        await ShareStats.create(share_id=share.id)
        _tell_status(unit, share, None)
        shares.append(share.id)
    unit.changed(tag.nation_id, Noun.TAG, [tag.id])
    return shares


async def _receivers(unit: Unit, tag: Tag, slugs: Sequence[str]) -> list[Nation]:
    if not slugs:
        raise InvalidInput("Name at least one nation to share with.", "receiverSlugs")
    if len(slugs) > MAX_RECEIVERS:
        raise InvalidInput(f"At most {MAX_RECEIVERS} nations at once: send them in parts.", "receiverSlugs")
    wanted = [slug.strip().lower() for slug in slugs]
    possible = [slug for slug in wanted if as_slug(slug)]
    nations = {nation.slug: nation for nation in await Nation.filter(slug__in=possible)}
    shared = {share.receiver_id for share in await Share.filter(tag_id=tag.id)}
    problems = []
    for place, slug in enumerate(wanted):
        nation = nations.get(slug)
        if slug in wanted[:place]:
            problem = f"{quote(slug)} is named twice: remove one."
        elif nation is None:
            problem = f"There is no nation {quote(slug)}: check the slug."
        elif nation.id == tag.nation_id:
            problem = f"“{slug}” is your own nation: name another."
        elif nation.id in shared:
            problem = f"The tag is shared with “{slug}” already: stop, update and request that share instead."
        else:
            continue
        problems.append(InvalidInput(problem, "receiverSlugs", str(place)))
    if problems:
        raise InvalidInputs(problems)
    return [nations[slug] for slug in wanted]


def _put_settings(share: Share, settings: Settings) -> None:
    share.sync_profiles = settings.sync_profiles
    share.optional_groups = list(dict.fromkeys(group.value for group in settings.groups))
    share.optional_fields = list(dict.fromkeys(settings.fields))
    share.custom_fields = list(dict.fromkeys(settings.customs))
    share.offer_new_profiles = settings.offer_new_profiles


def _tell_status(unit: Unit, share: Share, before: ShareStatus | None) -> None:
    detail = {"from": before.value if before else None, "to": share.status.value}
    for nation_id in (share.sender_id, share.receiver_id):
        unit.emit(nation_id, Event(EventKind.STATUS, Noun.TAG_SHARE, (share.id,), share.id, detail))


async def _share_to(unit: Unit, share_id: UUID, action: ShareAction, deed: Deed) -> Share:
    """A share on its way to its next status, locked; rights and the table of transitions are checked.

    Where the caller belongs to both nations, it acts for the one that the action needs.
    """
    share = await Share.of(unit.caller).get_or_none(id=share_id)
    if share is None:
        raise NotFound("There is no such share.", "shareId")
    await unit.pg.fetchval("SELECT true FROM shares WHERE id = $1 FOR UPDATE", share_id)
    await share.refresh_from_db(using_db=None)
    if await Share.of(unit.caller).get_or_none(id=share_id) is None:
        raise NotFound("There is no such share.", "shareId")
    parties = [
        (party, nation_id)
        for party, nation_id in ((Party.SENDER, share.sender_id), (Party.RECEIVER, share.receiver_id))
        if nation_id in unit.caller.nations
    ]
    refusal: ComityError | None = None
    for party, nation_id in parties:
        try:
            status = next_status(ShareStatus(share.status), action, party)
            await require_in(unit.caller, nation_id, deed)
        except (IllegalTransition, Forbidden) as problem:
            refusal = refusal or problem
            continue
        if action is ShareAction.STOP:
            share.stopped_by_id = nation_id
        share.status = status
        return share
    assert refusal is not None
    raise refusal


async def accept_tag_share(
    unit: Unit, share_id: UUID, sync_mode: SyncMode | None, create_new_profiles: bool, import_as_prospects: bool
) -> UUID:
    """Accept a share on the receiver's terms; its first run starts as soon as the transaction is committed.

    Raises:
        NotFound: there is no such share, or the caller may not know of it.
        Forbidden: only an admin of the receiver accepts.
        IllegalTransition: the share is not pending, or the caller is its sender.
        InvalidInput: a term is missing, or one too many is given.
    """
    share = await _share_to(unit, share_id, ShareAction.ACCEPT, Deed.DECIDE_SHARE)
    _check_terms(share, sync_mode, create_new_profiles, import_as_prospects)
    assert share.tag_id is not None
    await hold_tag(unit, share.tag_id)
    tag = await Tag.get(id=share.tag_id)
    share.sync_mode = sync_mode
    share.carried = {}
    share.create_new_profiles = create_new_profiles if share.sync_profiles else None
    share.import_as_prospects = import_as_prospects if share.sync_profiles else None
    await _decide(unit, share)
    twin = Tag(id=uuid7(), nation_id=share.receiver_id, name=tag.name, share_id=share.id)
    await twin.save(force_create=True)
    unit.changed(share.receiver_id, Noun.TAG, [twin.id])
    await begin_run(unit, share, RunTrigger.ACCEPTED)
    return share.id


def _check_terms(share: Share, mode: SyncMode | None, create: bool, prospects: bool) -> None:
    problems = []
    if share.sync_profiles and mode is None:
        problems.append(InvalidInput("The share syncs profiles: choose how, by one of the three modes.", "syncMode"))
    if not share.sync_profiles and mode is not None:
        problems.append(InvalidInput("The share carries a tag alone: leave the sync mode out.", "syncMode"))
    if create and not share.offer_new_profiles:
        problems.append(InvalidInput("The sender offers no new profiles: leave this out.", "createNewProfiles"))
    if prospects and not create:
        problems.append(
            InvalidInput("Prospects come only with new profiles: choose createNewProfiles too.", "importAsProspects")
        )
    if problems:
        raise InvalidInputs(problems)


async def _decide(unit: Unit, share: Share) -> None:
    share.decided_at = await unit.now()
    share.version += 1
    await share.save()
    _tell_status(unit, share, ShareStatus.PENDING)


async def reject_tag_share(unit: Unit, share_id: UUID) -> UUID:
    """Reject a share.

    Raises:
        NotFound, Forbidden, IllegalTransition: as for ``accept_tag_share``.
    """
    share = await _share_to(unit, share_id, ShareAction.REJECT, Deed.DECIDE_SHARE)
    await _decide(unit, share)
    return share.id


async def stop_tag_share(unit: Unit, share_id: UUID) -> UUID:
    """Stop a share from either side. The receiver loses the tag; people, and what was synced, stay.

    Raises:
        NotFound: there is no such share, or the caller may not know of it.
        Forbidden: only an admin stops.
        IllegalTransition: the share is neither pending nor approved.
    """
    share = await Share.of(unit.caller).get_or_none(id=share_id)
    before = ShareStatus(share.status) if share else None
    share = await _share_to(unit, share_id, ShareAction.STOP, Deed.STOP_SHARE)
    share.stopped_at = await unit.now()
    share.next_sync_at = None
    share.version += 1
    await share.save()
    twin = await Tag.get_or_none(share_id=share.id)
    for run in await SyncRun.filter(share_id=share.id, state__in=list(UNFINISHED)):
        tell_progress(unit, run.id, share.id, (share.sender_id,))
    await wake_fellows(unit, share.id)
    untagged = await unit.pg.fetch(query("end_share"), share.id)
    if twin is not None:
        await unit.pg.execute("DELETE FROM tags WHERE id = $1", twin.id)
        unit.deleted(share.receiver_id, Noun.TAG, [twin.id])
        unit.changed(share.receiver_id, Noun.PROFILE, [row["profile_id"] for row in untagged])
        figures = dict.fromkeys(BOXES, 0)
        unit.emit(share.sender_id, Event(EventKind.STATS, Noun.TAG_SHARE, (share.id,), share.id, figures))
    _tell_status(unit, share, before)
    unit.deleted(share.receiver_id, Noun.TAG_SHARE, [share.id], share.id)
    unit.changed(share.sender_id, Noun.TAG, [share.tag_id] if share.tag_id else [])
    return share.id


async def update_tag_share(unit: Unit, share_id: UUID, settings: Settings) -> UUID:
    """Change the settings of a stopped or denied share; they are kept until it is requested again.

    Raises:
        NotFound, Forbidden: as for ``accept_tag_share``, of the sender.
        IllegalTransition: the share is pending or approved: stop it first.
        InvalidInputs: settings that cannot be; every one is named.
    """
    share = await _share_to(unit, share_id, ShareAction.UPDATE, Deed.CREATE_SHARE)
    await _check_settings(unit, share, settings)
    _put_settings(share, settings)
    share.version += 1
    await share.save()
    unit.changed(share.sender_id, Noun.TAG_SHARE, [share.id], share.id)
    if share.status is not ShareStatus.STOPPED:
        unit.changed(share.receiver_id, Noun.TAG_SHARE, [share.id], share.id)
    return share.id


async def _check_settings(unit: Unit, share: Share, settings: Settings) -> None:
    receiver = await Nation.get(id=share.receiver_id)
    problems = check(settings, await load_pairing(unit.pg, share.sender_id, share.receiver_id), receiver.slug)
    if problems:
        raise InvalidInputs(problems)


async def request_tag_share(unit: Unit, share_id: UUID) -> UUID:
    """Ask again, on the settings as they were saved; the receiver decides anew.

    Raises:
        NotFound, Forbidden, IllegalTransition, InvalidInputs: as for ``update_tag_share``.
    """
    before = await Share.of(unit.caller).get_or_none(id=share_id)
    share = await _share_to(unit, share_id, ShareAction.REQUEST, Deed.CREATE_SHARE)
    await _check_settings(unit, share, settings_as_saved(share))
    share.requested_at = await unit.now()
    share.decided_at = share.stopped_at = share.stopped_by_id = None
    share.sync_mode = share.create_new_profiles = share.import_as_prospects = None
    share.version += 1
    await share.save()
    _tell_status(unit, share, ShareStatus(before.status) if before else None)
    return share.id


async def sync_share_now(unit: Unit, share_id: UUID) -> UUID:
    """Start a run of an approved share at once, or join the one under way.

    Returns:
        The run.

    Raises:
        NotFound: there is no such share, or the caller may not know of it.
        Forbidden: only an admin starts a sync.
        IllegalTransition: the share is not approved.
    """
    share = await _share_to(unit, share_id, ShareAction.SYNC, Deed.SYNC_SHARE)
    return await begin_run(unit, share, RunTrigger.ASKED)
