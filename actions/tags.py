"""Tags: made, renamed, deleted, put on profiles and taken off."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.queryset import QuerySet
from uuid_utils.compat import uuid7

from actions.new_ids import given_once, new_id
from actions.rights import require_in
from actions.taggings import check_profiles, hold_tag, put_on, take_off
from actions.unit import Unit
from models.queries import query
from models.share import Share
from models.tag import Tag, TagKind
from sharing.errors import Forbidden, InvalidInput, NotFound, Refused
from sharing.events import Noun
from sharing.lifecycle import RECEIVER_SEES, ShareStatus
from sharing.texts import line
from sharing.visibility import Deed

MAX_NAME = 255


async def create_tag(unit: Unit, nation_id: int, name: str, *, tag_id: UUID | None = None) -> UUID:
    """Make a tag.

    Args:
        unit: the open transaction.
        nation_id: the nation it is made in.
        name: what it is called.
        tag_id: an id that the client made; None makes one.

    Raises:
        NotFound: the caller does not belong to the nation.
        InvalidInput: the name is blank, too long, or taken in any mix of cases; or the id is taken.
    """
    nation = await require_in(unit.caller, nation_id, Deed.EDIT_TAGS)
    tag = Tag(id=await new_id(Tag, tag_id), nation_id=nation.id, name=await _free_name(nation.id, name, None))
    with given_once(_taken(tag.name)):
        await tag.save(force_create=True)
    unit.changed(nation.id, Noun.TAG, [tag.id])
    return tag.id


async def rename_tag(unit: Unit, tag_id: UUID, name: str) -> UUID:
    """Give a tag another name. Receivers of its shares see the new one.

    Raises:
        NotFound: there is no such tag, or the caller may not know of it.
        Forbidden: the tag was shared to the nation by another.
        InvalidInput: as for ``create_tag``.
    """
    tag = await own_tag(unit, tag_id, Deed.EDIT_TAGS)
    tag.name = await _free_name(tag.nation_id, name, tag.id)
    with given_once(_taken(tag.name)):
        await tag.save(update_fields=["name"])
    unit.changed(tag.nation_id, Noun.TAG, [tag.id])
    for row in await unit.pg.fetch(query("rename_twins"), tag.id, tag.name):
        unit.changed(row["nation_id"], Noun.TAG, [row["id"]])
    return tag.id


async def delete_tag(unit: Unit, tag_id: UUID) -> None:
    """Delete a tag, taking it off its profiles.

    Raises:
        NotFound: there is no such tag, or the caller may not know of it.
        Forbidden: the tag was shared to the nation by another.
        InvalidInput: a share of the tag is pending or approved: stop it first.
    """
    tag = await own_tag(unit, tag_id, Deed.EDIT_TAGS)
    if await Share.filter(tag_id=tag.id, status__in=[ShareStatus.PENDING, ShareStatus.APPROVED]).exists():
        raise InvalidInput("The tag is shared: stop its shares before you delete it.", "tagId")
    tagged = await unit.pg.fetch("DELETE FROM taggings WHERE tag_id = $1 RETURNING profile_id", tag.id)
    ended = await unit.pg.fetch("DELETE FROM shares WHERE tag_id = $1 RETURNING id, receiver_id, status", tag.id)
    await tag.delete()
    unit.changed(tag.nation_id, Noun.PROFILE, [row["profile_id"] for row in tagged])
    for row in ended:
        unit.deleted(tag.nation_id, Noun.TAG_SHARE, [row["id"]], row["id"])
        if ShareStatus(row["status"]) in RECEIVER_SEES:
            unit.deleted(row["receiver_id"], Noun.TAG_SHARE, [row["id"]], row["id"])
    unit.deleted(tag.nation_id, Noun.TAG, [tag.id])


async def own_tag(unit: Unit, tag_id: UUID, deed: Deed) -> Tag:
    """A tag that the caller's nation made itself, where the caller may do the deed; held until the unit ends.

    Raises:
        NotFound: there is no such tag, or the caller may not know of it.
        Forbidden: the tag was shared to the nation by another, or the deed is not the caller's to do.
    """
    tag = await Tag.of(unit.caller).get_or_none(id=tag_id)
    if tag is None:
        raise NotFound("There is no such tag.", "tagId")
    await require_in(unit.caller, tag.nation_id, deed)
    if tag.share_id is not None:
        raise Forbidden(
            "The tag belongs to the nation that shared it: only that nation can change it or share it on.", "tagId"
        )
    await hold_tag(unit, tag.id)
    return tag


async def add_taggings(unit: Unit, tag_id: UUID, profile_ids: Sequence[UUID]) -> int:
    """Put a tag on profiles of its nation.

    Returns:
        How many did not bear it before.

    Raises:
        NotFound: there is no such tag, or the caller may not know of it.
        Forbidden: the tag was shared to the nation by another.
        InvalidInput: a profile is not of this nation, or there are too many at once.
    """
    tag = await own_tag(unit, tag_id, Deed.EDIT_TAGS)
    await check_profiles(unit, tag.nation_id, profile_ids)
    return await put_on(unit, tag.nation_id, tag.id, profile_ids)


async def named_tags(unit: Unit, nation_id: int, names: Sequence[str]) -> dict[str, UUID]:
    """The nation's own tags of these names, in any mix of cases; made where there are none.

    Returns:
        The tags by casefolded name.
    """
    if not names:
        return {}
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(name.casefold(), name)
    found = {tag.name.casefold(): tag.id for tag in await _own(nation_id)}
    missing = [Tag(id=uuid7(), nation_id=nation_id, name=name) for key, name in wanted.items() if key not in found]
    await Tag.bulk_create(missing)
    unit.changed(nation_id, Noun.TAG, [tag.id for tag in missing])
    found |= {tag.name.casefold(): tag.id for tag in missing}
    return {key: found[key] for key in wanted}


async def remove_taggings(unit: Unit, tag_id: UUID, profile_ids: Sequence[UUID]) -> int:
    """Take a tag off profiles of its nation. Where it is shared, their matches end.

    Returns:
        How many bore it.

    Raises:
        NotFound, Forbidden, InvalidInput: as for ``add_taggings``.
    """
    tag = await own_tag(unit, tag_id, Deed.EDIT_TAGS)
    await check_profiles(unit, tag.nation_id, profile_ids)
    return await take_off(unit, tag.nation_id, tag.id, profile_ids)


def _own(nation_id: int) -> QuerySet[Tag]:
    """The tags that a nation made itself."""
    return Tag.filter(nation_id=nation_id, share_id=None, kind=TagKind.TAG)


async def _free_name(nation_id: int, raw: str, own_id: UUID | None) -> str:
    try:
        name = line(raw, MAX_NAME)
    except Refused as refused:
        raise InvalidInput(f"The tag's name: {refused}.", "name") from None
    if name is None:
        raise InvalidInput("A tag needs a name.", "name")
    taken = await _own(nation_id).filter(name__iexact=name).first()
    if taken is not None and taken.id != own_id:
        raise _taken(taken.name)
    return name


def _taken(name: str) -> InvalidInput:
    return InvalidInput(f"There is a tag “{name}” already: choose another name.", "name")
