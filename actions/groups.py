"""Groups: fixed lists of profiles, made, renamed, archived and restored; who is in them."""

from collections.abc import Sequence
from uuid import UUID

from actions.locks import require_unlocked
from actions.new_ids import given_once, new_id
from actions.rights import require_in
from actions.taggings import check_profiles, put_on, take_off
from actions.unit import Unit
from models.tag import Tag, TagKind
from sharing.errors import Archived, InvalidInput, NotFound, Refused
from sharing.events import Noun
from sharing.texts import line, quote
from sharing.visibility import Deed

MAX_NAME = 255


async def create_group(unit: Unit, nation_id: int, name: str, *, group_id: UUID | None = None) -> UUID:
    """Make a group.

    Args:
        unit: the open transaction.
        nation_id: the nation it is made in.
        name: what it is called; no other live group of the nation is called so, in whatever case.
        group_id: an id that the client made; None makes one.

    Raises:
        NotFound: the caller does not belong to the nation.
        InvalidInput: the name is blank, too long, or taken; or the id is taken.
    """
    nation = await require_in(unit.caller, nation_id, Deed.EDIT_GROUPS)
    group = Tag(id=await new_id(Tag, group_id), nation_id=nation.id, kind=TagKind.GROUP, name=_name(name))
    with given_once(_taken(group.name)):
        await group.save(force_create=True)
    unit.changed(nation.id, Noun.GROUP, [group.id])
    return group.id


async def rename_group(unit: Unit, group_id: UUID, name: str) -> UUID:
    """Give a group another name.

    Raises:
        NotFound: there is no such group, or the caller may not know of it.
        Locked: an audience share made it.
        InvalidInput: as for ``create_group``, or the group is archived.
    """
    group = await _live_group(unit, group_id)
    before, group.name = group.name, _name(name)
    if group.name != before:
        await _save(unit, group, "name")
    return group.id


async def archive_group(unit: Unit, group_id: UUID) -> UUID:
    """Put a group away, with who is in it. Its name is free; it can be restored for eighteen months.

    Raises:
        NotFound, Locked: as for ``rename_group``.
    """
    group = await _own_group(unit, group_id)
    if group.archived_at is None:
        group.archived_at = await unit.now()
        await _save(unit, group, "archived_at")
    return group.id


async def restore_group(unit: Unit, group_id: UUID) -> UUID:
    """Bring an archived group back, with who was in it.

    Raises:
        NotFound, Locked: as for ``rename_group``.
        InvalidInput: another has its name by now.
    """
    group = await _own_group(unit, group_id)
    if group.archived_at is not None:
        group.archived_at = None
        await _save(unit, group, "archived_at")
    return group.id


async def add_group_members(unit: Unit, group_id: UUID, profile_ids: Sequence[UUID]) -> int:
    """Put profiles of its nation into a group.

    Returns:
        How many were not in it before.

    Raises:
        NotFound, Locked: as for ``rename_group``.
        InvalidInput: the group is archived, a profile is not of this nation, or there are too many at once.
    """
    group = await _live_group(unit, group_id)
    await check_profiles(unit, group.nation_id, profile_ids)
    return await put_on(unit, group.nation_id, group.id, profile_ids, TagKind.GROUP)


async def remove_group_members(unit: Unit, group_id: UUID, profile_ids: Sequence[UUID]) -> int:
    """Take profiles out of a group.

    Returns:
        How many were in it.

    Raises:
        NotFound, Locked, InvalidInput: as for ``add_group_members``.
    """
    group = await _live_group(unit, group_id)
    await check_profiles(unit, group.nation_id, profile_ids)
    return await take_off(unit, group.nation_id, group.id, profile_ids, TagKind.GROUP)


async def _own_group(unit: Unit, group_id: UUID) -> Tag:
    """A group that the caller may change, locked."""
    group = await Tag.groups_of(unit.caller).select_for_update(no_key=True).get_or_none(id=group_id)
    if group is None:
        raise NotFound("There is no such group.", "groupId")
    await require_in(unit.caller, group.nation_id, Deed.EDIT_GROUPS)
    await require_unlocked(unit, "This group", group, "groupId")
    return group


async def _live_group(unit: Unit, group_id: UUID) -> Tag:
    """As ``_own_group``, where it is not archived."""
    group = await _own_group(unit, group_id)
    if group.archived_at is not None:
        raise Archived("group", "groupId")
    return group


async def _save(unit: Unit, group: Tag, column: str) -> None:
    with given_once(_taken(group.name)):
        await group.save(update_fields=[column])
    unit.changed(group.nation_id, Noun.GROUP, [group.id])


def _name(raw: str) -> str:
    try:
        name = line(raw, MAX_NAME)
    except Refused as refused:
        raise InvalidInput(f"The group's name: {refused}.", "name") from None
    if name is None:
        raise InvalidInput("A group needs a name.", "name")
    return name


def _taken(name: str) -> InvalidInput:
    return InvalidInput(f"There is a group {quote(name)} already: choose another name.", "name")
