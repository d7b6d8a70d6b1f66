"""Locks: which share holds a thing, and what whoever would change it is told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sharing.locks import lock_of, locked

SHARE = UUID(int=7)


@dataclass
class Group:
    """What a lock is read from where a share made the thing."""

    share_id: UUID | None


@dataclass
class Segment:
    """What a lock is read from where a share holds the thing."""

    locked_by_id: UUID | None


def test_a_group_is_locked_by_the_share_that_made_it_and_others_by_the_share_that_holds_them():
    assert [lock_of(Group(share)) for share in (None, SHARE)] == [None, SHARE]
    assert [lock_of(Segment(share)) for share in (None, SHARE)] == [None, SHARE]


def test_whoever_would_change_it_is_told_whose_it_is():
    error = locked("This group", "Headquarters", SHARE, "groupId")
    assert (error.code, error.share_id, error.path) == ("LOCKED", SHARE, ("groupId",))
    assert error.message == (
        "This group is part of an audience share from Headquarters, and cannot be changed here: ask that nation."
    )
