"""Keeping a share in step with what changed: profiles are looked at again, from the tag to the last field."""

from collections.abc import Collection, Mapping, Set
from types import MappingProxyType
from uuid import UUID

import asyncpg

from actions.brakes import Meter, braked
from actions.candidates import decide_matches
from actions.holding import run_instead
from actions.links import broken_among, end_matches, settle_claims, tag
from actions.newcomers import create_people
from actions.saving import save_outcomes
from actions.syncing import Tally, note_carried, sync_matches
from actions.terms import ShareTerms, load_terms
from actions.unit import Unit
from models.queries import query
from sharing.brakes import LimitReached
from sharing.lifecycle import ShareStatus
from sharing.matching.verdicts import Outcome
from sharing.records import Record
from sharing.states import LINKED, MatchStage, MatchState, RunState

CHUNK = 500

# By match, the records of the sender's profile and of the receiver's that was made from it.
Made = Mapping[UUID, tuple[Record, Record]]

NOBODY: frozenset[UUID] = frozenset()
NOBODY_MADE: Made = MappingProxyType({})


async def hold_share(unit: Unit, share_id: UUID, *, among_others: bool = False) -> ShareTerms | None:
    """Make this transaction the only one that works on a share, while it is approved.

    Args:
        unit: the open transaction.
        share_id: the share.
        among_others: work beside others who say so too, each on people of its own.

    Returns:
        Its terms at this moment; None where it is not approved (any more), and nothing may be written.
    """
    await unit.pg.execute(query("work_beside" if among_others else "work_alone"), str(share_id))
    terms = await load_terms(unit.pg, share_id, hold=True)
    if terms is None or terms.status is not ShareStatus.APPROVED:
        return None
    if await note_carried(unit, terms):
        terms = await load_terms(unit.pg, share_id, hold=True)
    return terms


async def advance_share(unit: Unit, share_id: UUID) -> int:
    """Do a chunk of the work that a tag share has to do; an audience waits for its next run.

    While a run is still matching, the work waits for it: a link is not synced before every rival claim is known. While
    one is held it waits too, save for those who lost the tag. Where it would go past a limit a run does it instead.

    Returns:
        How many profiles were looked at: 0 where nothing is left to do, or it has to wait.
    """
    terms = await hold_share(unit, share_id)
    if terms is None or terms.one_way:
        return 0
    busy = await unit.pg.fetchval(query("run_in_the_way"), share_id)
    if busy is not None:
        return await _let_strays_go(unit, terms) if busy == RunState.HELD else 0
    try:
        async with braked(unit, terms) as meter:
            rows = await unit.pg.fetch(query("claim_changes"), share_id, CHUNK)
            profile_ids = [row["profile_id"] for row in rows]
            if profile_ids:
                await bring_up(unit, terms, profile_ids, NOBODY, meter)
    except LimitReached:
        await run_instead(unit, terms)
        return 0
    return len(profile_ids)


async def _let_strays_go(unit: Unit, terms: ShareTerms) -> int:
    """End the matches of a chunk of those who lost the tag, which nothing holds; rivals wait."""
    rows = await unit.pg.fetch(query("claim_endings"), terms.id, CHUNK, terms.tag_id)
    profile_ids = [row["profile_id"] for row in rows]
    matches = await unit.pg.fetch(query("live_matches"), terms.id, profile_ids) if profile_ids else []
    if freed := await end_matches(unit, terms, [row["id"] for row in matches]):
        await look_later(unit, terms.id, [], freed)
    return len(profile_ids)


async def look_at(unit: Unit, terms: ShareTerms, profile_ids: Collection[UUID], freed: Set[UUID] = NOBODY) -> None:
    """Look at some of the sender's profiles at once, or as soon as the run that is matching, or held, has done so.

    Where that would go past a limit they are left to whoever works for the share.

    Args:
        unit: the open transaction, which holds the share.
        terms: the share.
        profile_ids: the profiles.
        freed: the receiver's profiles that somebody holds or claims no more: a rival may have them now.
    """
    if terms.one_way or await unit.pg.fetchval(query("run_in_the_way"), terms.id):
        await look_later(unit, terms.id, profile_ids, freed)
        return
    try:
        async with braked(unit, terms) as meter:
            await bring_up(unit, terms, list(profile_ids), freed, meter)
    except LimitReached:
        await look_later(unit, terms.id, profile_ids, freed)


async def look_later(unit: Unit, share_id: UUID, profile_ids: Collection[UUID], freed: Set[UUID] = NOBODY) -> None:
    """Have a share look at some of the sender's profiles, and at the rivals for whom of the receiver was freed."""
    await unit.pg.execute(query("enqueue_lookers"), share_id, list(profile_ids), list(freed))
    unit.enqueue("advance_share", share_id)


async def bring_up(
    unit: Unit,
    terms: ShareTerms,
    profile_ids: list[UUID],
    freed: Set[UUID],
    meter: Meter,
    run_id: UUID | None = None,
) -> tuple[int, Tally]:
    """Look at some of the sender's profiles, from the tag to the last field.

    Args:
        unit: the open transaction, which alone works on the share.
        terms: the share.
        profile_ids: the profiles.
        freed: as for ``look_at``.
        meter: what measures the writes before they are made.
        run_id: the run that it is part of, for the ledger.

    Returns:
        How many people were made, and what the sync amounted to.

    Raises:
        LimitReached: from the meter.
    """
    tagged = {row["profile_id"] for row in await unit.pg.fetch(query("tagged_among"), terms.tag_id, profile_ids)}
    matches = await unit.pg.fetch(query("live_matches"), terms.id, profile_ids)
    stray = [row["id"] for row in matches if row["sender_profile_id"] not in tagged]
    stray += await broken_among(unit, [row["id"] for row in matches if row["sender_profile_id"] in tagged])
    freed = freed | await end_matches(unit, terms, stray)
    live = {row["sender_profile_id"]: row for row in matches if row["id"] not in stray}
    # A run that failed may have left links whose rivals nobody has looked at.
    unsettled = {row["receiver_profile_id"] for row in live.values() if row["state"] == MatchState.MATCHED}
    if unsettled:
        await settle_claims(unit, terms, unsettled)
    linked = [row["id"] for row in live.values() if MatchState(row["state"]) in LINKED]
    searching = [profile_id for profile_id in tagged if profile_id not in live or live[profile_id]["id"] not in linked]
    made = NOBODY_MADE
    if searching or freed:
        known = {profile_id: row for profile_id, row in live.items() if profile_id in searching}
        found, made = await _match(unit, terms, searching, known, freed, meter)
        linked += found
    return len(made), await link(unit, terms, linked, made, meter, run_id)


