"""The jobs that workers do, by name. Each takes one id, is safe twice, and goes on where a killed one left off."""

from asyncio import TaskGroup
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto
from uuid import UUID, uuid4

import asyncpg
import structlog
from tortoise.exceptions import DBConnectionError

from actions.advance import CHUNK, advance_share
from actions.audiences.targets import archive_contacts
from actions.bulk import give_up_bulk, match_in_bulk
from actions.calculators import CalculationFailed
from actions.firing import DELIVER
from actions.importing import fail_import, step_import
from actions.linked import PAIRS_AT_ONCE, advance_linked
from actions.post import Job, Post
from actions.running import fail_run, step_run
from actions.unit import Unit, unit_of_work
from workers.turns import Turns
from workers.webhooks import deliver_webhooks

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
# Steps that a worker takes at once, of whatever: one run never has all of them, so that a small thing finds a place.
PLACES = LANES + 1
# Steps after which a job goes to the end of the queue: a worker has room for some jobs, however long they are.
TURN = 16


class Left(Enum):
    """What a step leaves to do: nothing, something, or so much that whoever is free may join in."""

    NOTHING = auto()
    SOME = auto()
    MUCH = auto()


Step = Callable[[Unit], Awaitable[Left]]
Work = Callable[[], Awaitable[None]]
Give = Callable[[Unit, UUID, str], Awaitable[None]]

_turns = Turns(PLACES)


class _Turn:
    """What one job does before it goes to the end of the queue: at most so many steps, by all its lanes together.

    Args:
        post: carries the job to the end of the queue.
        job: the job.
        step: takes one step; says what it leaves. Where that is much, the job asks for itself at every step: the same
            worker may be the one who hears of it, and does not join itself.
    """

    def __init__(self, post: Post, job: Job, step: Step) -> None:
        self._post = post
        self._job = job
        self._step = step
        self._left = TURN

    async def take(self) -> None:
        """Take steps, each in a transaction of its own, until one says that nothing is left, or the turn is over."""
        left = Left.SOME
        while left is not Left.NOTHING and self._left > 0:
            self._left -= 1
            async with _turns.take(self._job.subject), unit_of_work(self._post) as unit:
                left = await self._step(unit)
            if left is Left.MUCH or (left is Left.SOME and self._left <= 0):
                await self._post.send([self._job], ())


async def advance(post: Post, share_id: UUID) -> None:
    """Do the work that a share has to do, chunk by chunk: beside other workers as long as nobody is to be matched."""
    alone = False

    async def step(unit: Unit) -> Left:
        nonlocal alone
        done = await (advance_share if alone else advance_linked)(unit, share_id)
        alone = alone or done is None
        if done is None or 0 < done < (CHUNK if alone else PAIRS_AT_ONCE):
            return Left.SOME
        return Left.MUCH if done else Left.NOTHING

    await _Turn(post, Job("advance_share", str(share_id)), step).take()


async def run_sync(post: Post, run_id: UUID) -> None:
    """Take a sync run further: a turn of chunks, several in hand at once. Other workers do the same beside it."""

    async def step(unit: Unit) -> Left:
        return Left.MUCH if await step_run(unit, run_id) else Left.NOTHING

    job = Job("run_sync", str(run_id))
    turn = _Turn(post, job, step)
    try:
        async with TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(_or_give_up(turn.take, post, run_id, fail_run))
        if await _match_in_bulk(post, run_id):
            await post.send([job], ())
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
        await _or_give_up(work, post, run_id, fail_run)
    except CalculationFailed as failed:
        log.error("bulk_failed", run=str(run_id), fault=str(failed))
        await give_up_bulk(post, run_id)
        more = True
    return more


async def run_import(post: Post, run_id: UUID) -> None:
    """Take an import further: a turn of pieces."""

    async def step(unit: Unit) -> Left:
        return Left.SOME if await step_import(unit, run_id) else Left.NOTHING

    turn = _Turn(post, Job("run_import", str(run_id)), step)
    await _or_give_up(turn.take, post, run_id, fail_import)


async def _or_give_up(work: Work, post: Post, run_id: UUID, give_up: Give) -> None:
    """Take a run's turn, or record that it cannot go on.

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


async def end_audience(post: Post, share_id: UUID) -> None:
    """Archive the contacts that an audience share made which is over: a turn of chunks."""

    async def step(unit: Unit) -> Left:
        return Left.SOME if await archive_contacts(unit, share_id) else Left.NOTHING

    await _Turn(post, Job("end_audience", str(share_id)), step).take()


JOBS: Mapping[str, Callable[[Post, UUID], Awaitable[None]]] = {
    "advance_share": advance,
    "run_sync": run_sync,
    "run_import": run_import,
    "end_audience": end_audience,
    DELIVER: deliver_webhooks,
}
