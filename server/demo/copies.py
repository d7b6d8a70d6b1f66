"""What one nation holds of a person: the truth with something missing, something out of date, something misspelt."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from server.demo.first_names import NICKNAMES
from server.demo.households import Home, Truth, new_home
from sharing.records import Value

# How many records of a hundred each thing befalls at dirt 0.1; in proportion at another.
RATES: Mapping[str, float] = MappingProxyType(
    {
        "no_birthdate": 22,
        "no_address": 12,
        "no_landline": 45,
        "no_mobile": 30,
        "no_email": 30,
        "no_middle": 40,
        "no_sex": 20,
        "no_van_id": 50,
        "no_suffix": 50,
        "nickname": 9,
        "typo_in_first": 2,
        "typo_in_last": 3,
        "initial_in_first": 1.5,
        "swapped_names": 0.3,
        "capitals": 3,
        "maiden": 12,
        "moved": 9,
        "moved_far": 4,
        "street_in_full": 20,
        "typo_in_street": 3,
        "no_zip": 5,
        "day_and_month": 1,
        "new_year": 1,
        "typo_in_birthdate": 1,
        "mobile_as_landline": 8,
        "typo_in_phone": 1.5,
        "second_email": 15,
        "other_email": 8,
        "partners_email": 1,
    }
)
_LETTERS = "etaoinsrhldcum"


class Copyist:
    """Writes what one nation holds of people, making the mistakes that the rates say.

    Args:
        pick: a source of numbers from 0 up to 1.
        dirt: how much goes wrong: 0 nothing, 0.1 what is usual.
    """

    def __init__(self, pick: Callable[[], float], dirt: float) -> None:
        self._pick = pick
        self._rates = {name: min(0.95, rate * dirt / 10) for name, rate in RATES.items()}

    def copy(self, truth: Truth, serial: int, owner: Truth | None) -> dict[str, Value]:
        """One profile, by catalogue key, in the form in which values are kept.

        Args:
            truth: the person.
            serial: the profile's number in its nation, of which its external_id is made.
            owner: whose email addresses stand on it, if anybody's.
        """
        values = self._known(truth, serial)
        if owner is not None:
            self._put_emails(owner, values)
        if not self._befalls("no_van_id"):
            values["van_id"] = str(100_000_000 + truth.number)
        return values

    def again(self, truth: Truth, serial: int) -> dict[str, Value]:
        """A second profile of somebody whom the nation holds already: with another address, and no id of the first."""
        values = self._known(truth, serial)
        values["emails"] = truth.emails[2:]
        return values

    def borrows(self) -> bool:
        """Whether a couple's addresses end up on one of the two."""
        return self._befalls("partners_email")

    def _known(self, truth: Truth, serial: int) -> dict[str, Value]:
        values: dict[str, Value] = {"external_id": f"{serial:07}"}
        self._put_names(truth, values)
        self._put_birthdate(truth, values)
        self._put_phones(truth, values)
        if not self._befalls("no_address"):
            values["home_address"] = self._address(truth.home)
        self._put_rest(truth, values)
        return values

    def _befalls(self, name: str) -> bool:
        return self._pick() < self._rates[name]

    def _put_names(self, truth: Truth, values: dict[str, Value]) -> None:
        befalls = self._befalls
        first, last = truth.first, truth.last
        if befalls("nickname") and (shorts := NICKNAMES.get(first)):
            first = shorts[int(self._pick() * len(shorts))]
        if truth.maiden and befalls("maiden"):
            last = truth.maiden
        if befalls("typo_in_first"):
            first = self._misspelt(first)
        if befalls("typo_in_last"):
            last = self._misspelt(last)
        if truth.middle and not befalls("no_middle"):
            values["middle_name"] = truth.middle
        elif truth.middle and befalls("initial_in_first"):
            first = f"{first} {truth.middle[0]}."
        if truth.suffix and not befalls("no_suffix"):
            values["suffix"] = truth.suffix
        if befalls("swapped_names"):
            first, last = last, first
        if befalls("capitals"):
            first, last = first.upper(), last.upper()
        values["first_name"], values["last_name"] = first, last
        if not befalls("no_sex"):
            values["sex"] = truth.sex

    def _put_birthdate(self, truth: Truth, values: dict[str, Value]) -> None:
        if self._befalls("no_birthdate"):
            return
        born = date.fromordinal(truth.born)
        if self._befalls("day_and_month") and born.day <= 12:
            born = born.replace(month=born.day, day=born.month)
        elif self._befalls("new_year"):
            born = born.replace(month=1, day=1)
        elif self._befalls("typo_in_birthdate"):
            born = date.fromordinal(truth.born + (1, -1, 10, -10, 365, -365)[int(self._pick() * 6)])
        values["birthdate"] = born

    def _put_phones(self, truth: Truth, values: dict[str, Value]) -> None:
        landline, mobile = truth.home.landline, truth.mobile
        if self._befalls("no_landline"):
            landline = ""
        if self._befalls("no_mobile"):
            mobile = ""
        elif self._befalls("mobile_as_landline"):
            landline, mobile = mobile, ""
        if mobile and self._befalls("typo_in_phone"):
            mobile = mobile[:-1] + str((int(mobile[-1]) + 1 + int(self._pick() * 9)) % 10)
        if landline:
            values["phone"] = landline
        if mobile:
            values["mobile"] = mobile

    def _put_emails(self, truth: Truth, values: dict[str, Value]) -> None:
        if self._befalls("no_email"):
            return
        values["email_opt_in"] = self._pick() < 0.7
        first, second, _ = truth.emails
        if self._befalls("other_email"):
            values["emails"] = (second,)
        elif self._befalls("second_email"):
            values["emails"] = (first, second)
        else:
            values["emails"] = (first,)

    def _address(self, home: Home) -> dict[str, str]:
        befalls = self._befalls
        if befalls("moved_far"):
            home = new_home(self._pick)
        elif befalls("moved"):
            home = new_home(self._pick, city=home.city)
        street = self._misspelt(home.street) if befalls("typo_in_street") else home.street
        is_full = befalls("street_in_full")
        address1 = f"{home.number} {street} {home.street_type[is_full]}"
        address = {"address1": address1}
        if home.unit:
            if is_full:
                address["address1"] = f"{address1}, Apt {home.unit}"
            else:
                address["address2"] = f"Apt {home.unit}"
        address["city"], address["state"] = home.city.name, home.city.state
        if not befalls("no_zip"):
            address["zip5"] = home.zip5
        address["country_code"] = "US"
        return address

    def _put_rest(self, truth: Truth, values: dict[str, Value]) -> None:
        """What each nation knows on its own, or asks for itself."""
        pick = self._pick
        if truth.occupation and pick() < 0.5:
            values["occupation"], values["employer"] = truth.occupation, truth.employer
        if pick() < 0.4:
            values["marital_status"] = truth.marital_status
        if pick() < 0.35:
            values["support_level"] = 1 + int(pick() * pick() * 5)
        if pick() < 0.1:
            values["is_volunteer"] = True
        if pick() < 0.02:
            values["do_not_call"] = True

    def _misspelt(self, word: str) -> str:
        """The word with one slip of the finger: two letters swapped, one left out, doubled, or another in its place."""
        at = 1 + int(self._pick() * (len(word) - 1))
        if at >= len(word) - 1 or not (word[at - 1 : at + 2].isalpha()):
            return word + word[-1] if word[-1].isalpha() else word
        slip = self._pick()
        if slip < 0.3:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if slip < 0.6:
            return word[:at] + word[at + 1 :]
        if slip < 0.8:
            return word[: at + 1] + word[at:]
        return word[:at] + _LETTERS[int(self._pick() * len(_LETTERS))] + word[at + 1 :]
