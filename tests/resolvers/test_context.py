"""What an operation carries with it: it forgets with every write, and writes all or nothing."""

import pytest

from actions.tags import create_tag
from models.tag import Tag
from sharing.events import Event, EventKind, Noun
from tests.resolvers.asking import Api
from tests.world import World


async def test_a_write_makes_it_forget_what_was_read(api: Api, world: World):
    north = await world.nation("north")
    context = api.context(north.admin)
    loaders, reads = context.loaders, context.reads
    assert (context.loaders, context.reads) == (loaders, reads)
    async with context.unit():
        pass
    assert context.loaders is not loaders
    assert context.reads is not reads


async def test_a_unit_that_raises_leaves_nothing(api: Api, world: World):
    north = await world.nation("north")
    world.post.woken.clear()
    context = api.context(north.admin)

    async def fail() -> None:
        async with context.unit() as unit:
            await create_tag(unit, north.id, "members")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await Tag.filter(nation_id=north.id).count() == 0
    assert world.post.woken == set()


async def test_a_cursor_tells_of_the_callers_own_nation_alone(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    context = api.context(north.admin)
    async with context.unit() as unit:
        for nation in (north, south):
            unit.emit(nation.id, Event(EventKind.CHANGED, Noun.TAG, (north.admin.token_id,)))
    assert context.cursor(unit, south.id) is None
    assert context.cursor(unit, south.id, north.id) == context.cursor(unit, north.id)
    assert context.cursor(unit, north.id) is not None
    async with context.unit() as quiet:
        pass
    assert context.cursor(quiet, north.id) is None
