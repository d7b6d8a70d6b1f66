"""One value for every field of the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any

from sharing.fields import FIELDS
from sharing.kinds import Kind

# By kind, as given and as kept.
OF_KIND: dict[Kind, tuple[Any, Any]] = {
    Kind.TEXT: (" Mill  Lane ", "Mill Lane"),
    Kind.LONG_TEXT: ("One.\r\n\r\nTwo.", "One.\n\nTwo."),
    Kind.IDENTIFIER: (" A-77 ", "A-77"),
    Kind.LOGIN: ("@Ann_O", "ann_o"),
    Kind.URL: ("Example.ORG/ann", "https://example.org/ann"),
    Kind.DATE: ("12/31/1980", date(1980, 12, 31)),
    Kind.BOOLEAN: ("no", False),
    Kind.LEVEL: (3, 3),
    Kind.PHONE: ("(415) 555-0101", "+14155550101"),
    Kind.ADDRESS: (
        {"address1": "1 Main", "state": "ny", "zip": "10001"},
        {"address1": "1 Main", "state": "NY", "zip5": "10001"},
    ),
    Kind.EMAILS: (["Ann@Example.org", "a@example.org"], ("ann@example.org", "a@example.org")),
}

# Every field but the custom ones, which a nation defines for itself.
KEYS: tuple[str, ...] = tuple(key for key in FIELDS if key != "custom_fields")


def given(key: str) -> Any:
    """Return a value of a field, as a person gives it."""
    return min(FIELDS[key].choices) if FIELDS[key].kind is Kind.CHOICE else OF_KIND[FIELDS[key].kind][0]


def kept(key: str) -> Any:
    """Return that value as it is kept."""
    return min(FIELDS[key].choices) if FIELDS[key].kind is Kind.CHOICE else OF_KIND[FIELDS[key].kind][1]
