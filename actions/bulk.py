"""Matching a run in bulk: everybody is read once, compared in processes of their own, and written chunk by chunk.

What is read may be old when it is written. That loses nothing: whoever edits a profile while a run matches leaves
word for the share, which looks again when the run is through; and for whose match is gone by then, somebody else is
looked for at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson

from actions.advance import hold_share, match, without_broken
from actions.calculator import RECEIVER, SENDER
from actions.calculators import Calculator, calculator
from actions.candidates import LEARNT_FROM, frequencies_of
from actions.post import Post
from actions.runs import tell_progress
from actions.saving import save_written
from actions.terms import ShareTerms
from actions.unit import Unit, unit_of_work
from models.queries import query
from sharing.matching.bulk.reading import BETWEEN_EMAILS, fields_of
from sharing.matching.bulk.writing import Written
from sharing.matching.frequencies import Frequencies
from sharing.matching.rules import MatchRules
from sharing.states import LINKED, MatchState, RunPhase, RunState

SLICE = 20_000  # of the receiver's people, those that are read at once
TOGETHER = 4  # of the sender's, the chunks
READERS = 2

Range = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What there is to match.

    Attributes:
        run_id: the run.
        terms: its share, as it stood when the plan was made.
        chunks: number, and first and last of the sender's profiles.
        receivers: ranges of the receiver's profiles.
        frequencies: how common names are in the receiving nation.
        vetoed: pairs on record as not the same person.
        sample: of whom is learnt how carefully the nations keep their profiles; None where that is known.
    """

    run_id: UUID
    terms: ShareTerms
    chunks: list[tuple[int, UUID, UUID]]
    receivers: list[Range]
    frequencies: Frequencies
    vetoed: list[tuple[bytes, bytes]]
    sample: list[bytes] | None

    @property
    def slices(self) -> list[tuple[int, int, Range]]:
        """What is read: the side, a number there, and the range."""
        some = [self.chunks[at : at + TOGETHER] for at in range(0, len(self.chunks), TOGETHER)]
        ours = [(SENDER, number, (part[0][1], part[-1][2])) for number, part in enumerate(some)]
        return ours + [(RECEIVER, number, piece) for number, piece in enumerate(self.receivers)]


async def match_in_bulk(post: Post, run_id: UUID) -> bool:
    """Match all that a run has left to be matched in bulk, if nobody else is at it.

    Returns:
        Whether there was something to do.

    Raises:
        CalculationFailed: a calculating process met an error or was killed; what was written stands.
    """
    async with _alone(post, run_id) as alone:
        plan = await _planned(post, run_id) if alone else None
        if plan is None:
            return False
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(calculator())
            async with AsyncExitStack() as helpers:
                readers = [desk, *[await helpers.enter_async_context(calculator()) for _ in range(READERS - 1)]]
                await _read_all(post, plan, readers)
            known = plan.frequencies
            counts = (dict(known.firsts), dict(known.lasts), known.counted, known.people)
            await desk.ask("meet", plan.terms.rules, counts, plan.vetoed)
            quality = plan.terms.quality.as_json()
            if plan.sample is not None:
                quality = await desk.ask("learn", plan.sample)
                async with unit_of_work(post) as unit:
                    await unit.pg.execute(query("save_quality"), plan.terms.id, orjson.dumps(quality).decode())
            await _write_all(post, plan, desk, quality)
    return True


async def give_up_bulk(post: Post, run_id: UUID) -> None:
    """Have what is left of a run matched chunk by chunk instead."""
    async with unit_of_work(post) as unit:
        await unit.pg.execute(query("give_up_bulk"), run_id)


@asynccontextmanager
async def _alone(post: Post, run_id: UUID) -> AsyncIterator[bool]:
    """Keep everybody else from matching a run in bulk; whether that was granted.

    The lock is held by a transaction that does nothing else, in a task of its own, so that no other becomes part of it.
    """
    granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def hold() -> None:
        try:
            async with unit_of_work(post) as unit:
                granted.set_result(bool(await unit.pg.fetchval(query("hold_bulk"), str(run_id))))
                await over.wait()
        except Exception as fault:
            if granted.done():
                raise
            granted.set_exception(fault)

    holder = asyncio.create_task(hold())
    try:
        yield await granted
    finally:
        over.set()
        await holder


async def _planned(post: Post, run_id: UUID) -> _Plan | None:
    async with unit_of_work(post) as unit:
        pg = unit.pg
        terms = await _held(unit, run_id)
        if terms is None:
            return None
        chunks = [(row["number"], row["first"], row["last"]) for row in await pg.fetch(query("bulk_chunks"), run_id)]
        if not chunks:
            return None
        ranges = [(row["first"], row["last"]) for row in await pg.fetch(query("cut_nation"), terms.receiver_id, SLICE)]
        vetoed = await pg.fetch(query("strangers_between"), *terms.nations)
        sample = None
        if not await pg.fetchval(query("has_links"), terms.id):
            # Pairs in step agree by our own doing: they tell nothing of how carefully the nations keep their profiles.
            rows = await pg.fetch(query("sample_tagged"), terms.tag_id, LEARNT_FROM)
            sample = [row["profile_id"].bytes for row in rows]
        return _Plan(
            run_id,
            terms,
            chunks,
            ranges,
            await frequencies_of(pg, terms.receiver_id),
            [(row["one"].bytes, row["other"].bytes) for row in vetoed],
            sample,
        )


