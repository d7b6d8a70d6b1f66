"""Phone numbers: the short cuts read what the library reads."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.phones import phone


def _slowly(raw, country):
    return phonenumbers.format_number(phonenumbers.parse(raw, country), phonenumbers.PhoneNumberFormat.E164)


@given(
    digits=st.from_regex(r"[2-9][0-9]{9}", fullmatch=True),
    shape=st.sampled_from(
        [
            "{}{}{}",
            "({}) {}-{}",
            "({}){}{}",
            "{}-{}-{}",
            "{}.{}.{}",
            "1 {} {} {}",
            "+1{}{}{}",
            "+1 ({}) {}-{}",
            "1-{}-{}-{}",
        ]
    ),
    country=st.sampled_from(["US", "CA"]),
)
def test_a_north_american_number_is_read_as_the_library_reads_it(digits, shape, country):
    """However it is written."""
    raw = shape.format(digits[:3], digits[3:6], digits[6:])
    assert phone(raw, country) == _slowly(raw, country) == f"+1{digits}"


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_numbers_of_every_country_become_e164(region):
    """As dialled at home and as dialled from abroad; and E.164 stays as it is."""
    example = phonenumbers.example_number(region)
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert phone(e164, "US") == e164
    assert phone(international, "US") == e164
    assert phone(national, region) == e164


@given(number=st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_e164_is_kept_as_the_library_would(number):
    """What looks like E.164 is what the library makes of it, or stays as given where no country has such numbers."""
    kept = phone(number, "US")
    assert phone(kept, "US") == kept
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        assert kept == number
        return
    is_possible = phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE
    read = _slowly(number, "US") if is_possible else number
    if read == number or _slowly(read, "US") == read:
        assert kept in (number, read)
