"""What custom fields take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.customs import CustomKind
from sharing.errors import InvalidValue
from sharing.values import parse_custom, text

OPTIONS = ["Red", "Dark Green"]

TAKEN = [
    (CustomKind.TEXT, " two\r\nlines ", "two\nlines"),
    (CustomKind.TEXT, 7, "7"),
    (CustomKind.NUMBER, "007.50", "7.5"),
    (CustomKind.NUMBER, "-0.0", "0"),
    (CustomKind.NUMBER, "+.5", "0.5"),
    (CustomKind.NUMBER, 12, "12"),
    (CustomKind.NUMBER, 1e-7, "0.0000001"),
    (CustomKind.NUMBER, -2.5, "-2.5"),
    (CustomKind.CHECKBOX, "Yes", True),
    (CustomKind.CHECKBOX, False, False),
    (CustomKind.CHOICE, " dark  green", "Dark Green"),
    *[(kind, blank, None) for kind in CustomKind for blank in (None, "", "  ")],
]

REFUSED = [
    (CustomKind.TEXT, "a\x00", "Shirt: it holds the unprintable character U+0000; take that out."),
    (CustomKind.NUMBER, "1,5", 'Shirt: "1,5" is not a number; write digits, with a point before decimals.'),
    (CustomKind.NUMBER, "1e5", 'Shirt: "1e5" is not a number; write digits, with a point before decimals.'),
    (CustomKind.NUMBER, ".", 'Shirt: "." is not a number; write digits, with a point before decimals.'),
    (CustomKind.NUMBER, float("inf"), "Shirt: inf does not fit here; write plain text."),
    (CustomKind.NUMBER, "٣", 'Shirt: "٣" is not a number; write digits, with a point before decimals.'),
    (CustomKind.CHECKBOX, "2", 'Shirt: "2" is neither yes nor no; write true or false.'),
    (CustomKind.CHOICE, "Blue", 'Shirt: "Blue" is not one of its options; write one of Red, Dark Green.'),
]


@pytest.mark.parametrize(("kind", "raw", "value"), TAKEN)
def test_a_custom_field_takes(kind, raw, value):
    """What a custom field takes is kept in one form."""
    taken = parse_custom(kind, OPTIONS, raw)
    assert taken == value
    assert type(taken) is type(value)


@pytest.mark.parametrize(("kind", "raw", "message"), REFUSED)
def test_a_custom_field_refuses(kind, raw, message):
    """A refusal names the field as its nation calls it."""
    with pytest.raises(InvalidValue) as refusal:
        parse_custom(kind, OPTIONS, raw, key="custom:shirt", label="Shirt")
    assert (refusal.value.key, str(refusal.value)) == ("custom:shirt", message)


@given(
    kind=st.sampled_from(CustomKind),
    raw=st.one_of(st.text(), st.booleans(), st.integers(), st.floats(), st.decimals(places=4).map(str)),
)
def test_a_custom_value_parses_to_itself(kind, raw):
    """What was taken once is taken again, from the value and from its text."""
    try:
        value = parse_custom(kind, OPTIONS, raw)
    except InvalidValue:
        return
    assert parse_custom(kind, OPTIONS, value) == value
    assert parse_custom(kind, OPTIONS, text(value)) == value
