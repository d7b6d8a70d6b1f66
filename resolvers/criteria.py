"""Criteria of segments: from what clients write to what is kept, and back."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case, to_snake_case

from resolvers.batches import Row
from resolvers.ids import encode, uuid_of
from resolvers.present import filled
from schema.enums import ProfileField
from schema.segment_enums import SegmentJoin
from schema.segments import Segment, SegmentClauseInput, SegmentCriterionInput, SegmentPart
from sharing.errors import InvalidInput, NotFound
from sharing.segments.criteria import MAX_CLAUSES, Attribute, Operator

_JOINS = {"all": SegmentJoin.ALL, "any": SegmentJoin.ANY, "not": SegmentJoin.NOT, "clause": SegmentJoin.CLAUSE}

# What is named by its id.
_KINDS = {Attribute.TAG: "Tag", Attribute.GROUP: "Group"}


def as_kept(criterion: SegmentCriterionInput) -> dict[str, Any]:
    """Criteria as they are kept: what was left out was left out is left out, tags and groups go by their rows.

    Raises:
        InvalidInput: there are far too many parts, which nobody goes through.
    """
    return _Kept().of(criterion)


class _Kept:
    """Counts on the way."""

    def __init__(self) -> None:
        self._parts = 0

    def of(self, criterion: SegmentCriterionInput) -> dict[str, Any]:
        """A part, and what is in it."""
        self._parts += 1
        if self._parts > 10 * MAX_CLAUSES:
            message = f"The criteria have more than {MAX_CLAUSES} conditions: write fewer."
            raise InvalidInput(message, "criteria")
        found: dict[str, Any] = {}
        for name, parts in (("all", criterion.all), ("any", criterion.any)):
            if parts is not None:
                found[name] = [self.of(part) for part in parts]
        if criterion.not_ is not None:
            found["not"] = self.of(criterion.not_)
        if criterion.clause is not None:
            found["clause"] = _clause(criterion.clause)
        return found


def _clause(clause: SegmentClauseInput) -> dict[str, Any]:
    values, kind = clause.values or [], _KINDS.get(clause.attribute) if clause.attribute else None
    found = {
        "field": clause.field and clause.field.value,
        "component": clause.component and to_snake_case(clause.component),
        "customField": clause.custom_field,
        "attribute": clause.attribute and clause.attribute.value,
        "operator": clause.operator.value,
        "values": [_row(kind, value) for value in values] if kind else list(values),
        "days": clause.days,
        "caseSensitive": clause.case_sensitive or None,
    }
    return {name: value for name, value in found.items() if value is not None and value != []}


def _row(kind: str, value: str) -> str:
    """The row of a tag or a group; what names none names none later on either."""
    try:
        return str(uuid_of(kind, value))
    except (InvalidInput, NotFound):
        return ""


def segment(row: Row) -> Segment:
    """A segment, from its columns."""
    raw = row.pop("criteria")
    row["row_id"], row["raw"], row["lock"] = row["id"], raw, row["locked_by_id"]
    row["id"] = encode("Segment", row["id"])
    row["criteria"] = list(_parts(raw))
    return filled(Segment, row)


def _parts(raw: Mapping[str, Any]) -> Iterator[SegmentPart]:
    waiting: list[tuple[Mapping[str, Any], int | None]] = [(raw, None)]
    place = 0
    while waiting:
        part, parent = waiting.pop(0)
        ((name, content),) = part.items()
        clause = content if name == "clause" else {}
        yield _part(place, parent, _JOINS[name], clause)
        if name in ("all", "any"):
            waiting += [(one, place) for one in content]
        elif name == "not":
            waiting.append((content, place))
        place += 1


def _part(place: int, parent: int | None, join: SegmentJoin, clause: Mapping[str, Any]) -> SegmentPart:
    field, attribute, operator = clause.get("field"), clause.get("attribute"), clause.get("operator")
    component, values = clause.get("component"), clause.get("values", [])
    if attribute in _KINDS:
        values = [encode(_KINDS[Attribute(attribute)], UUID(value)) for value in values]
    return SegmentPart(
        place=place,
        parent=parent,
        join=join,
        field=ProfileField(field) if field else None,
        component=to_camel_case(component) if component else None,
        custom_field=clause.get("customField"),
        attribute=Attribute(attribute) if attribute else None,
        operator=Operator(operator) if operator else None,
        values=values,
        days=clause.get("days"),
        case_sensitive=bool(clause.get("caseSensitive")),
    )
