"""Temporary."""

from collections.abc import Collection
from uuid import UUID

from actions.unit import Unit
from sharing.events import Noun


async def put_away(unit: Unit, nation_id: int, profile_ids: Collection[UUID]) -> list[UUID]:
    """Archive."""
    ids = list(profile_ids)
    await unit.pg.execute("UPDATE profiles SET archived_at = clock_timestamp() WHERE id = ANY($1)", ids)
    await unit.pg.execute(
        "WITH g AS (DELETE FROM taggings WHERE profile_id = ANY($1) RETURNING *) INSERT INTO archived_taggings SELECT profile_id, tag_id, created_at FROM g",
        ids,
    )
    unit.changed(nation_id, Noun.PROFILE, ids)
    return ids


async def bring_back(unit: Unit, nation_id: int, profile_ids: Collection[UUID]) -> list[UUID]:
    """Restore."""
    ids = list(profile_ids)
    await unit.pg.execute("UPDATE profiles SET archived_at = NULL WHERE id = ANY($1)", ids)
    await unit.pg.execute(
        "WITH g AS (DELETE FROM archived_taggings WHERE profile_id = ANY($1) RETURNING *) INSERT INTO taggings (profile_id, tag_id, created_at) SELECT profile_id, tag_id, created_at FROM g",
        ids,
    )
    unit.changed(nation_id, Noun.PROFILE, ids)
    return ids
