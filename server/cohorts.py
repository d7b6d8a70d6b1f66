"""Cohorts: who asked for the same with the same rights is told together, each event executed and encoded once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Hashable, Iterable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import orjson
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from resolvers.context import Context
from resolvers.listeners import Place
from server.api import ServedSchema
from server.auth import EXPIRED, Tokens
from server.complaints import complaint
from server.members import Errors, Member, Outlet, Told
from server.reception import Asked
from server.results import body_of, never_began
from server.rights import Rights
from sharing.errors import Unauthenticated
from sharing.visibility import Caller

SLICE = 100  # members told before others get their turn

Key = tuple[Hashable, ...]


class Cohorts:
    """All cohorts of a process.

    Args:
        schema: what is served.
        tokens: tells the rights that callers have now.
        new_context: makes the context of one operation, for a caller.
    """

    def __init__(self, schema: ServedSchema, tokens: Tokens, new_context: Callable[[Caller], Context]) -> None:
        self._schema = schema
        self.tokens = tokens
        self.rights = Rights()
        self._new_context = new_context
        self._gathered: dict[Key, list[Cohort]] = {}

    def __len__(self) -> int:
        """How many cohorts are told."""
        return sum(map(len, self._gathered.values()))

    async def follow(self, asked: Asked, beginning: frozenset[str], caller: Caller, outlet: Outlet) -> Errors:
        """Tell an outlet the results of a subscription until it ends; returns the errors that ended it, if any did.

        Args:
            asked: the subscription.
            beginning: the variables that say where it is to begin and nothing else.
            caller: who asks.
            outlet: takes the results.

        Raises:
            Unauthenticated: the caller's token has expired or was revoked, or its user disabled.
        """
        member = Member(caller, outlet)
        expiry = _expiring(member)
        try:
            while True:
                member.begin()
                await self._begin(asked, beginning, member)
                if (failure := await member.turn) is not None:
                    return failure
                await outlet.drained()
                member.caller = await self.tokens.renewed(member.caller)
        finally:
            if expiry is not None:
                expiry.cancel()
            if member.cohort is not None:
                member.cohort.leave(member)

    async def _begin(self, asked: Asked, beginning: frozenset[str], member: Member) -> None:
        """Run the subscription for one more, from where it broke off; it soon joins others who stand there."""
        caller = member.caller
        variables = {name: value for name, value in (asked.variables or {}).items() if name not in beginning}
        text = orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)
        key = (asked.query, asked.operation_name, text, caller.rights)
        # Nothing is ever read as a person who is a member: what they are told is told to others as well.
        nobody = Caller(roles=caller.roles, networks=caller.networks)
        context = self._new_context(nobody)
        cohort = Cohort(self, key, nobody, member)
        context.listeners, context.place = cohort, member.place
        source = await self._schema.stream(
            asked.query,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
            operation_extensions=asked.extensions,
        )
        cohort.task = asyncio.create_task(cohort.run(source))

    def host_of(self, cohort: "Cohort") -> "Cohort | None":
        """Another cohort that the members of this one can join, and miss nothing."""
        others = self._gathered.get(cohort.key, ())
        return next((other for other in others if other is not cohort and other.takes(cohort.place)), None)

    def add(self, cohort: "Cohort") -> None:
        """Let others join a cohort."""
        others = self._gathered.setdefault(cohort.key, [])
        if cohort not in others:
            others.append(cohort)

    def remove(self, cohort: "Cohort") -> None:
        """Let nobody join a cohort any more."""
        others = self._gathered.get(cohort.key, [])
        if cohort in others:
            others.remove(cohort)
        if not others:
            self._gathered.pop(cohort.key, None)


class Cohort:
    """Those who follow one subscription from one place with the same rights.

    Args:
        cohorts: where it finds others like it.
        asked: what is asked for, and with which rights.
        rights: the same rights in a caller who is nobody.
        first: its first member.
    """

    def __init__(self, cohorts: Cohorts, asked: Key, rights: Caller, first: Member) -> None:
        self.key = asked
        self.place = Place(0)
        self.task: asyncio.Task[None] | None = None
        self._cohorts = cohorts
        self._rights = rights
        self._members: dict[Member, None] = {}
        self._unchecked: set[Member] = set()
        self._checked: int | None = None  # when the rights of all others were read
        self._settled: int | None = None  # up to here all members have been told
        self._latest: Told | None = None
        self._stalled = False
        self._begun = False
        self._add((first,))

    async def run(self, source: AsyncIterator[Any]) -> None:
        """Pull the subscription, and tell the members, until it ends or nobody is left."""
        try:
            async with aclosing(source):  # type: ignore[type-var]
                async for result in source:
                    assert isinstance(result, ExecutionResult)  # nothing here is delivered in parts
                    if never_began(result):
                        self._end(result.errors or [])
                        return
                    await self._tell(Told(orjson.dumps(body_of(result))))
            self._end([])
        except Exception as error:
            self._end([complaint(GraphQLError(str(error), original_error=error))])
        finally:
            self._cohorts.remove(self)

    def goes_on(self, place: Place) -> bool:
        """Whether the members are told from here by this cohort, rather than by another that stands there as well."""
        if not self._begun:
            self._begun = True
            self.key = (*self.key, place.nation_id)
            for member in self._members:
                member.position = place.position
        self.place, self._settled = place, place.position
        if not self._members:
            return False
        if (other := self._cohorts.host_of(self)) is None:
            self._cohorts.add(self)
            return True
        moved, self._members = self._members, {}
        self._cohorts.remove(self)
        other._add(moved)
        return False

    def takes(self, place: Place) -> bool:
        """Whether who stands at a place can join here, and will be told all that is past it, and nothing twice."""
        if self._stalled or self.place.lagging:
            return False
        mine, theirs = self.place.position, place.position
        if mine is None or theirs is None or mine == theirs:
            return True
        return self.place.is_live and mine < theirs <= self.place.head

    async def renewed(self, caller: Caller) -> Caller:
        """The caller as before; members who have other rights now go on elsewhere, or end."""
        moment = await self._cohorts.rights.time()
        if moment != self._checked:
            await self._check(tuple(self._members))
            self._checked = moment
        return caller

    def leave(self, member: Member) -> None:
        """Tell somebody nothing more."""
        self._release(member)
        if not self._members and self.task is not None:
            self.task.cancel()

    def _add(self, members: Iterable[Member]) -> None:
        for member in members:
            self._members[member] = None
            member.cohort = self
            self._unchecked.add(member)
            if self._latest is not None and member.awaits(None, self._latest, resets=False):
                member.latest = self._latest
                member.outlet.take(self._latest)

    async def _check(self, members: Collection[Member]) -> None:
        """Have members who have other rights now go on elsewhere, or end."""
        users = list({member.caller.user_id for member in members if member.caller.user_id})
        tokens = list({member.caller.token_id for member in members if member.caller.token_id})
        self._unchecked.difference_update(members)
        unlike = await self._cohorts.tokens.unlike(self._rights, users, tokens)
        if not unlike:
            return
        moved = [member for member in self._members if member.caller.known_by in unlike]
        fresh = await self._cohorts.tokens.renewed_all([member.caller for member in moved])
        for member, caller in zip(moved, fresh, strict=True):
            if member.cohort is not self:
                continue
            if isinstance(caller, Unauthenticated):
                self._let_go(member, [_refusal(caller)])
            elif caller.rights != self._rights.rights:
                self._let_go(member, None)

    async def _tell(self, told: Told) -> None:
        place = self.place
        while self._unchecked:  # their rights may have ended before what is told began
            await self._check(tuple(self._unchecked))
        at = place.telling if place.position is not None else None
        if at is None:
            self._latest = told
        else:
            place.position = at  # whoever comes from now on is not told this any more
        slow: list[Member] = []
        for number, member in enumerate(list(self._members), 1):
            if member.cohort is self and member.awaits(at, told, resets=place.resets):
                member.position, member.latest = at, told
                if not member.outlet.take(told):
                    slow.append(member)
            if not number % SLICE:
                await asyncio.sleep(0)
        self._settled = at
        await self._wait_for(slow)

    async def _wait_for(self, slow: list[Member]) -> None:
        """Wait for the only one, who reads more slowly than it is told; of several let the slow ones go."""
        if slow and len(self._members) == 1:
            self._stalled, self.place.lagging = True, self.place.lagging or self.place.is_live
            await slow[0].outlet.drained()
            self._stalled = False
            return
        for member in slow:
            if member.cohort is self:
                self._let_go(member, None, lags=self.place.is_live)

    def _let_go(self, member: Member, failure: Errors | None, *, lags: bool = False) -> None:
        """Have somebody end with errors, or begin anew from where it stands."""
        self._release(member)
        place = self.place
        if self._begun and place.position is not None:
            position = max(member.position or 0, self._settled or 0)
            member.place = Place(place.nation_id, position, place.head, lagging=lags or place.lagging)
        member.end(failure)
        if not self._members and self.task is not None:
            self.task.cancel()

    def _release(self, member: Member) -> None:
        self._members.pop(member, None)
        self._unchecked.discard(member)
        member.cohort = None

    def _end(self, failure: Errors) -> None:
        for member in list(self._members):
            self._release(member)
            member.end(failure)


def _refusal(error: Unauthenticated) -> GraphQLError:
    return complaint(GraphQLError(error.message, original_error=error))


def _expiring(member: Member) -> asyncio.TimerHandle | None:
    """Have somebody end once its token has expired."""
    expires_at = member.caller.expires_at
    if expires_at is None:
        return None

    def expire() -> None:
        if member.cohort is not None:
            member.cohort.leave(member)
        member.end([_refusal(Unauthenticated(EXPIRED))])

    left = (expires_at - datetime.now(UTC)).total_seconds()
    return asyncio.get_running_loop().call_later(max(0.0, left), expire)
