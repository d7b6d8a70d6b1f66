"""The ledger: what a share wrote into whom, kept for provenance and undo."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from actions.people import Edit
from sharing.records import Record, Value
from sharing.values import text


async def record_writes(
    pg: asyncpg.Connection,
    share_id: UUID,
    run_id: UUID | None,
    nation_id: int,
    matches: Mapping[UUID, UUID],
    before: Mapping[UUID, Record],
    edits: Mapping[UUID, Edit],
) -> None:
    """Record one row for each profile written.

    Args:
        pg: the connection.
        share_id: the share that wrote.
        run_id: the run that it was part of, if any.
        nation_id: the nation whose profiles were written.
        matches: the match of each profile.
        before: the profiles as they stood.
        edits: what was written.
    """
    rows = [
        (share_id, matches[profile_id], run_id, nation_id, profile_id, _writes(before[profile_id], edit))
        for profile_id, edit in edits.items()
    ]
    if rows:
        await pg.copy_records_to_table(
            "ledger", records=rows, columns=["share_id", "match_id", "run_id", "nation_id", "profile_id", "writes"]
        )


def _writes(before: Record, edit: Edit) -> str:
    entries: dict[str, list[Any]] = {
        key: [_plain(before.value(key)), _plain(write.value), write.time] for key, write in edit.writes.items()
    }
    if edit.emails is not None:
        entries["emails"] = [_plain(before.value("emails")), _plain(edit.emails.value), edit.emails.time]
    return orjson.dumps(entries).decode()


def _plain(value: Value) -> Any:
    return value if isinstance(value, (str, int, bool, dict, tuple)) or value is None else text(value)
