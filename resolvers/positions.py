"""Positions in a nation's log of events, as clients keep them."""

from resolvers.seal import Seal
from schema.scalars import EventCursor
from sharing.errors import InvalidInput

_BYTES = 8


def cursor_at(seal: Seal, nation_id: int, position: int) -> EventCursor:
    """The cursor that stands for a position of a nation's log."""
    return EventCursor(seal.close(f"events {nation_id}", position.to_bytes(_BYTES, "big")))


def position_of(seal: Seal, nation_id: int, cursor: EventCursor, *path: str) -> int:
    """The position that a cursor stands for.

    Args:
        seal: what the cursor was sealed with.
        nation_id: the nation whose log is read.
        cursor: what the client gave.
        path: the argument that it gave it as, for the error.

    Raises:
        InvalidInput: the cursor is malformed, forged, or another nation's.
    """
    body = seal.open(f"events {nation_id}", cursor)
    if body is None or len(body) != _BYTES:
        raise InvalidInput(
            "This is no cursor of this nation's events: take one from an event or a payload of it.", *path
        )
    return int.from_bytes(body, "big")
