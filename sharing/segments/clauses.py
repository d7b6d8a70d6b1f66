"""One condition read from data: what it is about, how it is compared, what with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sharing.customs import CustomKind
from sharing.errors import InvalidInput, InvalidValue, Refused
from sharing.fields import ADDRESS_COMPONENTS, FIELDS
from sharing.kinds import Kind
from sharing.segments.criteria import (
    BY_DAYS,
    MAX_DAYS,
    MAX_STARS,
    MAX_TEXT,
    MAX_VALUES,
    OPERATORS,
    Attribute,
    Clause,
    Domain,
    Operator,
    Subject,
    Term,
)
from sharing.texts import line, quote
from sharing.values import parse, parse_custom

_DOMAINS = {
    Kind.DATE: Domain.DATE,
    Kind.BOOLEAN: Domain.FLAG,
    Kind.LEVEL: Domain.NUMBER,
    Kind.ADDRESS: Domain.ADDRESS,
    Kind.EMAILS: Domain.EMAILS,
}
_CUSTOM_DOMAINS = {
    CustomKind.TEXT: Domain.TEXT,
    CustomKind.CHOICE: Domain.TEXT,
    CustomKind.NUMBER: Domain.NUMBER,
    CustomKind.CHECKBOX: Domain.FLAG,
}
_ATTRIBUTE_DOMAINS = {
    Attribute.TAG: Domain.TAGS,
    Attribute.GROUP: Domain.GROUPS,
    Attribute.CREATED_AT: Domain.MOMENT,
    Attribute.UPDATED_AT: Domain.MOMENT,
    Attribute.IS_SUPPORTER: Domain.FLAG,
    Attribute.IS_PROSPECT: Domain.FLAG,
}
_WHOLE = frozenset({Operator.EQUALS, Operator.NOT_EQUALS, Operator.IN})
_NONE = (0, 0)
_VALUES = {
    Operator.BETWEEN: (2, 2),
    Operator.IN: (1, MAX_VALUES),
    Operator.IS_BLANK: _NONE,
    **dict.fromkeys(BY_DAYS, _NONE),
}
_HOW_MOMENT = "write it as 2026-11-26T18:00:00Z"


@dataclass(frozen=True, slots=True)
class KnownCustom:
    """A custom field of the nation.

    Attributes:
        kind: what it holds.
        options: what a choice may be.
        archived: whether it is archived, and can be asked for no longer.
    """

    kind: CustomKind
    options: tuple[str, ...] = ()
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a nation has that criteria may name.

    Attributes:
        country: the country by which phones and postcodes are read that name none.
        customs: its custom fields, by slug.
        tags: those of its tags that the criteria name.
        groups: those of its groups that the criteria name, and whether each is archived.
    """

    country: str
    customs: Mapping[str, KnownCustom]
    tags: frozenset[UUID]
    groups: Mapping[UUID, bool] = field(default_factory=dict)


def read_clause(raw: Mapping[str, Any], known: Known, path: tuple[str, ...]) -> Clause:
    """Read a condition.

    Args:
        raw: one of ``field`` (a catalogue key; ``component`` names a part of an address), ``customField`` (a slug) and
            ``attribute``; ``operator``, ``values`` (texts), ``days`` and ``caseSensitive``.
        known: what the nation has that it may name.
        path: where it stands.

    Raises:
        InvalidInput: what is wrong with it, and where.
    """
    about, domain = _subject(raw, known, path)
    operator = Operator(raw["operator"])
    if operator not in OPERATORS[domain]:
        allowed = ", ".join(sorted(OPERATORS[domain]))
        raise InvalidInput(f"This cannot be compared by {operator}: take one of {allowed}.", *path, "operator")
    values = raw.get("values") or ()
    least, most = _VALUES.get(operator, (1, 1))
    if not least <= len(values) <= most:
        number = f"{least:,}" if least == most else f"{least} to {most:,}"
        raise InvalidInput(f"{operator} takes {number} values; {len(values):,} are given.", *path, "values")
    days = _days(raw.get("days"), operator, path)
    terms = tuple(
        _term(about, domain, operator, value, known, (*path, "values", str(n))) for n, value in enumerate(values)
    )
    if operator is Operator.BETWEEN and terms[0] > terms[1]:  # type: ignore[operator]
        raise InvalidInput("BETWEEN takes the lower value first.", *path, "values")
    return Clause(about, domain, operator, terms, days, bool(raw.get("caseSensitive")))


def _days(days: int | None, operator: Operator, path: tuple[str, ...]) -> int | None:
    if (days is not None) is not (operator in BY_DAYS):
        wish = "give a number of days" if days is None else "leave days out"
        raise InvalidInput(f"{operator}: {wish}.", *path, "days")
    if days is not None and not 0 <= days <= MAX_DAYS:
        raise InvalidInput(f"{days:,} days: give a number from 0 to {MAX_DAYS:,}.", *path, "days")
    return days


