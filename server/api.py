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
from server.documents import ReadDocuments, reader
from server.limits import Limits


class ServedSchema(Schema):
    """A schema whose documents are read once for all, and whose errors tell clients what they can mend and no more."""

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        types: Iterable[type] = (),
        scalars: Mapping[object, Any] | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(
            query,
            mutation,
            subscription,
            types=types,
            extensions=[lambda: ReadDocuments(self._read)],
            # Not sorted: that makes all types anew, and Strawberry finds the members of a union among its own.
            config=StrawberryConfig(scalar_map=dict(scalars or {})),
        )
        self._read = reader(self._schema, limits or Limits())

    def beginning(self, text: str, operation_name: str | None) -> frozenset[str] | None:
        """The variables of a subscription that say where it is to begin and nothing else; None for what is none."""
        try:
            return beginning(self._read(text).document, operation_name)
        except GraphQLError:
            return None

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Replace each error by what the client is told, and log what is ours to mend."""
        operation = execution_context.operation_name if execution_context else None
        errors[:] = [complaint(error, operation) for error in errors]


def served() -> ServedSchema:
    """The schema of Comity."""
    return ServedSchema(Query, Mutation, Subscription, TYPES, SCALARS)
