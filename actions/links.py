"""Links between matched profiles: made as matching says, contested, ended; and the tag that follows them."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg

from actions.fellows import wake_fellows
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from sharing.events import Noun
from sharing.matching.contest import Claim, Verdict, contest
from sharing.states import LINKED, MatchStage, MatchState

# Links that no claim undoes: the share made the profile itself, knows it by its reference, or a person chose it.
FIXED: frozenset[MatchStage] = frozenset({MatchStage.CREATED, MatchStage.CHOSEN, MatchStage.REFERENCE})

_ANYBODY = UUID(int=0)


async def settle_claims(unit: Unit, terms: ShareTerms, receiver_ids: Collection[UUID]) -> None:
    """Where several of the sender's profiles claim one of these, let the surer have it; the others become ambiguous."""
    rows = await unit.pg.fetch(query("claims_on"), terms.id, list(receiver_ids))
    await settle(unit, terms, rows)


async def settle(unit: Unit, terms: ShareTerms, rows: Sequence[asyncpg.Record]) -> None:
    """As ``settle_claims``, for links already read: all those on each receiver profile concerned."""
    verdicts = contest(
        [
            Claim(
                row["sender_profile_id"],
                row["receiver_profile_id"],
                MatchStage(row["stage"]),
                row["score"] or 0.0,
                MatchStage(row["stage"]) in FIXED,
            )
            for row in rows
        ]
    )
    lost = [row["id"] for row in rows if verdicts[row["sender_profile_id"]] is Verdict.ALREADY_LINKED]
    held = {row["receiver_profile_id"] for row in rows if row["id"] not in lost}
    if not lost:
        return
    await wake_fellows(unit, terms.id, lost)
    await _drop_conflicts(unit, terms, lost)
    gone = await unit.pg.fetch(query("unlink_matches"), lost)
    for row in gone:
        unit.count(terms.id, MatchState(row["state"]), -1)
        unit.count(terms.id, MatchState.AMBIGUOUS, 1)
    await untag(unit, terms, {row["receiver_profile_id"] for row in gone} - held)
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.MATCH, lost, terms.id)
    # Whoever held the link for long was matched on what was known then: today's evidence may make it the surer one.
    incumbents = [row["sender_profile_id"] for row in gone if MatchState(row["state"]) is not MatchState.MATCHED]
    if incumbents:
        await unit.pg.execute(query("enqueue_lookers"), terms.id, incumbents, [])
        unit.enqueue("advance_share", terms.id)


def surest(rows: Sequence[asyncpg.Record]) -> asyncpg.Record | None:
    """Which of some links is surer than all the others, as if they were claims on one person; None where none is."""
    claims = [
        Claim(row["id"], _ANYBODY, MatchStage(row["stage"]), row["score"] or 0.0, MatchStage(row["stage"]) in FIXED)
        for row in rows
    ]
    verdicts = contest(claims)
    return next((row for row in rows if verdicts[row["id"]] is Verdict.MATCHED), None)


async def pass_link(unit: Unit, terms: ShareTerms, row: asyncpg.Record, sender_id: UUID, receiver_id: UUID) -> None:
    """Let a link go on between other profiles, as one that is yet to be synced for the first time."""
    await wake_fellows(unit, terms.id, [row["id"]])
    await _drop_conflicts(unit, terms, [row["id"]])
    await unit.pg.execute(query("pass_link"), row["id"], sender_id, receiver_id)
    unit.count(terms.id, MatchState(row["state"]), -1)
    unit.count(terms.id, MatchState.MATCHED, 1)
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.MATCH, [row["id"]], terms.id)


async def broken_among(unit: Unit, match_ids: Collection[UUID]) -> list[UUID]:
    """The links whose receiver profile is gone, or of which somebody said that they are wrong."""
    return [row["id"] for row in await unit.pg.fetch(query("broken_links"), list(match_ids))]


async def end_matches(unit: Unit, terms: ShareTerms, match_ids: Collection[UUID]) -> set[UUID]:
    """End matches of a share, taking the tag off the receiver's profiles. What was synced stays.

    Returns:
        The receiver's profiles that these held or competed for: a rival may have them now.
    """
    if not match_ids:
        return set()
    await wake_fellows(unit, terms.id, match_ids)
    await _drop_conflicts(unit, terms, match_ids)
    gone = await unit.pg.fetch(query("end_matches"), list(match_ids))
    for row in gone:
        unit.count(terms.id, MatchState(row["state"]), -1)
    await untag(unit, terms, {row["receiver_profile_id"] for row in gone if MatchState(row["state"]) in LINKED})
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.MATCH, [row["id"] for row in gone], terms.id)
    return {row["freed"] for row in gone if row["freed"]}


async def _drop_conflicts(unit: Unit, terms: ShareTerms, match_ids: Collection[UUID]) -> None:
    gone = await unit.pg.fetch("DELETE FROM conflicts WHERE match_id = ANY($1) RETURNING id", list(match_ids))
    for nation_id in terms.nations:
        unit.deleted(nation_id, Noun.CONFLICT, [row["id"] for row in gone], terms.id)


async def tag(unit: Unit, terms: ShareTerms, receiver_ids: Collection[UUID]) -> None:
    """Put the shared tag on profiles of the receiver."""
    if terms.receiver_tag_id is None or not receiver_ids:
        return
    rows = await unit.pg.fetch(query("add_taggings"), terms.receiver_tag_id, sorted(receiver_ids))
    await _tagged(unit, terms, terms.receiver_tag_id, [row["profile_id"] for row in rows], len(rows))


async def untag(unit: Unit, terms: ShareTerms, receiver_ids: Collection[UUID]) -> None:
    """Take the shared tag off profiles of the receiver."""
    if terms.receiver_tag_id is None or not receiver_ids:
        return
    rows = await unit.pg.fetch(query("remove_taggings"), terms.receiver_tag_id, sorted(receiver_ids))
    await _tagged(unit, terms, terms.receiver_tag_id, [row["profile_id"] for row in rows], -len(rows))


async def _tagged(unit: Unit, terms: ShareTerms, tag_id: UUID, profile_ids: Sequence[UUID], by: int) -> None:
    if not by:
        return
    unit.count_taggings(tag_id, by)
    unit.changed(terms.receiver_id, Noun.GROUP if terms.one_way else Noun.TAG, [tag_id])
    unit.changed(terms.receiver_id, Noun.PROFILE, profile_ids)
