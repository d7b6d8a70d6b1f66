"""Refusing what would change something that an audience share holds."""

from collections.abc import Sequence
from uuid import UUID

from actions.unit import Unit
from models.custom_field import CustomField
from models.queries import query
from models.segment import Segment
from models.tag import Tag
from sharing.locks import lock_of, locked
from sharing.texts import quote


async def require_unlocked(unit: Unit, what: str, thing: Tag | Segment | CustomField, *path: str) -> None:
    """Make sure that no share locks a group, a segment or a custom field.

    Args:
        unit: the open transaction.
        what: the thing, as in "This group".
        thing: the thing, which the caller may see.
        path: the input that names it.

    Raises:
        Locked: one does.
    """
    share_id = lock_of(thing)
    if share_id is not None:
        (row,) = await unit.pg.fetch(query("lockers"), [share_id])
        raise locked(what, row["name"], share_id, *path)


async def require_free(unit: Unit, profile_ids: Sequence[UUID], *path: str, numbered: bool = True) -> None:
    """Make sure that none of some profiles is in a group that a share locks: who is in it is the share's to say.

    Args:
        unit: the open transaction.
        profile_ids: the profiles.
        path: the input that names them.
        numbered: whether the place among them is named, too.

    Raises:
        Locked: one is.
    """
    row = await unit.pg.fetchrow(query("locked_membership"), list(profile_ids))
    if row is not None:
        place = [str(list(profile_ids).index(row["profile_id"]))] if numbered else []
        what = f"This person is in the group {quote(row['name'])}, which"
        raise locked(what, row["nation"], row["share_id"], *path, *place)
