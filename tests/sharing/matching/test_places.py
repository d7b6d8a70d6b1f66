"""Addresses and phones as evidence."""

import pytest
from hypothesis import given, strategies

from sharing.fields import ADDRESS_COMPONENTS
from sharing.matching.dialling import line_of
from sharing.matching.places import Place, place_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (
            {"address1": "12 North Main Street Apt 4B", "city": "Springfield", "zip5": "62701"},
            Place("12", "n main st", "", "4b", "springfield", "62701"),
        ),
        (
            {"street_number": "12", "street_name": "Main", "street_type": "St", "unit_number": "4"},
            Place("12", "main st", "", "4", "", ""),
        ),
        ({"address1": "4/12 Oak Rd"}, Place("12", "oak rd", "", "4", "", "")),
        ({"address1": "12 Flat Rock Road", "address2": "Unit 7"}, Place("12", "flat rock rd", "", "7", "", "")),
        ({"address1": "Rose Cottage", "address2": "Mill Lane"}, Place("", "rose cottage", "mill ln", "", "", "")),
        ({"zip5": "SW1A 1AA"}, Place("", "", "", "", "", "sw1a1aa")),
        ({"address1": "улица Ленина 5"}, Place("", "ulitsa lenina", "", "", "", "")),
        ({}, Place("", "", "", "", "", "")),
    ],
)
def test_an_address_is_taken_apart(address, place):
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+14155550143", "(415) 555-0143"),
        ("+14155550143 x5", "+1 415 555 0143"),
        ("+442079460958", "020 7946 0958"),
    ],
)
def test_one_line_written_in_two_ways(one, other):
    assert line_of(one) == line_of(other) > 0


@pytest.mark.parametrize("raw", ["", "911", "0000000000", "call me", "x5", "555-5555-555"])
def test_what_tells_no_line(raw):
    assert line_of(raw) == 0


@given(strategies.dictionaries(strategies.sampled_from(ADDRESS_COMPONENTS), strategies.text(max_size=300)))
def test_no_address_fails(address):
    assert len(place_of(address).street) <= 240


@given(strategies.text(max_size=100))
def test_no_phone_fails(raw):
    assert 0 <= line_of(raw) < 10**10
