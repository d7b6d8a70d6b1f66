"""The unit of work: one mutation or job, one transaction, closed at the edge."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson
from tortoise.transactions import in_transaction

from actions.post import Job, Post
from models.queries import query
from sharing.events import OF_AUDIENCES, Event, EventKind, Noun
from sharing.states import MatchState
from sharing.visibility import ANONYMOUS, Caller

BOX_OF: dict[MatchState, str] = {
    MatchState.MATCHED: "matched",
    MatchState.NOT_FOUND: "not_found",
    MatchState.AMBIGUOUS: "ambiguous",
    MatchState.SYNCED: "synced",
    MatchState.CONFLICTED: "unreviewed_changes",
}
BOXES: tuple[str, ...] = tuple(BOX_OF.values())


class Unit:
    """An open transaction, and what must follow it.

    Attributes:
        pg: the connection that the transaction is on.
        caller: on whose behalf it runs; anonymous for the system's own jobs.
        positions: by nation, where its log stands afterwards; known once the unit is closed.
        last: what is written last of all, when those are known.
    """

    def __init__(self, pg: asyncpg.Connection, caller: Caller) -> None:
        self.pg = pg
        self.caller = caller
        self.positions: dict[int, int] = {}
        self.last: Callable[[], Awaitable[None]] | None = None
        self._jobs: dict[Job, None] = {}
        self._events: dict[int, list[Event]] = defaultdict(list)
        self._subjects: dict[int, dict[tuple[EventKind, Noun, UUID | None], dict[UUID, None]]] = defaultdict(dict)
        self._boxes: dict[UUID, Counter[str]] = defaultdict(Counter)
        self._taggings: Counter[UUID] = Counter()
        self._gone: frozenset[UUID] = frozenset()

    async def now(self) -> datetime:
        """The present moment by the database's clock, later than every lock this transaction has taken."""
        moment: datetime = await self.pg.fetchval("SELECT clock_timestamp()")
        return moment

    def enqueue(self, name: str, subject: UUID) -> None:
        """Ask for a job once the transaction is committed."""
        self._jobs[Job(name, str(subject))] = None

    def emit(self, nation_id: int, event: Event) -> None:
        """Add an event that stands for itself to a nation's log."""
        self._events[nation_id].append(event)

    def changed(self, nation_id: int, noun: Noun, subjects: Iterable[UUID], share_id: UUID | None = None) -> None:
        """Tell a nation that things changed, each once however often it is said."""
        self._note(nation_id, EventKind.CHANGED, noun, subjects, share_id)

    def deleted(self, nation_id: int, noun: Noun, subjects: Iterable[UUID], share_id: UUID | None = None) -> None:
        """Tell a nation that things are gone."""
        self._note(nation_id, EventKind.DELETED, noun, subjects, share_id)

    def _note(
        self, nation_id: int, kind: EventKind, noun: Noun, subjects: Iterable[UUID], share_id: UUID | None
    ) -> None:
        self._subjects[nation_id].setdefault((kind, noun, share_id), {}).update(dict.fromkeys(subjects))

    def forget(self, nation_id: int) -> None:
        """Tell a nation nothing of all this: it is gone, and its log with it."""
        self._events.pop(nation_id, None)
        self._subjects.pop(nation_id, None)

    def count(self, share_id: UUID, state: MatchState, by: int) -> None:
        """Change the box that counts the matches of a share in a state. Ended matches are in none."""
        if state in BOX_OF:
            self._boxes[share_id][BOX_OF[state]] += by

    def count_taggings(self, tag_id: UUID, by: int) -> None:
        """Change the kept count of a tag's taggings."""
        self._taggings[tag_id] += by

    async def close(self) -> None:
        """Write what was gathered: tags, boxes, the log, each in one order, so that no two units wait in a ring."""
        for tag_id in sorted(self._taggings):
            await self.pg.execute(query("count_taggings"), tag_id, self._taggings[tag_id])
        for share_id in sorted(self._boxes):
            await self._close_boxes(share_id, self._boxes[share_id])
        audiences = await self._audiences()
        for nation_id in sorted(self._events.keys() | self._subjects.keys()):
            await self._close_log(nation_id, audiences)
        if self.last is not None:
            await self.last()

    async def _close_boxes(self, share_id: UUID, deltas: Counter[str]) -> None:
        if not any(deltas.values()):
            return
        row = await self.pg.fetchrow(query("count_boxes"), share_id, *(deltas[box] for box in BOXES))
        if row is None:
            return
        stats = {box: row[box] for box in BOXES}
        for nation_id in (row["sender_id"], row["receiver_id"]):
            self.emit(nation_id, Event(EventKind.STATS, Noun.TAG_SHARE, (share_id,), share_id, stats))

    async def note_audiences(self) -> None:
        """Keep which of the shares that the log tells of so far are of audiences: they are about to go."""
        self._gone |= await self._audiences()

    async def _audiences(self) -> frozenset[UUID]:
        """Which of the shares that the log tells of are of audiences."""
        shares = {share_id for noted in self._subjects.values() for _, _, share_id in noted}
        shares.update(event.share_id for events in self._events.values() for event in events)
        shares.discard(None)
        rows = await self.pg.fetch(query("audiences_among"), list(shares)) if shares else []
        return self._gone.union(row["id"] for row in rows)

    async def _close_log(self, nation_id: int, audiences: frozenset[UUID]) -> None:
        gathered = [
            Event(kind, noun, tuple(subjects), share_id)
            for (kind, noun, share_id), subjects in self._subjects.get(nation_id, {}).items()
            if subjects
        ]
        events = [*gathered, *self._events.get(nation_id, [])]
        total = sum(len(event.subjects) for event in events)
        if not total:
            return
        end: int = await self.pg.fetchval(query("advance_stream"), nation_id, total)
        self.positions[nation_id] = end
        rows = []
        position = end - total
        for event in events:
            position += len(event.subjects)
            detail = None if event.detail is None else orjson.dumps(event.detail).decode()
            noun = OF_AUDIENCES.get(event.noun, event.noun) if event.share_id in audiences else event.noun
            rows.append((position, event.topic, event.kind, noun, list(event.subjects), event.share_id, detail))
        await self.pg.executemany(query("append_event"), [(nation_id, *row) for row in rows])

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part of the unit that is undone by itself where it raises: what it wrote, and what it gathered."""
        jobs, events = dict(self._jobs), {key: list(known) for key, known in self._events.items()}
        subjects = {
            nation: {key: dict(known) for key, known in noted.items()} for nation, noted in self._subjects.items()
        }
        boxes, taggings = {key: Counter(known) for key, known in self._boxes.items()}, Counter(self._taggings)
        try:
            async with self.pg.transaction():
                yield
        except BaseException:
            self._jobs, self._events = jobs, defaultdict(list, events)
            self._subjects, self._boxes = defaultdict(dict, subjects), defaultdict(Counter, boxes)
            self._taggings = taggings
            raise

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs asked for."""
        return tuple(self._jobs)


@asynccontextmanager
async def unit_of_work(post: Post, caller: Caller = ANONYMOUS) -> AsyncIterator[Unit]:
    """Open a transaction; commit it and send the post when the block ends, roll it back when the block raises.

    Args:
        post: carries the hints once the transaction is committed.
        caller: on whose behalf the work is done.
    """
    async with in_transaction("default") as client:
        # Held for a moment only: the ORM takes the same lock for each of its own statements on this connection.
        async with client.acquire_connection() as pg:
            unit = Unit(pg, caller)
        yield unit
        await unit.close()
    await post.send(unit.jobs, tuple(unit.positions))
