"""Who is shared, as the source's segments say now: the beginning of a run of an audience share."""

from uuid import UUID

from uuid_utils.compat import uuid7

from actions.archiving import bring_back
from actions.audiences.members import diff_members
from actions.segments import check_criteria
from actions.terms import ShareTerms
from actions.unit import Unit
from models.audience import AudienceSegment
from models.nation import Nation
from models.queries import query
from sharing.events import Noun
from sharing.segments.criteria import Criterion, Either
from sharing.states import MatchStage, MatchState


async def carried_by(nation: Nation, share_id: UUID) -> list[tuple[AudienceSegment, Criterion]]:
    """The segments of a nation that a share carries, each with what it asks as it stands now.

    Raises:
        InvalidInputs: a segment's criteria can be taken no longer, because a field of theirs was archived, say.
    """
    rows = await AudienceSegment.filter(share_id=share_id).order_by("id").select_related("segment")
    return [(row, await check_criteria(nation, row.segment.criteria)) for row in rows]


async def gather(unit: Unit, terms: ShareTerms) -> None:
    """Bring up to date who is shared, and have the run look at whoever came or went.

    Whoever was shared before and comes back is linked by the reference that the target's contact bears, which is
    restored where it was archived.

    Raises:
        InvalidInputs: a segment cannot be asked as it stands.
    """
    nation = await Nation.get(id=terms.sender_id)
    wanted = Either(tuple(criteria for _, criteria in await carried_by(nation, terms.id)))
    came, gone = await diff_members(unit, nation.id, wanted, terms.tag_id, source="gather_members", share_id=terms.id)
    unit.count_taggings(terms.tag_id, came - gone)
    await _link_again(unit, terms)


async def _link_again(unit: Unit, terms: ShareTerms) -> None:
    rows = await unit.pg.fetch(query("known_by_reference"), terms.id, terms.tag_id, terms.receiver_id)
    if not rows:
        return
    archived = [row["receiver"] for row in rows if row["archived"]]
    if archived:
        await bring_back(unit, terms.receiver_id, archived)
    now = await unit.now()
    matches = [
        (uuid7(), terms.id, row["sender"], row["receiver"], MatchState.MATCHED, MatchStage.REFERENCE, 1.0, now, now)
        for row in rows
    ]
    columns = ["id", "share_id", "sender_profile_id", "receiver_profile_id", "state", "stage", "score"]
    await unit.pg.copy_records_to_table("matches", records=matches, columns=[*columns, "created_at", "tried_at"])
    await unit.pg.execute(query("enqueue_lookers"), terms.id, [row["sender"] for row in rows], [])
    unit.count(terms.id, MatchState.MATCHED, len(matches))
    for nation_id in terms.nations:
        unit.changed(nation_id, Noun.MATCH, [match[0] for match in matches], terms.id)
