"""What an operation carries with it: who asks, and what reads and writes on its behalf."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

import strawberry

from actions.post import Post
from actions.repeats import Done, Repeatable, do_once
from actions.unit import Unit
from resolvers.listeners import Alone, Listeners, Place
from resolvers.loaders import Loaders
from resolvers.log import Log
from resolvers.positions import cursor_at
from resolvers.seal import Seal
from schema.context import Reads
from schema.rates import RateLimit
from schema.scalars import EventCursor
from sharing.visibility import Caller

P = ParamSpec("P")
T = TypeVar("T", bound="UUID | list[UUID] | int | datetime | None")


class Issued(Protocol):
    """A token just made."""

    @property
    def token(self) -> str:
        """What the client sends from now on."""
        ...

    @property
    def expires_at(self) -> datetime:
        """When it stops to work."""
        ...


class Tokens(Protocol):
    """Makes the tokens of users, and tells who is behind one."""

    def issue(self, user_id: UUID) -> Issued:
        """Make a token for a user who has shown the password."""
        ...

    async def caller_of(self, authorization: str | None) -> Caller:
        """The caller behind an Authorization header."""
        ...

    async def renewed(self, caller: Caller) -> Caller:
        """A caller with the rights that it has now."""
        ...


class Context:
    """What one operation carries with it; each operation on a websocket has its own, or it would answer with what was.

    Args:
        caller: who asks.
        post: carries hints once a unit of work is committed.
        tokens: makes the tokens of those who sign in.
        seal: what seals cursors; the same for every process.
        log: what happens in nations, for those who follow it.
        reads: makes what the types read with.
        webhooks_anywhere: whether webhooks may go by http, and to private addresses.

    Attributes:
        listeners: who hears a subscription.
        place: where a subscription stands, or is to begin; None until it has begun.
        again: by what the client calls the write that is being asked for; None for none.
    """

    def __init__(
        self,
        caller: Caller,
        post: Post,
        tokens: Tokens,
        seal: Seal,
        log: Log,
        reads: Callable[[Loaders], Reads],
        *,
        webhooks_anywhere: bool = False,
    ) -> None:
        self.caller = caller
        self.post = post
        self.tokens = tokens
        self.seal = seal
        self.log = log
        self.webhooks_anywhere = webhooks_anywhere
        self.listeners: Listeners = Alone(tokens.renewed)
        self.place: Place | None = None
        self.again: Repeatable | None = None
        self.last_event: EventCursor | None = None
        self.rate_limit: RateLimit | None = None
        self._make_reads = reads
        self._loaders: Loaders | None = None
        self._reads: Reads | None = None

    def resumed(self, after: EventCursor | None) -> EventCursor | None:
        """Where a subscription goes on: after the last event that the client got, or where it asks to begin."""
        return self.last_event or after

    def become(self, caller: Caller, loaders: Loaders | None = None) -> None:
        """Go on as somebody else: whoever has just signed in, or the same with the rights of now.

        Args:
            caller: who asks from now on.
            loaders: what was read for callers with the same rights; None for nothing.
        """
        self.caller = caller
        self.reset()
        self._loaders = loaders

    def reset(self) -> None:
        """Forget what was read: after a write, and before each event of a subscription."""
        self._loaders = self._reads = None

    @property
    def loaders(self) -> Loaders:
        """What was read so far, and how more is."""
        if self._loaders is None:
            self._loaders = Loaders(self.caller, self.seal)
        return self._loaders

    @property
    def reads(self) -> Reads:
        """What the types read with."""
        if self._reads is None:
            self._reads = self._make_reads(self.loaders)
        return self._reads

    async def write(
        self, action: Callable[Concatenate[Unit, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> Done[T]:
        """Carry out an action on behalf of the caller: all of it is committed, or nothing where it raises.

        What the mutation did under the same key earlier is not done again.
        """
        done = await do_once(self.post, self.caller, self.again, action, *args, **kwargs)
        self.reset()
        return done

    def cursor(self, done: Done[Any], *nation_ids: int) -> EventCursor | None:
        """Where the log of a nation stands after a write: of the first of these that the caller belongs to.

        None where nothing was written to it.
        """
        for nation_id in nation_ids:
            if nation_id in self.caller.nations and nation_id in done.positions:
                return cursor_at(self.seal, nation_id, done.positions[nation_id])
        return None


Info = strawberry.Info[Context, None]
