"""How much one operation may ask for: counted before it is validated, in time linear in the length of its text.

Fragments are counted once each and their figures reused, so that fragments within fragments cost nothing; figures stop
growing at a ceiling, so that what they add up to stays small as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
)

CEILING = 1_000_000
# Introspection is deep, and has a rule of its own for that.
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one operation may hold, with all fragments written out.

    Attributes:
        depth: fields within fields.
        aliases: renamed fields.
        fields: fields altogether.
    """

    depth: int = 15
    aliases: int = 30
    fields: int = 2_000


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a selection asks for."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0


NOTHING = Extent()


def check(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """What of a document goes beyond the limits; empty where nothing does."""
    extents = _of_fragments(
        {
            node.name.value: node.selection_set
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
    )
    problems: list[GraphQLError] = []
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            extent = _of(node.selection_set, extents)
            rows = (
                ("is nested {} fields deep", extent.depth, limits.depth),
                ("renames {} fields", extent.aliases, limits.aliases),
                ("asks for {} fields", extent.fields, limits.fields),
            )
            problems += [_problem(what, asked, most, node) for what, asked, most in rows if asked > most]
    return problems


def _problem(what: str, asked: int, most: int, node: OperationDefinitionNode) -> GraphQLError:
    shown = f"{asked:,}" if asked < CEILING else f"over {CEILING:,}"
    return GraphQLError(f"The operation {what.format(shown)}, of {most:,} allowed: ask for less, or in parts.", node)


def _of_fragments(fragments: Mapping[str, SelectionSetNode]) -> dict[str, Extent]:
    """The extents of all fragments, those first that others spread. Circles add nothing: validation refuses them."""
    extents: dict[str, Extent] = {}
    for root in fragments:
        path = [] if root in extents else [(root, _spreads(fragments[root]))]
        entered = {root}
        while path:
            name, spreads = path[-1]
            for spread in spreads:
                if spread in fragments and spread not in extents and spread not in entered:
                    entered.add(spread)
                    path.append((spread, _spreads(fragments[spread])))
                    break
            else:
                extents[name] = _of(fragments[name], extents)
                path.pop()
    return extents


def _spreads(selections: SelectionSetNode) -> Iterator[str]:
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            yield selection.name.value
        elif inner := getattr(selection, "selection_set", None):
            yield from _spreads(inner)


def _of(selections: SelectionSetNode, fragments: Mapping[str, Extent]) -> Extent:
    depth = aliases = fields = 0
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            inner = fragments.get(selection.name.value, NOTHING)
        else:
            nested = getattr(selection, "selection_set", None)
            inner = _of(nested, fragments) if nested else NOTHING
        if isinstance(selection, FieldNode):
            below = 0 if selection.name.value in INTROSPECTION else inner.depth
            inner = Extent(1 + below, inner.aliases + (selection.alias is not None), inner.fields + 1)
        depth = max(depth, inner.depth)
        aliases = min(aliases + inner.aliases, CEILING)
        fields = min(fields + inner.fields, CEILING)
    return Extent(depth, aliases, fields)
