"""On which fields pairs of profiles differ, as the database finds it."""

from itertools import product

import pytest

from models.records import differing
from sharing.visibility import Caller
from tests.world import World

HELD = (None, "Ann", "ann")
KEYS = ("occupation", "is_deceased", "home_address", "emails")


@pytest.mark.parametrize("key", ["occupation", "is_deceased"])
async def test_a_field_differs_where_the_two_hold_two_values_of_it(world: World, key: str) -> None:
    """A blank differs from a value, and false from a blank."""
    ours, theirs = await world.nations("ours", "theirs")
    values = (None, False, True) if key == "is_deceased" else HELD
    for one, other in product(values, values):
        left = await ours.person(last_name="Arc", **({key: one} if one is not None else {}))
        right = await theirs.person(last_name="Arc", **({key: other} if other is not None else {}))
        async with world.unit(Caller()) as unit:
            assert await differing(unit.pg, [left], [right], KEYS) == ({key} if one != other else set())


async def test_of_several_pairs_every_field_counts_on_which_any_of_them_differs(world: World) -> None:
    ours, theirs = await world.nations("ours", "theirs")
    ones = [await ours.person(last_name="Arc", occupation="Smith"), await ours.person(last_name="Bow", suffix="Jr")]
    others = [await theirs.person(last_name="Arc", occupation="Baker"), await theirs.person(last_name="Bow")]
    async with world.unit(Caller()) as unit:
        keys = ("last_name", "occupation", "suffix")
        assert await differing(unit.pg, ones, others, keys) == {"occupation", "suffix"}
        assert await differing(unit.pg, ones, others, ["last_name"]) == frozenset()
        assert await differing(unit.pg, ones, others, []) == frozenset()


async def test_where_any_custom_value_differs_every_custom_field_counts(world: World) -> None:
    ours, theirs = await world.nations("ours", "theirs")
    await ours.define("shirt")
    one, other = await ours.person(last_name="Arc", **{"custom:shirt": "M"}), await theirs.person(last_name="Arc")
    async with world.unit(Caller()) as unit:
        keys = ("last_name", "custom:shirt", "custom:badge")
        assert await differing(unit.pg, [one], [other], keys) == {"custom:shirt", "custom:badge"}
        assert await differing(unit.pg, [one], [other], ["last_name"]) == frozenset()
