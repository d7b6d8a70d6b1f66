"""Phones, emails, ids and addresses compared, any of one person's against any of the other's."""

from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from sharing.matching.features import Home, Phone
from sharing.matching.pairing import Bools, Ints, chosen, coded, distinct_pairs, meets, padded
from sharing.matching.persons import MOST_PLACES, Person
from sharing.matching.places import WORK, Place

_MOST_LINES = 3
_STREET, _CITY = 80.0, 85.0


def compare_phones(people: Sequence[Person], left: Ints, right: Ints) -> Ints:
    """Levels of phones: a number that either side calls a mobile is a person's, any other may be a household's."""
    lines = padded([[line for line, _ in p.lines] for p in people], _MOST_LINES)
    mobile = padded([[key == "mobile" for _, key in p.lines] for p in people], _MOST_LINES) > 0
    both = meets(lines[left], lines[right])
    personal = both & (mobile[left][:, :, None] | mobile[right][:, None, :])
    known = lines[:, 0] > 0
    return chosen(
        len(left),
        (~(known[left] & known[right]), 0),
        (personal.any(axis=(1, 2)), Phone.SAME_MOBILE),
        (both.any(axis=(1, 2)), Phone.SAME),
        otherwise=Phone.OTHER,
    )


def compare_sets(rows: Sequence[Sequence[str]], left: Ints, right: Ints) -> Ints:
    """1 where two sets of texts meet, 2 where both hold some and they do not meet, 0 where one is empty."""
    codes: dict[str, int] = {}
    width = max(map(len, rows), default=0) or 1
    table = padded([[codes.setdefault(text, len(codes) + 1) for text in row] for row in rows], width)
    known = table[:, 0] > 0
    agree = meets(table[left], table[right]).any(axis=(1, 2))
    return chosen(len(left), (~(known[left] & known[right]), 0), (agree, 1), otherwise=2)


def compare_places(people: Sequence[Person], left: Ints, right: Ints) -> Ints:
    """Levels of the addresses of pairs: those of the two that are nearest to each other."""
    codes: dict[Place, int] = {}
    table = padded([[codes.setdefault(place, len(codes) + 1) for place, _ in p.places] for p in people], MOST_PLACES)
    known = list(codes)
    work = padded([[key == WORK for _, key in p.places] for p in people], MOST_PLACES) > 0
    levels = np.full((len(left), MOST_PLACES, MOST_PLACES), Home.OTHER + 1, np.int64)
    one, two = (np.broadcast_to(side, levels.shape) for side in (table[left][:, :, None], table[right][:, None, :]))
    both = (one > 0) & (two > 0)
    low, high, places = distinct_pairs(one[both] - 1, two[both] - 1)
    levels[both] = _levels(known, low, high)[places]
    office = np.broadcast_to(work[left][:, :, None] | work[right][:, None, :], levels.shape)
    levels[office & (levels == Home.SAME)] = Home.NEAR
    best = levels.min(axis=(1, 2))
    best[best > Home.OTHER] = 0
    return np.asarray(best)


def _levels(known: Sequence[Place], low: Ints, high: Ints) -> Ints:
    if not len(low):
        return np.zeros(0, np.int64)
    columns = Place(*(list(part) for part in zip(*known, strict=True)))  # type: ignore[arg-type]
    number, _ = _same(columns.number, low, high)
    postcode, _ = _same(columns.postcode, low, high)
    other_unit = np.logical_not(np.logical_or(*_same(columns.unit, low, high)))
    street, no_street = _alike(columns.street, columns.street, low, high, _STREET)
    city, _ = _alike(columns.city, columns.city, low, high, _CITY)
    line = np.logical_or.reduce([street, *_second_lines(columns, low, high)])
    area = postcode | city
    told = (line & (number | area)) | (number & postcode & ~no_street)
    return chosen(
        len(low),
        (number & area & (street | (no_street & postcode)) & ~other_unit, Home.SAME),
        (told, Home.NEAR),
        (postcode, Home.POSTCODE),
        (city, Home.CITY),
        otherwise=Home.OTHER,
    )


def _second_lines(columns: Place, low: Ints, high: Ints) -> list[Bools]:
    """Whether a house or estate in the second line agrees, or the two lines changed places."""
    if not any(columns.second):
        return []
    return [
        _alike(one, two, low, high, _STREET)[0]
        for one, two in (
            (columns.second, columns.second),
            (columns.street, columns.second),
            (columns.second, columns.street),
        )
    ]


def _same(parts: Iterable[str], low: Ints, high: Ints) -> tuple[Bools, Bools]:
    """Whether a part is the same, and whether it is missing on a side."""
    codes = coded(parts)[1]
    one, two = codes[low], codes[high]
    missing = (one == 0) | (two == 0)
    return np.asarray(~missing & (one == two)), np.asarray(missing)


def _alike(ones: Iterable[str], twos: Iterable[str], low: Ints, high: Ints, least: float) -> tuple[Bools, Bools]:
    """Whether a part of one is a part of the other but for typing errors, and whether it is missing on a side."""
    rows = [*ones, *twos]
    texts, codes = coded(rows)
    one, two, places = distinct_pairs(codes[low], codes[len(rows) // 2 + high])
    queries, choices = [texts[code] for code in one.tolist()], [texts[code] for code in two.tolist()]
    ratios = np.asarray(cpdist(queries, choices, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float64))
    missing = one == 0
    return ((ratios >= least) & ~missing)[places], missing[places]
