"""The database, opened for a process: one pool, which every task of the process reaches."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException

from models.orm import config
from server.refusal import Refusal

LEAST_VERSION = 18  # uuidv7() is from there on
CONNECT_SECONDS = 10.0

# What means that the database is not there now, whatever was asked of it.
UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
)


class DatabaseError(Refusal):
    """The database cannot be used."""


@asynccontextmanager
async def open_database(
    url: str, *, pool: int = 10, everywhere: bool = True, patience: float = 0.0
) -> AsyncIterator[BaseDBAsyncClient]:
    """Open a pool of connections, through which models and units of work go until the block ends.

    Args:
        url: where the database is.
        pool: the most connections at once.
        everywhere: whether every task of the process goes through it, not only this one and those it starts.
        patience: seconds after which a statement is broken off; 0 for never.

    Raises:
        DatabaseError: it cannot be reached, refuses us, or is too old.
    """
    async with TortoiseContext() as context:
        try:
            await context.init(config(url, pool=pool, patience=patience), _enable_global_fallback=everywhere)
            client = context.connections.get("default")
            async with asyncio.timeout(CONNECT_SECONDS):
                _, rows = await client.execute_query(
                    "SELECT current_setting('server_version_num')::int / 10000 AS major"
                )
        except (*UNREACHABLE, asyncpg.PostgresError, BaseORMException, ValueError) as error:
            raise DatabaseError(_sentence(error)) from error
        if (major := rows[0]["major"]) < LEAST_VERSION:
            raise DatabaseError(f"DATABASE_URL leads to PostgreSQL {major}; Comity needs {LEAST_VERSION} or later.")
        yield client


def _sentence(error: Exception) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, TimeoutError):
        why = f"it does not answer within {CONNECT_SECONDS:.0f} seconds"
    else:
        why = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    return f"The database cannot be reached ({why}). Check that PostgreSQL runs, and DATABASE_URL."
