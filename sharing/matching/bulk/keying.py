"""The keys of many people, by kind: the same people share one as ``keys.keys_of`` gives them one in common."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """Keys of one kind: whose (numbers of people, each as often as it has keys), and a hash of each."""

    kind: KeyKind
    rows: Ints
    hashes: Ints


class Keyring:
    """What the keys of some people are put together from; the people may be asked for in parts.

    Args:
        people: the people.
        rules: which ids take part, and whether emails do.
    """

    def __init__(self, people: People, rules: MatchRules) -> None:
        self._people, self._rules = people, rules
        lexicon, addresses = people.lexicon, people.addresses
        sounds: dict[str, int] = {"": 0}

        def numbered(words: Iterable[str]) -> list[int]:
            return [sounds.setdefault(word, len(sounds)) for word in words if word]

        def heard(words: Sequence[str]) -> list[int]:
            return numbered(map(sound, words))

        names, firsts, lasts = lexicon.words, lexicon.first, lexicon.last
        self._firsts = _by_text(names, firsts, MOST_FIRSTS, lambda name: numbered(first_sounds(name)))
        self._lasts = _by_text(names, lasts, MOST_LASTS, lambda name: heard(last_words(name)))
        self._whole = _by_text(names, lasts, 1, lambda name: heard(last_words(name)[:1]))
        starts: dict[str, int] = {"": 0}

        def started(text: str) -> list[int]:
            return [starts.setdefault(text, len(starts))]

        streets = _by_text(addresses.lines, addresses.street, 1, lambda text: started(street_start(text)))
        cities = _by_text(addresses.cities, addresses.city, 1, lambda text: started(city_start(text)))
        self._streets, self._cities = streets[:, 0], cities[:, 0]

    def keys(self, rows: slice | Ints) -> Iterator[Keys]:
        """The keys of some of the people, one kind after another; their rows are counted from the first of them."""
        people = self._people
        for place, key in enumerate(self._rules.ids):
            yield _known(KIND_OF_ID[key], people.ids[rows, place, None])
        if self._rules.emails:
            yield _known(KeyKind.EMAIL, people.emails[rows])
        yield _known(KeyKind.PHONE, people.lines[rows])
        parts = self._parts(rows)
        for kind, recipe in RECIPES.items():
            columns = [parts[part] for part in recipe.parts]
            optional = [part is Part.CITY for part in recipe.parts]
            of_place = [part >= Part.NUMBER for part in recipe.parts]
            found = list(_combined(columns, optional, of_place, crossed=recipe.crossed))
            yield Keys(kind, np.concatenate([held for held, _ in found]), np.concatenate([keys for _, keys in found]))

    def _parts(self, rows: slice | Ints) -> Mapping[Part, Codes]:
        """By part, numbers of its values: a row for each person, as many columns as there may be; 0 for none."""
        people, lexicon, addresses = self._people, self._people.lexicon, self._people.addresses
        firsts, lasts = lexicon.first[rows], lexicon.last[rows]
        homes = np.where(people.place_keys[rows] == ADDRESS_NUMBERS[WORK], 0, people.places[rows])
        born = people.born[rows].astype(np.int32)
        year, low, high = born[:, 0], born[:, 1:].min(axis=1), born[:, 1:].max(axis=1)
        birthday = np.where((year == _UNKNOWN_YEAR) & (high == 1), 0, (year * 32 + low) * 32 + high)
        return {
            Part.FIRST: self._firsts[firsts],
            Part.LAST: self._lasts[lasts],
            Part.WHOLE_SOUND: self._whole[lasts],
            Part.WHOLE: lexicon.forms[lasts][:, None],
            Part.INITIAL: lexicon.initials[firsts][:, None],
            Part.LAST_INITIAL: lexicon.initials[lasts][:, None],
            Part.BIRTHDAY: birthday[:, None],
            Part.MONTH: np.where(birthday > 0, year * 13 + born[:, 1], 0)[:, None],
            Part.NUMBER: addresses.number[homes],
            Part.STREET: self._streets[addresses.street[homes]],
            Part.CITY: self._cities[addresses.city[homes]],
            Part.POSTCODE: addresses.postcode[homes],
        }


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


def _by_text(texts: Sequence[str], used: Codes, width: int, values: Callable[[str], Sequence[int]]) -> Codes:
    """By number of a text, its values, filled with 0; texts that are not in use have none."""
    table = np.zeros((len(texts), width), np.int32)
    for number in np.unique(used).tolist():
        found = values(texts[number])
        table[number, : len(found)] = found
    return table
