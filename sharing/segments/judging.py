"""Whether a profile meets criteria, judged in Python: what the database is asked must answer the same."""

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sharing.fields import CUSTOM_PREFIX
from sharing.records import Record
from sharing.segments.criteria import Attribute, Clause, Criterion, Domain, Either, Every, Operator, Term


@dataclass(frozen=True, slots=True)
class Person:
    """A profile, with what criteria may ask besides its fields.

    Attributes:
        record: its values.
        tags: the tags that it bears.
        created_at: when it was made.
        updated_at: when it was last written.
        is_supporter: whether it counts as a supporter.
        is_prospect: whether it is a prospect.
        groups: the groups that it is in, those that are archived left out.
    """

    record: Record
    tags: Set[UUID]
    created_at: datetime
    updated_at: datetime
    is_supporter: bool = False
    is_prospect: bool = False
    groups: Set[UUID] = frozenset()


def meets(person: Person, criterion: Criterion, now: datetime) -> bool:
    """Whether a profile meets criteria.

    Args:
        person: the profile.
        criterion: the criteria.
        now: this moment, UTC: days are counted from its date.
    """
    if isinstance(criterion, Every):
        return all(meets(person, part, now) for part in criterion.parts)
    if isinstance(criterion, Either):
        return any(meets(person, part, now) for part in criterion.parts)
    if isinstance(criterion, Clause):
        return _holds(criterion, _held(person, criterion), now)
    return not meets(person, criterion.part, now)


def _held(person: Person, clause: Clause) -> list[Term]:
    """What a profile holds of what a clause is about; nothing where it is blank."""
    subject = clause.subject
    if subject.attribute is Attribute.TAG:
        return list(person.tags)
    if subject.attribute is Attribute.GROUP:
        return list(person.groups)
    if subject.attribute is not None:
        return [getattr(person, subject.attribute.value.lower())]
    key = CUSTOM_PREFIX + subject.custom if subject.custom is not None else subject.field or ""
    value = person.record.value(key)
    if subject.component is not None:
        value = value.get(subject.component) if isinstance(value, dict) else None
    if value is None:
        return []
    if isinstance(value, tuple):
        return list(value)
    if clause.domain is Domain.NUMBER:
        return [Decimal(str(value))]
    return [True] if isinstance(value, dict) else [value]  # type: ignore[list-item]  # an address: only whether


def _holds(clause: Clause, held: list[Term], now: datetime) -> bool:
    operator = clause.operator
    if operator is Operator.IS_BLANK:
        return not held
    if operator is Operator.NOT_EQUALS:
        return not any(_same(clause, value) for value in held)
    if operator in (Operator.EQUALS, Operator.IN):
        return any(_same(clause, value) for value in held)
    return any(_compares(clause, value, now) for value in held)


def _same(clause: Clause, value: Term) -> bool:
    return any(_folded(clause, value) == _folded(clause, term) for term in clause.terms)


def _folded(clause: Clause, value: Term) -> Term:
    if isinstance(value, str) and not clause.case_sensitive:
        return folded(value)
    return value


def folded(text: str) -> str:
    """Text without regard to case, letter by letter."""
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)


def _compares(clause: Clause, value: Term, now: datetime) -> bool:
    operator, terms = clause.operator, clause.terms
    if isinstance(value, str):
        term = _folded(clause, terms[0])
        assert isinstance(term, str)
        return _like(operator, _folded(clause, value), term)  # type: ignore[arg-type]
    if operator is Operator.LESS:
        return value < terms[0]  # type: ignore[operator]
    if operator is Operator.GREATER:
        return value > terms[0]  # type: ignore[operator]
    if operator is Operator.BETWEEN:
        return terms[0] <= value <= terms[1]  # type: ignore[operator]
    return _within(clause, value, now)


def _like(operator: Operator, value: str, term: str) -> bool:
    if operator is Operator.CONTAINS:
        return term in value
    if operator is Operator.STARTS_WITH:
        return value.startswith(term)
    pattern = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in term)
    return re.fullmatch(pattern, value, re.DOTALL) is not None


def _within(clause: Clause, value: Term, now: datetime) -> bool:
    days = timedelta(days=clause.days or 0)
    if isinstance(value, datetime):
        return now - days <= value <= now
    assert isinstance(value, date)
    if clause.operator is Operator.ANNIVERSARY:
        return value.strftime("%m-%d") in anniversaries(now, clause.days or 0)
    today = now.date()
    if clause.operator is Operator.IN_LAST_DAYS:
        return today - days <= value <= today
    return today <= value <= today + days


def anniversaries(now: datetime, days: int) -> list[str]:
    """The days of the year, as ``MM-DD``, whose anniversary is today or within some days.

    In a year without a 29 February it is kept on the 28th.
    """
    found: dict[str, None] = {}
    for ahead in range(min(days, 366) + 1):
        day = now.date() + timedelta(days=ahead)
        found[day.strftime("%m-%d")] = None
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1:
            found["02-29"] = None
    return list(found)
