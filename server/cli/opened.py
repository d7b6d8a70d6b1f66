"""What a command works on: settings, services, database and post, opened for as long as it runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from tortoise.connection import get_connection

from models.nation import Nation
from server import embedded, logs
from server.database import DatabaseError, open_database
from server.migrate import migrate
from server.post import RedisPost, open_post
from server.refusal import Refusal
from server.settings import Settings
from sharing.slugs import as_slug

CONNECTIONS = 4

Result = TypeVar("Result")


def with_services(command: Callable[[Settings], Result]) -> Result:
    """Run a command on complete settings: on what a running Comity has, or on services of its own."""
    settings = Settings.load()
    logs.configure(settings.log if settings.log != "info" else "warning")
    with embedded.join(settings) as complete:
        if settings.own_postgres:
            asyncio.run(migrate(complete.database_url))
        return command(complete)


def with_database(command: Callable[[RedisPost], Awaitable[Result]]) -> Result:
    """Run a command on the database, with a post for what follows from it."""

    async def run(settings: Settings) -> Result:
        async with opened(settings) as post:
            return await command(post)

    return with_services(lambda settings: asyncio.run(run(settings)))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[RedisPost]:
    """Open database and post until the block ends.

    Raises:
        DatabaseError: the database cannot be used, or has no tables yet.
    """
    async with open_database(settings.database_url, pool=CONNECTIONS), open_post(settings.redis_url) as post:
        _, rows = await get_connection("default").execute_query("SELECT to_regclass('nations') AS tables")
        if rows[0]["tables"] is None:
            raise DatabaseError("The database has no tables yet: run `comity migrate` first.")
        yield post


async def check(settings: Settings) -> None:
    """Make sure that the database is there and has tables, so that a person is told in a sentence if not.

    Raises:
        DatabaseError: as for ``opened``.
    """
    async with opened(settings):
        pass


async def nation_of(slug: str) -> Nation:
    """The nation that bears a slug.

    Raises:
        Refusal: none does.
    """
    known = as_slug(slug)
    nation = await Nation.get_or_none(slug=known) if known else None
    if nation is None:
        raise Refusal(f"There is no nation “{slug}”: `comity nation create {slug} --name ... --plan ...` makes it.")
    return nation
