"""Runs: long work that reports its progress."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from schema.brakes import RunHold
from schema.context import Info
from schema.nodes import Node, still_there
from schema.paging import After, Before, Connection, First, Last, Page
from sharing.states import RunState, RunTrigger

if TYPE_CHECKING:
    from schema.nations import Nation
    from schema.shares import TagShare


@strawberry.type(description="How far a run has come.")
class Progress:
    """How far a run has come."""

    phase: str = strawberry.field(description="What it is doing now.")
    done: int = strawberry.field(description="How many are done in this phase.")
    total: int | None = strawberry.field(description="How many there are in this phase; null where nobody knows yet.")


@strawberry.interface(description="Long work that reports its progress.")
class Run(Node):
    """Long work that reports its progress."""

    run_state: RunState = strawberry.field(description="How far it has come.")
    queued_at: datetime = strawberry.field(description="When it was asked for.")
    started_at: datetime | None = strawberry.field(description="When a worker began; null before.")
    finished_at: datetime | None = strawberry.field(description="When it ended, well or not; null before.")
    progress: Progress = strawberry.field(description="What it is doing, and how far.")
    error: str | None = strawberry.field(description="Why it failed; null where it did not.")


@strawberry.type(description="One execution of a share's matching and syncing.")
class SyncRun(Run):
    """One execution of a share's matching and syncing."""

    share_id: strawberry.Private[UUID]
    trigger: RunTrigger = strawberry.field(description="What started it.")
    held_by: list[RunHold] = strawberry.field(description="The limits that hold it; empty unless it is held.")

    @strawberry.field(description="The share that it syncs.")
    async def share(self, info: Info) -> Annotated["TagShare", strawberry.lazy("schema.shares")]:
        """The share that it syncs."""
        return still_there(await info.context.reads.share(info, self.share_id))


@strawberry.type(description="A row of a file that an import could not take.")
class ImportRejection:
    """A row that an import could not take."""

    line: int = strawberry.field(description="The line of the file where the row starts; the first line is 1.")
    reason: str = strawberry.field(description="Why it could not be taken, and what to do.")


@strawberry.type(description="One CSV file on its way into a nation.")
class ImportRun(Run):
    """One CSV file on its way into a nation."""

    row_id: strawberry.Private[UUID]
    nation_id: strawberry.Private[int]
    created: int = strawberry.field(description="How many profiles it made.")
    updated: int = strawberry.field(description="How many profiles it found and wrote to.")
    rejected: int = strawberry.field(description="How many rows it could not take.")

    @strawberry.field(description="The nation that it imports into.")
    async def nation(self, info: Info) -> Annotated["Nation", strawberry.lazy("schema.nations")]:
        """The nation that it imports into."""
        return still_there(await info.context.reads.nation(info, self.nation_id))

    @strawberry.field(description="The rows that it could not take, by line.")
    async def rejections(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ImportRejection]:
        """The rows that it could not take."""
        return await info.context.reads.rejections(info, self, Page(first, after, last, before))
