"""Documents parsed, limited and validated once for all who send the same text."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext

from server.costs import Costs
from server.limits import Limits, check

MAX_COMMENTS = 500
MAX_ERRORS = 5
CACHED = 512
CACHED_LENGTH = 10_000  # longer texts are read anew each time, so that the cache stays within some megabytes

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


class Document(NamedTuple):
    """A text that could be parsed, and what is wrong with it."""

    document: DocumentNode
    errors: tuple[GraphQLError, ...]
    costs: Costs

    def kind(self, operation_name: str | None) -> OperationType | None:
        """What an operation of it is; None where it is not clear which is meant."""
        operation = get_operation_ast(self.document, operation_name)
        return operation.operation if operation else None


Reader = Callable[[str], Document]


def parsing(limits: Limits) -> Any:
    """The most that a text may hold, whatever it asks for: parsing it comes before everything else."""
    return {
        "max_lexical_tokens": limits.tokens,
        "max_comments": MAX_COMMENTS,
        "max_source_length": limits.text,
    }


def reader(schema: GraphQLSchema, limits: Limits, *, introspection: bool = True, suggestions: bool = False) -> Reader:
    """What reads texts for a schema, and remembers those it has read.

    It raises GraphQLError where a text cannot be parsed.

    Args:
        schema: what the documents ask of.
        limits: what a document may ask for.
        introspection: whether it may ask for the schema.
        suggestions: whether errors name what may have been meant.
    """
    options = parsing(limits)
    rules = RULES if introspection else (*RULES, NoSchemaIntrospectionCustomRule)

    def read(text: str) -> Document:
        document = parse(text, **options)
        errors = check(document, limits)
        errors = errors or validate(schema, document, rules, max_errors=MAX_ERRORS, hide_suggestions=not suggestions)
        for error in errors:
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
        return Document(document, tuple(errors), Costs(schema, document))

    remembered = lru_cache(CACHED)(read)
    return lambda text: remembered(text) if len(text) <= CACHED_LENGTH else read(text)


class ReadDocuments(SchemaExtension):
    """Has a reader parse and validate the operation.

    Args:
        read: reads texts.
        options: what Strawberry parses with what the reader cannot read.
    """

    def __init__(self, read: Reader, options: Any) -> None:
        self._read = read
        self._options = options
        self._errors: list[GraphQLError] | None = None

    def on_parse(self) -> Iterator[None]:
        """Give the operation its document. What cannot be parsed is left for Strawberry to find and report."""
        context = self.execution_context
        context.parse_options = self._options
        if context.query:
            with suppress(GraphQLError):
                found = self._read(context.query)
                context.graphql_document, self._errors = found.document, list(found.errors)
        yield

    def on_validate(self) -> Iterator[None]:
        """Tell what is wrong with the document, or with the choice of an operation in it."""
        context = self.execution_context
        context.pre_execution_errors = self._errors or _unchosen(context)
        yield


def _unchosen(context: ExecutionContext) -> list[GraphQLError]:
    """Strawberry would run the first of several operations where none is named."""
    definitions = context.graphql_document.definitions if context.graphql_document else ()
    operations = sum(isinstance(node, OperationDefinitionNode) for node in definitions)
    if operations == 1 or context._provided_operation_name is not None:
        return []
    message = "The document holds several operations: say which in operationName."
    return [GraphQLError(message, extensions={"code": "OPERATION_RESOLUTION_FAILURE"})]
