"""What has been archived for eighteen months is deleted, a bounded part in each transaction."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from actions.profiles import remove_profiles
from actions.unit import Unit
from models.queries import query
from sharing.events import Noun

KEPT_ARCHIVED = timedelta(days=548)  # eighteen months
AT_ONCE = 2_000

# Deletes some of what is too old; gives whether there may be more.
Purge = Callable[[Unit], Awaitable[bool]]


async def purge_profiles(unit: Unit) -> bool:
    """Delete the people who were archived too long ago, and tell their nations."""
    old = await unit.pg.fetch(query("old_profiles"), await unit.now() - KEPT_ARCHIVED, AT_ONCE)
    by_nation: dict[int, list[UUID]] = defaultdict(list)
    for row in old:
        by_nation[row["nation_id"]].append(row["id"])
    for nation_id in sorted(by_nation):
        await remove_profiles(unit, nation_id, by_nation[nation_id])
    return len(old) == AT_ONCE


async def purge_groups(unit: Unit) -> bool:
    """Delete the groups that were archived too long ago, and tell their nations."""
    return await _purge(unit, "purge_groups", Noun.GROUP)


async def purge_segments(unit: Unit) -> bool:
    """Delete the segments that were archived too long ago, and tell their nations."""
    return await _purge(unit, "purge_segments", Noun.SEGMENT)


async def purge_custom_fields(unit: Unit) -> bool:
    """Delete the custom fields that were archived too long ago, with what profiles hold in them; tell their nations."""
    old = await unit.pg.fetchrow(query("old_custom_fields"), await unit.now() - KEPT_ARCHIVED)
    if old is None:
        return False
    nation_id, slugs = old["nation_id"], old["slugs"]
    if await unit.pg.fetchval(query("forget_custom_values"), nation_id, slugs, AT_ONCE) < AT_ONCE:
        gone = await unit.pg.fetch(query("purge_custom_fields"), nation_id, slugs)
        unit.deleted(nation_id, Noun.CUSTOM_FIELD, [row["id"] for row in gone])
    return True


async def _purge(unit: Unit, name: str, noun: Noun) -> bool:
    for row in await unit.pg.fetch(query(name), await unit.now() - KEPT_ARCHIVED):
        unit.deleted(row["nation_id"], noun, [row["id"]])
    return False


PURGES: tuple[Purge, ...] = (purge_profiles, purge_groups, purge_segments, purge_custom_fields)
