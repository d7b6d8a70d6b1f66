"""What the heuristic believes: names, birthdays, phones and addresses together, each rule with its near misses."""

from datetime import date

import pytest

from sharing.states import MatchState
from tests.sharing.matching.people import (
    BORN,
    ELSEWHERE,
    HOUSE,
    LANDLINE,
    LATER,
    MOBILE,
    OTHER_MOBILE,
    outcome,
    probability,
)

JANE = {"first_name": "Jane", "last_name": "Kowalski"}
RARE = {"first_name": "Zbigniew", "middle_name": "Ignacy", "last_name": "Brzeczyszczykiewicz"}
SMITH = {"first_name": "John", "last_name": "Smith"}


def _matched(one, other):
    found = outcome(one, other).state
    assert outcome(other, one).state is found
    return found is MatchState.MATCHED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({**SMITH, "birthdate": BORN}, {**SMITH, "birthdate": BORN}),
        ({**JANE, "mobile": MOBILE}, {**JANE, "phone": MOBILE}),
        ({**SMITH, "phone": LANDLINE}, {**SMITH, "phone": LANDLINE}),
        ({**JANE, "home_address": HOUSE}, {**JANE, "registered_address": HOUSE}),
        ({"first_name": "Bill", "last_name": "Kowalski", "birthdate": BORN}, {"first_name": "William", "last_name": "Kowalski", "birthdate": BORN}),
        ({"first_name": "Jnae", "last_name": "Kowalsky", "birthdate": BORN}, {**JANE, "birthdate": BORN}),
        ({"first_name": "Kowalski", "last_name": "Jane", "birthdate": BORN}, {**JANE, "birthdate": BORN}),
        ({**JANE, "birthdate": date(1980, 4, 3)}, {**JANE, "birthdate": BORN}),
        ({**JANE, "birthdate": date(1980, 3, 14)}, {**JANE, "birthdate": BORN}),
        ({"first_name": "Jane", "last_name": "Kowalski-Underhill", "birthdate": BORN}, {**JANE, "birthdate": BORN}),
        ({"first_name": "Jane", "last_name": "De La Cruz", "birthdate": BORN}, {"first_name": "Jane", "last_name": "Delacruz", "birthdate": BORN}),
        ({"first_name": "Mary Jane", "last_name": "Kowalski", "birthdate": BORN}, {**JANE, "birthdate": BORN}),
        ({**JANE, "middle_name": "Rose", "birthdate": BORN}, {"first_name": "Rose", "last_name": "Kowalski", "birthdate": BORN}),
        ({"first_name": "Наталья", "last_name": "Иванова", "birthdate": BORN}, {"first_name": "Natalya", "last_name": "Ivanova", "birthdate": BORN}),
        ({"first_name": "Zoë", "last_name": "Müller", "birthdate": BORN}, {"first_name": "Zoe", "last_name": "Muller", "birthdate": BORN}),
        ({"legal_name": "Kowalski, Jane Q.", "birthdate": BORN}, {**JANE, "birthdate": BORN}),
        ({"first_name": "Dr. Jane", "last_name": "Kowalski PhD", "birthdate": BORN}, {**JANE, "birthdate": BORN}),
        ({**JANE, "birthdate": BORN, "home_address": HOUSE}, {"first_name": "Jane", "last_name": "Underhill", "birthdate": BORN, "home_address": HOUSE}),
        ({**JANE, "birthdate": BORN, "home_address": HOUSE, "mobile": MOBILE}, {**JANE, "birthdate": BORN, "home_address": ELSEWHERE, "mobile": OTHER_MOBILE}),
    ],
)  # fmt: skip
def test_one_person_written_in_two_ways(one, other):
    assert _matched(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RARE, RARE),
        (SMITH, SMITH),
        ({**RARE, "sex": "M", "suffix": "III"}, {**RARE, "sex": "M", "suffix": "III"}),
        ({**RARE, "birthdate": date(1900, 1, 1)}, {**RARE, "birthdate": date(1900, 1, 1)}),
        ({**RARE, "home_address": {"city": "Springfield"}}, {**RARE, "home_address": {"city": "Springfield"}}),
        ({**RARE, "fax": LANDLINE}, {**RARE, "fax": LANDLINE}),
    ],
)
def test_a_name_alone_never_matches_however_rare(one, other):
    assert not _matched(one, other)


NEARBY = {"address1": "7 Elm Ct", "city": "Springfield", "state": "IL", "zip5": "62701"}


