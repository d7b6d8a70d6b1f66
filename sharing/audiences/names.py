"""The names of a target's segments, kept as the source's are."""

from collections.abc import Mapping
from uuid import UUID


def renames(called_otherwise: Mapping[UUID, tuple[str, UUID | None]]) -> dict[UUID, str]:
    """Which segments can be called as they should be, all at once: names may be passed on in rows and in circles.

    Args:
        called_otherwise: each segment that is not called as it should be, with the name that it is to have, which no
            other is to have, and who has that name now, if anybody else.

    Returns:
        The new names. Whoever wants a name of somebody who keeps it keeps its own.
    """
    found = dict(called_otherwise)
    while kept := [one for one, (_, holder) in found.items() if holder is not None and holder not in found]:
        for one in kept:
            del found[one]
    return {one: name for one, (name, _) in found.items()}
