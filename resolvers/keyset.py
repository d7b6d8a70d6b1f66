"""Pages of lists by keyset: no offset, nothing skipped or told twice when the list changes in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import orjson
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from resolvers.seal import Seal
from resolvers.selection import Selection
from schema.paging import Connection, Edge, Page, PageInfo
from sharing.errors import InvalidInput

MOST = 100
USUAL = 50

NodeType = TypeVar("NodeType")
Row = dict[str, Any]
Keys = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order of a list.

    Attributes:
        name: the list and its order, of which a cursor is good for no other.
        keys: the columns to order by, each with the type of its values; together no two rows have the same.
        descending: whether the list begins with the greatest.
    """

    name: str
    keys: tuple[tuple[str, type], ...] = (("id", UUID),)
    descending: bool = False

    def of(self, row: Row) -> Keys:
        """Where a row stands."""
        return tuple(row[column] for column, _ in self.keys)

    def columns(self, *, reverse: bool) -> list[str]:
        """The columns as the ORM orders by them."""
        sign = "-" if self.descending is not reverse else ""
        return [sign + column for column, _ in self.keys]

    def beyond(self, keys: Keys, *, before: bool) -> Q:
        """The rows that stand after some keys in the list, or before them."""
        operator = "lt" if self.descending is not before else "gt"
        found = Q()
        same: dict[str, Any] = {}
        for (column, _), value in zip(self.keys, keys, strict=True):
            found |= Q(**same, **{f"{column}__{operator}": value})
            same[column] = value
        return found


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for, checked.

    Attributes:
        ordering: the order of the list.
        use: what its cursors are sealed for.
        seal: what seals them.
        limit: how many rows at most.
        backwards: whether they are counted from the end.
        after: rows come after these keys, if any.
        before: rows come before these keys, if any.
    """

    ordering: Ordering
    use: str
    seal: Seal
    limit: int
    backwards: bool
    after: Keys | None
    before: Keys | None

    def cursor(self, keys: Keys) -> str:
        """The cursor of the row that has these keys."""
        return self.seal.close(self.use, orjson.dumps(keys, default=str))


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of a page.

    Attributes:
        rows: the rows, in the order of the list.
        more: whether there are more in the direction in which they were counted.
        total: how many there are in the whole list, None where nobody asked.
    """

    rows: list[Row]
    more: bool
    total: int | None


def window(page: Page, ordering: Ordering, parent: object, seal: Seal) -> Window:
    """Check the arguments of a connection.

    Args:
        page: the arguments as given.
        ordering: the order of the list.
        parent: whose list it is: a cursor is good for no other's.
        seal: what seals cursors.

    Raises:
        InvalidInput: a number out of range, both ends at once, or a cursor that is not of this list.
    """
    if page.first is not None and page.last is not None:
        raise InvalidInput("Give first or last, not both.", "last")
    name = "last" if page.last is not None else "first"
    limit = page.last if page.last is not None else page.first if page.first is not None else USUAL
    if not 0 <= limit <= MOST:
        raise InvalidInput(f"{name} is {limit}: give a number from 0 to {MOST}.", name)
    use = f"{ordering.name} {parent}"
    after = _keys(ordering, seal, use, page.after, "after")
    before = _keys(ordering, seal, use, page.before, "before")
    return Window(ordering, use, seal, limit, page.last is not None, after, before)


def _keys(ordering: Ordering, seal: Seal, use: str, cursor: str | None, name: str) -> Keys | None:
    if cursor is None:
        return None
    body = seal.open(use, cursor)
    if body is None:
        raise InvalidInput(f"{name} is no cursor of this list: take one from one of its pages.", name)
    return tuple(kind(value) for (_, kind), value in zip(ordering.keys, orjson.loads(body), strict=True))


async def read_slice(
    source: QuerySet[Any], window: Window, columns: Sequence[str] | dict[str, str], selection: Selection
) -> Slice:
    """Read a page of a list from the database.

    Args:
        source: the whole list, in any order.
        window: which part of it.
        columns: what to read of each row, the keys of the ordering included; a dict names columns of joined tables.
        selection: what is selected below the connection.
    """
    ordering = window.ordering
    total = await source.count() if "totalCount" in selection else None
    part = source
    if window.after is not None:
        part = part.filter(ordering.beyond(window.after, before=False))
    if window.before is not None:
        part = part.filter(ordering.beyond(window.before, before=True))
    part = part.order_by(*ordering.columns(reverse=window.backwards)).limit(window.limit + 1)
    rows = await (part.values(**columns) if isinstance(columns, dict) else part.values(*columns))
    return _slice(rows, window, total)


def cut_slice(rows: Sequence[Row], window: Window) -> Slice:
    """Cut a page out of a list that is read already, in its ascending order."""
    ordering = window.ordering
    part = [
        row
        for row in rows
        if (window.after is None or ordering.of(row) > window.after)
        and (window.before is None or ordering.of(row) < window.before)
    ]
    if window.backwards:
        part.reverse()
    return _slice(part[: window.limit + 1], window, len(rows))


def _slice(rows: list[Row], window: Window, total: int | None) -> Slice:
    kept = rows[: window.limit]
    if window.backwards:
        kept.reverse()
    return Slice(kept, len(rows) > window.limit, total)


async def connect(
    found: Slice,
    window: Window,
    selection: Selection,
    node: Selection,
    present: Callable[[Sequence[Row], Selection], Awaitable[Sequence[NodeType]]],
) -> Connection[NodeType]:
    """A page as the API shows it. Cursors are made only where they are selected.

    Args:
        found: the rows.
        window: which part of the list they are.
        selection: what is selected below the connection.
        node: what is selected of each row.
        present: makes them what the API shows, and takes them over.
    """
    keys = [window.ordering.of(row) for row in found.rows]
    nodes = await present(found.rows, node)
    if "cursor" in selection.under("edges"):
        edges = [Edge(cursor=window.cursor(place), node=shown) for place, shown in zip(keys, nodes, strict=True)]
    else:
        edges = [Edge(cursor="", node=shown) for shown in nodes]
    info = PageInfo(
        has_next_page=window.before is not None if window.backwards else found.more,
        has_previous_page=found.more if window.backwards else window.after is not None,
        start_cursor=window.cursor(keys[0]) if keys else None,
        end_cursor=window.cursor(keys[-1]) if keys else None,
    )
    return Connection(edges=edges, page_info=info, total_count=found.total)
