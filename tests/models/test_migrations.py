"""Whether the migrations make the tables that the models describe, however often and by however many they are run."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from models.orm import MODULES, config
from server.database import DatabaseError
from server.migrate import migrate
from tests.services import Shared

NAMES = [
    "0001_tables",
    "0002_sets",
    "0003_carried",
    "0004_resolving",
    "0005_brakes",
    "0006_bulk",
    "0007_rights",
    "0008_repeats",
    "0009_segments",
    "0010_groups",
    "0011_audiences",
    "0012_automations",
    "0013_key_index",
]


@pytest.fixture
async def empty_database(shared: Shared, process: str):
    """Return a database without any table."""
    name = f"empty_{process}"
    connection = await asyncpg.connect(shared.database("comity"))
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.execute(f'CREATE DATABASE "{name}"')
    yield shared.database(name)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


async def test_an_empty_database_gets_all_tables_and_a_second_run_finds_nothing_to_do(empty_database: str):
    assert await migrate(empty_database) == NAMES
    assert await migrate(empty_database) == []


async def test_processes_that_start_at_once_apply_each_migration_once(empty_database: str):
    code = "import asyncio, sys; from server.migrate import migrate; print(asyncio.run(migrate(sys.argv[1])))"
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, empty_database, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    printed = [await process.communicate() for process in started]
    assert sorted(out.decode().strip() for out, _ in printed) == [str(NAMES), "[]", "[]"], printed


async def test_the_models_ask_for_nothing_that_no_migration_makes(database_url: str):
    settings = config(database_url)
    async with TortoiseContext() as context:
        await context.init(settings, init_connections=False)
        assert context.apps is not None
        changes = await MigrationAutodetector(context.apps, settings["apps"]).changes()
    assert [change.as_string() for change in changes] == []


async def test_every_model_is_migrated(database_url: str):
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    await connection.close()
    async with TortoiseContext() as context:
        await context.init(config(database_url), init_connections=False)
        assert context.apps is not None
        tables = {model._meta.db_table for model in context.apps["models"].values()}
    assert len(tables) >= len(MODULES)
    assert tables <= {row["table_name"] for row in rows}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgres://nobody:secret@127.0.0.1:1/nowhere", "Connect call failed"),
        ("{shared}/none", 'database "none" does not exist'),
    ],
)
async def test_a_database_that_cannot_be_reached_is_named_in_a_sentence_without_its_password(
    shared: Shared, url: str, why: str
):
    with pytest.raises(DatabaseError) as caught:
        await migrate(shared.database("none") if "shared" in url else url)
    assert why in str(caught.value)
    assert "DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_clone_of_the_template_is_empty_and_migrated(fresh_database: Callable[[], Awaitable[str]]):
    connection = await asyncpg.connect(await fresh_database())
    assert await connection.fetchval("SELECT count(*) FROM nations") == 0
    assert await connection.fetchval("SELECT count(*) FROM tortoise_migrations") == len(NAMES)
    await connection.close()
