"""A nation's log of events as readers find it: pages past a position, read once for all who stand there."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

import orjson
from tortoise.connection import get_connection

from models.queries import query
from sharing.events import EventKind, Noun, Topic

ROWS = 50  # of a page; a row may hold thousands of subjects

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event for one subject.

    Attributes:
        position: its place in the log.
        at: when it happened.
        topic: what it is about.
        kind: what happened.
        noun: what kind of thing the subject is.
        subject: the thing.
        share_id: the share that it belongs to, if any.
        detail: what cannot be read again later.
    """

    position: int
    at: datetime
    topic: Topic
    kind: EventKind
    noun: Noun
    subject: UUID
    share_id: UUID | None
    detail: dict[str, Any] | None


class Row(NamedTuple):
    """One row of a log: subjects that changed alike, the last of them at ``position``; the rest as for a happening."""

    position: int
    at: datetime
    topic: Topic
    kind: EventKind
    noun: Noun
    subjects: list[UUID]
    share_id: UUID | None
    detail: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Page:
    """What stands in a log past a position.

    Attributes:
        head: how far the log has come.
        pruned: up to where it was forgotten.
        read_at: when it was read, by the database's clock.
        rows: the rows, in order.
    """

    head: int
    pruned: int
    read_at: datetime
    rows: tuple[Row, ...]

    def continues(self, position: int) -> bool:
        """Whether nothing is missing between a position and this page, and the log has ever come so far."""
        return self.pruned <= position <= self.head

    @property
    def end(self) -> int:
        """The position that whoever has read this page stands at."""
        return self.rows[-1].position if self.rows else self.head

    @property
    def is_full(self) -> bool:
        """Whether more may follow already."""
        return len(self.rows) == ROWS

    def happenings(self, after: int) -> Iterator[Happening]:
        """The events of the page past a position, one for each subject."""
        for row in self.rows:
            subjects = row.subjects
            first = row.position - len(subjects) + 1
            start = max(first, after + 1)
            for position, subject in enumerate(subjects[start - first :], start):
                yield Happening(position, row.at, row.topic, row.kind, row.noun, subject, row.share_id, row.detail)


class Bells(Protocol):
    """Ring when a nation's log may have grown. They may ring for nothing; sooner or later they ring for everything."""

    def watching(self, nation_id: int) -> AbstractContextManager[None]:
        """Have the bell of a nation ring until the block ends."""
        ...

    def rung(self, nation_id: int) -> int:
        """How often the bell of a watched nation has rung."""
        ...

    async def rings(self, nation_id: int, rung: int) -> None:
        """Return once the bell of a watched nation has rung more often than so often."""
        ...


class Log:
    """Reads the logs of nations. What several ask for at one time is read once.

    Args:
        bells: tell when to read again.
    """

    def __init__(self, bells: Bells) -> None:
        self.bells = bells
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}

    async def page(self, nation_id: int, position: int) -> Page:
        """What stands in the log of a watched nation past a position, as far as a page goes."""
        key = ("page", nation_id, position, self.bells.rung(nation_id))
        return await self.once(key, lambda: read_page(nation_id, position))

    async def once(self, key: Hashable, read: Callable[[], Awaitable[Found]]) -> Found:
        """What a read gives, which somebody may have begun under the same key and not ended.

        Put into the key how often the bell has rung: a read that began before it rang may not see what it rang for.
        """
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.ensure_future(_awaited(read))
            task.add_done_callback(lambda done: self._end(key, done))
        found: Found = await asyncio.shield(task)  # whoever goes away does not take it from the others
        return found

    def _end(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # told to those who waited, if any did


async def _awaited(read: Callable[[], Awaitable[Found]]) -> Found:
    return await read()


async def read_page(nation_id: int, position: int) -> Page:
    """What stands in the log of a nation past a position at this moment, as far as a page goes."""
    rows = await get_connection("default").execute_query_dict(query("stream_page"), [nation_id, position, ROWS])
    if not rows:
        return Page(0, 0, datetime.now(UTC), ())
    first = rows[0]
    found = tuple(_row(row) for row in rows if row["position"] is not None)
    return Page(first["head"], first["pruned"], first["read_at"], found)


def _row(row: dict[str, Any]) -> Row:
    return Row(
        row["position"],
        row["at"],
        Topic(row["topic"]),
        EventKind(row["kind"]),
        Noun(row["noun"]),
        row["subjects"],
        row["share_id"],
        orjson.loads(row["detail"]) if row["detail"] else None,
    )
