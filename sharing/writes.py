"""What a plan writes, and on which side of a share."""

from dataclasses import dataclass
from enum import StrEnum

from sharing.records import Value


class Side(StrEnum):
    """One of the two nations of a share."""

    SENDER = "SENDER"
    RECEIVER = "RECEIVER"

    @property
    def other(self) -> "Side":
        """The nation across."""
        return Side.RECEIVER if self is Side.SENDER else Side.SENDER


@dataclass(frozen=True, slots=True)
class Write:
    """A field's new value.

    Attributes:
        value: the value; None blanks the field and marks it as deliberately cleared, any other takes that mark away.
        time: when the value came about, in microseconds since 1970, UTC: the field's new time of last change.
    """

    value: Value
    time: int
