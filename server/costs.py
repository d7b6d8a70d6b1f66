"""What an operation costs, in points: estimated from its text and the sizes that it asks for, before it runs.

A point is about one thing read: an object costs one, a value a tenth. What stands below a list counts as often as the
list may be long: as `first` or `last` say, or as many `ids` as there are. Fragments are counted once each, and figures
stop growing at a ceiling, so that counting takes time linear in the length of the text, whatever it adds up to.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_leaf_type,
    is_list_type,
    is_object_type,
)

CEILING = 10**9
REMEMBERED = 64  # sizes asked for, of each document

# In tenths of a point.
VALUE = 1
OBJECT = 10
BEGUN = {OperationType.QUERY: 0, OperationType.MUTATION: 100, OperationType.SUBSCRIPTION: 100}  # for each root field
DEAR = {"totalCount": 50, "signIn": 2_000, "__schema": 1_000, "__type": 50}
FREE = frozenset({"edges", "pageInfo"})  # what only holds things together

PAGE = 50  # where neither `first` nor `last` is given
PAGES = {"changes": 100}
ITEMS = 10  # of a list whose length nothing tells

SIZES = ("first", "last", "ids")


class Costs:
    """What the operations of one document cost.

    Args:
        schema: what it is asked of.
        document: which is valid.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._document = document
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[tuple[Any, ...], int] = {}

    def of(self, operation_name: str | None, variables: Mapping[str, Any] | None) -> int:
        """What an operation costs with these variables, in points; 0 where it is not clear which is meant."""
        operation = get_operation_ast(self._document, operation_name)
        if operation is None:
            return 0
        sizes = _given(operation, variables or {})
        key = (operation_name, *sizes.items())
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[key] = self._counted(operation, sizes)
        return self._known[key]

    def _counted(self, operation: OperationDefinitionNode, sizes: Mapping[str, int]) -> int:
        root = self._schema.get_root_type(operation.operation)
        count = _Count(self._schema, self._fragments, sizes)
        tenths = _whole(count.of(operation.selection_set, root, BEGUN[operation.operation]))
        return max(1, -(-tenths // 10))


def _given(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, int]:
    """How large the variables of an operation are that may say how long a list is."""
    sizes = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        value = variables.get(name)
        if name not in variables and definition.default_value is not None:
            size = _size(definition.default_value, {})
        elif isinstance(value, list):
            size = len(value)
        else:
            size = value if isinstance(value, int) and not isinstance(value, bool) else None
        if size is not None:
            sizes[name] = min(max(size, 0), CEILING)
    return sizes


def _size(node: ValueNode, sizes: Mapping[str, int]) -> int | None:
    """The number that a value is, or of the items that it has; None where it says neither."""
    if isinstance(node, VariableNode):
        return sizes.get(node.name.value)
    if isinstance(node, IntValueNode):
        return min(max(int(node.value), 0), CEILING) if len(node.value) < 12 else CEILING
    if isinstance(node, ListValueNode):
        return len(node.values)
    return None if isinstance(node, NullValueNode) else 1


def _whole(cost: tuple[int, int], items: int = ITEMS) -> int:
    """What a selection costs: all that is there once, and all that is there for each item of a list."""
    once, each = cost
    return min(once + items * each, CEILING)


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0] + other[0], CEILING), min(one[1] + other[1], CEILING)


class _Count:
    """Counts one operation, in tenths: what of a selection costs once, and what for each item of the list it is of."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], sizes: Mapping[str, int]
    ) -> None:
        self._types = schema.type_map
        self._fragments = fragments
        self._sizes = sizes
        self._counted: dict[str, tuple[int, int]] = {}

    def of(self, selections: SelectionSetNode, parent: Any, begun: int = 0) -> tuple[int, int]:
        """Of alternatives, types that no one thing has at once, the dearest is counted."""
        once = each = 0
        alternatives: dict[str, tuple[int, int]] = {}
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                within, more = parent, self._field(selection, parent, begun)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                within = self._types.get(condition.name.value) if condition else parent
                more = self.of(selection.selection_set, within, begun)
            else:
                assert isinstance(selection, FragmentSpreadNode)
                within, more = self._spread(selection.name.value, begun)
            if within is not parent and is_object_type(within):
                before = alternatives.get(within.name, (0, 0))
                alternatives[within.name] = _sum(before, more)
            else:
                once, each = _sum((once, each), more)
        dearest = (max(column, default=0) for column in zip(*alternatives.values(), strict=True))
        return _sum((once, each), (next(dearest, 0), next(dearest, 0)))

    def _spread(self, name: str, begun: int) -> tuple[Any, tuple[int, int]]:
        fragment = self._fragments[name]
        within = self._types.get(fragment.type_condition.name.value)
        if name not in self._counted:
            self._counted[name] = self.of(fragment.selection_set, within, begun)
        return within, self._counted[name]

    def _field(self, node: FieldNode, parent: Any, begun: int) -> tuple[int, int]:
        name = node.name.value
        own = DEAR.get(name, 0) + begun
        field: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        if field is None or node.selection_set is None:
            own += VALUE if field is not None and name not in DEAR else 0
            return own, 0
        kind: Any = get_named_type(field.type)
        assert not is_leaf_type(kind)
        own += 0 if name in FREE else OBJECT
        inner = self.of(node.selection_set, kind)
        size = self._length(node, field)
        if not is_list_type(get_nullable_type(field.type)):
            return min(own + _whole(inner, ITEMS if size is None else size), CEILING), 0
        item = min(own + _whole(inner), CEILING)
        return (0, item) if size is None else (min(size * item, CEILING), 0)

    def _length(self, node: FieldNode, field: GraphQLField) -> int | None:
        """How long the list may be that a field is, or that is right below it; None where nothing tells."""
        if not any(name in field.args for name in SIZES):
            return None
        given = [
            _size(argument.value, self._sizes) for argument in node.arguments or () if argument.name.value in SIZES
        ]
        return max((size for size in given if size is not None), default=PAGES.get(node.name.value, PAGE))
