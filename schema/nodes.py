"""What every thing with an id is."""

from typing import TypeVar

import strawberry

from sharing.errors import NotFound

Found = TypeVar("Found")


@strawberry.interface(description="Anything that has an id and can be read again by it.")
class Node:
    """Anything with a global id: opaque, and never another thing's."""

    id: strawberry.ID = strawberry.field(description="The global id: opaque, and of this thing alone.")


def still_there(found: Found | None) -> Found:
    """What something belongs to, which is shown wherever it is itself.

    Raises:
        NotFound: it went away, or out of the viewer's sight, while the operation was answered.
    """
    if found is None:
        raise NotFound("What this belongs to has gone, or is no longer shown to you: read it again.")
    return found
