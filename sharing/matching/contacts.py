"""Phones, emails and addresses compared, any of one person's against any of the other's."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from sharing.matching.columns import ADDRESS_NUMBERS, PHONE_NUMBERS, Addresses, People
from sharing.matching.features import Home, Phone
from sharing.matching.lexicon import workers
from sharing.matching.pairing import Bools, Codes, Ints, chosen, distinct_pairs, meets
from sharing.matching.persons import MOST_PLACES
from sharing.matching.places import WORK

_STREET, _CITY = 80.0, 85.0
_MOBILE, _WORK = PHONE_NUMBERS["mobile"], ADDRESS_NUMBERS[WORK]


def compare_phones(people: People, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Levels of phones: a number that either side calls a mobile is a person's, any other may be a household's.

    Returns:
        By pair, the level, and which of the left one's phones tells: its place among ``PHONES``.
    """
    one, two = people.lines[left], people.lines[right]
    keys = people.line_keys[left]
    both = meets(one, two)
    own = keys == _MOBILE, people.line_keys[right] == _MOBILE
    personal = both & (own[0][:, :, None] | own[1][:, None, :])
    levels = chosen(
        len(left),
        ((one[:, 0] == 0) | (two[:, 0] == 0), 0),
        (personal.any(axis=(1, 2)), Phone.SAME_MOBILE),
        (both.any(axis=(1, 2)), Phone.SAME),
        otherwise=Phone.OTHER,
    )
    return levels, _first(np.asarray(both.any(axis=2)), keys)


def _first(holds: Bools, keys: Codes) -> Ints:
    """The key of the first that holds, by row; where none does, that of the first."""
    return np.asarray(np.take_along_axis(keys, holds.argmax(axis=1)[:, None], axis=1)[:, 0], np.int64)


def compare_sets(rows: Codes, left: Ints, right: Ints) -> Ints:
    """1 where two sets of codes meet, 2 where both hold some and they do not meet, 0 where one is empty."""
    one, two = rows[left], rows[right]
    agree = meets(one, two).any(axis=(1, 2))
    return chosen(len(left), ((one[:, 0] == 0) | (two[:, 0] == 0), 0), (agree, 1), otherwise=2)


def compare_places(people: People, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Levels of the addresses of pairs: those of the two that are nearest to each other.

    Returns:
        By pair, the level, and which of the left one's addresses tells: its place among ``ADDRESSES``.
    """
    one, two = people.places[left], people.places[right]
    both = (one[:, :, None] > 0) & (two[:, None, :] > 0)
    pairs, ours, theirs = np.nonzero(both)
    low, high, places = distinct_pairs(one[pairs, ours], two[pairs, theirs])
    found = _levels(people.addresses, low, high)[places]
    keys = people.place_keys[left]
    office = (keys[pairs, ours] == _WORK) | (people.place_keys[right[pairs], theirs] == _WORK)
    found[office & (found == Home.SAME)] = Home.NEAR
    best = np.full(len(left), Home.OTHER + 1, np.int64)
    np.minimum.at(best, pairs, found)
    best[best > Home.OTHER] = 0
    equal = np.zeros((len(left), MOST_PLACES), np.bool_)
    near = best[pairs] == Home.SAME
    pairs, ours, theirs = pairs[near], ours[near], theirs[near]
    same = _equal(people.addresses, one[pairs, ours], two[pairs, theirs])
    equal[pairs[same], ours[same]] = True
    return best, _first(equal, keys)


def _equal(known: Addresses, low: Codes, high: Codes) -> Bools:
    """Whether two addresses are the same in every part."""
    parts = (known.number, known.street, known.second, known.unit, known.city, known.postcode)
    return np.asarray(np.logical_and.reduce([part[low] == part[high] for part in parts]))


def _levels(known: Addresses, low: Ints, high: Ints) -> Ints:
    number, _ = _same(known.number, low, high)
    postcode, _ = _same(known.postcode, low, high)
    other_unit = np.logical_not(np.logical_or(*_same(known.unit, low, high)))
    street, no_street = _alike(known.lines, known.street[low], known.street[high], _STREET)
    city, _ = _alike(known.cities, known.city[low], known.city[high], _CITY)
    line = np.logical_or.reduce([street, *_second_lines(known, low, high)])
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


def _second_lines(known: Addresses, low: Ints, high: Ints) -> list[Bools]:
    """Whether a house or estate in the second line agrees, or the two lines changed places."""
    if not known.second.any():
        return []
    return [
        _alike(known.lines, one[low], two[high], _STREET)[0]
        for one, two in (
            (known.second, known.second),
            (known.street, known.second),
            (known.second, known.street),
        )
    ]


def _same(codes: Codes, low: Ints, high: Ints) -> tuple[Bools, Bools]:
    """Whether a part is the same, and whether it is missing on a side."""
    one, two = codes[low], codes[high]
    missing = (one == 0) | (two == 0)
    return np.asarray(~missing & (one == two)), np.asarray(missing)


def _alike(texts: Sequence[str], ones: Codes, twos: Codes, least: float) -> tuple[Bools, Bools]:
    """Whether a part of one is a part of the other but for typing errors, and whether it is missing on a side."""
    missing = (ones == 0) | (twos == 0)
    alike = ~missing & (ones == twos)
    rest = np.flatnonzero(~missing & ~alike)
    one, two, places = distinct_pairs(ones[rest], twos[rest])
    queries, choices = [texts[code] for code in one.tolist()], [texts[code] for code in two.tolist()]
    ratios = np.asarray(
        cpdist(queries, choices, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float64, workers=workers(queries))
    )
    alike[rest] = (ratios >= least)[places]
    return alike, missing
