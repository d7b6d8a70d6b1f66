"""Postal addresses: what each component takes, and U.S. codes among the postcodes of the world."""

import pytest

from sharing.addresses import address
from sharing.errors import Refused
from sharing.fields import ADDRESS_COMPONENTS

TAKEN = [
    ({"address1": " 1  Main St", "city": "Salem", "state": "or"}, {"address1": "1 Main St", "city": "Salem", "state": "OR"}),
    ({"zip": "94103-1234"}, {"zip5": "94103", "zip4": "1234"}),
    ({"zip": "941031234"}, {"zip5": "94103", "zip4": "1234"}),
    ({"zip": "2134"}, {"zip5": "02134"}),
    ({"zip5": 2134, "zip4": 7}, {"zip5": "02134", "zip4": "0007"}),
    ({"zip": "21341234"}, {"zip5": "02134", "zip4": "1234"}),
    ({"zip": "94103", "zip5": "10001"}, {"zip5": "10001"}),
    ({"zip": "SW1A 1AA"}, {"zip5": "SW1A 1AA"}),
    ({"zip": "2350", "state": "nsw"}, {"state": "nsw", "zip5": "2350"}),
    ({"zip": "2134", "state": "Massachusetts"}, {"state": "Massachusetts", "zip5": "02134"}),
    ({"zip": "2134", "state": "nsw", "country_code": "us"}, {"state": "nsw", "zip5": "02134", "country_code": "US"}),
    ({"zip": "0800", "country_code": "au"}, {"zip5": "0800", "country_code": "AU"}),
    ({"zip": "K1A 0B1", "country_code": "Canada"}, {"zip5": "K1A 0B1", "country_code": "CA"}),
    ({"zip5": "00926", "country_code": "PR"}, {"zip5": "00926", "country_code": "PR"}),
    ({"country_code": "USA"}, {"country_code": "US"}),
    ({"lat": 37.7, "lng": "-122.4190"}, {"lat": "37.7", "lng": "-122.419"}),
    ({"lat": "-0.0", "lng": 180}, {"lat": "0", "lng": "180"}),
    ({"city": " ", "state": None}, None),
    ({}, None),
    ('{"city":"Salem"}', {"city": "Salem"}),
]  # fmt: skip

REFUSED = [
    ({"street": "x"}, f'"street" is no part of an address; use {", ".join(ADDRESS_COMPONENTS)}'),
    *[
        ({"zip": raw}, f'"{raw}" is not a U.S. ZIP code; write five digits, or give the country_code of another country')
        for raw in ("12", "123456", "94103-12345", "0123456789")
    ],
    ({"zip": "SW1A 1AA", "country_code": "US"}, '"SW1A 1AA" is not a U.S. ZIP code; write five digits, or give the country_code of another country'),
    ({"zip4": "12345"}, '"12345" is not the end of a ZIP code; write four digits in zip4'),
    ({"country_code": "ZZ"}, '"ZZ" is not a country; write its two-letter code in country_code, such as US'),
    ({"lat": "90.1"}, '"90.1" is not in degrees; write lat as a decimal from -90 to 90'),
    ({"lat": "1e1"}, '"1e1" is not in degrees; write lat as a decimal from -90 to 90'),
    ({"lng": float("nan")}, "nan is not in degrees; write lng as a decimal from -180 to 180"),
    ({"lng": 1e300}, "1e+300 is not in degrees; write lng as a decimal from -180 to 180"),
    ({"city": "a\x00"}, "it holds the unprintable character U+0000; take that out"),
    *[
        (raw, f'"{raw}" is not an address; give its components, such as address1, city and state')
        for raw in ("1 Main St", "[1]", "{", "{]")
    ],
    ("{" + '"a":[' * 8_000, f"""{'"{' + ('"a":[' * 8)[:39] + '…"'} is not an address; give its components, such as address1, city and state"""),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), TAKEN)
def test_an_address_takes(raw, value):
    """Components in the catalogue's order, blank ones left out; a U.S. code with the zeros that spreadsheets drop."""
    taken = address(raw, "US")
    assert taken == value
    assert taken is None or list(taken) == [component for component in ADDRESS_COMPONENTS if component in taken]


@pytest.mark.parametrize(("raw", "reason"), REFUSED)
def test_an_address_refuses(raw, reason):
    """An unknown component, or a value that its component cannot take."""
    with pytest.raises(Refused) as refusal:
        address(raw, "US")
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("country", "raw", "value"),
    [
        ("AU", {"zip": "0800"}, {"zip5": "0800"}),
        ("AU", {"zip": "2134", "country_code": "US"}, {"zip5": "02134", "country_code": "US"}),
        ("IN", {"zip": "560001", "zip4": "x"}, {"zip5": "560001", "zip4": "x"}),
    ],
)
def test_a_postcode_without_a_country_is_read_as_the_nations(country, raw, value):
    """Only U.S. codes are checked, and only U.S. nations take a code of no country for one."""
    assert address(raw, country) == value
