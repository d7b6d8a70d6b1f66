"""Limits of shares, and what holds runs, as the types of the API."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry

from schema.brakes import RunHold, ShareLimits, SideLimits
from sharing.brakes import Brake, Limit, amounts_from_json, holds_from_json


def asked_limits(created_people: int | None, overwritten_values: int | None) -> dict[Limit, int | None]:
    """The limits that an input sets or clears: those that it does not leave out."""
    given = {Limit.CREATED_PEOPLE: created_people, Limit.OVERWRITTEN_VALUES: overwritten_values}
    return {limit: number for limit, number in given.items() if number is not strawberry.UNSET}


def limits(document: Mapping[str, int] | None) -> ShareLimits:
    """What both nations let a share write, as it is stored."""
    known = amounts_from_json(document)
    sender = SideLimits(created_people=None, overwritten_values=known.get(Brake.SENDER_OVERWRITTEN))
    return ShareLimits(sender=sender, receiver=receiver_limits(document))


def receiver_limits(document: Mapping[str, int] | None) -> SideLimits:
    """What the receiver lets a share write, as it is stored."""
    known = amounts_from_json(document)
    return SideLimits(
        created_people=known.get(Brake.RECEIVER_CREATED), overwritten_values=known.get(Brake.RECEIVER_OVERWRITTEN)
    )


def held_by(share_id: UUID, document: Sequence[Mapping[str, Any]] | None) -> list[RunHold]:
    """What holds a run of a share, as it is stored."""
    return [
        RunHold(
            share_id=share_id,
            side=hold.brake.side,
            limit=hold.brake.limit,
            allowed=hold.allowed,
            wanted=hold.wanted,
        )
        for hold in holds_from_json(document)
    ]
