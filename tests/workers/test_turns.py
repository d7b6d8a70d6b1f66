"""Places for steps: bounded, and given out in turns."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import pytest

from workers.turns import Turns


class Hall:
    """Where steps are taken, and in which order they were.

    Attributes:
        taken: whose steps were begun, in order.
        inside: how many are under way.
        most: how many were at once.
    """

    def __init__(self, places: int) -> None:
        self.turns = Turns(places)
        self.taken: list[str] = []
        self.inside = self.most = 0

    async def steps(self, whose: str, number: int) -> None:
        """Take steps, one after the other."""
        for _ in range(number):
            async with self.turns.take(whose):
                self.taken.append(whose)
                self.inside += 1
                self.most = max(self.most, self.inside)
                await asyncio.sleep(0)
                self.inside -= 1

    async def all_of(self, lanes: Iterable[tuple[str, int]]) -> None:
        """Take the steps of several at once."""
        await asyncio.gather(*(self.steps(whose, number) for whose, number in lanes))


async def test_no_more_steps_are_taken_at_once_than_there_are_places():
    hall = Hall(3)
    await hall.all_of(("abcdefg"[number], 5) for number in range(7))
    assert (hall.most, len(hall.taken)) == (3, 35)


async def test_whoever_waits_has_a_step_before_anybody_has_a_second():
    """However many lanes one of them has, and however much it has to do."""
    hall = Hall(1)
    await hall.all_of([*[("big", 30)] * 4, ("small", 6), ("other", 6)])
    last = max(place for place, whose in enumerate(hall.taken) if whose == "small")
    before = hall.taken[: last + 1]
    assert before.count("small") == 6
    assert before.count("big") <= 2 + 6  # what came before it, then one for one
    assert abs(before.count("small") - before.count("other")) <= 1


async def test_a_thing_that_comes_late_waits_for_one_step_of_each_and_no_more():
    hall = Hall(1)

    async def late() -> int:
        for _ in range(20):
            await asyncio.sleep(0)
        come = len(hall.taken)
        await hall.steps("late", 4)
        return come

    lanes = [(name, 50) for name in ("one", "two", "three") for _ in range(2)]
    come, _ = await asyncio.gather(late(), hall.all_of(lanes))
    places = [place for place, whose in enumerate(hall.taken) if whose == "late"]
    assert 0 < come <= places[0] < len(hall.taken) - 100
    waits = [after - before for before, after in zip([come, *places], places, strict=False)]
    assert max(waits) <= 4, waits


async def test_a_free_place_is_taken_at_once():
    hall = Hall(2)
    async with hall.turns.take("one"):
        await asyncio.wait_for(hall.steps("two", 3), 1)
    assert hall.taken == ["two"] * 3


@pytest.mark.parametrize("served", [False, True])
async def test_whoever_gives_up_waiting_loses_nobody_the_place(served: bool):
    """Before its turn, or in the very moment that it comes."""
    hall = Hall(1)
    async with hall.turns.take("one"):
        waiting = asyncio.create_task(hall.steps("gone", 1))
        others = asyncio.create_task(hall.steps("two", 2))
        await asyncio.sleep(0)
        if not served:
            waiting.cancel()
            await asyncio.sleep(0)
    if served:
        waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(others, 1)
    await asyncio.wait_for(hall.steps("three", 1), 1)
    assert hall.taken == ["two", "two", "three"]


async def test_a_step_that_fails_gives_its_place_back():
    hall = Hall(1)
    with pytest.raises(ValueError, match="broken"):
        async with hall.turns.take("one"):
            raise ValueError("broken")
    await asyncio.wait_for(hall.steps("two", 1), 1)
