"""What matching knows of a profile: its evidence, each piece in the form in which it is compared."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple, cast
from uuid import UUID

import numpy as np

from sharing.matching.dialling import PHONES, line_of
from sharing.matching.identifiers import identifier
from sharing.matching.names import Family, family, generation, given, legal
from sharing.matching.pairing import Ints
from sharing.matching.places import HOMES, WORK, Place, place_of
from sharing.matching.rules import MatchRules
from sharing.records import Address, Record, Value

MOST_PLACES = 3
ADDRESSES: tuple[str, ...] = (*HOMES, WORK)


class Person(NamedTuple):
    """A profile ready to be compared.

    Attributes:
        first, middle, last: folded words, empty where not known.
        generation: 1 senior, 2 junior, 3 the third, 4 the fourth; 0 not told.
        born: year, month and day of birth; zeros where not known.
        sex: M, F, O or empty.
        lines: (digits of a phone number, its catalogue key), each number once.
        places: (address, its catalogue key), at most three, work last.
        emails: addresses; none where emails take no part in the share.
        ids: the compared ids that take part, in the order of the rules; empty where not known.
    """

    first: str
    middle: str
    last: str
    generation: int
    born: tuple[int, int, int]
    sex: str
    lines: tuple[tuple[int, str], ...]
    places: tuple[tuple[Place, str], ...]
    emails: tuple[str, ...]
    ids: tuple[str, ...]


class Gathering(NamedTuple):
    """Candidate pairs and the people in them.

    Attributes:
        people: the senders' people, then the receivers'.
        senders, receivers: their profiles, each in order.
        left, right: by pair, where its two persons stand among the people; sorted by sender, then by receiver.
    """

    people: list[Person]
    senders: list[UUID]
    receivers: list[UUID]
    left: Ints
    right: Ints


_UNBORN = (0, 0, 0)
_NO_FAMILY = Family("", 0)


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


def mailbox(email: str) -> str:
    """An email as it is compared: trimmed, case folded."""
    return email.strip().casefold()


def person_of(record: Record, rules: MatchRules) -> Person:
    """The evidence of a profile, of which ids and emails only as far as the rules let them take part."""
    values = record.values
    get = values.get
    first, middle, last = named(values)
    suffix, born, sex = get("suffix"), get("birthdate"), get("sex")
    emails = get("emails") if rules.emails else None
    return Person(
        first,
        middle,
        last.words,
        (generation(suffix) if isinstance(suffix, str) else 0) or last.generation,
        (born.year, born.month, born.day) if isinstance(born, date) else _UNBORN,
        sex if isinstance(sex, str) else "",
        _lines(values),
        _places(values),
        tuple([mailbox(email) for email in emails]) if isinstance(emails, tuple) else (),
        tuple([identifier(values, key) or "" for key in rules.ids]),
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
    for key in ADDRESSES:
        address = values.get(key)
        if address and len(places) < MOST_PLACES:
            places.setdefault(place_of(cast(Address, address)), key)
    return tuple(places.items())


def gathered(
    pairs: Iterable[tuple[UUID, UUID]],
    senders: Mapping[UUID, Record],
    receivers: Mapping[UUID, Record],
    rules: MatchRules,
) -> Gathering:
    """Everybody who stands in a pair, and each pair once, sorted. Pairs of profiles that are not given are left out."""
    lefts: dict[UUID, int] = {}
    rights: dict[UUID, int] = {}
    found = [
        (lefts.setdefault(sender, len(lefts)), rights.setdefault(receiver, len(rights)))
        for sender, receiver in pairs
        if sender in senders and receiver in receivers
    ]
    if not found:
        return Gathering([], [], [], np.zeros(0, np.int64), np.zeros(0, np.int64))
    left_ids, left_ranks = _ranked(list(lefts))
    right_ids, right_ranks = _ranked(list(rights))
    table = np.array(found, np.int64)
    packed = np.unique(left_ranks[table[:, 0]] * len(right_ids) + right_ranks[table[:, 1]])
    people = [person_of(senders[profile], rules) for profile in left_ids]
    people += [person_of(receivers[profile], rules) for profile in right_ids]
    return Gathering(people, left_ids, right_ids, packed // len(right_ids), packed % len(right_ids) + len(left_ids))


def _ranked(ids: list[UUID]) -> tuple[list[UUID], Ints]:
    """Ids in order, and for each given one its place in that order."""
    order = sorted(range(len(ids)), key=lambda place: ids[place].int)
    ranks = np.empty(len(ids), np.int64)
    ranks[order] = np.arange(len(ids))
    return [ids[place] for place in order], ranks
