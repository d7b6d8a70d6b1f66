"""Who bears a tag or is in a group: put on and taken off by sets, with the kept counts, the shares and the log."""

from collections.abc import Sequence
from uuid import UUID

from actions.unit import Unit
from models.queries import query
from models.tag import TagKind
from sharing.errors import Archived, InvalidInput, InvalidInputs
from sharing.events import Noun

MAX_PROFILES = 10_000
# What a row of tags is told as; what an audience share keeps for itself is told to nobody.
NOUN_OF = {TagKind.TAG: Noun.TAG, TagKind.GROUP: Noun.GROUP}


async def hold_tag(unit: Unit, tag_id: UUID) -> None:
    """Keep everybody else from tagging with a tag, or accepting a share of it, until the unit ends.

    Whoever accepts a share sees all taggings made before, and whoever tags sees all shares accepted before.
    """
    await unit.pg.fetchval("SELECT true FROM tags WHERE id = $1 FOR NO KEY UPDATE", tag_id)


async def put_on(
    unit: Unit, nation_id: int, tag_id: UUID, profile_ids: Sequence[UUID], kind: TagKind = TagKind.TAG
) -> int:
    """Put a tag, or a row of another kind, on profiles that are known to be of its nation; its shares look at them.

    Returns:
        How many did not bear it before.
    """
    await hold_tag(unit, tag_id)
    rows = await unit.pg.fetch(query("add_taggings"), tag_id, list(profile_ids))
    await _tagged(unit, nation_id, tag_id, [row["profile_id"] for row in rows], 1, kind)
    return len(rows)


async def take_off(
    unit: Unit, nation_id: int, tag_id: UUID, profile_ids: Sequence[UUID], kind: TagKind = TagKind.TAG
) -> int:
    """Take a tag, or a row of another kind, off profiles of its nation; its shares look at them.

    Returns:
        How many bore it.
    """
    await hold_tag(unit, tag_id)
    rows = await unit.pg.fetch(query("remove_taggings"), tag_id, list(profile_ids))
    await _tagged(unit, nation_id, tag_id, [row["profile_id"] for row in rows], -1, kind)
    return len(rows)


async def _tagged(
    unit: Unit, nation_id: int, tag_id: UUID, profile_ids: Sequence[UUID], by: int, kind: TagKind
) -> None:
    if not profile_ids:
        return
    unit.count_taggings(tag_id, by * len(profile_ids))
    for row in await unit.pg.fetch(query("enqueue_tagged"), tag_id, list(profile_ids)):
        unit.enqueue("advance_share", row["share_id"])
    tell_count(unit, nation_id, tag_id, kind)
    unit.changed(nation_id, Noun.PROFILE, profile_ids)


def tell_count(unit: Unit, nation_id: int, tag_id: UUID, kind: TagKind) -> None:
    """Tell a nation that another number of profiles bears a tag, or is in a group."""
    if kind in NOUN_OF:
        unit.changed(nation_id, NOUN_OF[kind], [tag_id])


async def check_profiles(unit: Unit, nation_id: int, profile_ids: Sequence[UUID], *, archived: bool = False) -> None:
    """Make sure that profiles are of a nation, and keep them from being deleted until the transaction ends.

    Args:
        unit: the open transaction.
        nation_id: the nation.
        profile_ids: the profiles.
        archived: whether they may be archived.

    Raises:
        InvalidInput: one is not of the nation or is archived, or there are too many at once.
    """
    if len(profile_ids) > MAX_PROFILES:
        raise InvalidInput(f"At most {MAX_PROFILES:,} profiles can be taken at once: send them in parts.", "profileIds")
    rows = await unit.pg.fetch(
        "SELECT id, archived_at FROM profiles WHERE id = ANY($1) AND nation_id = $2 ORDER BY id FOR KEY SHARE",
        list(profile_ids),
        nation_id,
    )
    put_away = {row["id"]: row["archived_at"] is not None for row in rows}
    problems = [
        Archived("profile", "profileIds", str(place))
        if profile_id in put_away
        else InvalidInput("There is no such profile in this nation.", "profileIds", str(place))
        for place, profile_id in enumerate(profile_ids)
        if put_away.get(profile_id, True) and not (archived and profile_id in put_away)
    ]
    if problems:
        raise InvalidInputs(problems[:100])
