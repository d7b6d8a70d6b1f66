"""Criteria read from data, checked clause by clause; what is wrong is named by its place."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sharing.errors import InvalidInput, InvalidInputs
from sharing.segments.clauses import Known, as_uuid, read_clause
from sharing.segments.criteria import MAX_CLAUSES, MAX_DEPTH, Attribute, Criterion, Either, Every, Neither

_WAYS = ("all", "any", "not", "clause")


def read_criteria(raw: Mapping[str, Any], known: Known) -> Criterion:
    """Read criteria.

    Args:
        raw: an object with exactly one of ``all`` and ``any`` (lists of such objects), ``not`` (one) and ``clause``
            (see ``read_clause``).
        known: what the nation has that they may name.

    Raises:
        InvalidInputs: all that is wrong, each by its path, which begins with ``criteria``.
    """
    reader = _Reader(known)
    found = reader.read(raw, ("criteria",), 1)
    if reader.clauses > MAX_CLAUSES:
        raise InvalidInputs(
            [InvalidInput(f"The criteria have more than {MAX_CLAUSES} conditions: write fewer.", "criteria")]
        )
    if reader.problems or found is None:
        raise InvalidInputs(reader.problems)
    return found


def clauses_in(raw: Any) -> list[Mapping[str, Any]]:
    """The conditions in criteria that are yet to be read, at most one more than there may be."""
    found: list[Mapping[str, Any]] = []
    waiting = [raw]
    while waiting and len(found) <= MAX_CLAUSES:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if isinstance(one.get("clause"), Mapping):
                found.append(one["clause"])
            waiting += [one.get("not"), *(one.get("all") or ()), *(one.get("any") or ())]
    return found


def tags_named(raw: Any) -> set[UUID]:
    """The tags that criteria name that are yet to be read."""
    return _rows_named(raw, Attribute.TAG)


def groups_named(raw: Any) -> set[UUID]:
    """The groups that criteria name that are yet to be read."""
    return _rows_named(raw, Attribute.GROUP)


def _rows_named(raw: Any, attribute: Attribute) -> set[UUID]:
    values = [
        value for one in clauses_in(raw) if one.get("attribute") == attribute for value in one.get("values") or ()
    ]
    return {found for value in values if (found := as_uuid(value))}


def customs_named(raw: Any) -> set[str]:
    """The slugs of the custom fields that criteria name that are yet to be read."""
    return {one["customField"] for one in clauses_in(raw) if one.get("customField") is not None}


class _Reader:
    """Reads on past what is wrong, so that all of it is told at once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.problems: list[InvalidInput] = []
        self.clauses = 0

    def read(self, raw: Any, path: tuple[str, ...], depth: int) -> Criterion | None:
        """A part of the criteria; None where it is wrong, or there is too much of it."""
        if self.clauses > MAX_CLAUSES:
            return None
        try:
            return self._read(raw, path, depth)
        except InvalidInput as problem:
            self.problems.append(problem)
            return None

    def _read(self, raw: Any, path: tuple[str, ...], depth: int) -> Criterion | None:
        if depth > MAX_DEPTH:
            raise InvalidInput(f"Conditions stand at most {MAX_DEPTH} deep within each other: write it flatter.", *path)
        given = [name for name in _WAYS if isinstance(raw, Mapping) and raw.get(name) is not None]
        if len(given) != 1:
            raise InvalidInput("Give exactly one of all, any, not and clause.", *path)
        (name,) = given
        if name == "clause":
            self.clauses += 1
            return read_clause(raw[name], self._known, (*path, name))
        if name == "not":
            part = self.read(raw[name], (*path, name), depth + 1)
            return part and Neither(part)
        if not raw[name]:
            raise InvalidInput("Give at least one condition.", *path, name)
        parts = [self.read(part, (*path, name, str(place)), depth + 1) for place, part in enumerate(raw[name])]
        whole = tuple(part for part in parts if part is not None)
        return Every(whole) if name == "all" else Either(whole)
