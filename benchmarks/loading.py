"""Made-up nations put straight into the database: what is measured is matching, not importing."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from uuid_utils.compat import uuid7

from benchmarks.population import Profile
from models.records import to_column
from sharing.fields import COLUMNS

_AT_ONCE = 20_000
_KNOWN = frozenset(COLUMNS)


async def load(pg: asyncpg.Connection, slug: str, profiles: Sequence[Profile]) -> list[UUID]:
    """Insert a nation's profiles and emails; gives their ids, in the same order.

    Keys for single edits are left out: a run that matches in bulk reads none.
    """
    nation_id = await pg.fetchval("SELECT id FROM nations WHERE slug = $1", slug)
    ids = [uuid7() for _ in profiles]
    columns = sorted({key for profile in profiles for key in profile.values if key in _KNOWN})
    for at in range(0, len(profiles), _AT_ONCE):
        some = list(zip(ids[at : at + _AT_ONCE], profiles[at : at + _AT_ONCE], strict=True))
        rows = [(pid, nation_id, *(to_column(key, p.values.get(key)) for key in columns)) for pid, p in some]
        await pg.copy_records_to_table("loading", records=rows, columns=["id", "nation_id", *columns])
        names = ", ".join(["id", "nation_id", *columns])
        await pg.execute(
            f"INSERT INTO profiles (created_at, updated_at, {names}) SELECT now(), now(), {names} FROM loading;"  # noqa: S608
            "TRUNCATE loading"
        )
        emails = [
            (nation_id, pid, address, place, place == 0)
            for pid, profile in some
            for place, address in enumerate(profile.values.get("emails") or ())  # type: ignore[arg-type]
        ]
        await pg.copy_records_to_table(
            "profile_emails", records=emails, columns=["nation_id", "profile_id", "address", "position", "is_primary"]
        )
    return ids


async def prepare(pg: asyncpg.Connection) -> None:
    """Make the table by which profiles come in."""
    await pg.execute(
        "CREATE UNLOGGED TABLE loading (LIKE profiles); ALTER TABLE loading ALTER created_at DROP NOT NULL"
    )
    for column in ("updated_at", "version", "is_supporter", "is_prospect", "custom_fields", "times", "cleared"):
        await pg.execute(f"ALTER TABLE loading ALTER {column} DROP NOT NULL")


async def tag(pg: asyncpg.Connection, slug: str, name: str, ids: Sequence[UUID]) -> None:
    """Put a tag on some of a nation's profiles."""
    tag_id = uuid7()
    await pg.execute(
        "INSERT INTO tags (id, nation_id, name, taggings, created_at) "
        "SELECT $1, id, $3, $4, now() FROM nations WHERE slug = $2",
        tag_id,
        slug,
        name,
        len(ids),
    )
    await pg.copy_records_to_table("taggings", records=[(tag_id, pid) for pid in ids], columns=["tag_id", "profile_id"])
