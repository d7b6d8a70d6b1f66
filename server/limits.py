"""How much one operation may ask for: counted before it is validated, in time linear in the length of its text.

Fragments are counted once each and their figures reused, so that fragments within fragments cost nothing; figures stop
growing at a ceiling, so that what they add up to stays small as well.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

CEILING = 1_000_000
# Introspection is deep, and has a rule of its own for that.
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that clients may do. Of a document all fragments are written out.

    Attributes:
        text: characters of a document.
        tokens: words and signs of a document.
        depth: fields within fields.
        aliases: renamed fields.
        fields: fields altogether.
        repeats: how often the same field may stand at one place.
        directives: directives altogether.
        items: of a list in variables.
        cost: points of an operation.
        seconds: that an operation may take.
        body: bytes of a request.
        operations: queries and mutations of one caller under way at once, in one process.
        connections: sockets and streams of one caller, in one process.
        subscriptions: of one caller, in one process.
        messages: a second on one socket.
    """

    text: int = 50_000
    tokens: int = 2_000
    depth: int = 15
    aliases: int = 30
    fields: int = 2_000
    repeats: int = 30
    directives: int = 50
    items: int = 10_000
    cost: int = 5_000
    seconds: int = 30
    body: int = 1024 * 1024
    operations: int = 100
    connections: int = 100
    subscriptions: int = 1_000
    messages: int = 50


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a selection asks for."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    directives: int = 0


NOTHING = Extent()


def check(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """What of a document goes beyond the limits; empty where nothing does."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    extents = _of_fragments(fragments)
    problems: list[GraphQLError] = []
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            extent = _of(node.selection_set, extents)
            directives = extent.directives + _directives(node)
            rows = (
                ("is nested {} fields deep", extent.depth, limits.depth),
                ("renames {} fields", extent.aliases, limits.aliases),
                ("asks for {} fields", extent.fields, limits.fields),
                ("has {} directives", directives, limits.directives),
            )
            found = [_problem(what, asked, most, node) for what, asked, most in rows if asked > most]
            if not found and (repeats := _repeats(node.selection_set, fragments, limits.fields)) > limits.repeats:
                found = [_problem("asks for a field {} times at one place", repeats, limits.repeats, node)]
            problems += found
    return problems


def longest_list(variables: object) -> int:
    """How many items the longest list has that is anywhere in the variables of an operation."""
    longest, waiting = 0, [variables]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            longest = max(longest, len(value))
            waiting += value
    return longest


def _problem(what: str, asked: int, most: int, node: OperationDefinitionNode) -> GraphQLError:
    shown = f"{asked:,}" if asked < CEILING else f"over {CEILING:,}"
    return GraphQLError(f"The operation {what.format(shown)}, of {most:,} allowed: ask for less, or in parts.", node)


def _of_fragments(fragments: Mapping[str, FragmentDefinitionNode]) -> dict[str, Extent]:
    """The extents of all fragments, those first that others spread. Circles add nothing: validation refuses them."""
    extents: dict[str, Extent] = {}
    for root in fragments:
        path = [] if root in extents else [(root, _spreads(fragments[root].selection_set))]
        entered = {root}
        while path:
            name, spreads = path[-1]
            for spread in spreads:
                if spread in fragments and spread not in extents and spread not in entered:
                    entered.add(spread)
                    path.append((spread, _spreads(fragments[spread].selection_set)))
                    break
            else:
                extent, own = _of(fragments[name].selection_set, extents), len(fragments[name].directives or ())
                extents[name] = replace(extent, directives=min(extent.directives + own, CEILING))
                path.pop()
    return extents


def _spreads(selections: SelectionSetNode) -> Iterator[str]:
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            yield selection.name.value
        elif inner := getattr(selection, "selection_set", None):
            yield from _spreads(inner)


def _of(selections: SelectionSetNode, fragments: Mapping[str, Extent]) -> Extent:
    depth = aliases = fields = directives = 0
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            inner = fragments.get(selection.name.value, NOTHING)
        else:
            nested = getattr(selection, "selection_set", None)
            inner = _of(nested, fragments) if nested else NOTHING
        below = inner.depth
        if isinstance(selection, FieldNode):
            below = 1 + (0 if selection.name.value in INTROSPECTION else below)
            aliases += selection.alias is not None
            fields += 1
        depth = max(depth, below)
        aliases = min(aliases + inner.aliases, CEILING)
        fields = min(fields + inner.fields, CEILING)
        directives = min(directives + inner.directives + len(selection.directives or ()), CEILING)
    return Extent(depth, aliases, fields, directives)


def _directives(operation: OperationDefinitionNode) -> int:
    """How many directives stand on an operation itself, and on its variables."""
    of_variables = sum(len(variable.directives or ()) for variable in operation.variable_definitions or ())
    return len(operation.directives or ()) + of_variables


def _repeats(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], fields: int) -> int:
    """How often the same field stands at one place, at most. Each is compared with each, so that many take long.

    What stands below equal fields is at one place as well. There are no more than so many fields, but for circles of
    fragments, which validation refuses.
    """
    most, places = 0, [[selections]]
    while places and fields >= 0:
        below: dict[str, list[SelectionSetNode]] = {}
        times = Counter[str]()
        for node in _at(places.pop(), fragments):
            name = (node.alias or node.name).value
            times[name] += 1
            if node.selection_set:
                below.setdefault(name, []).append(node.selection_set)
        most = max(most, *times.values(), 0)
        fields -= times.total()
        places += below.values()
    return most


def _at(place: list[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    """The fields at one place, which is a selection or several that are merged."""
    waiting, spread = list(place), set[str]()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                if fragment := fragments.get(node.name.value):
                    waiting.append(fragment.selection_set)
