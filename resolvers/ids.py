"""Global ids: opaque to clients, to us the type and the row."""

import base64
import binascii
from collections.abc import Sequence
from uuid import RFC_4122, UUID

import strawberry

from sharing.errors import InvalidInput, NotFound

_LONGEST = 200
_MADE_UP = (4, 7)


def encode(kind: str, row: UUID | int) -> strawberry.ID:
    """The global id of a row of a GraphQL type."""
    return strawberry.ID(base64.b64encode(f"{kind}:{row}".encode()).decode())


def decode(text: str, *path: str) -> tuple[str, str]:
    """The type and the row that a global id names, neither of which need exist.

    Raises:
        InvalidInput: the text is no id at all; the path names the input that holds it.
    """
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True).decode("ascii") if len(text) < _LONGEST else ""
    except (binascii.Error, UnicodeError):
        decoded = ""
    kind, colon, row = decoded.partition(":")
    if not (colon and kind.isalpha() and row):
        raise InvalidInput("This is no id: give one as the API gave it to you.", *path)
    return kind, row


def uuid_of(kind: str, text: str, *path: str) -> UUID:
    """The row that an id of a type names.

    Raises:
        InvalidInput: the text is no id at all.
        NotFound: it is the id of something else, so that nothing of this type has it.
    """
    row = as_uuid(row_of(kind, text, *path))
    if row is None:
        raise _absent(kind, *path)
    return row


def new_uuid(kind: str, text: str | None, path: str) -> UUID | None:
    """The row that an id made by a client will name; None where it made none.

    Raises:
        InvalidInput: the text is no id of this type, or its UUID is not one that nobody else will think of: version 4
            or 7.
    """
    if text is None:
        return None
    found, row = decode(text, path)
    made = as_uuid(row)
    if found != kind or made is None or made.variant != RFC_4122 or made.version not in _MADE_UP:
        raise InvalidInput(f"This can be no id: make one as base64 of “{kind}:” and a UUID of version 4 or 7.", path)
    return made


def number_of(kind: str, text: str, *path: str) -> int:
    """The numbered row that an id of a type names.

    Raises:
        InvalidInput, NotFound: as for ``uuid_of``.
    """
    number = as_number(row_of(kind, text, *path))
    if number is None:
        raise _absent(kind, *path)
    return number


def uuids_of(kind: str, texts: Sequence[str], path: str) -> list[UUID]:
    """The rows that some ids of a type name, in order.

    Raises:
        InvalidInput, NotFound: as for ``uuid_of``; the path goes on with the place in the list.
    """
    return [uuid_of(kind, text, path, str(place)) for place, text in enumerate(texts)]


def row_of(kind: str, text: str, *path: str) -> str:
    """The row that an id of a type names, as text."""
    found, row = decode(text, *path)
    if found != kind:
        raise _absent(kind, *path)
    return row


def as_uuid(row: str) -> UUID | None:
    """A row's UUID; None where the text is none, or is written otherwise than ids are."""
    try:
        found = UUID(row)
    except ValueError:
        return None
    return found if str(found) == row else None


def as_number(row: str) -> int | None:
    """A row's number; None where the text is none, or too great for one."""
    if not (row.isascii() and row.isdigit() and len(row) < 10 and str(int(row)) == row):
        return None
    return int(row)


def _absent(kind: str, *path: str) -> NotFound:
    return NotFound(f"There is no such {_WORDS.get(kind, kind.lower())}.", *path)


_WORDS = {"TagShare": "share", "SyncRun": "run", "ImportRun": "import", "CustomField": "custom field"}
