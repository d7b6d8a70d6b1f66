"""Custom fields: the kinds of field that a nation may define for itself."""

from enum import StrEnum


class CustomKind(StrEnum):
    """What a custom field holds."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    CHECKBOX = "CHECKBOX"
    CHOICE = "CHOICE"
