"""Archiving people: put away with all that they bear, out of every list and match, and brought back."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg

from actions.locks import require_free
from actions.people import KEY_FIELDS, insert_keys, wake_hopefuls
from actions.rights import require_in
from actions.taggings import check_profiles, tell_count
from actions.unit import Unit
from models.queries import query
from models.records import load_records
from models.tag import TagKind
from sharing.events import Noun
from sharing.matching.keys import keys_of
from sharing.visibility import Deed


async def archive_profiles(unit: Unit, nation_id: int, profile_ids: Sequence[UUID]) -> int:
    """Put people of a nation away: they are in no list, search, segment or match. Restorable for eighteen months.

    Their values and emails stay with them. Shares end their matches as if the profiles were gone, from either side.

    Returns:
        How many were not archived before.

    Raises:
        NotFound: the caller does not belong to the nation.
        InvalidInput: a profile is not of this nation, or there are too many at once.
        Locked: a profile is in a group that an audience share made.
    """
    await require_in(unit.caller, nation_id, Deed.EDIT_PROFILES)
    await check_profiles(unit, nation_id, profile_ids, archived=True)
    await require_free(unit, profile_ids, "profileIds")
    return len(await put_away(unit, nation_id, profile_ids))


async def restore_profiles(unit: Unit, nation_id: int, profile_ids: Sequence[UUID]) -> int:
    """Bring archived people back, with their tags and groups. Shares look at them again.

    Whomever an audience share made and archived is the nation's own from then on.

    Returns:
        How many were archived.

    Raises:
        NotFound, InvalidInput: as for ``archive_profiles``.
    """
    await require_in(unit.caller, nation_id, Deed.EDIT_PROFILES)
    await check_profiles(unit, nation_id, profile_ids, archived=True)
    restored = await bring_back(unit, nation_id, profile_ids)
    await unit.pg.execute(query("own_from_now_on"), restored)
    return len(restored)


async def put_away(unit: Unit, nation_id: int, profile_ids: Collection[UUID]) -> list[UUID]:
    """Archive profiles, whoever asks for it: some thousands at once.

    Args:
        unit: the open transaction.
        nation_id: the nation.
        profile_ids: its profiles; others, and those that are archived already, are passed over.

    Returns:
        Those that were archived by this.
    """
    wanted = list(profile_ids)
    await unit.pg.fetch(query("hold_tags_of"), wanted)
    ids = [row["id"] for row in await unit.pg.fetch(query("lock_to_archive"), wanted, nation_id)]
    if not ids:
        return []
    await _look_again(unit, ids)  # as long as the tags tell which shares carry them
    await unit.pg.execute(query("set_archived"), ids, True)
    _count(unit, nation_id, await unit.pg.fetch(query("put_taggings_away"), ids), -1)
    keys = {(row["kind"], row["key"]) for row in await unit.pg.fetch(query("drop_keys_of"), ids)}
    await wake_hopefuls(unit, nation_id, keys)
    unit.changed(nation_id, Noun.PROFILE, ids)
    return ids


async def bring_back(unit: Unit, nation_id: int, profile_ids: Collection[UUID]) -> list[UUID]:
    """Restore archived profiles, whoever asks for it. Arguments as for ``put_away``.

    Returns:
        Those that were restored by this.
    """
    wanted = list(profile_ids)
    await unit.pg.fetch(query("hold_archived_tags_of"), wanted)
    ids = [row["id"] for row in await unit.pg.fetch(query("lock_archived"), wanted, nation_id)]
    if not ids:
        return []
    await unit.pg.execute(query("set_archived"), ids, False)
    _count(unit, nation_id, await unit.pg.fetch(query("bring_taggings_back"), ids), 1)
    records = await load_records(unit.pg, ids, KEY_FIELDS)
    keys = [(record.id, *key) for record in records.values() for key in keys_of(record)]
    await insert_keys(unit, nation_id, keys)
    await wake_hopefuls(unit, nation_id, {(kind, key) for _, kind, key in keys})
    await _look_again(unit, ids)
    unit.changed(nation_id, Noun.PROFILE, ids)
    return ids


async def archived_among(unit: Unit, nation_id: int, addresses: Collection[str]) -> frozenset[str]:
    """Which of some email addresses archived profiles of a nation hold."""
    if not addresses:
        return frozenset()
    rows = await unit.pg.fetch(query("archived_holders"), nation_id, list(addresses))
    return frozenset(row["address"] for row in rows)


async def _look_again(unit: Unit, profile_ids: Sequence[UUID]) -> None:
    for row in await unit.pg.fetch(query("enqueue_changes"), list(profile_ids), None):
        unit.enqueue("advance_share", row["share_id"])


def _count(unit: Unit, nation_id: int, rows: Sequence[asyncpg.Record], sign: int) -> None:
    for row in rows:
        unit.count_taggings(row["tag_id"], sign * row["profiles"])
        tell_count(unit, nation_id, row["tag_id"], TagKind(row["kind"]))
