"""One operation, whatever it came by: read, and run for whoever asks."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from graphql import GraphQLError
from graphql import OperationType as Kind
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult

from resolvers.context import Context
from server.api import ServedSchema
from server.auth import Tokens
from server.complaints import complaint
from server.persisted import Persisted
from server.reception import Asked, Unfit
from server.results import Body, body_of
from sharing.visibility import Caller

OPERATION_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that may be run.

    Attributes:
        asked: what was asked for.
        context: what it carries with it: who asks.
        kind: query, mutation or subscription; None where the document cannot be read, or names no one operation.
    """

    asked: Asked
    context: Context
    kind: Kind | None


class Operations:
    """Runs operations, those of HTTP and those of sockets alike.

    Args:
        schema: what is served.
        tokens: tells who is asking, anew for each operation.
        new_context: makes the context of one operation, for a caller.
        persisted: finds documents that are named.
    """

    def __init__(
        self,
        schema: ServedSchema,
        tokens: Tokens,
        new_context: Callable[[Caller], Context],
        persisted: Persisted,
    ) -> None:
        self.tokens = tokens
        self._persisted = persisted
        self._schema = schema
        self._new_context = new_context

    async def begin(self, asked: Asked, authorization: str | None) -> Operation:
        """Read an operation, for whoever is behind an Authorization header.

        Raises:
            Unauthenticated: nobody is.
            Unfit: its document is named and not known.
        """
        caller = await self.tokens.caller_of(authorization)
        asked = await self._persisted.found(asked)
        document = self._schema.read(asked.query)
        if document and not document.errors:
            await self._persisted.keep(asked)
        return Operation(asked, self._new_context(caller), document.kind(asked.operation_name) if document else None)

    async def run(self, operation: Operation) -> ExecutionResult:
        """Run a query or a mutation.

        Raises:
            Unfit: the document does not have the operation that is named, or it took too long.
        """
        asked = operation.asked
        try:
            async with asyncio.timeout(OPERATION_SECONDS):
                return await self._schema.execute(
                    asked.query,
                    variable_values=asked.variables,
                    context_value=operation.context,
                    operation_name=asked.operation_name,
                    operation_extensions=asked.extensions,
                )
        except CannotGetOperationTypeError as error:
            raise Unfit(None, error.as_http_error_reason(), "OPERATION_RESOLUTION_FAILURE") from None
        except TimeoutError:
            raise Unfit(503, f"The operation took longer than {OPERATION_SECONDS:.0f} seconds.", "TIMEOUT") from None

    async def results(self, operation: Operation) -> AsyncGenerator[ExecutionResult, None]:
        """The results of any operation, one after the other: many of a subscription, one of what is none.

        Raises:
            Unfit: as for `run`.
        """
        if operation.kind is not Kind.SUBSCRIPTION:
            yield await self.run(operation)
            return
        asked = operation.asked
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

    async def bodies(self, operation: Operation) -> AsyncGenerator[Body, None]:
        """The results as they are sent. What ends them early is told by the last."""
        try:
            async with aclosing(self.results(operation)) as results:
                async for result in results:
                    yield body_of(result)
        except Unfit as unfit:
            yield unfit.body
        except Exception as error:
            yield {"errors": [complaint(GraphQLError(str(error), original_error=error)).formatted]}
