"""Who is told the results of a subscription, and where the results go."""

from __future__ import annotations

import asyncio
from typing import Protocol

import orjson
from graphql import GraphQLError

from resolvers.listeners import Place
from server.streams import frame
from sharing.visibility import Caller

Errors = list[GraphQLError]


class Told:
    """One result, encoded.

    Attributes:
        body: the payload, in JSON.
        tail: the message that carries it over a websocket, from behind the operation's id.
    """

    __slots__ = ("_event", "body", "tail")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.tail = b'"type":"next","payload":' + body + b"}"
        self._event: bytes | None = None

    @property
    def event(self) -> bytes:
        """The event that carries it in a stream; made for the first who asks."""
        if self._event is None:
            self._event = frame(orjson.loads(self.body))
        return self._event


class Outlet(Protocol):
    """Where the results for one member go. It never waits, and holds a bounded number of them."""

    def take(self, told: Told) -> bool:
        """Send a result. Whether more may follow before it has drained."""
        ...

    async def drained(self) -> None:
        """Return once more can be taken."""
        ...


class Company(Protocol):
    """Those with whom a member is told."""

    def leave(self, member: Member) -> None:
        """Tell somebody nothing more."""
        ...


class Member:
    """One who is told the results of a subscription, in one cohort at a time.

    Attributes:
        caller: who it is.
        outlet: where the results go.
        cohort: with whom it is told now.
        position: the last event that it was told, or where it began.
        latest: the last result that it was told.
        place: where it begins anew, once it has left a cohort.
        turn: what comes of it: the errors that it ends with, or None where it is to begin anew.
    """

    __slots__ = ("caller", "cohort", "latest", "outlet", "place", "position", "turn")

    def __init__(self, caller: Caller, outlet: Outlet) -> None:
        self.caller = caller
        self.outlet = outlet
        self.cohort: Company | None = None
        self.position: int | None = None
        self.latest: Told | None = None
        self.place: Place | None = None
        self.turn = self._next_turn()

    def _next_turn(self) -> asyncio.Future[Errors | None]:
        return asyncio.get_running_loop().create_future()

    def awaits(self, position: int | None, told: Told, *, resets: bool) -> bool:
        """Whether a result is still to be told: an event at a position, or where only the latest counts, a new one."""
        if position is None:
            return self.latest is None or self.latest.body != told.body
        return resets or self.position is None or self.position < position

    def end(self, failure: Errors | None) -> None:
        """Say what comes of it, unless that was said already."""
        if not self.turn.done():
            self.turn.set_result(failure)

    def begin(self) -> None:
        """Wait for what comes of it once more."""
        if self.turn.done():
            self.turn = self._next_turn()
