"""Merging duplicates: one profile of a nation takes in others that are the same person, with all that hangs on them."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

import asyncpg
import orjson
from uuid_utils.compat import uuid7

from actions.advance import hold_share, look_later
from actions.candidates import strangers_of
from actions.links import end_matches, pass_link, surest, tag
from actions.people import Edit, write_flags, write_profiles
from actions.profiles import NO_PROFILE, check_version, remove_profiles
from actions.rights import require_in
from actions.taggings import tell_count
from actions.terms import ShareTerms
from actions.unit import Unit
from models.profile import Profile
from models.queries import query
from models.records import load_records, microseconds
from models.tag import TagKind
from sharing.errors import Archived, InvalidInput, InvalidInputs, NotFound, Refused
from sharing.events import Noun
from sharing.fields import FIELDS
from sharing.merging import MAX_DUPLICATES, merger
from sharing.states import LINKED, MatchState
from sharing.visibility import Deed


async def merge_profiles(
    unit: Unit, survivor_id: UUID, duplicate_ids: Sequence[UUID], *, expected_version: int | None = None
) -> UUID:
    """Merge duplicates into a profile, and delete them; what they were is kept, so that it can be told and taken back.

    Its own values stay, its blanks are filled, opt-outs hold, emails and tags are united. In each share it has the
    link that it had; else the surest of those of its duplicates, which begins anew. Whoever was in doubt or loses a
    link because of them is matched again.

    Args:
        unit: the open transaction.
        survivor_id: the profile that is left.
        duplicate_ids: 1 to 10 others of the same nation.
        expected_version: the version of the first that the caller saw; None takes whatever stands.

    Returns:
        What it is on record as: ``dropped_in`` tells which values are lost to the profile.

    Raises:
        NotFound: there is no such profile, or the caller may not know of it.
        Archived: one of them is archived.
        InvalidInput: a duplicate is not of the nation, is named twice or is the profile itself, there are none or too
            many, or the emails are more than a profile has room for.
        StaleVersion: the profile has changed since the caller saw it.
    """
    profile = await Profile.of(unit.caller).get_or_none(id=survivor_id)
    if profile is None:
        raise NotFound(NO_PROFILE, "profileId")
    nation = await require_in(unit.caller, profile.nation_id, Deed.EDIT_PROFILES)
    _check(survivor_id, duplicate_ids)
    ids = [survivor_id, *duplicate_ids]
    own = await Profile.of(unit.caller).filter(nation_id=nation.id, id__in=ids)
    _check_live(ids, [row.id for row in own if row.archived_at is not None])
    _check_there(ids, [row.id for row in own])  # before anything is held that is not the caller's
    held = await _hold(unit, ids)
    supporters = await _lock(unit, nation.id, ids)
    await check_version(unit, survivor_id, expected_version)
    records = await load_records(unit.pg, ids, FIELDS)
    survivor, duplicates = records[survivor_id], [records[duplicate_id] for duplicate_id in duplicate_ids]
    try:
        found = merger(survivor, duplicates, microseconds(await unit.now()))
    except Refused as refused:
        raise InvalidInput(refused.message, "duplicateIds") from None
    who = (unit.caller.user_id, unit.caller.token_id)
    merge_id, dropped = uuid7(), orjson.dumps([(one.key, one.value) for one in found.dropped]).decode()
    await unit.pg.execute(query("record_merge"), merge_id, nation.id, survivor_id, ids, *who, dropped)
    await _pass_on(unit, nation.id, held, survivor_id, duplicate_ids)
    bad = [row["address"] for row in await unit.pg.fetch(query("bad_emails"), list(duplicate_ids))]
    await remove_profiles(unit, nation.id, duplicate_ids)
    await write_flags(unit, nation.id, {survivor_id: {"is_supporter": True} if supporters else {}})
    await write_profiles(unit, nation.id, records, {survivor_id: Edit(found.writes, found.emails)})
    await unit.pg.execute(query("mark_emails_bad"), nation.id, bad)
    await _look_again(unit, [survivor_id])
    unit.changed(nation.id, Noun.PROFILE, [survivor_id])
    return merge_id


def _check(survivor_id: UUID, duplicate_ids: Sequence[UUID]) -> None:
    if not 1 <= len(duplicate_ids) <= MAX_DUPLICATES:
        raise InvalidInput(f"Name 1 to {MAX_DUPLICATES} duplicates: merge more in turn.", "duplicateIds")
    problems = list(_doubles(survivor_id, duplicate_ids))
    if problems:
        raise InvalidInputs(problems)


def _doubles(survivor_id: UUID, duplicate_ids: Sequence[UUID]) -> Iterator[InvalidInput]:
    for place, duplicate_id in enumerate(duplicate_ids):
        if duplicate_id == survivor_id:
            yield InvalidInput("This is the profile that is left: name only the others.", "duplicateIds", str(place))
        elif duplicate_id in duplicate_ids[:place]:
            yield InvalidInput("This profile is named twice: remove one.", "duplicateIds", str(place))


def _check_live(ids: Sequence[UUID], archived: Collection[UUID]) -> None:
    survivor_id, *duplicate_ids = ids
    if survivor_id in archived:
        raise Archived("profile", "profileId")
    found = [Archived("profile", "duplicateIds", str(n)) for n, one in enumerate(duplicate_ids) if one in archived]
    if found:
        raise InvalidInputs(list(found))


async def _hold(unit: Unit, ids: Sequence[UUID]) -> list[ShareTerms]:
    """Hold the live shares that carry some profiles, then what two who merge might both hold, then tags; in order.

    A share that comes to carry one of them meanwhile finds it gone, as if it had been deleted.
    """
    rows = await unit.pg.fetch(query("shares_of_people"), list(ids))
    held = [await hold_share(unit, row["id"]) for row in rows]
    await unit.pg.fetch(query("hold_strangers"), list(ids))
    await unit.pg.fetch(query("hold_tags_of"), list(ids))
    return [terms for terms in held if terms is not None]


async def _lock(unit: Unit, nation_id: int, ids: Sequence[UUID]) -> bool:
    """Lock the profiles, all of which must be there; gives whether any of them is a supporter."""
    rows = await unit.pg.fetch(query("lock_profiles"), nation_id, list(ids))
    _check_there(ids, [row["id"] for row in rows])
    return any(row["is_supporter"] for row in rows)


def _check_there(ids: Sequence[UUID], there: Collection[UUID]) -> None:
    survivor_id, *duplicate_ids = ids
    if survivor_id not in there:
        raise NotFound(NO_PROFILE, "profileId")
    missing = [place for place, profile_id in enumerate(duplicate_ids) if profile_id not in there]
    if missing:
        raise InvalidInputs(
            [InvalidInput("There is no such profile in this nation.", "duplicateIds", str(place)) for place in missing]
        )


async def _pass_on(
    unit: Unit, nation_id: int, held: Sequence[ShareTerms], survivor_id: UUID, duplicate_ids: Sequence[UUID]
) -> None:
    """Give the profile that is left the tags of its duplicates, those who are not the same person, and links."""
    for row in await unit.pg.fetch(query("pass_taggings"), survivor_id, list(duplicate_ids)):
        unit.count_taggings(row["tag_id"], 1)
        tell_count(unit, nation_id, row["tag_id"], TagKind(row["kind"]))
    await unit.pg.execute(query("was_there_before"), survivor_id, list(duplicate_ids))
    passed = await unit.pg.fetch(query("pass_strangers"), survivor_id, list(duplicate_ids))
    await _look_again(unit, [row["stranger"] for row in passed])
    strangers = {other for one, other in await strangers_of(unit.pg, [survivor_id]) if one == survivor_id}
    ids = [survivor_id, *duplicate_ids]
    for terms in held:
        if terms.receiver_id == nation_id:
            rows = await unit.pg.fetch(query("claims_on"), terms.id, ids)
            await _pass_received(unit, terms, rows, survivor_id, strangers)
        else:
            rows = await unit.pg.fetch(query("live_matches"), terms.id, ids)
            await _pass_sent(unit, terms, rows, survivor_id, strangers)


async def _pass_received(
    unit: Unit, terms: ShareTerms, rows: Sequence[asyncpg.Record], survivor_id: UUID, strangers: set[UUID]
) -> None:
    """What becomes of the links to the profiles, in a share that the nation receives."""
    fit = [row for row in rows if row["sender_profile_id"] not in strangers]
    own = next((row for row in fit if row["receiver_profile_id"] == survivor_id), None)
    heir = own or surest(fit)
    await end_matches(unit, terms, [row["id"] for row in rows if row is not heir])
    if heir is not None and heir is not own:
        await pass_link(unit, terms, heir, heir["sender_profile_id"], survivor_id)
        await tag(unit, terms, {survivor_id})
    await look_later(unit, terms.id, {row["sender_profile_id"] for row in rows})


async def _pass_sent(
    unit: Unit, terms: ShareTerms, rows: Sequence[asyncpg.Record], survivor_id: UUID, strangers: set[UUID]
) -> None:
    """What becomes of the matches of the profiles, in a share that the nation sends."""
    linked = [row for row in rows if MatchState(row["state"]) in LINKED]
    receivers = {row["receiver_profile_id"] for row in linked} - strangers
    found = await unit.pg.fetch("SELECT id FROM profiles WHERE id = ANY($1) AND archived_at IS NULL", list(receivers))
    there = {row["id"] for row in found}
    fit = [row for row in linked if row["receiver_profile_id"] in there]
    own = next((row for row in fit if row["sender_profile_id"] == survivor_id), None)
    borne = await unit.pg.fetch(query("tagged_among"), terms.tag_id, [survivor_id])
    heir = own or (surest(fit) if borne else None)
    kept = heir or next((row for row in rows if row["sender_profile_id"] == survivor_id and row not in linked), None)
    # What an audience gives up, it gives up in its next run.
    ending = [row for row in rows if not terms.one_way or row["sender_profile_id"] == survivor_id]
    freed = await end_matches(unit, terms, [row["id"] for row in ending if row is not kept])
    if heir is not None and heir is not own:
        await pass_link(unit, terms, heir, survivor_id, heir["receiver_profile_id"])
    await look_later(unit, terms.id, [survivor_id], freed)


async def _look_again(unit: Unit, profile_ids: Sequence[UUID]) -> None:
    """Have the shares that carry some profiles look at them, although none of their values may have changed."""
    for row in await unit.pg.fetch(query("enqueue_changes"), list(profile_ids), None):
        unit.enqueue("advance_share", row["share_id"])
