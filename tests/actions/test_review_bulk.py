"""Review in bulk: a thousand conflicts at once, all or none."""

from __future__ import annotations

import pytest

from actions.conflicts import apply_conflicts, skip_conflicts
from actions.decisions import MAX_CONFLICTS
from models.conflict import Conflict
from sharing.errors import InvalidInput, StaleVersion
from sharing.modes import SyncMode
from sharing.states import ConflictState
from tests.refusals import refused
from tests.world import SharedTag, World

FIELDS = (
    "middle_name", "legal_name", "prefix", "employer", "occupation", "bio", "religion", "ethnicity", "church", "meetup_id",
)  # fmt: skip


async def disputed(world: World, people: int) -> SharedTag:
    """Share people under review, on each of whom the two nations differ in ten fields."""
    north, south = await world.nations("north", "south")
    tagged = []
    for number in range(people):
        known = {"last_name": "Okonkwo", "twitter_id": f"t{number}"}
        tagged.append(await north.person(**known, **dict.fromkeys(FIELDS, f"north {number}")))
        await south.person(**known, **dict.fromkeys(FIELDS, f"south {number}"))
    share = await north.share(await north.tag("board", tagged), south)
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    return share


async def test_a_thousand_conflicts_are_applied_at_once_and_one_more_is_too_many(world: World) -> None:
    """Each side takes all it selected to its own profiles; the other nation's stay as they are."""
    share = await disputed(world, MAX_CONFLICTS // len(FIELDS) + 1)
    ids = [conflict.id for conflict in await share.conflicts()]
    assert len(ids) == MAX_CONFLICTS + len(FIELDS)
    assert MAX_CONFLICTS == 1000
    south = share.receiver
    async with refused(InvalidInput, share.sender, south), world.unit(south.member) as unit:
        await apply_conflicts(unit, south.id, ids[: MAX_CONFLICTS + 1])
    async with world.unit(south.member) as unit:
        await apply_conflicts(unit, south.id, ids[:MAX_CONFLICTS])
    await world.work()
    states = [conflict.state for conflict in await Conflict.filter(share_id=share.id, id__in=ids[:MAX_CONFLICTS])]
    assert states == [ConflictState.RESOLVED] * MAX_CONFLICTS
    left = await Conflict.filter(share_id=share.id, state=ConflictState.OPEN)
    assert len(left) == len(FIELDS)
    for nation in (share.sender, south):
        held = [getattr(person, key) for person in await nation.people() for key in FIELDS]
        taken = MAX_CONFLICTS if nation is south else MAX_CONFLICTS + len(FIELDS)
        assert sum(value.startswith("north") for value in held) == taken
    assert sum((await share.boxes()).values()) == MAX_CONFLICTS // len(FIELDS) + 1


@pytest.mark.parametrize("act", [apply_conflicts, skip_conflicts])
async def test_one_that_cannot_be_decided_spoils_all_that_were_selected(world: World, act) -> None:
    """One value changed since it was shown, among many: refused, nothing written."""
    share = await disputed(world, 3)
    ids = [conflict.id for conflict in await share.conflicts()]
    closed = ids[len(ids) // 2]
    await share.sender.apply(closed)
    async with refused(InvalidInput, share.sender, share.receiver), world.unit(share.receiver.member) as unit:
        await act(unit, share.receiver.id, ids)


async def test_one_stale_value_among_many_is_refused_and_none_is_written(world: World) -> None:
    share = await disputed(world, 3)
    ids = [conflict.id for conflict in await share.conflicts()]
    person = (await share.sender.people())[1]
    await share.sender.edit(person.id, church="St Ann")
    async with refused(StaleVersion, share.sender, share.receiver), world.unit(share.receiver.member) as unit:
        await apply_conflicts(unit, share.receiver.id, ids)
