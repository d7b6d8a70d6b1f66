"""The GraphQL schema as it is served: documents read once, errors fit to be told."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import GraphQLError
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from resolvers.live import Subscription
from resolvers.roots import TYPES, Mutation, Query
from schema.scalars import SCALARS
from server.beginnings import beginning
from server.complaints import complaint
from server.documents import Document, ReadDocuments, parsing, reader
from server.limits import Limits


class ServedSchema(Schema):
    """A schema whose documents are read once for all, and whose errors tell clients what they can mend and no more.

    Args:
        query: the root of queries; mutation, subscription, types and scalars as Strawberry has them.
        limits: what a document may ask for.
        introspection: whether it may ask for the schema.
        suggestions: whether errors name what may have been meant.
    """

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        types: Iterable[type] = (),
        scalars: Mapping[object, Any] | None = None,
        *,
        limits: Limits | None = None,
        introspection: bool = True,
        suggestions: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self._suggestions = suggestions
        options = parsing(self.limits)
        super().__init__(
            query,
            mutation,
            subscription,
            types=types,
            extensions=[lambda: ReadDocuments(self._read, options)],
            # Not sorted: that makes all types anew, and Strawberry finds the members of a union among its own.
            config=StrawberryConfig(scalar_map=dict(scalars or {})),
        )
        self._read = reader(self._schema, self.limits, introspection=introspection, suggestions=suggestions)

    def read(self, text: str) -> Document | None:
        """A document, and what is wrong with it; None where it cannot be parsed."""
        try:
            return self._read(text)
        except GraphQLError:
            return None

    def beginning(self, text: str, operation_name: str | None) -> frozenset[str] | None:
        """The variables of a subscription that say where it is to begin and nothing else; None for what is none."""
        try:
            return beginning(self._read(text).document, operation_name)
        except GraphQLError:
            return None

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Replace each error by what the client is told, and log what is ours to mend."""
        operation = execution_context.operation_name if execution_context else None
        errors[:] = [complaint(error, operation, self._suggestions) for error in errors]


def served(limits: Limits | None = None, *, introspection: bool = True, suggestions: bool = False) -> ServedSchema:
    """The schema of Comity; the arguments are those of `ServedSchema`."""
    return ServedSchema(
        Query,
        Mutation,
        Subscription,
        TYPES,
        SCALARS,
        limits=limits,
        introspection=introspection,
        suggestions=suggestions,
    )
