"""The least that writing the same rows takes: statements over whole tables that know every row as it ends."""

import time

import asyncpg

# What a sync writes, and what tells a row of each table from the others.
TABLES = {
    "profiles": ("id",),
    "profile_emails": ("id",),
    "match_keys": ("profile_id", "kind", "key"),
    "taggings": ("id",),
    "matches": ("id",),
    "conflicts": ("id",),
    "ledger": ("id",),
    "events": ("nation_id", "position"),
}

# Of these, rows come and go.
NEVER_CHANGED = ("match_keys", "taggings", "ledger", "events")


async def copy_tables(connection: asyncpg.Connection) -> None:
    """Copy the tables as they are before, indexes and all."""
    for table in TABLES:
        await connection.execute(f"CREATE TABLE bound_{table} (LIKE {table} INCLUDING ALL EXCLUDING INDEXES)")
        await connection.execute(f"INSERT INTO bound_{table} SELECT * FROM {table}")  # noqa: S608 (the names above)
        for row in await connection.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1", table):
            copied = row["indexdef"].replace(f" ON public.{table} ", f" ON public.bound_{table} ")
            await connection.execute(copied.replace(f" {row['indexname']} ", f" bound_{row['indexname']} ", 1))
    await connection.execute("ANALYZE")


async def write_again(connection: asyncpg.Connection) -> float:
    """Bring the copies to where the tables are now; gives the seconds that it took."""
    await connection.execute("ANALYZE")
    columns = {table: await _columns(connection, table) for table in TABLES}
    # The planner last saw some of the copies empty, and would go through them once for every row.
    await connection.execute("SET work_mem = '256MB'; SET enable_nestloop = off")
    start = time.perf_counter()
    for table, keys in TABLES.items():
        same = " AND ".join(f"old.{key} = new.{key}" for key in keys)
        names = ", ".join(columns[table])
        before, after = (", ".join(f"{side}.{name}" for name in columns[table]) for side in ("old", "new"))
        changed = f"({before}) IS DISTINCT FROM ({after})"
        for statement in (
            f"DELETE FROM bound_{table} old WHERE NOT EXISTS (SELECT FROM {table} new WHERE {same})",  # noqa: S608
            f"UPDATE bound_{table} old SET ({names}) = ROW (new.*) FROM {table} new WHERE {same} AND {changed}",  # noqa: S608
            f"INSERT INTO bound_{table} SELECT new.* FROM {table} new "  # noqa: S608
            f"WHERE NOT EXISTS (SELECT FROM bound_{table} old WHERE {same})",
        ):
            if not (statement.startswith("UPDATE") and table in NEVER_CHANGED):
                await connection.execute(statement)
    return time.perf_counter() - start


async def _columns(connection: asyncpg.Connection, table: str) -> list[str]:
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position", table
    )
    return [row["column_name"] for row in rows]
