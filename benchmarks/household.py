"""Made-up households: who lives where, and what is true of each.

The names come from lists and syllables, the shares from demography.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from server.demo.first_names import FEMALE, MALE
from server.demo.last_names import LAST

_TODAY = date(2026, 1, 1).toordinal()
_YEAR = 365.25
_LETTERS = """
b br c ch d dr f fr g gr h j k kl l m n p pr qu r s sch st t tr v w z
a e i o u ai ea ie ou au
ski man son er ing ley ton vic elli ez berg stein ford well wood ard in a o is
"""
_ONSETS, _VOWELS, _ENDS = (row.split() for row in _LETTERS.strip().splitlines())


@dataclass(frozen=True, slots=True)
class Home:
    """Where people live, and their landline."""

    number: int
    street: str
    unit: str
    city: str
    state: str
    postcode: str
    landline: str


@dataclass(slots=True)
class Person:
    """What is true of somebody."""

    number: int
    sex: str
    first: str
    middle: str
    last: str
    born: int
    home: Home
    mobile: str
    suffix: str = ""
    maiden: str = ""
    spouse: int | None = None


class Lists:
    """What names and addresses are picked from, the frequent ones first."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.firsts = {
            sex: self._weighted([*_all(names), *self._words(600, 2)], 12) for sex, names in (("F", FEMALE), ("M", MALE))
        }
        self.lasts = self._weighted([*_all(LAST), *self._words(40_000, 3)], 60)
        self.streets = self._weighted(
            [f"{word} {kind}" for word in self._words(4_000, 2) for kind in ("St", "Ave", "Rd")], 300
        )
        self.towns = [
            (word, f"{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}", f"{10_000 + 45 * n:05}")
            for n, word in enumerate(self._words(1_900, 2))
        ]

    def _words(self, count: int, syllables: int) -> list[str]:
        choice = self._rng.choice
        words: dict[str, None] = {}
        while len(words) < count:
            parts = [choice(_ONSETS) + choice(_VOWELS) for _ in range(1 + int(self._rng.random() * (syllables - 1)))]
            words["".join([*parts, choice(_ONSETS)[:1], choice(_ENDS)]).title()] = None
        return list(words)

    def _weighted(self, words: Sequence[str], offset: int) -> tuple[Sequence[str], list[float]]:
        return words, list(accumulate(1 / (rank + offset) for rank in range(len(words))))

    def pick(self, table: tuple[Sequence[str], list[float]]) -> str:
        """One of a list, the frequent ones more often."""
        return self._rng.choices(table[0], cum_weights=table[1])[0]


def _all(names: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of every origin, the frequent ones of each first."""
    columns = list(names.values())
    longest = max(map(len, columns))
    return list(dict.fromkeys(column[rank] for rank in range(longest) for column in columns if rank < len(column)))


def households(rng: Random) -> Iterator[list[Person]]:
    """Households without end: singles, mates, couples, and families with grown children."""
    lists = Lists(rng)
    pick = rng.random
    number = 0
    while True:
        town, state, postcode = lists.towns[int(pick() * pick() * len(lists.towns))]
        home = Home(
            1 + int(pick() ** 2 * 3_000),
            lists.pick(lists.streets),
            str(1 + int(pick() * 90)) if pick() < 0.2 else "",
            town,
            state,
            f"{int(postcode) + int(pick() * 40):05}",
            line(rng),
        )
        people = _members(rng, lists, number, home)
        number += len(people)
        yield people


def line(rng: Random) -> str:
    """A number that no carrier gives out: its exchange begins with 0 or 1."""
    return f"{201 + int(rng.random() * 780)}{int(rng.random() * 2_000_000):07}"


def _members(rng: Random, lists: Lists, number: int, home: Home) -> list[Person]:
    pick = rng.random

    def somebody(sex: str, youngest: float, oldest: float, last: str = "") -> Person:
        place = number + len(people)
        return Person(
            place,
            sex,
            lists.pick(lists.firsts[sex]),
            lists.pick(lists.firsts[sex]) if pick() < 0.75 else "",
            last or lists.pick(lists.lasts),
            _TODAY - int((youngest + pick() * (oldest - youngest)) * _YEAR),
            home,
            line(rng),
        )

    people: list[Person] = []
    shape = pick()
    people.append(somebody("F" if pick() < 0.51 else "M", 19, 90))
    if shape < 0.3:
        return people
    if shape < 0.38:
        people.append(somebody("F" if pick() < 0.5 else "M", 19, 45))
        return people
    _marry(rng, people, somebody("M" if people[0].sex == "F" else "F", 0, 1))
    if shape > 0.62:
        _raise(rng, people, somebody)
    return people


def _marry(rng: Random, people: list[Person], other: Person) -> None:
    one = people[0]
    other.born = min(one.born + int(rng.gauss(0, 4) * _YEAR), _TODAY - int(18 * _YEAR))
    people.append(other)
    one.spouse, other.spouse = other.number, one.number
    wife, husband = (one, other) if one.sex == "F" else (other, one)
    choice = rng.random()
    if choice < 0.7:
        wife.maiden, wife.last = wife.last, husband.last
    elif choice < 0.78:
        wife.maiden, wife.last = wife.last, f"{wife.last}-{husband.last}"


def _raise(rng: Random, people: list[Person], somebody: Callable[[str, float, float, str], Person]) -> None:
    """Grown children who live with their parents, twins and sons of their father's name among them."""
    father = next((person for person in people if person.sex == "M"), people[0])
    for _ in range(1 + int(rng.random() * 2.5)):
        born = max(person.born for person in people[:2]) + int((19 + rng.random() * 16) * _YEAR)
        if born > _TODAY - 17 * _YEAR:
            return
        child = somebody("F" if rng.random() < 0.49 else "M", 0, 1, father.last)
        child.born = born
        if child.sex == "M" and father.sex == "M" and rng.random() < 0.07:
            child.first, child.middle, child.suffix, father.suffix = father.first, father.middle, "Jr", "Sr"
        people.append(child)
        if rng.random() < 0.03:
            twin = somebody(child.sex if rng.random() < 0.65 else "F", 0, 1, father.last)
            twin.born = born
            people.append(twin)
