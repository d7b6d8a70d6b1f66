"""People as columns, ready to be compared pair by pair: small numbers instead of texts, each distinct text once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sharing.matching.dialling import PHONES
from sharing.matching.frequencies import Frequencies
from sharing.matching.lexicon import Lexicon
from sharing.matching.pairing import Codes, coded, padded
from sharing.matching.persons import ADDRESSES, MOST_PLACES, Person
from sharing.matching.places import Place

MOST_LINES = len(PHONES)
PHONE_NUMBERS = {key: number for number, key in enumerate(PHONES)}
ADDRESS_NUMBERS = {key: number for number, key in enumerate(ADDRESSES)}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses, a row each; row 0 is none. A part is told by its code, 0 where it is not known.

    Attributes:
        number, street, second, unit, city, postcode: codes of the parts of ``Place``.
        lines: the texts of streets and second lines, by code.
        cities: those of cities.
    """

    number: Codes
    street: Codes
    second: Codes
    unit: Codes
    city: Codes
    postcode: Codes
    lines: Sequence[str]
    cities: Sequence[str]


@dataclass(frozen=True, slots=True)
class People:
    """Some people, a row each.

    Attributes:
        lexicon: their names.
        generation: 1 senior, 2 junior, 3 the third, 4 the fourth; 0 not told.
        born: year, month and day of birth; zeros where not known.
        sex: a code; 0 where not known.
        lines: the digits of at most three phone numbers; 0 for none, behind the others.
        line_keys: where each stands: its place among ``dialling.PHONES``.
        places: rows of the addresses, at most three; 0 for none, behind the others.
        place_keys: where each stands: its place among ``persons.ADDRESSES``.
        addresses: the addresses.
        emails: codes of addresses; 0 for none.
        ids: codes of the ids that take part, in the order of the rules; 0 where not known.
        scopes: codes of the place within which each id is unique; 0 where it is so everywhere.
    """

    lexicon: Lexicon
    generation: Codes
    born: Codes
    sex: Codes
    lines: Codes
    line_keys: Codes
    places: Codes
    place_keys: Codes
    addresses: Addresses
    emails: Codes
    ids: Codes
    scopes: Codes


def columns_of(people: Sequence[Person], frequencies: Frequencies) -> People:
    """Persons as columns, in the same order.

    Args:
        people: the persons.
        frequencies: how common names are in the receiving nation.
    """
    known: dict[Place, int] = {}
    places = padded([[known.setdefault(place, len(known) + 1) for place, _ in p.places] for p in people], MOST_PLACES)
    emails: dict[str, int] = {}
    held = [[emails.setdefault(email, len(emails) + 1) for email in p.emails] for p in people]
    return People(
        _lexicon(people, frequencies),
        np.fromiter((p.generation for p in people), np.int64, len(people)),
        np.array([p.born for p in people], np.int64).reshape(-1, 3),
        coded([p.sex for p in people])[1],
        padded([[line for line, _ in p.lines] for p in people], MOST_LINES),
        padded([[PHONE_NUMBERS[key] for _, key in p.lines] for p in people], MOST_LINES),
        places,
        padded([[ADDRESS_NUMBERS[key] for _, key in p.places] for p in people], MOST_PLACES),
        _addresses(list(known)),
        padded(held, max(map(len, held), default=0) or 1),
        _coded_by_place([p.ids for p in people]),
        _coded_by_place([[text.partition("\n")[2] for text in p.ids] for p in people]),
    )


def _lexicon(people: Sequence[Person], frequencies: Frequencies) -> Lexicon:
    names = [[p.first for p in people], [p.middle for p in people], [p.last for p in people]]
    words = sorted({"", *names[0], *names[1], *names[2]})
    places = {name: place for place, name in enumerate(words)}
    first, middle, last = (np.array([places[name] for name in column], np.int64) for column in names)
    return Lexicon(words, first, middle, last, frequencies)


def _addresses(places: Sequence[Place]) -> Addresses:
    rows = [Place("", "", "", "", "", ""), *places]
    number, street, second, unit, city, postcode = zip(*rows, strict=True)
    lines, codes = coded([*street, *second])
    cities, city_codes = coded(city)
    return Addresses(
        coded(number)[1],
        codes[: len(rows)],
        codes[len(rows) :],
        coded(unit)[1],
        city_codes,
        coded(postcode)[1],
        lines,
        cities,
    )


def _coded_by_place(rows: Sequence[Sequence[str]]) -> Codes:
    columns = [coded(column)[1] for column in zip(*rows, strict=True)]
    return np.column_stack(columns) if columns else np.zeros((len(rows), 0), np.int64)
