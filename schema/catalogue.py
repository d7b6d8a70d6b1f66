"""Types and inputs derived from the catalogue: one GraphQL field for each of its fields, none written by hand."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import strawberry

from sharing.fields import ADDRESS_COMPONENTS, FIELDS
from sharing.kinds import Field, Kind

Type = TypeVar("Type")

_SCALARS: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.LONG_TEXT: str,
    Kind.IDENTIFIER: str,
    Kind.LOGIN: str,
    Kind.URL: str,
    Kind.DATE: date,
    Kind.BOOLEAN: bool,
    Kind.LEVEL: int,
    Kind.CHOICE: str,
    Kind.PHONE: str,
}
_FORMS = {
    Kind.DATE: ", a day",
    Kind.PHONE: ", in international form",
    Kind.LOGIN: ", without the @",
    Kind.URL: ", a web address",
    Kind.ADDRESS: ", whole",
}
_LEVELS = {"support_level": "1 (strong support) to 5 (strong oppose)", "priority_level": "1 to 5 (highest)"}
_COMPONENTS = {
    "address1": "First line: street and number.",
    "address2": "Second line.",
    "address3": "Third line.",
    "unit_number": "Unit or apartment.",
    "street_number": "House number.",
    "street_prefix": "Direction before the street's name.",
    "street_name": "Name of the street, without its type.",
    "street_type": "Type of the street, such as St or Ave.",
    "street_suffix": "Direction after the street's name.",
    "city": "City.",
    "county": "County.",
    "state": "State, province or region.",
    "zip5": "Five-digit ZIP code; another country's postcode, whole.",
    "zip4": "Last four digits of a ZIP+4 code.",
    "country_code": "Country, by its ISO 3166 code of two letters.",
    "lat": "Latitude in degrees, as a decimal.",
    "lng": "Longitude in degrees, as a decimal.",
    "fips": "FIPS code.",
    "carrier_route": "Carrier route of the postal service.",
    "delivery_point": "Delivery point of the postal service.",
    "lot": "Line of travel of the postal service.",
    "sort_sequence": "Place in the sort sequence of the postal service.",
}


def describe(field: Field) -> str:
    """A field in a phrase, without a full stop."""
    if field.choices:
        return f"{field.label}: " + ", ".join(f"{code} ({label})" for code, label in field.choices.items())
    if field.kind is Kind.LEVEL:
        return f"{field.label}: {_LEVELS[field.key]}"
    return field.label + _FORMS.get(field.kind, "")


def columns(address: type) -> Callable[[type[Type]], type[Type]]:
    """Give a type an attribute for each field that is one column of a profile.

    Args:
        address: the type of the addresses.
    """

    def give(cls: type[Type]) -> type[Type]:
        for key, kind, field in _single_values(address):
            _put(cls, key, kind | None, strawberry.field(description=f"{describe(field)}; null where blank."))
        return cls

    return give


def column_inputs(address: type) -> Callable[[type[Type]], type[Type]]:
    """Give an input a field for each field that is one column of a profile: left out it stays, null blanks it.

    Args:
        address: the input of the addresses.
    """

    def give(cls: type[Type]) -> type[Type]:
        for key, kind, field in _single_values(address):
            options = strawberry.field(default=strawberry.UNSET, description=f"{describe(field)}; null blanks it.")
            _put(cls, key, kind | None, options)
        return cls

    return give


def components(cls: type[Type]) -> type[Type]:
    """Give a type an attribute for each component of an address."""
    for key in ADDRESS_COMPONENTS:
        _put(cls, key, str | None, strawberry.field(default=None, description=_COMPONENTS[key]))
    return cls


def _single_values(address: type) -> list[tuple[str, Any, Field]]:
    kinds = {**_SCALARS, Kind.ADDRESS: address}
    return [(key, kinds[field.kind], field) for key, field in FIELDS.items() if field.kind in kinds]


def _put(cls: type, key: str, annotation: Any, options: Any) -> None:
    cls.__annotations__[key] = annotation
    setattr(cls, key, options)
