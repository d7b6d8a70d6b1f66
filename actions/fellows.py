"""Other live shares that link the same two profiles: the strictest governs, so one's coming or going concerns all."""

from collections.abc import Collection
from uuid import UUID

import asyncpg

from actions.unit import Unit
from models.queries import query


async def fellow_shares(pg: asyncpg.Connection, share_id: UUID) -> list[UUID]:
    """The other live shares that sync profiles between the nations of a share, in either direction."""
    return [row["id"] for row in await pg.fetch(query("fellow_shares"), share_id)]


async def wake_fellows(unit: Unit, share_id: UUID, match_ids: Collection[UUID] | None = None) -> None:
    """Have the other shares of pairs look at them again: this one begins to govern their fields, or ceases to.

    Args:
        unit: the open transaction, in which the links are still, or already, there.
        share_id: the share that links the pairs or is about to link them no more.
        match_ids: its matches concerned; None for all.
    """
    fellows = await fellow_shares(unit.pg, share_id)
    if not fellows:
        return
    wanted = None if match_ids is None else list(match_ids)
    for row in await unit.pg.fetch(query("wake_fellows"), share_id, wanted, fellows):
        unit.enqueue("advance_share", row["share_id"])
