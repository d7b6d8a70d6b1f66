"""Making the enums of the rules known to GraphQL."""

from enum import Enum

import strawberry
from strawberry.types.enum import has_enum_definition


def tell(enum: type[Enum], description: str, **values: str) -> None:
    """Make an enum of the rules known to GraphQL, with a description of itself and of every value."""
    strawberry.enum(enum, description=description)
    assert has_enum_definition(enum)
    for value in enum.__strawberry_definition__.values:
        value.description = values.pop(value.name)
    assert not values, f"{enum.__name__} has no {', '.join(values)}"
