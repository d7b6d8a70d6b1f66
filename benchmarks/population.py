"""A made-up population of which two nations each know a part: who is truly who is known, and nothing is perfect.

It knows nothing of how matching works: the names come from lists and syllables, the shares from demography.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from random import Random

from benchmarks.errors import misdialled, misspelt
from server.demo.first_names import FEMALE, MALE, NICKNAMES
from server.demo.last_names import LAST
from sharing.records import Value

OVERLAP = 0.6  # of each nation's people, those whom the other knows too
TWICE = 0.02  # of a nation's people, those who stand in it twice
_TODAY = date(2026, 1, 1).toordinal()
_YEAR = 365.25
_LETTERS = """
b br c ch d dr f fr g gr h j k kl l m n p pr qu r s sch st t tr v w z
a e i o u ai ea ie ou au
ski man son er ing ley ton vic elli ez berg stein ford well wood ard in a o is
"""
_ONSETS, _VOWELS, _ENDS = (row.split() for row in _LETTERS.strip().splitlines())


@dataclass(frozen=True, slots=True)
class _Home:
    number: int
    street: str
    unit: str
    city: str
    state: str
    postcode: str
    landline: str


@dataclass(slots=True)
class _Person:
    number: int
    sex: str
    first: str
    middle: str
    last: str
    born: int
    home: _Home
    mobile: str
    suffix: str = ""
    maiden: str = ""
    spouse: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile of a nation: who it truly is, and its values by catalogue key."""

    person: int
    values: dict[str, Value]


class _Lists:
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
        return self._rng.choices(table[0], cum_weights=table[1])[0]


