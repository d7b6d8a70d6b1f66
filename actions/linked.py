"""Keeping links in step with what changed, by several workers at once: only matching has to be done by one alone."""

from uuid import UUID

from actions.advance import CHUNK, NOBODY_MADE, hold_share, link
from actions.brakes import Meter, braked
from actions.links import broken_among
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.brakes import LimitReached
from sharing.states import MatchState

# Links that have been synced: their rivals are settled.
_IN_STEP = frozenset({MatchState.SYNCED, MatchState.CONFLICTED})


class _AloneOnly(Exception):
    """Among the profiles is one that has no link as it should be."""


async def advance_linked(unit: Unit, share_id: UUID) -> int | None:
    """Do a chunk of the work that a share has to do, beside others, where all of it is of people who are linked.

    Returns:
        How many profiles were looked at: at most ``CHUNK``, 0 where nothing is left to do. None where ``advance_share``
        must do it, alone and in another transaction; nothing was done then.
    """
    terms = await hold_share(unit, share_id, among_others=True)
    if terms is None:
        return 0
    if await unit.pg.fetchval(query("run_in_the_way"), share_id) is not None:
        return None
    try:
        async with unit.attempt(), braked(unit, terms) as meter:
            rows = await unit.pg.fetch(query("claim_changes"), share_id, CHUNK)
            return await _sync(unit, terms, [row["profile_id"] for row in rows], meter)
    except (_AloneOnly, LimitReached):
        return None


async def _sync(unit: Unit, terms: ShareTerms, profile_ids: list[UUID], meter: Meter) -> int:
    if not profile_ids:
        return 0
    tagged = await unit.pg.fetch(query("tagged_among"), terms.tag_id, profile_ids)
    if len(tagged) < len(profile_ids):
        raise _AloneOnly
    matches = await unit.pg.fetch(query("live_matches"), terms.id, profile_ids)
    links = [row["id"] for row in matches if MatchState(row["state"]) in _IN_STEP]
    if len(links) < len(profile_ids) or await broken_among(unit, links):
        raise _AloneOnly
    await link(unit, terms, links, NOBODY_MADE, meter)
    return len(profile_ids)
