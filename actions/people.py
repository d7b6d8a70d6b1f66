"""Writing profiles: the one place where a person's data changes, whoever asks for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from actions.firing import fire_automations
from actions.unit import Unit
from models.queries import query
from models.records import sql_type, to_column
from sharing.events import Noun
from sharing.fields import COLUMNS, CUSTOM_PREFIX, FIELDS
from sharing.kinds import Matching
from sharing.matching.keys import MAX_HOLDERS, SOURCES, keys_of
from sharing.records import Record, Value
from sharing.writes import Write

_COLUMNS = frozenset(COLUMNS)
# What has to be loaded of a profile before it is written: its keys are computed anew from these.
KEY_FIELDS: tuple[str, ...] = tuple(sorted(SOURCES))
# What speaks for or against a match.
_EVIDENCE = frozenset(key for key, field in FIELDS.items() if field.matching is not Matching.NONE)
# Where none of these is written, a profile keeps its keys, and ``KEY_FIELDS`` need not be loaded.
IDENTIFYING: frozenset[str] = _EVIDENCE | SOURCES


@dataclass(frozen=True, slots=True)
class NewProfile:
    """A profile to be made.

    Attributes:
        record: its id, values and times; ``created`` is not used: the moment of insertion is the database's.
        is_supporter: whether it counts as a supporter.
        is_prospect: whether it is a prospect.
    """

    record: Record
    is_supporter: bool = False
    is_prospect: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What changes on one profile: field writes, and its emails as a whole where they change.

    A field written blank counts as cleared on purpose, unless it is among ``blanked``.
    """

    writes: Mapping[str, Write] = field(default_factory=dict)
    emails: Write | None = None
    blanked: frozenset[str] = frozenset()


async def insert_profiles(
    unit: Unit, nation_id: int, new: Sequence[NewProfile], *, share_id: UUID | None = None
) -> None:
    """Insert profiles with their emails and keys; tell the nation, and the shares that may be waiting for them.

    Args:
        unit: the open transaction.
        nation_id: the nation.
        new: the profiles.
        share_id: the share that makes them, which does not wait for them; None for a person's.
    """
    if not new:
        return
    now = await unit.now()
    used = sorted({key for profile in new for key in profile.record.values if key in _COLUMNS})
    head = ["id", "nation_id", "is_supporter", "is_prospect", "custom_fields", "times", "created_at", "updated_at"]
    rows = [_row(profile, nation_id, now, used) for profile in new]
    await unit.pg.copy_records_to_table("profiles", records=rows, columns=[*head, *used])
    ids = [profile.record.id for profile in new]
    emails = [
        (nation_id, profile.record.id, address, place, place == 0)
        for profile in new
        for place, address in enumerate(_addresses(profile.record.value("emails")))
    ]
    if emails:
        await unit.pg.copy_records_to_table(
            "profile_emails", records=emails, columns=["nation_id", "profile_id", "address", "position", "is_primary"]
        )
    keys = [(profile.record.id, *key) for profile in new for key in keys_of(profile.record)]
    await insert_keys(unit, nation_id, keys)
    await wake_hopefuls(unit, nation_id, {(kind, key) for _, kind, key in keys}, share_id)
    unit.changed(nation_id, Noun.PROFILE, ids)


def _row(profile: NewProfile, nation_id: int, now: datetime, used: Sequence[str]) -> tuple[Any, ...]:
    record = profile.record
    return (
        record.id,
        nation_id,
        profile.is_supporter,
        profile.is_prospect,
        orjson.dumps(_customs(record.values)).decode(),
        orjson.dumps(dict(record.times)).decode() if record.times else "{}",
        now,
        now,
        *(to_column(key, record.value(key)) for key in used),
    )


def _customs(values: Mapping[str, Value]) -> dict[str, Value]:
    return {key.removeprefix(CUSTOM_PREFIX): value for key, value in values.items() if key.startswith(CUSTOM_PREFIX)}


