"""Who lives where: made-up households, and what is true of each person in them."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from random import Random

from server.demo.first_names import FEMALE, MALE
from server.demo.last_names import LAST
from server.demo.places import CITIES, EMPLOYERS, OCCUPATIONS, STREET_TYPES, STREETS, City

# Of a hundred households, how many come from where.
_ORIGINS = {"general": 66, "hispanic": 15, "east_asian": 7, "south_asian": 4, "arabic": 3, "african": 3, "slavic": 2}
_TODAY = date(2025, 6, 1).toordinal()
_YEAR = 365.25
# Of those whose names are not general ones, how many bear a general first name.
_ASSIMILATED = 0.45
# The second name on the list is about as frequent as the first, the tenth half as much.
_RANK_OFFSET = 9
_TABLE = 2_048


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling and its landline."""

    number: int
    street: str
    street_type: tuple[str, str]
    unit: str
    city: City
    zip5: str
    landline: str = ""


@dataclass(slots=True)
class Truth:
    """What is true of a person, whatever a nation knows of it.

    Attributes:
        number: the person, counted from 0; no two share one.
        born: the day of birth, as an ordinal.
        emails: the addresses of the person, which nobody else has.
        maiden: the last name before marriage, where that was another.
        partner: whoever shares the home as a spouse.
    """

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
    marital_status: str = "S"
    occupation: str = ""
    employer: str = ""
    emails: tuple[str, ...] = ()
    partner: "Truth | None" = field(default=None, repr=False)


def households(rng: Random) -> Iterator[list[Truth]]:
    """Households without end: singles, couples, families with grown children (twins, juniors), house-mates."""
    pick = rng.random
    number = 0
    serial = 0
    while True:
        home = new_home(pick, serial)
        serial += 1
        shape = pick()
        if shape < 0.32:
            people = [_person(pick, number, home, _origin(pick))]
        elif shape < 0.62:
            people = _couple(pick, number, home)
        elif shape < 0.9:
            people = _family(pick, number, home)
        else:
            people = [_person(pick, number + mate, home, _origin(pick)) for mate in range(2 + int(pick() * 2))]
        for person in people:
            _put_work_and_emails(pick, person)
        number += len(people)
        yield people


def new_home(pick: Callable[[], float], serial: int | None = None, city: City | None = None) -> Home:
    """A dwelling somewhere, or in the city given; its landline only where it has a serial number to make one of."""
    city = city or CITIES[int(pick() * len(CITIES))]
    return Home(
        number=1 + int(pick() * pick() * 4_000),
        street=STREETS[int(pick() * len(STREETS))],
        street_type=STREET_TYPES[int(pick() * pick() * len(STREET_TYPES))],
        unit=str(1 + int(pick() * 60)) if pick() < 0.25 else "",
        city=city,
        zip5=f"{city.zip3}{1 + int(pick() * 40):02}",
        landline="" if serial is None else _number_of(city, 0, serial),
    )


def _number_of(city: City, first_digit: int, serial: int) -> str:
    """A number that no carrier can give out, since no exchange begins with 0 or 1; a million serials differ."""
    code = city.area_codes[serial % len(city.area_codes)]
    return f"+1{code}{first_digit}{serial * 387_449 % 1_000_000:06}"


def _couple(pick: Callable[[], float], number: int, home: Home, youngest: float = 20) -> list[Truth]:
    origin = _origin(pick)
    one = _person(pick, number, home, origin, youngest=youngest)
    sex = ("M" if one.sex == "F" else "F") if pick() < 0.94 else one.sex
    other = _person(pick, number + 1, home, origin if pick() < 0.8 else _origin(pick), sex=sex)
    other.born = min(one.born + int((pick() + pick() - 1) * 8 * _YEAR), _TODAY - int(19 * _YEAR))
    one.partner, other.partner = other, one
    status = "M" if pick() < 0.85 else "P"
    one.marital_status = other.marital_status = status
    if status == "M":
        wife, husband = (one, other) if one.sex == "F" else (other, one)
        choice = pick()
        if choice < 0.68:
            wife.maiden, wife.last = wife.last, husband.last
        elif choice < 0.76:
            wife.maiden, wife.last = wife.last, f"{wife.last}-{husband.last}"
    return [one, other]


