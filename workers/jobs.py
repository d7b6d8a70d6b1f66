"""The jobs that workers do, by name. Each takes one id, is safe twice, and goes on where a killed one left off."""

from asyncio import TaskGroup
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID, uuid4

import asyncpg
import structlog
from tortoise.exceptions import DBConnectionError

from actions.advance import advance_share
from actions.bulk import give_up_bulk, match_in_bulk
from actions.calculators import CalculationFailed
from actions.importing import fail_import, step_import
from actions.post import Post
from actions.running import fail_run, step_run
from actions.unit import Unit, unit_of_work

log = structlog.get_logger("comity.jobs")

# The database or the network was at fault, not the work: nothing was written, and trying again helps.
PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.UniqueViolationError,
    asyncpg.InterfaceError,
    DBConnectionError,
    OSError,
    TimeoutError,
)

# Chunks of one run that a worker has in hand at once: while the database is busy with one, it thinks about another.
LANES = 2

Step = Callable[[Unit], Awaitable[bool]]
Work = Callable[[], Awaitable[None]]
Give = Callable[[Unit, UUID, str], Awaitable[None]]


async def _to_the_end(post: Post, step: Step) -> None:
    """Take steps, each in a transaction of its own, until one says that there is nothing left."""
    more = True
    while more:
        async with unit_of_work(post) as unit:
            more = await step(unit)


async def advance(post: Post, share_id: UUID) -> None:
    """Do the work that a share has to do, chunk by chunk."""

    async def step(unit: Unit) -> bool:
        return await advance_share(unit, share_id) > 0

    await _to_the_end(post, step)


async def run_sync(post: Post, run_id: UUID) -> None:
    """Take a sync run to its end."""

    async def step(unit: Unit) -> bool:
        return await step_run(unit, run_id)

    try:
        while True:
            async with TaskGroup() as lanes:
                for _ in range(LANES):
                    lanes.create_task(_or_give_up(post, run_id, lambda: _to_the_end(post, step), fail_run))
            if not await _match_in_bulk(post, run_id):
                return
    except ExceptionGroup as faults:
        # Only what passes comes so far: one such fault ends all lanes, and the job is tried again because of it.
        raise faults.exceptions[0] from None


async def _match_in_bulk(post: Post, run_id: UUID) -> bool:
    """Match in bulk what a run wants matched so; where the calculating fails, it is matched chunk by chunk."""
    more = False

    async def work() -> None:
        nonlocal more
        more = await match_in_bulk(post, run_id)

    try:
        await _or_give_up(post, run_id, work, fail_run)
    except CalculationFailed as failed:
        log.error("bulk_failed", run=str(run_id), fault=str(failed))
        await give_up_bulk(post, run_id)
        more = True
    return more


async def run_import(post: Post, run_id: UUID) -> None:
    """Take an import to its end."""

    async def step(unit: Unit) -> bool:
        return await step_import(unit, run_id)

    await _or_give_up(post, run_id, lambda: _to_the_end(post, step), fail_import)


async def _or_give_up(post: Post, run_id: UUID, work: Work, give_up: Give) -> None:
    """Take a run to its end, or record that it cannot go on.

    A fault of the database or the network passes, and the job is tried again; any other would come again every time.
    """
    try:
        await work()
    except (*PASSING, CalculationFailed):
        raise
    except Exception as fault:
        error_id = uuid4().hex
        log.exception("run_failed", run=str(run_id), error_id=error_id, fault=type(fault).__name__)
        async with unit_of_work(post) as unit:
            await give_up(unit, run_id, f"It met an internal error, which the server's log has under {error_id}.")


JOBS: Mapping[str, Callable[[Post, UUID], Awaitable[None]]] = {
    "advance_share": advance,
    "run_sync": run_sync,
    "run_import": run_import,
}