@pytest.mark.parametrize(
    ("one", "other", "matched"),
    [
        (RARE, RARE, True),
        ({**RARE, "birthdate": BORN}, RARE, True),
        ({**RARE, "birthdate": BORN}, {**RARE, "birthdate": LATER}, False),
        ({**RARE, "suffix": "Jr"}, {**RARE, "suffix": "Sr"}, False),
        ({**RARE, "first_name": "Anna"}, RARE, False),
        (SMITH, SMITH, False),
        ({**SMITH, "birthdate": BORN}, {**SMITH, "sex": "M"}, False),
    ],
)
def test_the_same_postcode_is_enough_for_a_rare_name_that_nothing_contradicts(one, other, matched):
    assert _matched({**one, "home_address": HOUSE}, {**other, "home_address": NEARBY}) is matched


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"birthdate": BORN}, {"birthdate": BORN}),
        ({"phone": LANDLINE}, {"phone": LANDLINE}),
        ({"home_address": HOUSE}, {"home_address": HOUSE}),
        ({"last_name": "Kowalski", "home_address": HOUSE}, {"last_name": "Kowalski", "home_address": HOUSE}),
        ({"last_name": "Kowalski", "phone": LANDLINE}, {"last_name": "Kowalski", "phone": LANDLINE}),
        ({**SMITH, "birthdate": date(1980, 1, 1)}, {**SMITH, "birthdate": date(1980, 1, 1)}),
        ({**SMITH, "birthdate": BORN}, {"first_name": "John", "last_name": "Underhill", "birthdate": BORN}),
        ({**JANE, "birthdate": BORN}, {**JANE, "birthdate": LATER}),
        ({**SMITH, "birthdate": BORN, "home_address": HOUSE}, {**SMITH, "birthdate": LATER, "home_address": HOUSE}),
        ({"first_name": "1", "last_name": "2", "birthdate": BORN}, {"first_name": "1", "last_name": "2", "birthdate": BORN}),
    ],
)  # fmt: skip
def test_too_little_or_contradicted(one, other):
    assert not _matched(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({**SMITH, "home_address": HOUSE, "phone": LANDLINE}, {"first_name": "Mary", "last_name": "Smith", "home_address": HOUSE, "phone": LANDLINE}),
        ({**SMITH, "mobile": MOBILE, "home_address": HOUSE}, {"first_name": "Mary", "last_name": "Smith", "mobile": MOBILE, "home_address": HOUSE}),
        ({**SMITH, "home_address": HOUSE, "birthdate": BORN}, {"first_name": "Jon", "last_name": "Smith", "home_address": HOUSE, "birthdate": LATER}),
    ],
)  # fmt: skip
def test_a_shared_landline_house_or_mobile_is_a_household_not_a_person(one, other):
    assert not _matched(one, other)


FATHER = {**SMITH, "home_address": HOUSE, "phone": LANDLINE}


@pytest.mark.parametrize(
    ("father", "son", "matched"),
    [
        ({**FATHER, "birthdate": date(1950, 3, 4)}, {**FATHER, "birthdate": date(1980, 7, 15)}, False),
        ({**FATHER, "suffix": "Sr"}, {**FATHER, "suffix": "Jr"}, False),
        ({**FATHER, "last_name": "Smith Sr."}, {**FATHER, "last_name": "Smith Jr."}, False),
        (FATHER, {**FATHER, "suffix": "Jr"}, False),
        ({**FATHER, "suffix": "Jr"}, {**FATHER, "suffix": "II"}, True),
        ({**FATHER, "birthdate": BORN}, {**FATHER, "birthdate": BORN, "suffix": "Jr"}, True),
        ({**FATHER, "birthdate": date(1950, 3, 4)}, {**FATHER, "birthdate": date(1980, 3, 4), "suffix": "Jr"}, False),
    ],
)
def test_father_and_son_of_one_name_are_two(father, son, matched):
    assert _matched(father, son) is matched


TWIN = {"first_name": "Anna", "last_name": "Kowalski", "birthdate": BORN, "home_address": HOUSE}


@pytest.mark.parametrize(
    ("other", "matched"),
    [
        ({**TWIN, "first_name": "Bella"}, False),
        ({**TWIN, "first_name": "Bella", "phone": LANDLINE}, False),
        ({**TWIN, "first_name": "Robert", "sex": "M"}, False),
        ({**TWIN, "first_name": "Ann"}, True),
        ({**TWIN, "first_name": "Nancy"}, True),
        ({**TWIN, "first_name": "A"}, True),
    ],
)
def test_twins_are_two(other, matched):
    assert _matched({**TWIN, "phone": LANDLINE, "sex": "F"}, other) is matched


@pytest.mark.parametrize(
    ("likelier", "less"),
    [
        ((RARE, {"birthdate": BORN}), (SMITH, {"birthdate": BORN})),
        ((JANE, {"birthdate": BORN}), (JANE, {"birthdate": date(1980, 1, 1)})),
        ((JANE, {"mobile": MOBILE}), (JANE, {"phone": LANDLINE})),
        ((JANE, {"home_address": HOUSE}), (JANE, {"home_address": {"zip5": "62701"}})),
        ((SMITH, {"birthdate": BORN, "sex": "M"}), (SMITH, {"birthdate": BORN})),
    ],
)
def test_what_weighs_more(likelier, less):
    weights = [probability({**name, **shared}, {**name, **shared}) for name, shared in (likelier, less)]
    assert weights[0] > weights[1]


@pytest.mark.parametrize(
    ("values", "other"),
    [
        ({"first_name": "x" * 5_000, "last_name": "y " * 2_500}, {"first_name": "x" * 4_999, "last_name": "y"}),
        ({"first_name": "😀", "last_name": "🎉"}, {"first_name": "\u202eגל", "last_name": "\u200f"}),
        ({"first_name": "J", "last_name": "K"}, {"first_name": "J", "last_name": "K"}),
        ({"first_name": "\ud800", "phone": "\ud800", "home_address": {"city": "\ud800"}}, {"first_name": "", "phone": ""}),
    ],
)  # fmt: skip
def test_strange_values_neither_fail_nor_match(values, other):
    assert not _matched(values, other)