def _family(pick: Callable[[], float], number: int, home: Home) -> list[Truth]:
    people = _couple(pick, number, home, youngest=38)
    father = next((person for person in people if person.sex == "M"), people[0])
    parents_born = max(person.born for person in people)
    for _ in range(1 + int(pick() * 2.4)):
        born = parents_born + int((18 + pick() * 14) * _YEAR)
        if born > _TODAY - 16 * _YEAR:
            break
        child = _person(pick, number + len(people), home, "general", born=born)
        child.last = father.last
        if child.sex == "M" and len(people) == 2 and pick() < 0.12:
            child.first, child.suffix, father.suffix = father.first, "Jr", "Sr"
        people.append(child)
        if pick() < 0.04:
            twin = _person(pick, number + len(people), home, "general", sex=child.sex, born=born)
            twin.last = father.last
            people.append(twin)
            break
    return people


def _person(
    pick: Callable[[], float],
    number: int,
    home: Home,
    origin: str,
    *,
    sex: str = "",
    born: int | None = None,
    youngest: float = 17,
) -> Truth:
    sex = sex or ("F" if pick() < 0.515 else "M")
    names = _FIRST[sex]
    first = names["general" if pick() < _ASSIMILATED else origin]
    middle = names["general"]
    lasts = _LASTS[origin]
    age = youngest + pick() * (0.6 + 0.4 * pick()) * (95 - youngest)
    return Truth(
        number,
        sex,
        first[int(pick() * _TABLE)],
        middle[int(pick() * _TABLE)] if pick() < 0.7 else "",
        lasts[int(pick() * _TABLE)],
        _TODAY - int(age * _YEAR) if born is None else born,
        home,
        _number_of(home.city, 1, number),
    )


def _put_work_and_emails(pick: Callable[[], float], person: Truth) -> None:
    if pick() < 0.6:
        person.occupation = OCCUPATIONS[int(pick() * len(OCCUPATIONS))]
        person.employer = EMPLOYERS[int(pick() * len(EMPLOYERS))]
    first, last, number = _slug(person.first), _slug(person.maiden or person.last), person.number
    person.emails = (
        f"{first}.{last}{number}@example.org",
        f"{first[0]}{last}{number}@example.com",
        f"{last}.{first}{number}@example.net",
    )


@lru_cache(maxsize=10_000)
def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L").replace("ø", "o"))
    return re.sub(r"[^a-z]", "", plain.encode("ascii", "ignore").decode().lower())


def _origin(pick: Callable[[], float]) -> str:
    return _ORIGIN_TABLE[int(pick() * len(_ORIGIN_TABLE))]


def _by_frequency(names: Sequence[str]) -> tuple[str, ...]:
    """A table in which each name stands about as often as people bear it, so that one index picks it."""
    weights = [1 / (rank + _RANK_OFFSET) for rank in range(1, len(names) + 1)]
    whole = sum(weights)
    table: list[str] = []
    reached = 0.0
    for name, weight in zip(names, weights, strict=True):
        reached += weight
        table += [name] * (round(reached / whole * _TABLE) - len(table))
    return tuple(table)


_ORIGIN_TABLE = tuple(origin for origin, share in _ORIGINS.items() for _ in range(share))
_FIRST = {
    "F": {origin: _by_frequency(names) for origin, names in FEMALE.items()},
    "M": {origin: _by_frequency(names) for origin, names in MALE.items()},
}
_LASTS = {origin: _by_frequency(names) for origin, names in LAST.items()}
