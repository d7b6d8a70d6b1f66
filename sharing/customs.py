"""Custom fields: the kinds of field that a nation may define for itself, and what it may call them."""

import re
from collections.abc import Sequence
from enum import StrEnum

from sharing.errors import InvalidInput, Refused
from sharing.texts import line, quote

MAX_LABEL = 255
MAX_OPTION = 255
MAX_OPTIONS = 500
MAX_FIELDS = 1_000  # of a nation, archived ones included: they are listed whole
_SLUG = re.compile(r"[a-z0-9_]{1,63}")


class CustomKind(StrEnum):
    """What a custom field holds."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    CHECKBOX = "CHECKBOX"
    CHOICE = "CHOICE"


def slug(raw: str) -> str:
    """The slug of a custom field, which never changes once made.

    Raises:
        InvalidInput: it cannot be one.
    """
    if not _SLUG.fullmatch(raw):
        raise InvalidInput(
            f"{quote(raw)} is no slug of a custom field: take 1 to 63 lower-case letters, digits and underscores.",
            "slug",
        )
    return raw


def label(raw: str) -> str:
    """The label of a custom field, trimmed.

    Raises:
        InvalidInput: it is blank, too long or unprintable.
    """
    return _named(raw, MAX_LABEL, "The label", "label")


def options(kind: CustomKind, raw: Sequence[str]) -> list[str]:
    """The options of a custom field, trimmed, in their order.

    Raises:
        InvalidInput: a choice has none or too many, one is blank, too long or given twice in any mix of cases, or the
            field is no choice and takes none.
    """
    if kind is not CustomKind.CHOICE:
        if raw:
            raise InvalidInput("Only a choice has options: leave them out.", "options")
        return []
    if not raw:
        raise InvalidInput("A choice needs options: give at least one.", "options")
    if len(raw) > MAX_OPTIONS:
        raise InvalidInput(f"{len(raw):,} options are too many: give at most {MAX_OPTIONS}.", "options")
    found: dict[str, str] = {}
    for place, given in enumerate(raw):
        option = _named(given, MAX_OPTION, "The option", "options", str(place))
        if option.casefold() in found:
            raise InvalidInput(f"{quote(option)} is given twice: remove one.", "options", str(place))
        found[option.casefold()] = option
    return list(found.values())


def _named(raw: str, limit: int, what: str, *path: str) -> str:
    try:
        name = line(raw, limit)
    except Refused as refused:
        raise InvalidInput(f"{what} cannot be taken: {refused}.", *path) from None
    if name is None:
        raise InvalidInput(f"{what} is blank: write something.", *path)
    return name
