"""How a receiver takes the data that comes with a tag, and which mode governs where several shares meet."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class SyncMode(StrEnum):
    """What happens to a field on which both nations hold different values; the receiver chooses, both are bound."""

    ALWAYS_REVIEW = "ALWAYS_REVIEW"
    ACCEPT_ALL = "ACCEPT_ALL"
    ACCEPT_BLANK_ONLY = "ACCEPT_BLANK_ONLY"


STRICTEST_FIRST: tuple[SyncMode, ...] = (SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_BLANK_ONLY, SyncMode.ACCEPT_ALL)


@dataclass(frozen=True, slots=True)
class Terms:
    """What one live share syncs, and how.

    Attributes:
        fields: the covered fields by catalogue key, ``custom:slug`` for a custom field.
        mode: the mode that its receiver accepted.
    """

    fields: tuple[str, ...]
    mode: SyncMode


def strictest(modes: Iterable[SyncMode]) -> SyncMode:
    """The strictest of some modes: review before blank-only before all.

    Raises:
        ValueError: no mode is given.
    """
    return min(modes, key=STRICTEST_FIRST.index)


def effective_modes(own: Terms, others: Iterable[Terms]) -> dict[str, SyncMode]:
    """The mode that governs each field of one share, for a pair that other live shares link as well.

    Args:
        own: the terms of the share that is synced.
        others: the terms of every other live share that links the same two profiles, in either direction.

    Returns:
        For each field of the share, the strictest mode among all these shares that cover it.
    """
    modes = dict.fromkeys(own.fields, own.mode)
    for terms in others:
        for key in modes.keys() & frozenset(terms.fields):
            modes[key] = strictest((modes[key], terms.mode))
    return modes
