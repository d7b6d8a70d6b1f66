"""Whether an audience bears what is done at the same moment: each waits for the other, and who comes last is told."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from actions.audiences.rules import activate_audience, update_audience
from actions.nations import update_nation
from actions.removal import delete_nation
from actions.segments import archive_segment
from models.share import Share
from sharing.audiences.rules import TERMS_VERSION, AudienceRules
from sharing.errors import InvalidInput
from tests.audience import Audience, active, who
from tests.world import World
from workers.sweep import rematch

MOMENT = 0.3


async def waiting(doing: Coroutine[Any, Any, Any], context: Any) -> asyncio.Task[Any]:
    """Begin something, in the context of another, that has to wait for what is open; gives it as it waits."""
    task = asyncio.create_task(doing, context=context)
    await asyncio.sleep(MOMENT)
    assert not task.done(), "it waits for nobody"
    return task


async def two_segments(world: World) -> tuple[Audience, AudienceRules, AudienceRules]:
    """Return an audience that shares one of two segments, with rules that share it and rules that share both."""
    audience = await Audience.among(world)
    first = await audience.segment("Anns", who("first_name", "Ann"))
    second = await audience.segment("Bobs", who("first_name", "Bob"))
    await audience.begin(audience.rules(first))
    return audience, audience.rules(first), audience.rules(first, second)


async def test_a_segment_that_is_being_shared_is_not_archived_by_somebody_else(world: World):
    audience, _, both = await two_segments(world)
    second = both.targets[0].segments[1]

    async def archive() -> None:
        async with world.unit(audience.source.member) as unit:
            await archive_segment(unit, second)

    context = copy_context()
    async with world.unit(audience.source.admin) as unit:
        await update_audience(unit, audience.id, both)
        archiving = await waiting(archive(), context)
    with pytest.raises(InvalidInput, match="is shared with"):
        await archiving
    assert (await audience.twin(audience.targets[0], second)).archived_at is None


async def test_a_segment_that_is_being_archived_is_not_shared_by_somebody_else(world: World):
    audience, one, both = await two_segments(world)
    second = both.targets[0].segments[1]
    context = copy_context()
    async with world.unit(audience.source.member) as unit:
        await archive_segment(unit, second)
        sharing = await waiting(audience.update(both), context)
    with pytest.raises(InvalidInput, match="archived just now"):
        await sharing
    assert (await audience.row()).rules == one.as_json()


async def test_edits_of_rules_and_runs_that_are_due_take_shares_in_one_order(world: World, database_url: str):
    """One holds the first share, as a worker does; then an edit of all rules and the clock come, and none is undone."""
    audience = await Audience.among(world, "east", "west")
    east, west = audience.targets
    anns = await audience.segment("Anns", who("first_name", "Ann"))
    await audience.begin(audience.rules(anns, targets=[west]))
    await audience.update(audience.rules(anns, targets=[east, west]))
    shares = await Share.filter(sender_id=audience.source.id).order_by("id")
    assert [share.receiver_id for share in shares] == [west.id, east.id]
    long_ago = shares[0].requested_at - timedelta(hours=1)
    await Share.filter(sender_id=audience.source.id).update(next_sync_at=long_ago)
    worker = await asyncpg.connect(database_url)
    holding = worker.transaction()
    await holding.start()
    await worker.execute("SELECT FROM shares WHERE id = $1 FOR UPDATE", shares[0].id)
    rules = audience.rules(anns, targets=[east, west], group_name="Others", every_hours=3)
    edit = await waiting(audience.update(rules), copy_context())
    clock = await waiting(rematch(world.post), copy_context())
    await holding.rollback()
    await worker.close()
    await asyncio.wait_for(asyncio.gather(edit, clock), timeout=10)
    for target in audience.targets:
        group = await audience.group(target)
        assert group is not None
        assert group.name == "Others"


async def test_a_nation_that_is_being_removed_gets_no_share(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    await audience.source.person(first_name="Ann")
    await audience.create(audience.rules(await audience.segment("Anns", who("first_name", "Ann"))))

    async def activate() -> None:
        async with world.unit(audience.source.admin) as unit:
            await activate_audience(unit, audience.id, TERMS_VERSION)

    context = copy_context()
    async with world.unit(target.admin) as unit:
        await delete_nation(unit, target.id)
        activating = await waiting(activate(), context)
    await activating
    assert (await audience.row()).rules["targets"] == []
    assert not await Share.filter(sender_id=audience.source.id).exists()


async def test_a_contact_that_comes_back_is_linked_by_its_reference_in_the_run_that_brings_it_back(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    ann = await audience.source.person(first_name="Ann", employer="Mill")
    await audience.begin(audience.rules(await audience.segment("Millers", who("employer", "Mill"))))
    (contact,) = await active(target)
    await audience.source.edit(ann, employer="Dock")
    await audience.sync()
    assert await active(target) == []
    async with world.unit(audience.source.admin) as unit:
        await update_nation(unit, audience.source.id, auto_districting=True)
    await audience.source.edit(ann, employer="Mill", first_name="Anna")
    await audience.sync()
    assert [(one.id, one.first_name) for one in await active(target)] == [(contact.id, "Anna")]
    assert await audience.members(target) == {"Anna"}
