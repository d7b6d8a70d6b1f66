"""Pages of lists, as Relay has them: keyset cursors, from either end."""

from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import strawberry

NodeType = TypeVar("NodeType")

First = Annotated[
    int | None,
    strawberry.argument(
        description="How many to give from the start, at most 100; 50 where neither first nor last is given."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Give those that come after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many to give from the end, at most 100.")]
Before = Annotated[str | None, strawberry.argument(description="Give those that come before this cursor.")]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: the arguments of a connection, not yet checked."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether more follow.")
    has_previous_page: bool = strawberry.field(description="Whether some come before.")
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first on this page; null on an empty one."
    )
    end_cursor: str | None = strawberry.field(description="The cursor of the last on this page; null on an empty one.")


@strawberry.type(description="One place in a list.")
class Edge(Generic[NodeType]):
    """One place in a list. ``cursor`` is filled only where it is selected."""

    cursor: str = strawberry.field(description="Its place: give it as `after` or `before` to go on from here.")
    node: NodeType = strawberry.field(description="What stands there.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    """A page of a list. ``total_count`` is filled only where it is selected."""

    edges: list[Edge[NodeType]] = strawberry.field(description="What is on the page, in order.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in its list.")
    total_count: int | None = strawberry.field(
        description="How many there are in the whole list, counted where it is selected: on a long one that takes time."
    )