def _subject(raw: Mapping[str, Any], known: Known, path: tuple[str, ...]) -> tuple[Subject, Domain]:
    given = [name for name in ("field", "customField", "attribute") if raw.get(name) is not None]
    if len(given) != 1:
        raise InvalidInput("Give exactly one of field, customField and attribute.", *path)
    component = raw.get("component")
    if component is not None and given != ["field"]:
        raise InvalidInput("Only an address has parts: leave component out.", *path, "component")
    if given == ["attribute"]:
        attribute = Attribute(raw["attribute"])
        return Subject(attribute=attribute), _ATTRIBUTE_DOMAINS[attribute]
    if given == ["customField"]:
        slug = raw["customField"]
        custom = known.customs.get(slug)
        if custom is None or custom.archived:
            what = "is archived: restore it, or" if custom else "does not exist:"
            raise InvalidInput(f"The custom field {quote(slug)} {what} name another.", *path, "customField")
        return Subject(custom=slug), _CUSTOM_DOMAINS[custom.kind]
    key = raw["field"]
    if key not in FIELDS or key == "custom_fields":
        raise InvalidInput(f"There is no field {quote(key)}: custom fields go by customField.", *path, "field")
    domain = _DOMAINS.get(FIELDS[key].kind, Domain.TEXT)
    if component is None:
        return Subject(field=key), domain
    if domain is not Domain.ADDRESS or component not in ADDRESS_COMPONENTS:
        raise InvalidInput(f"The field has no part {quote(component)}.", *path, "component")
    return Subject(field=key, component=component), Domain.TEXT


def _term(about: Subject, domain: Domain, operator: Operator, value: str, known: Known, path: tuple[str, ...]) -> Term:
    try:
        if domain is Domain.TAGS:
            return _tag(value, known)
        if domain is Domain.GROUPS:
            return _group(value, known)
        if domain is Domain.MOMENT:
            return _moment(value)
        if domain in (Domain.TEXT, Domain.EMAILS) and operator not in _WHOLE:
            return _fragment(value, operator)
        return _whole(about, domain, value, known)
    except (Refused, InvalidValue) as refused:
        said = refused.message.removesuffix(".")
        raise InvalidInput(f"{said[:1].upper()}{said[1:]}.", *path) from None


def _whole(about: Subject, domain: Domain, value: str, known: Known) -> Term:
    """A value as profiles hold it."""
    found = _parsed(about, value, known)
    if found is None:
        raise Refused("a value is blank: ask for blanks with IS_BLANK")
    if isinstance(found, tuple):
        if len(found) != 1:
            raise Refused("give one address in each value")
        return str(found[0])
    if domain is Domain.NUMBER:
        return Decimal(str(found))
    assert isinstance(found, (str, bool, date))
    return found


def _parsed(about: Subject, value: str, known: Known) -> object:
    if about.custom is not None:
        custom = known.customs[about.custom]
        return parse_custom(custom.kind, custom.options, value, label=about.custom)
    if about.field is None:
        return parse_custom(CustomKind.CHECKBOX, (), value, label="The value")
    if about.component is not None:
        return line(value, MAX_TEXT)
    return parse(about.field, value, country=known.country)


def _tag(value: str, known: Known) -> UUID:
    found = as_uuid(value)
    if found is None or found not in known.tags:
        raise Refused("there is no such tag")
    return found


def _group(value: str, known: Known) -> UUID:
    found = as_uuid(value)
    if found is None or found not in known.groups:
        raise Refused("there is no such group")
    if known.groups[found]:
        raise Refused("the group is archived: restore it, or name another")
    return found


def as_uuid(value: object) -> UUID | None:
    """A UUID from its text; None where it is none."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Refused(f"{quote(value)} is no moment; {_HOW_MOMENT}") from None
    if found.tzinfo is None or not 1 < found.year < 9999:
        raise Refused(f"{quote(value)} does not say in which time zone; {_HOW_MOMENT}")
    return found.astimezone(UTC)


def _fragment(value: str, operator: Operator) -> str:
    """A part of a text, white space at its ends included."""
    if not value or len(value) > MAX_TEXT:
        raise Refused(f"a value has from 1 to {MAX_TEXT} characters")
    if not value.isprintable():
        line(value, MAX_TEXT)  # which says what is wrong with it
    if operator is Operator.GLOB and value.count("*") > MAX_STARS:
        raise Refused(f"a pattern has at most {MAX_STARS} asterisks")
    return value
