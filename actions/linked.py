"""Keeping links in step with what changed, by several workers at once: only matching has to be done by one alone."""

from uuid import UUID

from actions.advance import hold_share
from actions.brakes import Meter, braked
from actions.syncing import sync_pairs
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.brakes import LimitReached

PAIRS_AT_ONCE = 1_000


class _AloneOnly(Exception):
    """Among the profiles is one that has no link as it should be."""


async def advance_linked(unit: Unit, share_id: UUID) -> int | None:
    """Do a chunk of the work that a share has to do, beside others, where all of it is of people who are linked.

    Returns:
        How many profiles were looked at, 0 where nothing is left to do. None where ``advance_share``
        must do it, alone and in another transaction; nothing was done then.
    """
    terms = await hold_share(unit, share_id, among_others=True)
    if terms is None or terms.one_way:
        return 0
    if await unit.pg.fetchval(query("run_in_the_way"), share_id) is not None:
        return None
    try:
        async with unit.attempt(), braked(unit, terms) as meter:
            rows = await unit.pg.fetch(query("claim_changes"), share_id, PAIRS_AT_ONCE)
            return await _sync(unit, terms, [row["profile_id"] for row in rows], meter)
    except (_AloneOnly, LimitReached):
        return None


async def _sync(unit: Unit, terms: ShareTerms, profile_ids: list[UUID], meter: Meter) -> int:
    """Bring pairs into step that were so before: their receivers bear the tag since then."""
    if profile_ids:
        rows = await unit.pg.fetch(query("pairs_in_step"), terms.id, terms.tag_id, profile_ids)
        if len(rows) < len(profile_ids):
            raise _AloneOnly
        await sync_pairs(unit, terms, rows, meter=meter)
    return len(profile_ids)
