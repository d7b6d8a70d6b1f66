"""A made-up population of which two nations each know a part: who is truly who is known, and nothing is perfect.

It knows nothing of how matching works.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from benchmarks.errors import misdialled, misspelt
from benchmarks.household import Home, Lists, Person, households, line
from server.demo.first_names import NICKNAMES
from sharing.records import Value

OVERLAP = 0.6  # of each nation's people, those whom the other knows too
TWICE = 0.02  # of a nation's people, those who stand in it twice


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile of a nation: who it truly is, and its values by catalogue key."""

    person: int
    values: dict[str, Value]


def nations(people: int, seed: int, rates: Mapping[str, float]) -> tuple[list[Profile], list[Profile]]:
    """The profiles of two nations, each with so many (those who stand twice included), in no order."""
    rng = Random(seed)
    writer = _Writer(rng, rates)
    found: tuple[list[Profile], list[Profile]] = ([], [])
    common, own = people * OVERLAP, people * (1 - OVERLAP)
    for household in households(rng):
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


class _Writer:
    """Writes profiles, with the mistakes that the rates say."""

    def __init__(self, rng: Random, rates: Mapping[str, float]) -> None:
        self._rng, self._pick = rng, rng.random
        self._rates = {name: rate / 100 for name, rate in rates.items()}
        self._elsewhere = Lists(rng)

    def known(self, household: Sequence[Person]) -> Callable[[Person], Profile]:
        """How one nation writes the people of a household: a couple may have one email there, on either of them."""
        one_email = self._befalls("couples_email")
        holder = self._rng.choice(household).number

        def write(person: Person) -> Profile:
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

    def again(self, person: Person) -> Profile:
        """A second profile of somebody whom the nation has already, which bears none of the ids of the first."""
        return self._profile(person)

    def _befalls(self, name: str) -> bool:
        return self._pick() < self._rates[name]

    def _put_ids(self, person: Person, values: dict[str, Value]) -> None:
        for key, base in (("van_id", 100_000_000), ("external_id", 500_000_000)):
            if not self._befalls(f"no_{key}"):
                number = str(base + person.number)
                values[key] = misdialled(number, self._pick) if self._befalls("wrong_id") else number

    def _profile(self, person: Person) -> Profile:
        values: dict[str, Value] = {}
        self._put_names(person, values)
        self._put_birthdate(person, values)
        self._put_phones(person, values)
        if not self._befalls("no_address"):
            values["home_address"] = self._address(person.home)
        return Profile(person.number, values)

    def _put_names(self, person: Person, values: dict[str, Value]) -> None:
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

    def _put_birthdate(self, person: Person, values: dict[str, Value]) -> None:
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

    def _put_phones(self, person: Person, values: dict[str, Value]) -> None:
        if not self._befalls("no_landline"):
            values["phone"] = self._number(person.home.landline)
        if not self._befalls("no_mobile"):
            mobile = line(self._rng) if self._befalls("new_mobile") else person.mobile
            values["mobile" if self._pick() < 0.9 or "phone" in values else "phone"] = self._number(mobile)

    def _number(self, line: str) -> str:
        return "+1" + (misdialled(line, self._pick) if self._befalls("typo_in_phone") else line)

    def _address(self, home: Home) -> dict[str, str]:
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
