"""Profiles read as the rules see them: sets of rows, only the columns asked for."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from models.queries import query
from sharing.fields import ADDRESSES, COLUMNS, CUSTOM_PREFIX, FIELDS
from sharing.kinds import Kind
from sharing.records import NO_TIMES, Record, Value

_COLUMNS = frozenset(COLUMNS)
_ADDRESSES = frozenset(ADDRESSES)
_SQL_TYPES = {Kind.DATE: "date", Kind.BOOLEAN: "bool", Kind.LEVEL: "smallint", Kind.ADDRESS: "jsonb"}
_NOTHING: frozenset[str] = frozenset()


def sql_type(key: str) -> str:
    """The PostgreSQL type of a catalogue field's column."""
    return _SQL_TYPES.get(FIELDS[key].kind, "text")


def microseconds(moment: datetime) -> int:
    """A moment as the rules count it: whole microseconds since 1970, UTC."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def to_column(key: str, value: Value) -> Any:
    """A value as its column takes it."""
    if value is not None and key in _ADDRESSES:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return value


async def load_records(
    pg: asyncpg.Connection, ids: Collection[UUID], keys: Iterable[str], *, lock: bool = False
) -> dict[UUID, Record]:
    """Read profiles by id; those that do not exist are missing from the answer.

    Args:
        pg: the connection.
        ids: the profiles.
        keys: the catalogue keys wanted; any ``custom:slug`` reads all custom values.
        lock: whether the rows stay locked until the transaction ends. They are locked in order of id, so that no two
            transactions wait for each other.
    """
    if not ids:
        return {}
    wanted = list(dict.fromkeys(keys))
    columns = [key for key in wanted if key in _COLUMNS]
    customs = any(key == "custom_fields" or key.startswith(CUSTOM_PREFIX) for key in wanted)
    picked = ", ".join(["id", "created_at", "times", "cleared", *(["custom_fields"] if customs else []), *columns])
    order = "ORDER BY id FOR NO KEY UPDATE" if lock else ""
    rows = await pg.fetch(f"SELECT {picked} FROM profiles WHERE id = ANY($1) {order}", list(ids))  # noqa: S608 (catalogue keys only)
    emails = await _emails(pg, ids) if "emails" in wanted else {}
    return {row["id"]: _record(row, columns, customs, emails.get(row["id"])) for row in rows}


async def _emails(pg: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    rows = await pg.fetch(query("emails_of_profiles"), list(ids))
    return {row["profile_id"]: tuple(row["addresses"]) for row in rows}


def _record(row: asyncpg.Record, columns: list[str], customs: bool, emails: tuple[str, ...] | None) -> Record:
    values: dict[str, Value] = {}
    for key in columns:
        value = row[key]
        if value is not None:
            values[key] = orjson.loads(value) if key in _ADDRESSES else value
    if emails:
        values["emails"] = emails
    if customs and row["custom_fields"] != "{}":
        for slug, value in orjson.loads(row["custom_fields"]).items():
            values[CUSTOM_PREFIX + slug] = value
    times: Mapping[str, int] = NO_TIMES if row["times"] == "{}" else orjson.loads(row["times"])
    cleared = frozenset(row["cleared"]) if row["cleared"] else _NOTHING
    return Record(row["id"], values, microseconds(row["created_at"]), times, cleared)