async def _match(
    unit: Unit,
    terms: ShareTerms,
    profile_ids: list[UUID],
    known: Mapping[UUID, asyncpg.Record],
    freed: Set[UUID],
    meter: Meter,
) -> tuple[list[UUID], Made]:
    """Match profiles that have no link; gives the matches that are linked now, and apart from them the people made.

    Whom they claim, or claim no more, others may have been kept from: those are matched again with them, since equals
    must not win by being looked at alone, nor lose to somebody who is gone.
    """
    tried = set(profile_ids)
    contested = {*freed, *(row["lost"] for row in known.values() if row["lost"])}
    outcomes: dict[UUID, Outcome] = {}
    while True:
        found = await match(unit, terms, profile_ids, known) if profile_ids else {}
        outcomes |= found
        contested |= {outcome.receiver for outcome in found.values() if outcome.receiver is not None}
        rivals = await unit.pg.fetch(query("rivals_waiting"), terms.id, terms.tag_id, list(contested), list(tried))
        if not rivals:
            break
        known = {row["sender_profile_id"]: row for row in rivals}
        profile_ids = list(known)
        tried |= known.keys()
    await settle_claims(unit, terms, {o.receiver for o in outcomes.values() if o.receiver is not None})
    rows = await unit.pg.fetch(query("live_matches"), terms.id, list(outcomes))
    missing = [row for row in rows if MatchState(row["state"]) is MatchState.NOT_FOUND]
    made = await make_missing(unit, terms, {row["sender_profile_id"]: row["id"] for row in missing}, meter)
    return [row["id"] for row in rows if MatchState(row["state"]) in LINKED], made


async def without_broken(
    unit: Unit, terms: ShareTerms, known: dict[UUID, asyncpg.Record]
) -> dict[UUID, asyncpg.Record]:
    """End the links among some matches whose profile is gone: a run looks for those people beside the others.

    Args:
        unit: the open transaction.
        terms: the share.
        known: live matches, by the sender's profile.

    Returns:
        The others.
    """
    linked = [row["id"] for row in known.values() if row["state"] in LINKED]
    broken = await broken_among(unit, linked)
    if not broken:
        return known
    await look_later(unit, terms.id, [], await end_matches(unit, terms, broken))
    return {profile_id: row for profile_id, row in known.items() if row["id"] not in broken}


async def match(
    unit: Unit, terms: ShareTerms, profile_ids: Collection[UUID], known: Mapping[UUID, asyncpg.Record]
) -> Mapping[UUID, Outcome]:
    """Match profiles and record what came of it; rival claims are not settled yet.

    Args:
        unit: the open transaction.
        terms: the share.
        profile_ids: tagged profiles of the sender without a link.
        known: the unlinked matches that some of them have.
    """
    outcomes = await decide_matches(unit.pg, terms, profile_ids)
    await save_outcomes(unit, terms, outcomes, known)
    return outcomes


async def make_missing(unit: Unit, terms: ShareTerms, missing: Mapping[UUID, UUID], meter: Meter) -> Made:
    """Where the share creates people, make those who were not found.

    Args:
        unit: the open transaction.
        terms: the share.
        missing: the match of each of the sender's profiles that was not found.
        meter: what measures how many may be made.

    Returns:
        The matches that are linked by it, each with the records of both sides.

    Raises:
        LimitReached: from the meter.
    """
    if not terms.create_new_profiles or not missing:
        return NOBODY_MADE
    made = await create_people(unit, terms, list(missing), meter)
    links = [missing[profile_id] for profile_id in made]
    await unit.pg.execute(
        query("link_created"), links, [record.id for _, record in made.values()], MatchStage.CREATED.value
    )
    unit.count(terms.id, MatchState.NOT_FOUND, -len(links))
    unit.count(terms.id, MatchState.MATCHED, len(links))
    return dict(zip(links, made.values(), strict=True))


async def link(
    unit: Unit, terms: ShareTerms, match_ids: Collection[UUID], made: Made, meter: Meter, run_id: UUID | None = None
) -> Tally:
    """Put the tag on the receiver's profiles of some links, and bring their fields into step.

    Args:
        unit: the open transaction.
        terms: the share.
        match_ids: links between profiles that were there before.
        made: links to profiles that this transaction made.
        meter: what measures the writes before they are made.
        run_id: the run that it is part of, for the ledger.

    Raises:
        LimitReached: from the meter.
    """
    if not match_ids and not made:
        return Tally()
    rows = await unit.pg.fetch(query("receivers_of"), list(match_ids))
    receivers = [row["receiver_profile_id"] for row in rows]
    await tag(unit, terms, [*receivers, *(receiver.id for _, receiver in made.values())])
    read = {record.id: record for pair in made.values() for record in pair}
    return await sync_matches(unit, terms, [*match_ids, *made], run_id, read, meter)