def _addresses(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


async def insert_keys(unit: Unit, nation_id: int, keys: Collection[tuple[UUID, int, int]]) -> None:
    """Give profiles of a nation match keys: the profile, the kind and the key of each."""
    if not keys:
        return
    rows = [(nation_id, kind, key, profile_id) for profile_id, kind, key in keys]
    await unit.pg.copy_records_to_table("match_keys", records=rows, columns=["nation_id", "kind", "key", "profile_id"])


async def wake_hopefuls(
    unit: Unit, nation_id: int, keys: Collection[tuple[int, int]], share_id: UUID | None = None
) -> None:
    """Have whoever waits for a match in a nation and holds one of these keys looked at again, save those of a share."""
    if keys and await _somebody_waits(unit, nation_id, share_id):
        await _wake(unit, nation_id, keys, share_id)


async def _wake(unit: Unit, nation_id: int, keys: Collection[tuple[int, int]], share_id: UUID | None) -> None:
    kinds, hashes = zip(*keys, strict=True)
    waiting = await unit.pg.fetch(
        query("enqueue_hopefuls"), nation_id, list(kinds), list(hashes), MAX_HOLDERS, share_id
    )
    for row in waiting:
        unit.enqueue("advance_share", row["share_id"])


async def _somebody_waits(unit: Unit, nation_id: int, share_id: UUID | None) -> bool:
    """Whether anybody waits for a match in a nation, save those of a share."""
    return bool(await unit.pg.fetchval(query("somebody_waits"), nation_id, share_id))


async def write_profiles(
    unit: Unit,
    nation_id: int,
    before: Mapping[UUID, Record],
    edits: Mapping[UUID, Edit],
    *,
    share_id: UUID | None = None,
    fires: bool = True,
) -> dict[UUID, Record]:
    """Write edits into profiles of one nation, with all that hangs on their values.

    Args:
        unit: the open transaction, which holds the profiles locked.
        nation_id: the nation.
        before: the profiles as they stand, with every field that any edit writes, and with those of ``KEY_FIELDS``
            where an edit writes one of ``IDENTIFYING``.
        edits: what changes, by profile; edits that change nothing may be among them.
        share_id: the share that writes, which need not look at its own writes again; None for a person's edit.
        fires: whether the nation's automations fire: for what people of it decide, not for what a share brings.

    Returns:
        The records as they stand afterwards, of the profiles that changed.
    """
    edits = {profile_id: edit for profile_id, edit in edits.items() if edit.writes or edit.emails is not None}
    if not edits:
        return {}
    after = {profile_id: _applied(before[profile_id], edit) for profile_id, edit in edits.items()}
    await _update_columns(unit, edits, after)
    await _write_emails(unit, nation_id, before, edits)
    await _update_keys(unit, nation_id, before, edits, after, share_id)
    ids = list(edits)
    unit.changed(nation_id, Noun.PROFILE, ids)
    for row in await unit.pg.fetch(query("enqueue_changes"), ids, share_id):
        unit.enqueue("advance_share", row["share_id"])
    if fires:
        await fire_automations(unit, nation_id, _touched(edits), before, after)
    return after


def _touched(edits: Mapping[UUID, Edit]) -> set[str]:
    emails = {"emails"} if any(edit.emails is not None for edit in edits.values()) else set()
    return {key for edit in edits.values() for key in edit.writes} | emails


async def write_flags(unit: Unit, nation_id: int, flags: Mapping[UUID, Mapping[str, bool]]) -> None:
    """Set ``is_supporter`` and ``is_prospect`` on profiles of one nation, as far as given, and tell it what changed."""
    rows = [(key, given.get("is_supporter"), given.get("is_prospect")) for key, given in flags.items() if given]
    if not rows:
        return
    changed = await unit.pg.fetch(query("set_flags"), *_columns_of(rows, 3))
    unit.changed(nation_id, Noun.PROFILE, [row["id"] for row in changed])


def _applied(record: Record, edit: Edit) -> Record:
    values, times, cleared = dict(record.values), dict(record.times), set(record.cleared)
    writes = dict(edit.writes)
    if edit.emails is not None:
        writes["emails"] = edit.emails
    for key, write in writes.items():
        times[key] = write.time
        if write.value is None or write.value == ():
            values.pop(key, None)
        else:
            values[key] = write.value
        if write.value is None and key not in edit.blanked:
            cleared.add(key)
        else:
            cleared.discard(key)
    return Record(record.id, values, record.created, times, frozenset(cleared))


async def _update_columns(unit: Unit, edits: Mapping[UUID, Edit], after: Mapping[UUID, Record]) -> None:
    touched = {key for edit in edits.values() for key in edit.writes}
    columns = sorted(key for key in touched if key in _COLUMNS)
    customs = any(key.startswith(CUSTOM_PREFIX) for key in touched)
    types = ["uuid", "jsonb", "text", *(["jsonb"] if customs else []), *(sql_type(key) for key in columns)]
    names = ["id", "times", "cleared", *(["custom_fields"] if customs else []), *columns]
    records = [after[profile_id] for profile_id in edits]
    arrays: list[list[Any]] = [
        [record.id for record in records],
        [orjson.dumps(dict(record.times)).decode() for record in records],
        # unnest() flattens arrays of arrays, so the list travels as the text of one.
        ["{" + ",".join(sorted(record.cleared)) + "}" for record in records],
    ]
    if customs:
        arrays.append([orjson.dumps(_customs(record.values)).decode() for record in records])
    arrays += [[to_column(key, record.value(key)) for record in records] for key in columns]
    sets = ["times = u.times", "cleared = u.cleared::text[]", *(f"{name} = u.{name}" for name in names[3:])]
    places = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    statement = (
        f"UPDATE profiles p SET {', '.join(sets)}, version = p.version + 1, updated_at = clock_timestamp() "  # noqa: S608
        f"FROM unnest({places}) AS u ({', '.join(names)}) WHERE p.id = u.id"
    )
    await unit.pg.execute(statement, *arrays)


async def _write_emails(unit: Unit, nation_id: int, before: Mapping[UUID, Record], edits: Mapping[UUID, Edit]) -> None:
    changed = {profile_id: edit.emails for profile_id, edit in edits.items() if edit.emails is not None}
    if not changed:
        return
    old = {profile_id: _addresses(before[profile_id].value("emails")) for profile_id in changed}
    new = {profile_id: _addresses(write.value) for profile_id, write in changed.items()}
    gone = [(pid, address) for pid in changed for address in old[pid] if address not in new[pid]]
    kept = [(address, place) for pid in changed for place, address in enumerate(new[pid]) if address in old[pid]]
    added = [(pid, a, place) for pid in changed for place, a in enumerate(new[pid]) if a not in old[pid]]
    await unit.pg.execute(query("delete_emails"), *_columns_of(gone, 2))
    await unit.pg.execute(query("order_emails"), nation_id, *_columns_of(kept, 2))
    await unit.pg.execute(query("insert_emails"), nation_id, *_columns_of(added, 3))
    await unit.pg.execute(query("choose_primary_emails"), list(changed))


def _columns_of(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


async def _update_keys(
    unit: Unit,
    nation_id: int,
    before: Mapping[UUID, Record],
    edits: Mapping[UUID, Edit],
    after: Mapping[UUID, Record],
    share_id: UUID | None,
) -> None:
    concerned: dict[UUID, set[str]] = {}
    for profile_id, edit in edits.items():
        touched = {*edit.writes, *(("emails",) if edit.emails is not None else ())}
        if not SOURCES.isdisjoint(touched):
            concerned[profile_id] = touched
    old = {(pid, *key) for pid, touched in concerned.items() for key in keys_of(before[pid], touched)}
    new = {(pid, *key) for pid, touched in concerned.items() for key in keys_of(after[pid], touched)}
    gone, fresh = list(old - new), list(new - old)
    if gone:
        await unit.pg.execute(query("delete_keys"), nation_id, *_columns_of(gone, 3))
    await insert_keys(unit, nation_id, fresh)
    # A value may settle a doubt that other keys led to: whoever holds any key of the profile is told.
    doubted = [pid for pid, edit in edits.items() if edit.emails is not None or not _EVIDENCE.isdisjoint(edit.writes)]
    if not doubted or not await _somebody_waits(unit, nation_id, share_id):
        return
    telling = {(kind, key) for _, kind, key in [*gone, *fresh]}
    telling.update(key for profile_id in doubted for key in keys_of(after[profile_id]))
    if telling:
        await _wake(unit, nation_id, telling, share_id)
