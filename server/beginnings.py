"""Which variables of a subscription only say where it begins: those who differ in nothing else are told the same."""

from collections import Counter
from collections.abc import Iterator

from graphql import DocumentNode, FieldNode, Node, OperationDefinitionNode, OperationType, VariableNode

AFTER = "after"  # the argument of every subscription that says where it begins
DEFINED_AND_GIVEN = 2  # uses of a variable


def beginning(document: DocumentNode, operation_name: str | None) -> frozenset[str] | None:
    """The variables that a subscription gives as ``after`` and uses nowhere else; None for what is no subscription.

    Args:
        document: what was parsed.
        operation_name: which operation of it; None where it holds only one.
    """
    chosen = [node for node in document.definitions if _is_called(node, operation_name)]
    operation = chosen[0] if len(chosen) == 1 else None
    if not isinstance(operation, OperationDefinitionNode) or operation.operation is not OperationType.SUBSCRIPTION:
        return None
    uses = Counter(name for node in document.definitions for name in _used(node))
    fields = [node for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    given = {
        argument.value.name.value
        for field in fields
        for argument in field.arguments or ()
        if argument.name.value == AFTER and isinstance(argument.value, VariableNode)
    }
    return frozenset(name for name in given if uses[name] == DEFINED_AND_GIVEN)


def _is_called(node: Node, name: str | None) -> bool:
    if not isinstance(node, OperationDefinitionNode):
        return False
    return name is None or (node.name is not None and node.name.value == name)


def _used(node: Node) -> Iterator[str]:
    """The variables named in a part of a document, each as often as it is."""
    waiting: list[Node] = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, VariableNode):
            yield node.name.value
        for key in node.keys:
            value = getattr(node, key, None)
            if isinstance(value, Node):
                waiting.append(value)
            elif isinstance(value, list | tuple):
                waiting += [part for part in value if isinstance(part, Node)]
