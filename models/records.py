"""Profiles read as the rules see them: sets of rows, only the columns asked for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
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
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sql_type(key: str) -> str:
    """The PostgreSQL type of a catalogue field's column."""
    return _SQL_TYPES.get(FIELDS[key].kind, "text")


def microseconds(moment: datetime) -> int:
    """A moment as the rules count it: whole microseconds since 1970, UTC."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def moment_of(counted: int) -> datetime:
    """The moment that is so many microseconds since 1970, UTC: what ``microseconds`` came from."""
    return _EPOCH + timedelta(microseconds=counted)


def to_column(key: str, value: Value) -> Any:
    """A value as its column takes it."""
    if value is not None and key in _ADDRESSES:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return value


async def load_records(
    pg: asyncpg.Connection, ids: Collection[UUID], keys: Iterable[str], *, lock: bool = False
) -> dict[UUID, Record]:
    """Read profiles by id; those that do not exist, or are archived, are missing from the answer.

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
    head = ["id", "(extract(epoch FROM created_at) * 1000000)::bigint", "times", "cleared"]
    picked = ", ".join([*head, "custom_fields" if customs else "'{}'", *columns])
    order = "ORDER BY id FOR NO KEY UPDATE" if lock else ""
    statement = f"SELECT {picked} FROM profiles WHERE id = ANY($1) AND archived_at IS NULL {order}"  # noqa: S608 (catalogue keys only)
    rows = await pg.fetch(statement, list(ids))
    emails = await _emails(pg, ids) if "emails" in wanted else {}
    documents = frozenset(columns) & _ADDRESSES
    return {row[0]: _record(row, columns, documents, emails.get(row[0])) for row in rows}


async def lock_profiles(pg: asyncpg.Connection, ids: Collection[UUID]) -> None:
    """Lock profiles until the transaction ends, in order of id, as ``load_records`` does."""
    await pg.execute("SELECT FROM profiles WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(ids))


async def differing(
    pg: asyncpg.Connection, ones: Sequence[UUID], others: Sequence[UUID], keys: Iterable[str]
) -> frozenset[str]:
    """On which fields any of some pairs of profiles differ, emails aside.

    Args:
        pg: the connection.
        ones: the one profile of each pair.
        others: the other of each, in the same order.
        keys: the catalogue keys to look at; where any custom value differs, every ``custom:slug`` among them counts.
    """
    wanted = list(dict.fromkeys(keys))
    columns = [key for key in wanted if key in _COLUMNS]
    customs = [key for key in wanted if key.startswith(CUSTOM_PREFIX)]
    compared = [*columns, *(["custom_fields"] if customs else [])]
    if not compared:
        return _NOTHING
    cells = ", ".join(f"bool_or(o.{key} IS DISTINCT FROM t.{key})" for key in compared)
    row = await pg.fetchrow(
        f"SELECT {cells} FROM unnest($1::uuid[], $2::uuid[]) AS p (one, other) "  # noqa: S608 (catalogue keys only)
        "JOIN profiles o ON o.id = p.one JOIN profiles t ON t.id = p.other",
        list(ones),
        list(others),
    )
    found = {key for key, differs in zip(compared, row or (), strict=True) if differs}
    return frozenset(found - {"custom_fields"}).union(customs if "custom_fields" in found else ())


async def _emails(pg: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    rows = await pg.fetch(query("emails_of_profiles"), list(ids))
    return {row["profile_id"]: tuple(row["addresses"]) for row in rows}


def _record(
    row: asyncpg.Record, columns: list[str], documents: frozenset[str], emails: tuple[str, ...] | None
) -> Record:
    profile_id, created, times, cleared, customs, *cells = row
    values: dict[str, Value] = {key: value for key, value in zip(columns, cells, strict=True) if value is not None}
    for key in documents & values.keys():
        values[key] = orjson.loads(values[key])  # type: ignore[arg-type]
    if emails:
        values["emails"] = emails
    if customs != "{}":
        values |= {CUSTOM_PREFIX + slug: value for slug, value in orjson.loads(customs).items()}
    known: Mapping[str, int] = NO_TIMES if times == "{}" else orjson.loads(times)
    return Record(profile_id, values, created, known, frozenset(cleared) if cleared else _NOTHING)
