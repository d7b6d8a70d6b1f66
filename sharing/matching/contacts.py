"""Phones, emails, ids and addresses compared, any of one person's against any of the other's."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from sharing.matching.features import Home, Phone
from sharing.matching.pairing import Bools, Ints, chosen, coded, distinct_pairs, meets, padded
from sharing.matching.persons import MOST_PLACES, Person
from sharing.matching.places import WORK, Place

_MOST_LINES = 3
_STREET, _CITY = 80.0, 85.0
# A house or estate stands in the second line, or the two lines changed places.
_SECOND_LINES = (("second", "second"), ("street", "second"), ("second", "street"))


def compare_phones(people: Sequence[Person], left: Ints, right: Ints) -> Ints:
    """Levels of the phones of pairs: a number that either side calls a mobile is a person's, any other may be a household's."""
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
    texts = [text for row in rows for text in row]
    codes = iter(coded(texts)[1].tolist())
    table = padded([[next(codes) for _ in row] for row in rows], max((len(row) for row in rows), default=0) or 1)
    known = table[:, 0] > 0
    agree = meets(table[left], table[right]).any(axis=(1, 2))
    return chosen(len(left), (~(known[left] & known[right]), 0), (agree, 1), otherwise=2)


def compare_places(people: Sequence[Person], left: Ints, right: Ints) -> Ints:
    """Levels of the addresses of pairs: those of the two that are nearest to each other."""
    known = sorted({place for p in people for place, _ in p.places})
    codes = {place: code for code, place in enumerate(known, 1)}
    table = padded([[codes[place] for place, _ in p.places] for p in people], MOST_PLACES)
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
    number = _same(known, "number", low, high)
    postcode = _same(known, "postcode", low, high)
    street, no_street = _alike(known, ("street", "street"), low, high, _STREET)
    city, _ = _alike(known, ("city", "city"), low, high, _CITY)
    lines = [_alike(known, parts, low, high, _STREET)[0] for parts in _SECOND_LINES]
    units = coded([place.unit for place in known])[1]
    other_unit = (units[low] > 0) & (units[high] > 0) & (units[low] != units[high])
    area = postcode | city
    line = np.logical_or.reduce([street, *lines])
    told = (line & (number | area)) | (number & postcode & ~no_street)
    return chosen(
        len(low),
        (number & area & (street | (no_street & postcode)) & ~other_unit, Home.SAME),
        (told, Home.NEAR),
        (postcode, Home.POSTCODE),
        (city, Home.CITY),
        otherwise=Home.OTHER,
    )


def _same(known: Sequence[Place], part: str, low: Ints, high: Ints) -> Bools:
    codes = coded([getattr(place, part) for place in known])[1]
    return np.asarray((codes[low] > 0) & (codes[low] == codes[high]))


def _alike(
    known: Sequence[Place], parts: tuple[str, str], low: Ints, high: Ints, least: float
) -> tuple[Bools, Bools]:
    """Whether a part of one is a part of the other but for typing errors, and whether it is missing on a side."""
    rows = [getattr(place, part) for part in parts for place in known]
    texts, codes = coded(rows)
    one, two, places = distinct_pairs(codes[low], codes[len(known) + high])
    queries, choices = [texts[code] for code in one.tolist()], [texts[code] for code in two.tolist()]
    ratios = np.asarray(cpdist(queries, choices, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float64))
    missing = one == 0
    return ((ratios >= least) & ~missing)[places], missing[places]
