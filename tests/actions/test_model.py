"""Whatever happens among several nations, the database ends as plain Python says it must."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from random import Random, randrange
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.actions.story import Story
from tests.world import World

# Evenly random choices, of which hypothesis knows the seed.
DICE = st.randoms(use_true_random=True)
# As many parts as there may be processes that take one.
PARTS = 2
STEPS_OF_A_STORY = 50
LIMITS = settings(
    max_examples=5,
    stateful_step_count=STEPS_OF_A_STORY,
    phases=[Phase.generate],  # what was told is printed; choices by dice do not shrink
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Nations(RuleBasedStateMachine):
    """Three to five nations in which anything may happen, in the database and in the model alike."""

    loop: asyncio.AbstractEventLoop
    steps = 0
    stories = 0

    def run(self, happening: Coroutine[Any, Any, Any]) -> None:
        """Let something happen on the loop that the database is on."""
        type(self).steps += 1
        try:
            asyncio.run_coroutine_threadsafe(happening, self.loop).result(120)
        except AssertionError:
            note("\n".join(self.story.told))
            raise

    @initialize(dice=DICE)
    def begin(self, dice: Random) -> None:
        type(self).stories += 1
        self.story = Story(World())
        self.run(self.story.begin(dice))

    @rule(dice=DICE)
    def somebody_is_edited(self, dice: Random) -> None:
        self.run(self.story.edit(dice))

    @rule(dice=DICE)
    def somebody_changes_jobs(self, dice: Random) -> None:
        self.run(self.story.edit(dice, "employer"))

    @rule(dice=DICE)
    def a_tag_is_put_on_or_taken_off(self, dice: Random) -> None:
        self.run(self.story.toggle(dice))

    @rule(dice=DICE)
    def the_workers_work(self, dice: Random) -> None:
        self.run(self.story.work(dice))

    @rule(dice=DICE)
    def the_workers_work_on(self, dice: Random) -> None:
        self.run(self.story.work(dice))

    @precondition(lambda self: self.story.conflicts())
    @rule(dice=DICE)
    def a_conflict_is_decided(self, dice: Random) -> None:
        self.run(self.story.decide(dice))

    @rule(dice=DICE)
    def something_rare_happens(self, dice: Random) -> None:
        self.run(self.story.rarity(dice))

    def teardown(self) -> None:
        if hasattr(self, "story"):
            self.run(self.story.quiet())


@pytest.mark.parametrize("part", range(PARTS))
async def test_database_and_model_agree_whatever_happens(world: World, pytestconfig: pytest.Config, part: int) -> None:
    """Edits, tags, shares, modes, decisions, stops, deletions and kills in any order; after quiet both hold the same."""
    first = number = (pytestconfig.getoption("--story-seed") or randrange(10**9)) + part * 10**6
    machine = type("Told", (Nations,), {"loop": asyncio.get_running_loop()})
    while machine.steps < pytestconfig.getoption("--story-steps") / PARTS:
        print(f"part {part}, seed {number} (of {first} and on), {machine.steps} steps, {machine.stories} stories")  # noqa: T201
        await asyncio.to_thread(run_state_machine_as_test, seed(number)(machine), settings=LIMITS)
        number += 1
    print(f"part {part}: {machine.steps} steps in {machine.stories} stories, no difference")  # noqa: T201
