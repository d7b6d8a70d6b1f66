"""What a segment may ask: conditions joined by all, any and not, each about one thing, by one operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

MAX_CLAUSES = 200
MAX_DEPTH = 10
MAX_VALUES = 1_000
MAX_DAYS = 36_600
MAX_TEXT = 500
MAX_STARS = 5  # of a glob: each multiplies the time that looking for it may take


class Operator(StrEnum):
    """How what a profile holds is compared."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT_EQUALS"
    IN = "IN"
    CONTAINS = "CONTAINS"
    STARTS_WITH = "STARTS_WITH"
    GLOB = "GLOB"
    LESS = "LESS"
    GREATER = "GREATER"
    BETWEEN = "BETWEEN"
    IS_BLANK = "IS_BLANK"
    IN_LAST_DAYS = "IN_LAST_DAYS"
    IN_NEXT_DAYS = "IN_NEXT_DAYS"
    ANNIVERSARY = "ANNIVERSARY"


class Domain(StrEnum):
    """What a subject is made of, which decides how it can be compared."""

    TEXT = "TEXT"
    EMAILS = "EMAILS"
    NUMBER = "NUMBER"
    DATE = "DATE"
    MOMENT = "MOMENT"
    FLAG = "FLAG"
    ADDRESS = "ADDRESS"
    TAGS = "TAGS"
    GROUPS = "GROUPS"


class Attribute(StrEnum):
    """What can be asked of a profile besides its fields."""

    TAG = "TAG"
    GROUP = "GROUP"
    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    IS_SUPPORTER = "IS_SUPPORTER"
    IS_PROSPECT = "IS_PROSPECT"


_TEXTS = frozenset(
    {
        Operator.EQUALS,
        Operator.NOT_EQUALS,
        Operator.IN,
        Operator.CONTAINS,
        Operator.STARTS_WITH,
        Operator.GLOB,
        Operator.IS_BLANK,
    }
)
_SETS = frozenset({Operator.EQUALS, Operator.NOT_EQUALS, Operator.IN, Operator.IS_BLANK})
_SCALES = frozenset(
    {
        Operator.EQUALS,
        Operator.NOT_EQUALS,
        Operator.IN,
        Operator.LESS,
        Operator.GREATER,
        Operator.BETWEEN,
        Operator.IS_BLANK,
    }
)

OPERATORS: Mapping[Domain, frozenset[Operator]] = {
    Domain.TEXT: _TEXTS,
    Domain.EMAILS: _TEXTS,
    Domain.NUMBER: _SCALES,
    Domain.DATE: _SCALES | {Operator.IN_LAST_DAYS, Operator.IN_NEXT_DAYS, Operator.ANNIVERSARY},
    Domain.MOMENT: frozenset({Operator.LESS, Operator.GREATER, Operator.BETWEEN, Operator.IN_LAST_DAYS}),
    Domain.FLAG: frozenset({Operator.EQUALS, Operator.NOT_EQUALS, Operator.IS_BLANK}),
    Domain.ADDRESS: frozenset({Operator.IS_BLANK}),
    Domain.TAGS: _SETS,
    Domain.GROUPS: _SETS,
}

# Operators that count days from today, and take no value.
BY_DAYS = frozenset({Operator.IN_LAST_DAYS, Operator.IN_NEXT_DAYS, Operator.ANNIVERSARY})

Term = str | Decimal | date | datetime | bool | UUID


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clause is about: exactly one of the three.

    Attributes:
        field: a catalogue key.
        component: a part of the address that ``field`` is.
        custom: the slug of a custom field.
        attribute: something else about a profile.
    """

    field: str | None = None
    component: str | None = None
    custom: str | None = None
    attribute: Attribute | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition.

    Attributes:
        subject: what it is about.
        domain: what that is made of.
        operator: how it is compared.
        terms: what with, in the form in which profiles hold it.
        days: how many days, counted from today (UTC); None for operators that count none.
        case_sensitive: whether ``A`` differs from ``a``.
    """

    subject: Subject
    domain: Domain
    operator: Operator
    terms: tuple[Term, ...] = ()
    days: int | None = None
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts hold."""

    parts: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts holds."""

    parts: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Neither:
    """The part does not hold: a blank that does not meet a condition meets its opposite."""

    part: "Criterion"


Criterion = Clause | Every | Either | Neither
