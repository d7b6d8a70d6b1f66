"""The keys of many people, by kind: the same people share one as ``keys.keys_of`` gives them one in common."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from sharing.matching.columns import ADDRESS_NUMBERS, People
from sharing.matching.keys import (
    KIND_OF_ID,
    MOST_FIRSTS,
    MOST_LASTS,
    RECIPES,
    KeyKind,
    Part,
    city_start,
    first_sounds,
    last_words,
    street_start,
)
from sharing.matching.pairing import Bools, Codes, Ints
from sharing.matching.phonetics import sound
from sharing.matching.places import WORK
from sharing.matching.rules import MatchRules

_UNKNOWN_YEAR = 1900
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB), np.uint64(0x9E3779B97F4A7C15))


class Keys(NamedTuple):
    """Keys of one kind: whose (rows of people, each as often as it has keys), and a hash of each."""

    kind: KeyKind
    rows: Ints
    hashes: Ints


def keys_by_kind(people: People, rules: MatchRules) -> Iterator[Keys]:
    """The keys of people, one kind after another.

    Args:
        people: the people.
        rules: which ids take part, and whether emails do.
    """
    for place, key in enumerate(rules.ids):
        yield _known(KIND_OF_ID[key], people.ids[:, place, None])
    if rules.emails:
        yield _known(KeyKind.EMAIL, people.emails)
    yield _known(KeyKind.PHONE, people.lines)
    parts = _parts(people)
    for kind, recipe in RECIPES.items():
        columns = [parts[part] for part in recipe.parts]
        optional = [part is Part.CITY for part in recipe.parts]
        of_place = [part >= Part.NUMBER for part in recipe.parts]
        found = list(_combined(columns, optional, of_place, crossed=recipe.crossed))
        yield Keys(kind, np.concatenate([rows for rows, _ in found]), np.concatenate([keys for _, keys in found]))


def _known(kind: KeyKind, table: Codes) -> Keys:
    rows, places = np.nonzero(table)
    return Keys(kind, rows, _mixed([table[rows, places]]))


def _combined(
    columns: Sequence[Codes], optional: Sequence[bool], of_place: Sequence[bool], *, crossed: bool
) -> Iterator[tuple[Ints, Ints]]:
    """Every combination of one value of each part, where all are known; the parts of an address are of the same one."""
    free = [range(1) if placed else range(column.shape[1]) for column, placed in zip(columns, of_place, strict=True)]
    at = next((range(column.shape[1]) for column, placed in zip(columns, of_place, strict=True) if placed), range(1))
    for place, choice in product(at, product(*free)):
        cells = [
            column[:, place if placed else chosen]
            for column, placed, chosen in zip(columns, of_place, choice, strict=True)
        ]
        present: Bools = np.logical_and.reduce(
            [cell != 0 for cell, may in zip(cells, optional, strict=True) if not may]
        )
        rows = np.flatnonzero(present)
        if len(rows):
            values = [cell[rows].astype(np.int64) for cell in cells]
            if crossed:
                values[:2] = [np.minimum(*values[:2]), np.maximum(*values[:2])]
            yield rows, _mixed(values)
    yield np.zeros(0, np.int64), np.zeros(0, np.int64)


def _mixed(values: Sequence[Ints]) -> Ints:
    """A hash of each row of numbers."""
    found = np.zeros(len(values[0]), np.uint64)
    for column in values:
        found += column.view(np.uint64) + _MIX[2]
        found = (found ^ (found >> np.uint64(30))) * _MIX[0]
        found = (found ^ (found >> np.uint64(27))) * _MIX[1]
        found ^= found >> np.uint64(31)
    return found.view(np.int64)


def _parts(people: People) -> Mapping[Part, Codes]:
    """By part, numbers of its values: a row for each person, as many columns as there may be; 0 for none."""
    lexicon, addresses = people.lexicon, people.addresses
    firsts, lasts = lexicon.first, lexicon.last
    sounds: dict[str, int] = {"": 0}

    def heard(words: Sequence[str]) -> list[int]:
        return [number for word in words if (number := sounds.setdefault(sound(word), len(sounds)))]

    def named(names: Codes, width: int, values: Callable[[str], Sequence[int]]) -> Codes:
        return _by_text(lexicon.words, names, width, values)

    homes = np.where(people.place_keys == ADDRESS_NUMBERS[WORK], 0, people.places)
    born = people.born.astype(np.int32)
    year, low, high = born[:, 0], born[:, 1:].min(axis=1), born[:, 1:].max(axis=1)
    birthday = np.where((year == _UNKNOWN_YEAR) & (high == 1), 0, (year * 32 + low) * 32 + high)
    starts: dict[str, int] = {"": 0}
    return {
        Part.FIRST: named(
            firsts, MOST_FIRSTS, lambda name: [sounds.setdefault(code, len(sounds)) for code in first_sounds(name)]
        ),
        Part.LAST: named(lasts, MOST_LASTS, lambda name: heard(last_words(name))),
        Part.WHOLE_SOUND: named(lasts, 1, lambda name: heard(last_words(name)[:1])),
        Part.WHOLE: lexicon.forms[lasts][:, None],
        Part.INITIAL: lexicon.initials[firsts][:, None],
        Part.LAST_INITIAL: lexicon.initials[lasts][:, None],
        Part.BIRTHDAY: birthday[:, None],
        Part.MONTH: np.where(birthday > 0, year * 13 + born[:, 1], 0)[:, None],
        Part.NUMBER: addresses.number[homes],
        Part.STREET: _starts(addresses.lines, addresses.street, starts, street_start)[homes],
        Part.CITY: _starts(addresses.cities, addresses.city, starts, city_start)[homes],
        Part.POSTCODE: addresses.postcode[homes],
    }


def _by_text(texts: Sequence[str], used: Codes, width: int, values: Callable[[str], Sequence[int]]) -> Codes:
    """For each number of a text in use, the values of the text, filled with 0."""
    table = np.zeros((len(texts), width), np.int32)
    for number in np.unique(used).tolist():
        found = values(texts[number])
        table[number, : len(found)] = found
    return table[used]


def _starts(texts: Sequence[str], used: Codes, known: dict[str, int], start: Callable[[str], str]) -> Codes:
    return _by_text(texts, used, 1, lambda text: [known.setdefault(start(text), len(known))])[:, 0]
