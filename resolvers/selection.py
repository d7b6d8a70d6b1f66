"""Looking ahead: which fields an operation selects, so that no more is read than that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import strawberry
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode


class Selection:
    """The fields selected below some fields: all that any fragment or directive may let through, and so at times more.

    Each level is gone through once, however fragments are nested, and only where somebody asks for it.
    """

    __slots__ = ("_fields", "_fragments", "_nodes")

    def __init__(self, nodes: Sequence[FieldNode], fragments: Mapping[str, Any]) -> None:
        self._nodes = nodes
        self._fragments = fragments
        self._fields: dict[str, list[FieldNode]] | None = None

    @classmethod
    def below(cls, info: strawberry.Info[Any, Any]) -> Selection:
        """What is selected below the field that is being resolved."""
        raw = (
            info._raw_info
        )  # the nodes as graphql-core has them: Strawberry's selected_fields copies all there is below
        return cls(raw.field_nodes, raw.fragments)

    @property
    def fields(self) -> Mapping[str, list[FieldNode]]:
        """The nodes of each field, by its name in the schema."""
        if self._fields is None:
            self._fields = {}
            seen: set[str] = set()
            for node in self._nodes:
                self._collect(node.selection_set, self._fields, seen)
        return self._fields

    def _collect(self, start: SelectionSetNode | None, fields: dict[str, list[FieldNode]], seen: set[str]) -> None:
        waiting = [start]
        while waiting:
            level = waiting.pop()
            for selection in level.selections if level else ():
                if isinstance(selection, FieldNode):
                    fields.setdefault(selection.name.value, []).append(selection)
                elif isinstance(selection, InlineFragmentNode):
                    waiting.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                    seen.add(selection.name.value)
                    fragment = self._fragments.get(selection.name.value)
                    waiting.append(fragment.selection_set if fragment else None)

    def under(self, *path: str) -> Selection:
        """What is selected below a field further down."""
        selection = self
        for name in path:
            selection = Selection(selection.fields.get(name, ()), self._fragments)
        return selection

    def merged(self, *paths: tuple[str, ...]) -> Selection:
        """What is selected below any of some fields further down."""
        nodes = [node for path in paths for node in self.under(*path[:-1]).fields.get(path[-1], ())]
        return Selection(nodes, self._fragments)

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def any_of(self, names: Iterable[str]) -> bool:
        """Whether any of some fields is selected."""
        return not self.fields.keys().isdisjoint(names)
