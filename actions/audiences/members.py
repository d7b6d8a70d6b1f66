"""Sets of people kept as hidden tags: brought up to date by what differs, never written anew."""

from uuid import UUID

from actions.unit import Unit
from models.queries import query
from sharing.segments.asking import Condition
from sharing.segments.criteria import Criterion

# Where the condition of the criteria stands in the statements: on a row p of profiles.
_PLACE = "/* criteria */ true"


async def diff_members(
    unit: Unit, nation_id: int, criteria: Criterion, tag_id: UUID, *, source: str, share_id: UUID
) -> tuple[int, int]:
    """Put a hidden tag on exactly whom a statement finds.

    Args:
        unit: the open transaction.
        nation_id: the nation whose people the criteria are about.
        criteria: who is meant.
        tag_id: the tag.
        source: the statement: ``gather_members`` or ``place_members``.
        share_id: the share that it is for.

    Returns:
        How many came, and how many went.
    """
    condition = Condition(4, await unit.now())
    statement = query(source).replace(_PLACE, condition.of(criteria))
    row = await unit.pg.fetchrow(statement, nation_id, share_id, tag_id, *condition.parameters)
    assert row is not None
    return row["came"], row["gone"]
