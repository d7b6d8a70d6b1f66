"""Criteria as one condition of SQL, every value a parameter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sharing.segments.criteria import Attribute, Clause, Criterion, Domain, Either, Every, Operator, Subject
from sharing.segments.judging import anniversaries

_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(slots=True)
class Condition:
    """A condition on a row ``p`` of profiles, in the making.

    Attributes:
        first: the number of its first parameter.
        now: this moment, UTC.
        parameters: its parameters.
    """

    first: int
    now: datetime
    parameters: list[Any] = field(default_factory=list)

    def of(self, criterion: Criterion) -> str:
        """The condition as SQL: true or false, never unknown."""
        if isinstance(criterion, Every):
            return "(" + " AND ".join(map(self.of, criterion.parts)) + ")"
        if isinstance(criterion, Either):
            return "(" + " OR ".join(map(self.of, criterion.parts)) + ")"
        if isinstance(criterion, Clause):
            return self._clause(criterion)
        return f"(NOT {self.of(criterion.part)})"

    def _add(self, value: object, kind: str) -> str:
        self.parameters.append(value)
        return f"${self.first + len(self.parameters) - 1}::{kind}"

    def _clause(self, clause: Clause) -> str:
        if clause.domain in _BORNE:
            return self._any_of(clause, "taggings", "r.tag_id", _BORNE[clause.domain])
        if clause.domain is Domain.EMAILS:
            return self._any_of(clause, "profile_emails", "r.address")
        held = _held(clause.subject, clause.domain)
        if clause.operator is Operator.IS_BLANK:
            return f"({held} IS NULL)"
        if clause.operator is Operator.NOT_EQUALS:
            return f"(NOT coalesce({self._same(clause, held)}, false))"
        return f"coalesce({self._compared(clause, held)}, false)"

    def _any_of(self, clause: Clause, rows: str, held: str, any_at_all: str = "true") -> str:
        """Whether any of the rows of another table that a profile has is like this, or none is."""
        blank = clause.operator is Operator.IS_BLANK
        wanted = any_at_all if blank else self._compared(clause, held)
        found = f"EXISTS (SELECT FROM {rows} r WHERE r.profile_id = p.id AND {wanted})"
        return f"(NOT {found})" if blank or clause.operator is Operator.NOT_EQUALS else found

    def _compared(self, clause: Clause, held: str) -> str:
        if clause.operator in (Operator.EQUALS, Operator.NOT_EQUALS, Operator.IN):
            return self._same(clause, held)
        if clause.domain in (Domain.TEXT, Domain.EMAILS):
            fold = _fold(clause)
            return f"({fold(held)} LIKE {fold(self._add(_pattern(clause), 'text'))})"
        return f"({self._scale(clause, held, _TYPES[clause.domain])})"

    def _same(self, clause: Clause, held: str) -> str:
        kind = _TYPES[clause.domain]
        if kind != "text":
            return f"({held} = ANY({self._add(list(clause.terms), kind + '[]')}))"
        fold, terms = _fold(clause), self._add(list(clause.terms), "text[]")
        return f"({fold(held)} IN (SELECT {fold('v')} FROM unnest({terms}) AS v))"  # noqa: S608 (values are parameters)

    def _scale(self, clause: Clause, held: str, kind: str) -> str:
        operator, days = clause.operator, timedelta(days=clause.days or 0)
        if operator is Operator.LESS:
            return f"{held} < {self._add(clause.terms[0], kind)}"
        if operator is Operator.GREATER:
            return f"{held} > {self._add(clause.terms[0], kind)}"
        if operator is Operator.BETWEEN:
            return f"{held} BETWEEN {self._add(clause.terms[0], kind)} AND {self._add(clause.terms[1], kind)}"
        if operator is Operator.ANNIVERSARY:
            return f"to_char({held}, 'MM-DD') = ANY({self._add(anniversaries(self.now, clause.days or 0), 'text[]')})"
        if clause.domain is Domain.MOMENT:
            return f"{held} BETWEEN {self._add(self.now - days, kind)} AND {self._add(self.now, kind)}"
        today = self.now.date()
        first, last = (today - days, today) if operator is Operator.IN_LAST_DAYS else (today, today + days)
        return f"{held} BETWEEN {self._add(first, kind)} AND {self._add(last, kind)}"


# Tags and groups are rows of one table: which of those that a profile has there are meant.
_BORNE = {
    Domain.TAGS: "EXISTS (SELECT FROM tags k WHERE k.id = r.tag_id AND k.kind = 'TAG')",
    Domain.GROUPS: "EXISTS (SELECT FROM tags k WHERE k.id = r.tag_id AND k.kind = 'GROUP' AND k.archived_at IS NULL)",
}
_TYPES = {
    Domain.TEXT: "text",
    Domain.EMAILS: "text",
    Domain.NUMBER: "numeric",
    Domain.DATE: "date",
    Domain.MOMENT: "timestamptz",
    Domain.FLAG: "boolean",
    Domain.TAGS: "uuid",
    Domain.GROUPS: "uuid",
}


def _held(subject: Subject, domain: Domain) -> str:
    """What a profile holds, as SQL: of catalogue keys, their parts and slugs, none of which needs quotes."""
    if subject.attribute is not None:
        return f"p.{Attribute(subject.attribute).value.lower()}"
    if subject.custom is not None:
        held = f"(p.custom_fields->>'{subject.custom}')"
        return held if domain is Domain.TEXT else f"{held}::{_TYPES[domain]}"
    return f"p.{subject.field}" if subject.component is None else f"(p.{subject.field}->>'{subject.component}')"


def _fold(clause: Clause) -> Callable[[str], str]:
    return (lambda text: text) if clause.case_sensitive else "lower({})".format


def _pattern(clause: Clause) -> str:
    term = str(clause.terms[0]).translate(_ESCAPED)
    if clause.operator is Operator.CONTAINS:
        return f"%{term}%"
    if clause.operator is Operator.STARTS_WITH:
        return f"{term}%"
    return term.replace("*", "%").replace("?", "_")
