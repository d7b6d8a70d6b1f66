"""A write and the key under which it is done: both are kept, or neither."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import copy_context
from uuid import UUID

import pytest

from actions.repeats import Repeatable, do_once
from actions.tags import create_tag
from actions.unit import Unit
from models.tag import Tag
from tests.world import Nation, World

KEY = Repeatable("1", "createTag", b"what it says")


async def make(nation: Nation) -> UUID:
    return (await do_once(nation.world.post, nation.admin, KEY, create_tag, nation.id, "members")).result


async def test_a_write_broken_off_before_its_end_leaves_no_key_and_is_done_when_asked_again(world: World) -> None:
    north = await world.nation("north")
    written = asyncio.Event()

    async def broken_off(unit: Unit) -> UUID:
        tag_id = await create_tag(unit, north.id, "members")
        written.set()
        await asyncio.Event().wait()
        return tag_id

    task = asyncio.create_task(do_once(world.post, north.admin, KEY, broken_off), context=copy_context())
    await written.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await Tag.filter(nation_id=north.id).count() == 0
    made = await make(north)
    assert await make(north) == made
    assert await Tag.filter(nation_id=north.id).count() == 1


async def test_where_the_key_cannot_be_kept_nothing_is_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    north = await world.nation("north")

    async def away(*_: object) -> None:
        raise ConnectionError("The database went away.")

    with monkeypatch.context() as patched:
        patched.setattr("actions.repeats._keep", away)
        with pytest.raises(ConnectionError):
            await make(north)
    assert await Tag.filter(nation_id=north.id).count() == 0
    assert await make(north)
