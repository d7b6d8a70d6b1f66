"""Locks: what an audience share made or holds in its target is changed by the share alone."""

from typing import Protocol, runtime_checkable
from uuid import UUID

from sharing.errors import Locked


@runtime_checkable
class Held(Protocol):
    """A segment or a custom field: it says by which share it is locked."""

    locked_by_id: UUID | None


class Made(Protocol):
    """A group: the share that made it locks it, as long as it is the share's."""

    share_id: UUID | None


def lock_of(thing: Held | Made) -> UUID | None:
    """The share that locks a group, a segment or a custom field; None where its nation may change it."""
    return thing.locked_by_id if isinstance(thing, Held) else thing.share_id


def locked(what: str, nation: str, share_id: UUID, *path: str) -> Locked:
    """Why something that is locked is not changed.

    Args:
        what: the thing, as in "This group".
        nation: the name of the nation that shares.
        share_id: the share.
        path: the input that names the thing.
    """
    return Locked(
        f"{what} is part of an audience share from {nation}, and cannot be changed here: ask that nation.",
        share_id,
        *path,
    )
