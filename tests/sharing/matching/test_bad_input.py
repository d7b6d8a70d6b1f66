"""What nobody should enter and somebody does: it takes no longer, breaks nothing, and matches nobody by itself."""

from datetime import date

import numpy as np
import pytest

from sharing.matching.keys import MAX_HOLDERS
from sharing.matching.quality import USUAL
from sharing.matching.rules import MatchRules
from sharing.states import MatchState
from tests.sharing.matching.people import BORN, ELSEWHERE, HOUSE, LANDLINE, MOBILE, outcome
from tests.sharing.matching.test_bulk import FIRST, LAST, meeting, nation, rows_of

EVERYTHING = MatchRules(("voter_guid", "van_id"), emails=True)
MANY = 100_000

SHARED = {
    "the landline of a care home": {"phone": LANDLINE},
    "noreply@": {"emails": ("noreply@example.org",)},
    "a birthday of 1900-01-01": {"birthdate": date(1900, 1, 1)},
    "the same birthday and postcode": {"birthdate": BORN, "home_address": {"zip5": "62701"}},
    "one house": {"home_address": HOUSE},
    "one name": {"first_name": "Maria", "last_name": "Garcia"},
    "one name and birthday of 1900-01-01": {
        "first_name": "Maria",
        "last_name": "Garcia",
        "birthdate": date(1900, 1, 1),
    },
    "an id that stands for none": {"van_id": "0"},
}


def _ended(met):
    return {row[0] for row in rows_of(met.outcomes(FIRST, LAST, USUAL)).values()}


@pytest.fixture(scope="module")
def crowd():
    """A nation of which everybody has the same landline, and nothing else."""
    return nation([SHARED["the landline of a care home"]] * MANY, 1 << 100)


def test_a_landline_of_a_hundred_thousand_people_makes_no_candidates(crowd):
    few = nation([SHARED["the landline of a care home"]] * 1_000, 1)
    met = meeting(few, crowd, EVERYTHING)
    assert len(met.pairs(np.arange(met.size))[0]) == 0
    assert _ended(met) == {MatchState.NOT_FOUND}


@pytest.mark.parametrize("shared", SHARED.values(), ids=SHARED)
def test_what_more_than_some_dozens_share_makes_no_candidates(shared):
    crowds = [nation([shared] * 500, start) for start in (1, 1 << 100)]
    met = meeting(*crowds, EVERYTHING)
    assert len(met.pairs(np.arange(met.size))[0]) == 0
    assert _ended(met) == {MatchState.NOT_FOUND}


@pytest.mark.parametrize("shared", SHARED.values(), ids=SHARED)
def test_who_shares_a_value_with_many_senders_has_no_more_candidates_than_it_has_holders(shared):
    """However many senders hold it: the work grows with them, and not with their square."""
    senders, receivers = nation([shared] * 3_000, 1), nation([shared] * MAX_HOLDERS, 1 << 100)
    met = meeting(senders, receivers, EVERYTHING)
    assert len(met.pairs(np.arange(met.size))[0]) <= len(senders) * MAX_HOLDERS
    assert MatchState.MATCHED not in _ended(met)


def test_numbers_close_to_each_other_are_no_candidates():
    """A telephone exchange's numbers differ in their last figures alone."""
    people = [{"phone": f"+1217{5_000_000 + number}"} for number in range(2_000)]
    met = meeting(nation(people, 1), nation(people[::-1], 1 << 100), EVERYTHING)
    assert len(met.pairs(np.arange(met.size))[0]) == len(people)


STRANGE = {
    "one letter": {"first_name": "J", "last_name": "K"},
    "five thousand letters": {"first_name": "x" * 5_000, "last_name": "y" * 5_000, "legal_name": "z " * 2_500},
    "emoji": {"first_name": "😀", "last_name": "🎉🎉"},
    "right to left": {"first_name": "\u202eגל", "last_name": "כהן\u200f"},
    "right to left, Arabic": {"first_name": "محمد", "last_name": "العربي"},
    "numbers": {"first_name": "12345", "last_name": "67890"},
    "signs": {"first_name": "???", "last_name": "---", "middle_name": "."},
    "backslashes and tabs": {"first_name": "\\N", "last_name": "a\tb\\"},
    "nothing at all": {},
    "nothing but a landline": {"phone": LANDLINE},
    "nothing but a mobile": {"mobile": MOBILE},
    "nothing but a birthday": {"birthdate": BORN},
    "nothing but a house": {"home_address": HOUSE},
    "an address of five thousand letters": {"home_address": {"address1": "1 " + "x" * 5_000, "city": "y" * 5_000}},
    "no number": {"phone": "n/a", "mobile": "+", "work_phone": "١٢٣٤٥٦٧٨٩٠"},
}


@pytest.mark.parametrize("values", STRANGE.values(), ids=STRANGE)
def test_strange_values_match_nobody_by_themselves_alone_or_among_all(values):
    assert outcome(values, values).state is not MatchState.MATCHED
    met = meeting(nation([values], 1), nation([values], 1 << 100), EVERYTHING)
    assert MatchState.MATCHED not in _ended(met)


@pytest.mark.parametrize("values", STRANGE.values(), ids=STRANGE)
def test_strange_values_hinder_nobody_else(values):
    jane = {"first_name": "Jane", "last_name": "Kowalski", "birthdate": BORN, "home_address": ELSEWHERE}
    crowd = [values] * 60
    met = meeting(nation([*crowd, jane], 1), nation([jane, *crowd], 1 << 100), EVERYTHING)
    found = rows_of(met.outcomes(FIRST, LAST, USUAL))
    assert [profile.int for profile, row in found.items() if row[0] == MatchState.MATCHED] == [1 + len(crowd)]
