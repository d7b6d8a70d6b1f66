"""The whole schema, as introspection shows it, and documents that select all there is of a type."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLUnionType,
    NoUnusedVariablesRule,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
    specified_rules,
    validate,
)

from resolvers.live import Subscription
from resolvers.roots import TYPES, Mutation, Query
from schema.scalars import SCALARS
from server.api import ServedSchema
from server.costs import Costs
from server.documents import Document

# Every document knows who asks, so that one text serves all.
RULES = [rule for rule in specified_rules if rule is not NoUnusedVariablesRule]
ASKING = "$asking: ID!"
# Criteria that whoever bears a name meets.
ANYBODY = '{clause: {field: LAST_NAME, operator: NOT_EQUALS, values: ["nobody"]}}'


# Rules that share nothing with anybody.
NO_RULES = '{groupName: "Nobody", targets: []}'


class WalkedSchema(ServedSchema):
    """The schema as it is served, save that a document may be as large as it has to be here."""

    def __init__(self) -> None:
        super().__init__(Query, Mutation, Subscription, TYPES, SCALARS)
        self._read = lru_cache(None)(self._read_whole)

    def _read_whole(self, text: str) -> Document:
        document = parse(text)
        problems = validate(self._schema, document, RULES)
        assert not problems, problems
        return Document(document, (), Costs(self._schema, document))


SCHEMA = WalkedSchema()
GRAPH = SCHEMA._schema
ROOTS = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}
NODES = frozenset(kind.name for kind in GRAPH.get_possible_types(GRAPH.type_map["Node"]))  # type: ignore[arg-type]


class UnknownError(Exception):
    """A field wants something that these tests cannot make up."""


def selected(kind: Any, nodes: int = 1) -> str:
    """Return a selection of all that a type offers; nothing where it is a leaf.

    Args:
        kind: the type.
        nodes: how many nodes within nodes are selected whole, of the rest only the ids.
    """
    kind = get_named_type(kind)
    if is_leaf_type(kind):
        return ""
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        members = (f"... on {one.name} {selected(one, nodes)}" for one in GRAPH.get_possible_types(kind))
        return "{ __typename " + " ".join(members) + " }"
    if kind.name in NODES:
        if not nodes:
            return "{ __typename " + f"{kind.name}_id: id" + " }"
        nodes -= 1
    fields = (
        f"{kind.name}_{name}: {name}{_generous(kind.name, name, field)} {selected(field.type, nodes)}"
        for name, field in kind.fields.items()
    )
    return "{ __typename " + " ".join(fields) + " }"


def _generous(owner: str, name: str, field: GraphQLField) -> str:
    """The arguments with which a field shows the most."""
    given: dict[str, Any] = {}
    for key, argument in field.args.items():
        inner = get_named_type(argument.type)
        if key == "first":
            given[key] = 100
        elif key == "nation":
            given[key] = "$asking"
        elif isinstance(argument.type, GraphQLList) and isinstance(inner, GraphQLEnumType):
            given[key] = f"[{' '.join(inner.values)}]"
        elif f"{owner}.{name}" == "Nation.profile" and key == "externalId":
            given[key] = '"nobody"'
        elif key == "criteria":
            given[key] = ANYBODY
        elif key == "rules":
            given[key] = NO_RULES
        elif is_required_argument(argument):
            raise UnknownError(f"{owner}.{name} requires {key}: say in {__name__} with what it shows the most.")
    return "(" + ", ".join(f"{key}: {value}" for key, value in given.items()) + ")" if given else ""
