"""A profile as the rules see it: its values, and when each last changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID

Address = Mapping[str, str]
# Blank is None, never "", False, 0, {} or (): those are values, or never stored.
Value = str | int | bool | date | tuple[str, ...] | Address | None

NO_TIMES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Record:
    """One profile of one nation.

    Attributes:
        id: the profile.
        values: catalogue key (or ``custom:slug``) to value; a blank field may be absent. ``emails`` is a tuple.
        created: when the profile was created, in microseconds since 1970, UTC.
        times: when a field last changed, in the same unit, only for fields changed since creation.
        cleared: fields that a person blanked on purpose.
    """

    id: UUID
    values: Mapping[str, Value]
    created: int = 0
    times: Mapping[str, int] = field(default_factory=lambda: NO_TIMES)
    cleared: frozenset[str] = frozenset()

    def value(self, key: str) -> Value:
        """The value of a field, None where it is blank."""
        return self.values.get(key)

    def time(self, key: str) -> int:
        """When the field last changed, in microseconds since 1970, UTC."""
        return self.times.get(key, self.created)
