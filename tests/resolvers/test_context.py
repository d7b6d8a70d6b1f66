"""What an operation carries with it: it forgets with every write, and writes all or nothing."""

import pytest

from actions.tags import create_tag
from actions.unit import Unit
from models.tag import Tag
from sharing.events import Event, EventKind, Noun
from tests.resolvers.asking import Api
from tests.world import World


async def nothing(unit: Unit) -> None:
    """Write nothing."""


async def test_a_write_makes_it_forget_what_was_read(api: Api, world: World):
    north = await world.nation("north")
    context = api.context(north.admin)
    loaders, reads = context.loaders, context.reads
    assert (context.loaders, context.reads) == (loaders, reads)
    await context.write(nothing)
    assert context.loaders is not loaders
    assert context.reads is not reads


async def test_a_unit_that_raises_leaves_nothing(api: Api, world: World):
    north = await world.nation("north")
    world.post.woken.clear()
    context = api.context(north.admin)

    async def fail(unit: Unit) -> None:
        await create_tag(unit, north.id, "members")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await context.write(fail)
    assert await Tag.filter(nation_id=north.id).count() == 0
    assert world.post.woken == set()


async def test_a_cursor_tells_of_the_callers_own_nation_alone(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    context = api.context(north.admin)

    async def tell(unit: Unit) -> None:
        for nation in (north, south):
            unit.emit(nation.id, Event(EventKind.CHANGED, Noun.TAG, (north.admin.token_id,)))

    done = await context.write(tell)
    assert context.cursor(done, south.id) is None
    assert context.cursor(done, south.id, north.id) == context.cursor(done, north.id)
    assert context.cursor(done, north.id) is not None
    quiet = await context.write(nothing)
    assert context.cursor(quiet, north.id) is None
