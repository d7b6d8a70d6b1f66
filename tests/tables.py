"""What the tables hold of some nations, to compare one moment with another."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from tortoise.connection import get_connection

_SHARES = "(SELECT id FROM shares WHERE sender_id = ANY($1) OR receiver_id = ANY($1))"

# By table, the rows that belong to the nations $1.
_TABLES = {
    "profiles": "nation_id = ANY($1)",
    "profile_emails": "nation_id = ANY($1)",
    "match_keys": "nation_id = ANY($1)",
    "tags": "nation_id = ANY($1)",
    "taggings": "tag_id IN (SELECT id FROM tags WHERE nation_id = ANY($1))",
    "archived_taggings": "tag_id IN (SELECT id FROM tags WHERE nation_id = ANY($1))",
    "shares": f"id IN {_SHARES}",
    "share_stats": f"share_id IN {_SHARES}",
    "matches": f"share_id IN {_SHARES}",
    "conflicts": f"share_id IN {_SHARES}",
    "changes": f"share_id IN {_SHARES}",
    "ledger": "nation_id = ANY($1)",
    "strangers": "one IN (SELECT id FROM profiles WHERE nation_id = ANY($1)) OR other IN (SELECT id FROM profiles WHERE nation_id = ANY($1))",
    "merges": "nation_id = ANY($1)",
}
# What is no more than the moment of the last try, what it saw where it found nobody for sure, and what it learnt for that.
_TRIES = {
    "matches": "to_jsonb(t) - 'tried_at' - CASE WHEN t.state IN ('NOT_FOUND', 'AMBIGUOUS') THEN '{score,candidates,evidence}'::text[] ELSE '{}' END",
    "shares": "to_jsonb(t) - 'last_sync_at' - 'next_sync_at' - 'match_quality'",
}


async def holdings(nation_ids: Collection[int], *, but: Collection[str] = ()) -> dict[str, list[str]]:
    """Return every row of some nations, by table, each as text, in one order.

    Args:
        nation_ids: the nations.
        but: tables to leave out.
    """
    found: dict[str, list[str]] = {}
    for table, rows in _TABLES.items():
        if table in but:
            continue
        statement = f"SELECT ({_TRIES.get(table, 'to_jsonb(t)')})::text AS row FROM {table} t WHERE {rows}"
        found[table] = sorted(row["row"] for row in await _rows(statement, list(nation_ids)))
    return found


async def events(nation_id: int, after: int = 0) -> list[dict[str, Any]]:
    """Return the rows of a nation's log past a position, in order."""
    rows = await _rows(
        "SELECT * FROM events WHERE nation_id = $1 AND position > $2 ORDER BY position", nation_id, after
    )
    return [{**row, "detail": json.loads(row["detail"] or "null")} for row in rows]


async def position(nation_id: int) -> int:
    """Return how far a nation's log has come."""
    rows = await _rows("SELECT position FROM streams WHERE nation_id = $1", nation_id)
    return int(rows[0]["position"]) if rows else 0


async def _rows(statement: str, *arguments: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await get_connection("default").execute_query_dict(statement, list(arguments))]


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[tuple[Any, ...]]:
    """Return what differs between two moments: table, row, column and both values, or the whole row where it is new or gone."""
    found: list[tuple[Any, ...]] = []
    for table in before:
        then, now = ({_name(row): row for row in map(json.loads, rows[table])} for rows in (before, after))
        for name in then.keys() | now.keys():
            one, other = then.get(name), now.get(name)
            if one is None or other is None:
                found.append((table, name, one, other))
            else:
                found += [(table, name, key, one[key], other[key]) for key in one if one[key] != other.get(key)]
    return found


def _name(row: dict[str, Any]) -> str:
    return str(row.get("id") or row.get("share_id") or sorted(row.items()))
