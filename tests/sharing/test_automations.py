"""Automations: which changes fire one, blanks among them; and from what to what one may be set."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.automations import Automation, Custom, check_change, field_key, firings, read_value
from sharing.customs import CustomKind
from sharing.errors import InvalidInput
from sharing.records import Record, Value
from sharing.values import text

ONE = UUID(int=1)
BLANKS: tuple[Value, ...] = (None, ())
VALUES: tuple[Value, ...] = (
    "Mill", "mill", "", True, False, 1, 5, date(1980, 2, 29), ("a@example.org", "b@example.org"), {"city": "Oslo"}, *BLANKS,
)  # fmt: skip
held = st.sampled_from(VALUES)
# What an automation may be set to: whatever, blank, or something that some field may hold.
wanted = st.sampled_from([None, "", *{shown for value in VALUES if (shown := text(value))}])


def fired(before: Value, after: Value, wants: str | None, then: str | None) -> bool:
    """Return whether an automation fires for one profile."""
    old, new = ({} if value is None else {"employer": value} for value in (before, after))
    automation = Automation(ONE, "employer", wants, then)
    return bool(list(firings([automation], {ONE: Record(ONE, old)}, {ONE: Record(ONE, new)})))


@given(before=held, after=held, wants=wanted, then=wanted)
def test_it_fires_where_the_value_changes_from_what_it_is_set_to_to_what_it_is_set_to(
    before: Value, after: Value, wants: str | None, then: str | None
):
    """Said another way than the code says it: each end is whatever, blank, or a value written out."""
    old, new = text(before) or "", text(after) or ""
    assert fired(before, after, wants, then) is (
        old != new and (wants is None or wants == old) and (then is None or then == new)
    )


@given(before=held, after=held)
def test_blank_to_blank_never_fires_and_every_change_fires_one_set_to_anything(before: Value, after: Value):
    assert fired(before, after, None, None) is ((text(before) or "") != (text(after) or ""))
    for blank in BLANKS:
        assert not fired(blank, None, None, None)


@given(before=held, after=held)
def test_a_change_fires_exactly_one_of_those_that_split_all_changes(before: Value, after: Value):
    """Filled, cleared, or replaced: set to blank at one end, the other, or neither, no change is told twice."""
    was_blank, is_blank = text(before) is None, text(after) is None
    changed = (text(before) or "") != (text(after) or "")
    assert fired(before, after, "", None) is (changed and was_blank)
    assert fired(before, after, None, "") is (changed and is_blank)
    assert not fired(before, after, "", "")


def test_emails_are_a_set():
    ab, ba = ("a@example.org", "b@example.org"), ("b@example.org", "a@example.org")
    assert not fired(ab, ba, None, None)
    assert fired(ab, ab[:1], None, None)


def test_false_and_nothing_are_two_things():
    assert fired(None, False, "", "false")
    assert fired(False, None, "false", "")
    assert not fired(None, False, None, "")


@pytest.mark.parametrize(
    ("key", "custom", "raw", "kept"),
    [
        ("birthdate", None, "12/31/1980", "1980-12-31"),
        ("is_deceased", None, "Yes", "true"),
        ("support_level", None, "3", "3"),
        ("phone", None, "(415) 555-0101", "+14155550101"),
        ("sex", None, "female", "F"),
        ("employer", None, "  Mill ", "Mill"),
        ("employer", None, " ", ""),
        ("employer", None, None, None),
        ("emails", None, "", ""),
        ("home_address", None, None, None),
        ("custom:shoe", Custom(CustomKind.NUMBER), "042.50", "42.5"),
        ("custom:size", Custom(CustomKind.CHOICE, ("S", "M")), "m", "M"),
        ("custom:paid", Custom(CustomKind.CHECKBOX), "no", "false"),
    ],
)
def test_a_value_is_kept_as_profiles_hold_it(key: str, custom: Custom | None, raw: str | None, kept: str | None):
    assert read_value(key, custom, raw, "fromValue", country="US") == kept


@pytest.mark.parametrize(
    ("key", "custom", "raw", "reason"),
    [
        ("birthdate", None, "soon", "not a date"),
        ("support_level", None, "9", "from 1 to 5"),
        ("sex", None, "X", "not one of its options"),
        ("is_deceased", None, "perhaps", "neither yes nor no"),
        ("emails", None, "ann@example.org", "the set of emails"),
        ("home_address", None, "Oslo", "an address"),
        ("custom:shoe", Custom(CustomKind.NUMBER), "big", "not a number"),
        ("custom:size", Custom(CustomKind.CHOICE, ("S", "M")), "L", "not one of its options"),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused(key: str, custom: Custom | None, raw: str, reason: str):
    with pytest.raises(InvalidInput, match=reason) as info:
        read_value(key, custom, raw, "toValue", country="US")
    assert info.value.path == ("toValue",)


@pytest.mark.parametrize("value", ["", "Mill"])
def test_from_a_value_to_the_same_is_no_change(value: str):
    with pytest.raises(InvalidInput, match="never fire") as info:
        check_change(value, value)
    assert info.value.path == ("toValue",)
    check_change(None, value)
    check_change(value, None)
    check_change(None, None)


@pytest.mark.parametrize(
    ("field", "custom_field"), [(None, None), ("employer", "shoe"), ("custom_fields", None), ("no_such_field", None)]
)
def test_what_names_no_field_is_refused(field: str | None, custom_field: str | None):
    with pytest.raises(InvalidInput) as info:
        field_key(field, custom_field)
    assert info.value.path == ("field",)