def _all(names: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of every origin, the frequent ones of each first."""
    columns = list(names.values())
    longest = max(map(len, columns))
    return list(dict.fromkeys(column[rank] for rank in range(longest) for column in columns if rank < len(column)))


def nations(people: int, seed: int, rates: Mapping[str, float]) -> tuple[list[Profile], list[Profile]]:
    """The profiles of two nations, each with so many (those who stand twice included), in no order."""
    rng = Random(seed)
    writer = _Writer(rng, rates)
    found: tuple[list[Profile], list[Profile]] = ([], [])
    common, own = people * OVERLAP, people * (1 - OVERLAP)
    for household in _households(rng):
        where = [writer.known(household) for _ in range(2)]
        for person in household:
            at = rng.random() * (common + 2 * own)
            for side in (0, 1) if at < common else (0,) if at < common + own else (1,):
                found[side].append(where[side](person))
                if rng.random() < TWICE:
                    found[side].append(writer.again(person))
        if min(map(len, found)) >= people:
            break
    for profiles in found:
        rng.shuffle(profiles)
        del profiles[people:]
    return found


def _households(rng: Random) -> Iterator[list[_Person]]:
    lists = _Lists(rng)
    pick = rng.random
    number = 0
    while True:
        town, state, postcode = lists.towns[int(pick() * pick() * len(lists.towns))]
        home = _Home(
            1 + int(pick() ** 2 * 3_000),
            lists.pick(lists.streets),
            str(1 + int(pick() * 90)) if pick() < 0.2 else "",
            town,
            state,
            f"{int(postcode) + int(pick() * 40):05}",
            _line(rng),
        )
        people = _members(rng, lists, number, home)
        number += len(people)
        yield people


def _line(rng: Random) -> str:
    """A number that no carrier gives out: its exchange begins with 0 or 1."""
    return f"{201 + int(rng.random() * 780)}{int(rng.random() * 2_000_000):07}"


def _members(rng: Random, lists: _Lists, number: int, home: _Home) -> list[_Person]:
    pick = rng.random

    def somebody(sex: str, youngest: float, oldest: float, last: str = "") -> _Person:
        place = number + len(people)
        return _Person(
            place,
            sex,
            lists.pick(lists.firsts[sex]),
            lists.pick(lists.firsts[sex]) if pick() < 0.75 else "",
            last or lists.pick(lists.lasts),
            _TODAY - int((youngest + pick() * (oldest - youngest)) * _YEAR),
            home,
            _line(rng),
        )

    people: list[_Person] = []
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


def _marry(rng: Random, people: list[_Person], other: _Person) -> None:
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


def _raise(rng: Random, people: list[_Person], somebody: Callable[[str, float, float, str], _Person]) -> None:
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


class _Writer:
    """Writes profiles, with the mistakes that the rates say."""

    def __init__(self, rng: Random, rates: Mapping[str, float]) -> None:
        self._rng, self._pick = rng, rng.random
        self._rates = {name: rate / 100 for name, rate in rates.items()}
        self._elsewhere = _Lists(rng)

    def known(self, household: Sequence[_Person]) -> Callable[[_Person], Profile]:
        """How one nation writes the people of a household: a couple may have one email there, on either of them."""
        one_email = self._befalls("couples_email")
        holder = self._rng.choice(household).number

        def write(person: _Person) -> Profile:
            profile = self._profile(person)
            if not self._befalls("no_email"):
                owner = person.number
                if one_email and person.spouse is not None:
                    owner = min(person.number, person.spouse)
                    if person.number != holder:
                        return profile
                kind = "private" if self._befalls("other_email") else "mail"
                profile.values["emails"] = (f"{kind}{owner}@example.org",)
            self._put_ids(person, profile.values)
            return profile

        return write

    def again(self, person: _Person) -> Profile:
        """A second profile of somebody whom the nation has already, which bears none of the ids of the first."""
        return self._profile(person)

    def _befalls(self, name: str) -> bool:
        return self._pick() < self._rates[name]

    def _put_ids(self, person: _Person, values: dict[str, Value]) -> None:
        for key, base in (("van_id", 100_000_000), ("external_id", 500_000_000)):
            if not self._befalls(f"no_{key}"):
                number = str(base + person.number)
                values[key] = misdialled(number, self._pick) if self._befalls("wrong_id") else number

    def _profile(self, person: _Person) -> Profile:
        values: dict[str, Value] = {}
        self._put_names(person, values)
        self._put_birthdate(person, values)
        self._put_phones(person, values)
        if not self._befalls("no_address"):
            values["home_address"] = self._address(person.home)
        return Profile(person.number, values)

    def _put_names(self, person: _Person, values: dict[str, Value]) -> None:
        first, last = person.first, person.last
        if self._befalls("nickname") and (shorts := NICKNAMES.get(first)):
            first = self._rng.choice(shorts)
        if person.maiden and self._befalls("maiden"):
            last = person.maiden
        if self._befalls("typo_in_first"):
            first = misspelt(first, self._pick)
        if self._befalls("typo_in_last"):
            last = misspelt(last, self._pick)
        if self._befalls("initial"):
            first = first[0]
        if person.middle and self._befalls("double_name"):
            first = f"{first} {person.middle}"
        if self._befalls("swapped_names"):
            first, last = last, first
        values["first_name"], values["last_name"] = first, last
        if person.middle and not self._befalls("no_middle"):
            values["middle_name"] = person.middle if self._pick() < 0.5 else person.middle[0]
        if person.suffix and not self._befalls("no_suffix"):
            values["suffix"] = person.suffix
        if not self._befalls("no_sex"):
            values["sex"] = person.sex

    def _put_birthdate(self, person: _Person, values: dict[str, Value]) -> None:
        if self._befalls("no_birthdate"):
            return
        born = date.fromordinal(person.born)
        if self._befalls("no_date"):
            born = date(1900, 1, 1)
        elif self._befalls("new_year"):
            born = born.replace(month=1, day=1)
        elif self._befalls("day_and_month") and born.day <= 12:
            born = born.replace(month=born.day, day=born.month)
        elif self._befalls("typo_in_birthdate"):
            part = self._pick()
            if part < 0.4:
                born = born.replace(day=1 + int(self._pick() * 28))
            elif part < 0.7:
                born = born.replace(year=born.year + self._rng.choice((-10, -1, 1, 10)), day=min(born.day, 28))
            else:
                born = born.replace(month=1 + int(self._pick() * 12), day=min(born.day, 28))
        values["birthdate"] = born

    def _put_phones(self, person: _Person, values: dict[str, Value]) -> None:
        if not self._befalls("no_landline"):
            values["phone"] = self._number(person.home.landline)
        if not self._befalls("no_mobile"):
            line = _line(self._rng) if self._befalls("new_mobile") else person.mobile
            values["mobile" if self._pick() < 0.9 or "phone" in values else "phone"] = self._number(line)

    def _number(self, line: str) -> str:
        return "+1" + (misdialled(line, self._pick) if self._befalls("typo_in_phone") else line)

    def _address(self, home: _Home) -> dict[str, str]:
        if self._befalls("moved"):
            town, state, postcode = self._rng.choice(self._elsewhere.towns)
            near = self._pick() < 0.5
            home = replace(
                home,
                number=1 + int(self._pick() * 3_000),
                street=self._elsewhere.pick(self._elsewhere.streets),
                unit="",
                **({} if near else {"city": town, "state": state, "postcode": postcode}),
            )
        street = misspelt(home.street, self._pick) if self._befalls("typo_in_street") else home.street
        number = str(home.number)
        if len(number) > 2 and self._befalls("typo_in_number"):
            number = misdialled(number, self._pick)
        address = {"address1": f"{number} {street}", "city": home.city, "state": home.state, "country_code": "US"}
        if home.unit:
            address["address2"] = f"Apt {home.unit}"
        if not self._befalls("no_postcode"):
            address["zip5"] = home.postcode
        return address
