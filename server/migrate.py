"""Bringing a database to the tables of this version."""

from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.transactions import in_transaction

from models.orm import config
from server.database import open_database

# Any number does, as long as nothing else in the database locks it.
LOCK = 0x636F6D697479


async def migrate(database_url: str) -> list[str]:
    """Apply the migrations that a database lacks, all of them or none.

    Processes that start at once wait for each other, and the later ones find nothing to do.

    Returns:
        The names of the migrations applied, in order.

    Raises:
        DatabaseError: the database cannot be reached, refuses us, or is too old.
    """
    applied: list[str] = []

    def note(event: str, app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    async with open_database(database_url, pool=2, everywhere=False), in_transaction("default") as client:
        await client.execute_query("SELECT pg_advisory_xact_lock($1)", [LOCK])
        executor = MigrationExecutor(client, config(database_url)["apps"])
        await executor.recorder.ensure_schema(AsyncpgSchemaEditor(client, atomic=False))
        await executor.migrate(direction="forward", progress=note)
    return applied
