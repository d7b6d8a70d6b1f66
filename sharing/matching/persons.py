"""What matching knows of a profile: its evidence, each piece in the form in which it is compared."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import numpy as np

from sharing.matching.dialling import PHONES, line_of
from sharing.matching.identifiers import identifier
from sharing.matching.names import Family, family, generation, given, legal
from sharing.matching.pairing import Ints
from sharing.matching.places import HOMES, WORK, Place, place_of
from sharing.matching.rules import MatchRules
from sharing.records import Record, Value

MOST_PLACES = 3


class Person(NamedTuple):
    """A profile ready to be compared.

    Attributes:
        first, middle, last: folded words, empty where not known.
        generation: 1 senior, 2 junior, 3 the third, 4 the fourth; 0 not told.
        born: the birthday, None where not known.
        sex: M, F, O or empty.
        lines: (digits of a phone number, its catalogue key), each number once.
        places: (address, its catalogue key), at most three, work last.
        emails: addresses, empty where emails take no part in the share.
        ids: catalogue key to compared id, of those that take part.
    """

    first: str
    middle: str
    last: str
    generation: int
    born: date | None
    sex: str
    lines: tuple[tuple[int, str], ...]
    places: tuple[tuple[Place, str], ...]
    emails: frozenset[str]
    ids: Mapping[str, str]


_NOBODY: frozenset[str] = frozenset()
_NO_FAMILY = Family("", 0)


def _text(values: Mapping[str, Value], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""


def named(values: Mapping[str, Value]) -> tuple[str, str, Family]:
    """First name, middle name and last name, from the legal name where neither first nor last is known."""
    first, last = values.get("first_name"), values.get("last_name")
    if first is None and last is None:
        whole = values.get("legal_name")
        return legal(whole) if isinstance(whole, str) else ("", "", _NO_FAMILY)
    middle = values.get("middle_name")
    return (
        given(first) if isinstance(first, str) else "",
        given(middle) if isinstance(middle, str) else "",
        family(last) if isinstance(last, str) else _NO_FAMILY,
    )


def person_of(record: Record, rules: MatchRules) -> Person:
    """The evidence of a profile, of which ids and emails only as far as the rules let them take part."""
    values = record.values
    get = values.get
    first, middle, last = named(values)
    suffix = get("suffix")
    born, sex, emails = get("birthdate"), get("sex"), get("emails") if rules.emails else None
    return Person(
        first,
        middle,
        last.words,
        (generation(suffix) if isinstance(suffix, str) else 0) or last.generation,
        born if isinstance(born, date) else None,
        sex if isinstance(sex, str) else "",
        _lines(values),
        _places(values),
        frozenset(emails) if isinstance(emails, tuple) else _NOBODY,
        {key: text for key in rules.ids if (text := identifier(values, key))},
    )


def _lines(values: Mapping[str, Value]) -> tuple[tuple[int, str], ...]:
    lines: dict[int, str] = {}
    for key in PHONES:
        raw = values.get(key)
        if isinstance(raw, str) and (line := line_of(raw)):
            lines.setdefault(line, key)
    return tuple(lines.items())


def _places(values: Mapping[str, Value]) -> tuple[tuple[Place, str], ...]:
    places: dict[Place, str] = {}
    for key in (*HOMES, WORK):
        address = values.get(key)
        if isinstance(address, Mapping) and len(places) < MOST_PLACES:
            places.setdefault(place_of(address), key)
    return tuple(places.items())


def gathered(
    pairs: Sequence[tuple[UUID, UUID]], senders: Mapping[UUID, Record], receivers: Mapping[UUID, Record], rules: MatchRules
) -> tuple[list[Person], Ints, Ints]:
    """Everybody who stands in a pair, once, and where the two of each pair stand."""
    people: list[Person] = []
    left = _places_among(people, [sender for sender, _ in pairs], senders, rules)
    right = _places_among(people, [receiver for _, receiver in pairs], receivers, rules)
    return people, left, right


def _places_among(people: list[Person], ids: Sequence[UUID], records: Mapping[UUID, Record], rules: MatchRules) -> Ints:
    places: dict[UUID, int] = {}
    for profile in ids:
        if profile not in places:
            places[profile] = len(people)
            people.append(person_of(records[profile], rules))
    return np.fromiter((places[profile] for profile in ids), np.int64, len(ids))