async def _held(unit: Unit, run_id: UUID) -> ShareTerms | None:
    """The terms of a run's share, held; None where the run is not matching (any more)."""
    share_id = await unit.pg.fetchval("SELECT share_id FROM sync_runs WHERE id = $1", run_id)
    terms = await hold_share(unit, share_id, among_others=True) if share_id else None
    row = await unit.pg.fetchrow(query("read_run"), run_id)
    if terms is None or row is None or (row["state"], row["phase"]) != (RunState.RUNNING, RunPhase.MATCHING):
        return None
    return terms


async def _read_all(post: Post, plan: _Plan, readers: list[Calculator]) -> None:
    """Read everybody into the first calculator; the others help reading."""
    desk, *_ = readers
    waiting = iter(plan.slices)

    async def work(reader: Calculator) -> None:
        for side, number, piece in waiting:
            rows = await _copied(post, plan, side, piece)
            if reader is desk:
                await desk.ask("take", side, number, rows, plan.terms.rules)
            else:
                await desk.ask("keep", side, number, await reader.ask("read", rows, plan.terms.rules))

    try:
        async with asyncio.TaskGroup() as group:
            for reader in readers:
                group.create_task(work(reader))
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from None


async def _copied(post: Post, plan: _Plan, side: int, piece: Range) -> bytes:
    """The people of a range, as PostgreSQL copies them out."""
    rows = bytearray()

    async def gather(data: bytes) -> None:
        rows.extend(data)

    terms = plan.terms
    columns = ", ".join(("p.id", *(_COLUMNS.get(field, f"p.{field}") for field in fields_of(terms.rules))))
    if side == SENDER:
        source = f"SELECT {columns} {_TAGGED}"
        arguments: tuple[object, ...] = (terms.tag_id, *piece, terms.id)
    else:
        source = f"SELECT {columns} {_OF_NATION}"
        arguments = (terms.receiver_id, *piece)
    async with unit_of_work(post) as unit:
        await unit.pg.copy_from_query(source, *arguments, output=gather)
    return bytes(rows)


_COLUMNS = {
    "birthdate": "to_char(p.birthdate, 'YYYY-MM-DD')",
    "emails": "(SELECT string_agg(e.address, chr(" + str(ord(BETWEEN_EMAILS)) + ") ORDER BY e.position) "
    "FROM profile_emails e WHERE e.profile_id = p.id)",
}
_TAGGED = """FROM taggings t JOIN profiles p ON p.id = t.profile_id
WHERE t.tag_id = $1 AND t.profile_id BETWEEN $2 AND $3 AND NOT EXISTS (
    SELECT FROM matches m WHERE m.share_id = $4 AND m.sender_profile_id = p.id
        AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
) ORDER BY p.id"""
_OF_NATION = "FROM profiles p WHERE p.nation_id = $1 AND p.id BETWEEN $2 AND $3 AND p.archived_at IS NULL ORDER BY p.id"


async def _write_all(post: Post, plan: _Plan, desk: Calculator, quality: dict[str, list[float]]) -> None:
    """Write chunk after chunk; while one is written, the next is calculated."""

    def asked(place: int) -> asyncio.Task[list[Written]]:
        _, first, last = plan.chunks[place]
        return asyncio.create_task(desk.ask("outcomes", first.bytes, last.bytes, quality))

    coming = asked(0)
    try:
        for place, (number, *_) in enumerate(plan.chunks, 1):
            found = await coming
            if place < len(plan.chunks):
                coming = asked(place)
            async with unit_of_work(post) as unit:
                if not await _write_chunk(unit, plan.run_id, plan.terms.rules, number, found):
                    return
    finally:
        coming.cancel()


async def _write_chunk(unit: Unit, run_id: UUID, rules: MatchRules, number: int, found: list[Written]) -> bool:
    """Write what was found for a chunk; False where the run does not go on as it was planned."""
    terms = await _held(unit, run_id)
    if terms is None or terms.rules != rules:
        return False
    chunk = await unit.pg.fetchrow(query("claim_bulk_chunk"), run_id, number)
    if chunk is None:
        return True
    rows = await unit.pg.fetch(query("tagged_between"), terms.tag_id, chunk["first"], chunk["last"])
    profiles = [row["profile_id"] for row in rows]
    known = {row["sender_profile_id"]: row for row in await unit.pg.fetch(query("live_matches"), terms.id, profiles)}
    known = await without_broken(unit, terms, known)
    linked = {profile_id for profile_id, row in known.items() if MatchState(row["state"]) in LINKED}
    unlinked = {profile_id: row for profile_id, row in known.items() if profile_id not in linked}
    searching = set(profiles) - linked
    wanted = searching - await _impossible(unit.pg, found)
    for block in found:
        searching -= await save_written(unit, terms, block, wanted.__contains__, unlinked)
    if searching:
        # Tagged since everybody was read, or found somebody who is gone by now.
        await match(unit, terms, searching, {pid: row for pid, row in unlinked.items() if pid in searching})
    await unit.pg.execute("DELETE FROM run_chunks WHERE run_id = $1 AND number = $2", run_id, number)
    await unit.pg.execute(query("count_run"), run_id, chunk["size"], 0, 0, 0, 0, 0, 0)
    tell_progress(unit, run_id, terms.id, terms.nations)
    return True


async def _impossible(pg: asyncpg.Connection, found: list[Written]) -> set[UUID]:
    """Whose match cannot be, by what has happened since it was found."""
    gone: set[UUID] = set()
    for block in found:
        gone |= {row["sender"] for row in await pg.fetch(query("impossible_pairs"), *block.matched())}
    return gone
