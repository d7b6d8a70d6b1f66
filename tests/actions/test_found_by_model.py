"""What random stories, told to the database and to the model, brought to light: each once more, short and by name."""

from __future__ import annotations

import pytest

from sharing.errors import StaleVersion
from sharing.modes import SyncMode
from tests.couples import couple
from tests.refusals import refused
from tests.world import World


async def test_a_run_syncs_nobody_whose_tag_was_taken_off_before_it_began(world: World) -> None:
    """The run and the work that ends the match are two jobs: whichever comes first, nothing more travels."""
    pair = await couple(world, {}, {})
    await pair.sender.edit(pair.ours, employer="Mill")
    await pair.sender.take_off(pair.tag, pair.ours)
    world.post.jobs.clear()
    await pair.share.sync()
    assert await pair.both("employer") == ("Mill", None)
    assert (await pair.share.boxes(), await pair.share.tagged()) == ({}, set())


@pytest.mark.parametrize("act", ["apply", "skip"])
async def test_whoever_lost_the_tag_is_decided_on_no_more_though_no_worker_has_seen_it(world: World, act: str) -> None:
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Shop"}, SyncMode.ALWAYS_REVIEW)
    conflict = await pair.share.conflict("employer")
    await pair.sender.take_off(pair.tag, pair.ours)
    async with refused(StaleVersion, pair.sender, pair.receiver) as info:
        await getattr(pair.receiver, act)(conflict.id)
    assert "shared no more" in str(info.value)
