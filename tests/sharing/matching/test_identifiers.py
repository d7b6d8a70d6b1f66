"""Unique ids, and the places within which some are unique."""

import pytest

from sharing.matching.identifiers import IDS, differ, identifier

CALIFORNIA = {"state": "CA", "county": "Alameda"}


def test_sixteen_ids_can_take_part():
    assert len(IDS) == 16


@pytest.mark.parametrize(
    ("key", "values", "compared"),
    [
        ("van_id", {"van_id": " Ab12 "}, "ab12"),
        ("van_id", {"van_id": "007"}, "007"),
        ("van_id", {"van_id": " "}, None),
        ("van_id", {}, None),
        ("twitter_login", {"twitter_login": "@Jane"}, "jane"),
        ("salesforce_id", {"salesforce_id": "003A000001aBcDe"}, "003A000001aBcDe"),
        ("state_file_id", {"state_file_id": "7", "registered_address": CALIFORNIA}, "7\nca"),
        ("state_file_id", {"state_file_id": "7", "home_address": CALIFORNIA}, None),
        ("county_file_id", {"county_file_id": "7", "registered_address": CALIFORNIA}, "7\nca\nalameda"),
        ("county_file_id", {"county_file_id": "7", "registered_address": {"state": "CA"}}, None),
    ],
)
def test_an_id_is_compared_in_one_form_with_its_place(key, values, compared):
    assert identifier(values, key) == compared


def test_ids_of_two_places_do_not_contradict_each_other():
    assert differ("7", "8")
    assert differ("7\nca", "8\nca")
    assert not differ("7\nca", "8\nny")
    assert not differ("7", "7")
