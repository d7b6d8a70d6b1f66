"""Why a pair scores as it does."""

import math

import pytest

from sharing.matching.explain import explain
from sharing.matching.features import LEVELS, PRIORS, Feature, PairKind
from tests.sharing.matching.people import BORN, EVERYTHING, HOUSE, LATER, TOWN, person

JANE = {"first_name": "Jane", "last_name": "Kowalski", "birthdate": BORN, "home_address": HOUSE}


def test_contributions_add_up_to_the_odds_against_the_next_best_reading():
    found = explain(person(1, **JANE), person(2, **{**JANE, "birthdate": LATER}), EVERYTHING, TOWN)
    assert {c.feature for c in found.contributions} == {"PRIOR", "FIRST", "LAST", "BIRTHDAY", "ADDRESS"}
    odds = sum(c.weight for c in found.contributions)
    assert math.log(found.score / (1 - found.score)) <= odds + 0.01
    birthday = next(c for c in found.contributions if c.feature == "BIRTHDAY")
    assert (birthday.finding, birthday.weight < 0) == ("another", True)
    assert found.contributions[0].feature == "PRIOR"


@pytest.mark.parametrize(
    ("other", "against"),
    [
        ({**JANE, "first_name": "Robert", "birthdate": LATER}, PairKind.MATE),
        ({**JANE, "first_name": "Robert"}, PairKind.TWIN),
        ({**JANE, "suffix": "Jr", "birthdate": None}, PairKind.NAMESAKE),
        ({"first_name": "Jane", "last_name": "Kowalski", "home_address": HOUSE}, PairKind.NAMESAKE),
        ({"birthdate": BORN}, PairKind.OTHER),
    ],
)
def test_it_says_what_else_the_two_may_be(other, against):
    assert explain(person(1, **JANE), person(2, **other), EVERYTHING, TOWN).against is against


def test_every_level_gives_its_reason_and_possible_shares():
    for feature in Feature:
        for level in LEVELS[feature]:
            assert level.name
            assert level.reason
            assert len(level.shares) == len(PairKind)
            assert level.common or min(level.shares) > 0
            assert 0 <= level.similarity <= 1
    assert all(reason for _, reason in PRIORS.values())
