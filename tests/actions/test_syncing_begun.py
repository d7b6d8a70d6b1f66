"""Fields that come to travel while a share is live: the pairs have never met on them."""

import pytest

from actions.nations import update_nation
from models.network import Network
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState
from tests.couples import ANN, BEN, Couple, couple
from tests.tables import differences, holdings
from tests.world import Nation, World

ALL, REVIEW, BLANK_ONLY = SyncMode.ACCEPT_ALL, SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_BLANK_ONLY
OURS = {"precinct_name": "One", "precinct_code": "1", "is_active_voter": True}
THEIRS = {"precinct_name": "Two", "precinct_id": "22", "is_active_voter": False}


async def vote(nation: Nation, *, enabled: bool) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await update_nation(unit, nation.id, voters=enabled)
    await nation.world.work()


async def without_voters(world: World, mode: SyncMode) -> Couple:
    """Share somebody about whom both know something that travels only once the receiver has voters enabled."""
    north, south = await world.nation("north", voters=True), await world.nation("south")
    pair = await couple(world, OURS, THEIRS, mode, sender=north, receiver=south)
    assert await pair.both("precinct_name") == ("One", "Two")
    return pair


async def test_a_field_that_comes_to_travel_is_filled_and_where_the_two_differ_left_under_blank_only(
    world: World,
) -> None:
    """Out of step, since it was never equal nor filled; in step from when the two meet."""
    pair = await without_voters(world, BLANK_ONLY)
    await vote(pair.receiver, enabled=True)
    assert await pair.both("precinct_name") == ("One", "Two")
    assert await pair.both("is_active_voter") == (True, False)
    assert (await pair.both("precinct_code"), await pair.both("precinct_id")) == (("1", "1"), ("22", "22"))
    assert (await pair.match()).out_of_step == ["is_active_voter", "precinct_name"]
    await pair.answer(precinct_name="Three", precinct_code="3")
    assert (await pair.both("precinct_name"), await pair.both("precinct_code")) == (("One", "Three"), ("3", "3"))
    await pair.send(precinct_name="Three", precinct_code="4")
    assert (await pair.match()).out_of_step == ["is_active_voter"]
    await pair.send(precinct_name="Four")
    assert (await pair.both("precinct_name"), await pair.both("precinct_code")) == (("Four", "Four"), ("4", "4"))


@pytest.mark.parametrize("mode", SyncMode)
async def test_once_a_field_travels_another_run_changes_nothing(world: World, mode: SyncMode) -> None:
    """Where all is accepted the most recent wins, and under review there is a conflict, as for every difference."""
    pair = await without_voters(world, mode)
    await vote(pair.receiver, enabled=True)
    expected = ("Two", "Two") if mode is ALL else ("One", "Two")
    assert await pair.both("precinct_name") == expected
    opened = {conflict.field for conflict in await pair.share.conflicts() if conflict.state == ConflictState.OPEN}
    assert opened == ({"precinct_name", "is_active_voter"} if mode is REVIEW else set())
    nations = [pair.sender.id, pair.receiver.id]
    before = await holdings(nations)
    await pair.share.sync()
    assert differences(before, await holdings(nations)) == []


async def test_custom_fields_that_come_to_travel_overwrite_nothing_under_blank_only(world: World) -> None:
    """HQ shares its settings at last: what each nation knew by itself stays, save that blanks are filled."""
    slug = await world.network(shares_customs=True)
    north, south = await world.nations("north", "south", network_slug=slug)
    for nation in (north, south):
        await nation.define("shift")
        await nation.define("note")
    ours, theirs = await north.person(**ANN), await south.person(**ANN)
    tag = await north.tag("board", [ours])
    share = await north.share(tag, south, Group.CUSTOM_FIELDS)
    await Network.filter(slug=slug).update(shares_custom_fields=False)
    await share.accept(BLANK_ONLY)
    await world.work()
    pair = Couple(world, share, tag, ours, theirs)
    await north.edit(pair.ours, **{"custom:shift": "early", "custom:note": "a"})
    await south.edit(pair.theirs, **{"custom:shift": "late"})
    await world.work()
    await Network.filter(slug=slug).update(shares_custom_fields=True)
    await pair.share.sync()
    assert await pair.both("custom:shift") == ("early", "late")
    assert await pair.both("custom:note") == ("a", "a")
    await pair.answer(**{"custom:shift": "night", "custom:note": "b"})
    assert (await pair.both("custom:shift"), await pair.both("custom:note")) == (("early", "night"), ("b", "b"))


async def test_a_field_that_stops_and_begins_again_begins_anew(world: World) -> None:
    """What came apart meanwhile is left, as at a first sync; what is equal still is in step."""
    north, south = await world.nations("north", "south", voters=True)
    known = {"precinct_name": "One", "precinct_code": "1"}
    pair = await couple(world, known, known, BLANK_ONLY, sender=north, receiver=south)
    await vote(south, enabled=False)
    await pair.answer(precinct_name="Two")
    await vote(south, enabled=True)
    assert (await pair.both("precinct_name"), (await pair.match()).out_of_step) == (("One", "Two"), ["precinct_name"])
    await pair.answer(precinct_code="2")
    assert await pair.both("precinct_code") == ("2", "2")


async def test_whoever_comes_after_a_field_came_to_travel_has_a_first_sync_of_it_like_of_any_other(
    world: World,
) -> None:
    pair = await without_voters(world, ALL)
    await vote(pair.receiver, enabled=True)
    ours = await pair.sender.person(**BEN, precinct_name="Mine")
    theirs = await pair.receiver.person(**BEN, precinct_name="Theirs, and later")
    await pair.sender.put_on(pair.tag, ours)
    await world.work()
    assert await pair.receiver.value(theirs, "precinct_name") == "Mine"
