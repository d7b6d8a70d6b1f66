"""One operation, whatever it came by: read, and run for whoever asks."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from graphql import GraphQLError
from graphql import OperationType as Kind
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult

from resolvers.context import Context
from server.api import ServedSchema
from server.auth import Tokens
from server.cohorts import Cohorts
from server.complaints import complaint
from server.limits import Limits, longest_list
from server.members import Errors, Outlet, Told
from server.persisted import Persisted
from server.quotas import Places, Rates, principal_of
from server.reception import Asked, Unfit
from server.results import body_of, never_began
from server.streams import Waiting, frame
from sharing.visibility import Caller

UNREADABLE = 10  # points for a document that is not valid: finding out takes about as long as reading ten things


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that may be run.

    Attributes:
        asked: what was asked for.
        context: what it carries with it: who asks.
        kind: query, mutation or subscription; None where the document cannot be read, or names no one operation.
        principal: who it is that is counted.
        cost: what it costs, in points; 0 where that is not known.
    """

    asked: Asked
    context: Context
    kind: Kind | None
    principal: str
    cost: int


class Operations:
    """Runs operations, those of HTTP and those of sockets alike.

    Args:
        schema: what is served.
        tokens: tells who is asking, anew for each operation.
        new_context: makes the context of one operation, for a caller.
        persisted: finds documents that are named.
        rates: counts what is asked for.
    """

    def __init__(
        self,
        schema: ServedSchema,
        tokens: Tokens,
        new_context: Callable[[Caller], Context],
        persisted: Persisted,
        rates: Rates,
    ) -> None:
        self.tokens = tokens
        self.limits = schema.limits
        self.connections = Places(self.limits.connections, "connections", "TOO_MANY_CONNECTIONS")
        self._running = Places(self.limits.operations, "operations", "TOO_MANY_OPERATIONS", retry=1)
        self._subscriptions = Places(self.limits.subscriptions, "subscriptions", "TOO_MANY_SUBSCRIPTIONS")
        self._rates = rates
        self._persisted = persisted
        self._schema = schema
        self._new_context = new_context
        self._cohorts = Cohorts(schema, tokens, new_context)

    async def begin(self, asked: Asked, authorization: str | None, address: str) -> Operation:
        """Read an operation and count it, for whoever is behind an Authorization header.

        Args:
            asked: what was asked for.
            authorization: the header, if there was one.
            address: where the request came from.

        Raises:
            Unauthenticated: nobody is behind the header.
            Unfit: its document is named and not known, it asks for too much, or too often.
        """
        caller = await self.tokens.caller_of(authorization)
        asked = await self._persisted.found(asked)
        document = self._schema.read(asked.query)
        principal, kind, cost = principal_of(caller, address), None, 0
        context = self._new_context(caller)
        if document is None or document.errors:
            context.rate_limit = await self._rates.charge(principal, UNREADABLE)
        else:
            kind = document.kind(asked.operation_name)
            cost = document.costs.of(asked.operation_name, asked.variables)
            fault = self._excess(asked, cost)
            context.rate_limit = await self._rates.charge(principal, 1 if fault else cost)
            if fault:
                raise fault
            await self._persisted.keep(asked)
        return Operation(asked, context, kind, principal, cost)

    def _excess(self, asked: Asked, cost: int) -> Unfit | None:
        """What is too much in an operation."""
        limits = self.limits
        if cost > limits.cost:
            message = (
                f"The operation costs {cost:,} points, of {limits.cost:,} allowed: ask for shorter lists, or in parts."
            )
            return Unfit(None, message, "COST_EXCEEDED", extensions={"cost": _told(cost, limits)})
        if asked.variables and (items := longest_list(asked.variables)) > limits.items:
            message = f"A list in the variables has {items:,} items, of {limits.items:,} allowed: send it in parts."
            return Unfit(None, message, "BAD_USER_INPUT")
        return None

    async def run(self, operation: Operation) -> ExecutionResult:
        """Run a query or a mutation.

        Raises:
            Unfit: the document does not have the operation that is named, too many run already, or it took too long.
        """
        asked = operation.asked
        try:
            with self._running.taken(operation.principal):
                async with asyncio.timeout(self.limits.seconds):
                    result = await self._schema.execute(
                        asked.query,
                        variable_values=asked.variables,
                        context_value=operation.context,
                        operation_name=asked.operation_name,
                        operation_extensions=asked.extensions,
                    )
        except CannotGetOperationTypeError as error:
            raise Unfit(None, error.as_http_error_reason(), "OPERATION_RESOLUTION_FAILURE") from None
        except TimeoutError:
            raise Unfit(503, f"The operation took longer than {self.limits.seconds} seconds.", "TIMEOUT") from None
        if operation.cost and not never_began(result):
            result.extensions = {**(result.extensions or {}), "cost": _told(operation.cost, self.limits)}
        return result

    async def results(self, operation: Operation) -> AsyncGenerator[ExecutionResult, None]:
        """The results of any operation, one after the other: many of a subscription, one of what is none.

        Raises:
            Unfit: as for `run`.
        """
        if operation.kind is not Kind.SUBSCRIPTION:
            yield await self.run(operation)
            return
        asked = operation.asked
        with self._subscriptions.taken(operation.principal):
            source = await self._schema.stream(
                asked.query,
                variable_values=asked.variables,
                context_value=operation.context,
                operation_name=asked.operation_name,
                operation_extensions=asked.extensions,
            )
            async with aclosing(source):
                async for result in source:
                    assert isinstance(result, ExecutionResult)  # nothing here is delivered in parts
                    yield result

    async def follow(self, operation: Operation, outlet: Outlet) -> Errors:
        """Tell an outlet the results of a subscription, among others who ask for the same with the same rights.

        Returns:
            The errors that ended it, if any did.

        Raises:
            Unfit: there are too many subscriptions.
            Unauthenticated: the caller's token has expired or was revoked, or its user disabled.
        """
        asked = operation.asked
        beginning = self._schema.beginning(asked.query, asked.operation_name) or frozenset()
        if last := operation.context.last_event:
            asked = replace(asked, variables={**(asked.variables or {}), **dict.fromkeys(beginning, last)})
        with self._subscriptions.taken(operation.principal):
            return await self._cohorts.follow(asked, beginning, operation.context.caller, outlet)

    async def events(self, operation: Operation) -> AsyncGenerator[bytes, None]:
        """The results as events. What ends them early is told by the last."""
        try:
            source = self._together(operation) if self._is_shared(operation) else self._alone(operation)
            async with aclosing(source):
                async for event in source:
                    yield event
        except Unfit as unfit:
            yield frame(unfit.body)
        except Exception as error:
            yield frame({"errors": [complaint(GraphQLError(str(error), original_error=error)).formatted]})

    def _is_shared(self, operation: Operation) -> bool:
        """Whether others are told the same: of what goes on after an event, only what takes that as a variable."""
        if operation.kind is not Kind.SUBSCRIPTION:
            return False
        asked = operation.asked
        return not operation.context.last_event or bool(self._schema.beginning(asked.query, asked.operation_name))

    async def _together(self, operation: Operation) -> AsyncGenerator[bytes, None]:
        waiting = Waiting()
        task = asyncio.create_task(self.follow(operation, Evented(waiting)))
        try:
            async with aclosing(waiting.taken(task)) as events:
                async for event in events:
                    yield event
            if failure := await task:
                yield frame({"errors": [error.formatted for error in failure]})
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _alone(self, operation: Operation) -> AsyncGenerator[bytes, None]:
        async with aclosing(self.results(operation)) as results:
            async for result in results:
                yield frame(body_of(result))


class Evented:
    """Results given to a stream as its events."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def take(self, told: Told) -> bool:
        """Send a result. Whether more may follow before it has drained."""
        return self._waiting.put(told.event)

    async def drained(self) -> None:
        """Return once the client has taken what it was sent."""
        await self._waiting.drained()


def _told(cost: int, limits: Limits) -> dict[str, int]:
    return {"requested": cost, "maximum": limits.cost}
