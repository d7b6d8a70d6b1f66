"""Random stories of an audience: at rest each target holds what the rules say, and what was there before is untouched."""

from random import Random

import pytest

from tests.actions.audience_story import KNOWN, MILLS, OWN, TOWNS, Story, names_in
from tests.audience import Audience
from tests.world import World

STEPS = 60


@pytest.mark.parametrize("seed", [11, 24, 27, 120])
async def test_at_rest_each_target_holds_what_the_rules_say(world: World, seed: int):
    audience = await Audience.among(world, "east", "west")
    story = Story(audience, Random(seed))
    for target in audience.targets:
        for number in range(2):
            mail = [f"p{number}@example.org"]
            await target.person(first_name=f"P{number}", website=OWN, emails=mail)
    for name in ("mill one", "mill two", "town"):
        story.wanted[name] = MILLS[0] if name.startswith("mill") else TOWNS[0]
        story.segments[name] = await audience.segment(name, story.criteria(name))
    for _ in range(4):
        await story.meet()
    story.draw()
    await audience.create(story.rules())
    await audience.activate()
    for _ in range(STEPS):
        await story.step()
    await story.sync()
    await audience.delete()
    for target in audience.targets:
        assert await names_in(target) == KNOWN | story.kept(target.id)
