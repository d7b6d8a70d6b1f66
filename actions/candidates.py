"""Finding who a sender's profiles may be in the receiver, and deciding."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson

from actions.people import KEY_FIELDS
from actions.terms import ShareTerms
from models.queries import query
from models.records import load_records
from sharing.fields import FIELDS
from sharing.kinds import Matching
from sharing.matching.decide import decide
from sharing.matching.frequencies import Frequencies
from sharing.matching.keys import MAX_HOLDERS, kinds_of
from sharing.matching.learning import learn
from sharing.matching.verdicts import Outcome

MATCH_FIELDS: tuple[str, ...] = tuple(
    dict.fromkeys([*(key for key, field in FIELDS.items() if field.matching is not Matching.NONE), *KEY_FIELDS])
)
SAMPLE = 50_000
LEARNT_FROM = 3_000
# Pairs whose records are compared at once: what bounds the memory of a chunk with unusually many candidates.
MAX_PAIRS = 20_000

_counted: dict[tuple[int, datetime], Frequencies] = {}


async def count_names(pg: asyncpg.Connection, nation_id: int) -> None:
    """Count how common names are in a nation, as matching weighs them."""
    await pg.execute(query("count_names"), nation_id, SAMPLE)


async def frequencies_of(pg: asyncpg.Connection, nation_id: int) -> Frequencies:
    """How common names are in a nation, as they were last counted."""
    row = await pg.fetchrow(query("name_counts"), nation_id)
    if row is None:
        return Frequencies()
    key = (nation_id, row["counted_at"])
    if key not in _counted:
        if len(_counted) >= 32:
            _counted.clear()
        _counted[key] = Frequencies.of(
            orjson.loads(row["firsts"]).items(),
            orjson.loads(row["lasts"]).items(),
            counted=row["counted"],
            people=row["people"],
        )
    return _counted[key]


async def _candidates(
    pg: asyncpg.Connection, terms: ShareTerms, profile_ids: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, UUID]]]:
    """By profile of the sender, itself paired with each profile of the receiver that may be the same person."""
    kinds = [int(kind) for kind in kinds_of(terms.rules)]
    found: dict[UUID, list[tuple[UUID, UUID]]] = {profile_id: [] for profile_id in profile_ids}
    for row in await pg.fetch(query("candidates"), list(profile_ids), terms.receiver_id, kinds, MAX_HOLDERS):
        found[row["sender"]].append((row["sender"], row["receiver"]))
    return found


async def decide_matches(
    pg: asyncpg.Connection, terms: ShareTerms, profile_ids: Collection[UUID]
) -> Mapping[UUID, Outcome]:
    """What matching says of each of the sender's profiles; those that do not exist are missing from the answer."""
    found = await _candidates(pg, terms, profile_ids)
    frequencies = await frequencies_of(pg, terms.receiver_id)
    outcomes: dict[UUID, Outcome] = {}
    batch: list[tuple[UUID, UUID]] = []
    senders: list[UUID] = []
    for profile_id, candidates in found.items():
        senders.append(profile_id)
        batch += candidates
        if len(batch) >= MAX_PAIRS:
            outcomes |= await _decide_batch(pg, terms, senders, batch, frequencies)
            senders, batch = [], []
    if senders:
        outcomes |= await _decide_batch(pg, terms, senders, batch, frequencies)
    return outcomes


async def _decide_batch(
    pg: asyncpg.Connection,
    terms: ShareTerms,
    senders: list[UUID],
    pairs: list[tuple[UUID, UUID]],
    frequencies: Frequencies,
) -> dict[UUID, Outcome]:
    ours = await load_records(pg, senders, MATCH_FIELDS)
    theirs = await load_records(pg, {receiver for _, receiver in pairs}, MATCH_FIELDS)
    known = [(sender, receiver) for sender, receiver in pairs if sender in ours and receiver in theirs]
    vetoed = await strangers_of(pg, senders)
    return decide(ours, theirs, known, terms.rules, frequencies, vetoed=vetoed, quality=terms.quality)


async def strangers_of(pg: asyncpg.Connection, profile_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """The pairs on record as not the same person in which one of some profiles stands, each in both orders."""
    found: set[tuple[UUID, UUID]] = set()
    for row in await pg.fetch(query("strangers_of"), list(profile_ids)):
        found |= {(row["one"], row["other"]), (row["other"], row["one"])}
    return found


async def learn_quality(pg: asyncpg.Connection, terms: ShareTerms) -> None:
    """Learn from a sample of the share's people, not knowing who is who, how carefully both nations keep profiles."""
    rows = await pg.fetch(query("sample_tagged"), terms.tag_id, LEARNT_FROM)
    sample = [row["profile_id"] for row in rows]
    pairs = [pair for pairs in (await _candidates(pg, terms, sample)).values() for pair in pairs]
    ours = await load_records(pg, sample, MATCH_FIELDS)
    theirs = await load_records(pg, {receiver for _, receiver in pairs}, MATCH_FIELDS)
    known = [(sender, receiver) for sender, receiver in pairs if sender in ours and receiver in theirs]
    quality = learn(ours, theirs, known, terms.rules, await frequencies_of(pg, terms.receiver_id))
    document = orjson.dumps(quality.as_json()).decode()
    await pg.execute(query("save_quality"), terms.id, document)
