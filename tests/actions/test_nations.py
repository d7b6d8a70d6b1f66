"""Nations and networks: founded with a slug of their own; their settings, and what follows from those."""

import pytest

from actions.nations import create_nation, create_network, update_nation
from actions.running import step_run
from actions.shares import sync_share_now
from models.nation import Nation as NationRow
from models.network import Network
from models.run import SyncRun
from sharing.errors import Forbidden, InvalidInput, NotFound
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, RunState, RunTrigger
from sharing.visibility import Caller, Plan
from tests.couples import couple
from tests.refusals import refused
from tests.world import Nation, World


async def test_a_nation_is_what_it_was_founded_as(world: World):
    network = await world.network()
    nation = await world.nation("north", Plan.NETWORK, network_slug=network, voters=True, country="ca")
    row = await NationRow.get(id=nation.id).prefetch_related("network")
    assert (row.slug, row.name, row.plan, row.voters_enabled, row.country) == (
        nation.slug,
        "north",
        Plan.NETWORK,
        True,
        "CA",
    )
    assert row.network is not None
    assert row.network.slug == network


async def test_the_first_nation_of_a_network_is_its_hq(world: World):
    network = await world.network()
    first = await world.nation("first", network_slug=network)
    await world.nation("second", network_slug=network)
    assert (await Network.get(slug=network)).hq_id == first.id


@pytest.mark.parametrize("slug", ["", "North", "no th", "-north", "north-", "nörth", "n" * 64, "north\n", "a/b", "a.b"])
async def test_a_slug_that_cannot_be_one_is_refused(world: World, slug: str):
    with pytest.raises(InvalidInput, match="no slug") as caught:
        async with world.unit(Caller()) as unit:
            await create_nation(unit, slug, "North", Plan.LEADER)
    assert caught.value.path == ("slug",)
    with pytest.raises(InvalidInput, match="no slug"):
        async with world.unit(Caller()) as unit:
            await create_network(unit, slug, "North")


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"name": "  "}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"network_slug": "nowhere"}, "network"),
        ({"country": "Atlantis"}, "country"),
        ({"country": ""}, "country"),
    ],
)
async def test_what_cannot_be_is_named_and_nothing_is_founded(world: World, options: dict, path: str):
    with pytest.raises(InvalidInput) as caught:
        async with world.unit(Caller()) as unit:
            await create_nation(unit, "refused", options.pop("name", "North"), Plan.LEADER, **options)
    assert caught.value.path == (path,)
    assert not await NationRow.filter(slug="refused").exists()


async def test_a_slug_is_taken_once(world: World):
    nation = await world.nation("north")
    network = await world.network()
    with pytest.raises(InvalidInput, match="already"):
        async with world.unit(Caller()) as unit:
            await create_nation(unit, nation.slug, "Another", Plan.LEADER)
    with pytest.raises(InvalidInput, match="already"):
        async with world.unit(Caller()) as unit:
            await create_network(unit, network, "Another")
    assert await NationRow.filter(slug=nation.slug).count() == 1


async def set_up(nation: Nation, caller: Caller | None = None, **settings: object) -> None:
    async with nation.world.unit(caller or nation.admin) as unit:
        await update_nation(unit, nation.id, **settings)


async def test_an_admin_changes_the_settings_and_what_is_left_out_stays(world: World):
    north = await world.nation("north")
    await set_up(north, name="  True North ", country="ca")
    await set_up(north, voters=True)
    await set_up(north, auto_districting=True)
    row = await NationRow.get(id=north.id)
    assert (row.name, row.country, row.voters_enabled, row.auto_districting) == ("True North", "CA", True, True)
    ann = await north.person(first_name="Ann", phone="416-555-0101")
    assert await north.value(ann, "phone") == "+14165550101"


async def test_settings_that_cannot_be_and_callers_who_may_not_are_refused(world: World):
    north, south = await world.nations("north", "south")
    for settings, path in (({"name": " "}, "name"), ({"country": "Atlantis", "name": "New"}, "country")):
        async with refused(InvalidInput, north) as caught:
            await set_up(north, **settings)
        assert caught.value.path == (path,)
    for caller, kind in ((north.member, Forbidden), (south.admin, NotFound)):
        async with refused(kind, north):
            await set_up(north, caller, name="New")
    assert (await NationRow.get(id=north.id)).name == "north"


VOTING = {"precinct_id": "12", "is_active_voter": True, "ward": "4"}


@pytest.mark.parametrize("side", [0, 1])
async def test_voter_fields_and_districts_travel_only_while_both_have_voters_enabled(world: World, side: int):
    """And fill again as soon as both do."""
    north, south = await world.nations("north", "south", voters=True)
    pair = await couple(world, VOTING, {}, SyncMode.ACCEPT_ALL, Group.DISTRICTS, sender=north, receiver=south)
    assert [await pair.both(key) for key in VOTING] == [("12", "12"), (True, True), ("4", "4")]
    nation = (north, south)[side]
    await set_up(nation, voters=False)
    await world.work()
    await pair.send(precinct_id="13", is_active_voter=False, ward="5", employer="Mill")
    assert [await pair.both(key) for key in VOTING] == [("13", "12"), (False, True), ("5", "4")]
    assert await pair.both("employer") == ("Mill", "Mill")
    await set_up(nation, voters=True)
    await world.work()
    assert [await pair.both(key) for key in VOTING] == [("13", "13"), (False, False), ("5", "5")]


async def test_conflicts_about_voter_fields_close_when_one_turns_voters_off(world: World):
    north, south = await world.nations("north", "south", voters=True)
    pair = await couple(
        world, VOTING, {"precinct_id": "99"}, SyncMode.ALWAYS_REVIEW, sender=north, receiver=south
    )  # fmt: skip
    assert (await pair.share.conflict("precinct_id")).state == ConflictState.OPEN
    await set_up(south, voters=False)
    await world.work()
    assert (await pair.share.conflict("precinct_id")).state == ConflictState.RESOLVED
    assert await pair.share.boxes() == {"synced": 1}


async def test_the_live_shares_run_again_only_when_what_travels_changes(world: World):
    north, south, west = await world.nations("north", "south", "west")
    pair = await couple(world, {}, {}, sender=north, receiver=south)
    pending = await south.share(await south.tag("more"), west)
    await set_up(south, name="South", country="CA", voters=False)
    assert await SyncRun.filter(share_id=pair.share.id).count() == 1
    await set_up(south, auto_districting=True)
    runs = await SyncRun.filter(share_id=pair.share.id).order_by("id")
    assert [run.trigger for run in runs] == [RunTrigger.ACCEPTED, RunTrigger.SETTINGS]
    assert not await SyncRun.exists(share_id=pending.id)
    await world.work()


async def test_districts_overwrite_as_soon_as_one_has_auto_districting(world: World):
    north, south = await world.nations("north", "south", voters=True)
    pair = await couple(
        world, {"ward": "4"}, {"ward": "9"}, SyncMode.ALWAYS_REVIEW, Group.DISTRICTS, sender=north, receiver=south
    )
    assert (await pair.share.conflict("ward")).state == ConflictState.OPEN
    await set_up(south, auto_districting=True)
    await world.work()
    assert len(set(await pair.both("ward"))) == 1
    assert (await pair.share.conflict("ward")).state == ConflictState.RESOLVED


async def test_a_run_under_way_begins_anew(world: World):
    """What it did so far, it did on other terms."""
    north, south = await world.nations("north", "south", voters=True)
    await north.become(voters_enabled=False)
    pair = await couple(world, VOTING, {}, sender=north, receiver=south)
    async with world.unit(north.admin) as unit:
        run_id = await sync_share_now(unit, pair.share.id)
    phase, steps = None, 0
    while phase != "SYNCING":
        async with world.unit(Caller()) as unit:
            await step_run(unit, run_id)
        phase, steps = (await SyncRun.get(id=run_id)).phase, steps + 1
    async with world.unit(Caller()) as unit:
        await step_run(unit, run_id)
    assert await pair.both("precinct_id") == ("12", None)
    await set_up(north, voters=True)
    row = await SyncRun.get(id=run_id)
    assert (row.state, row.phase, row.done) == (RunState.QUEUED, "MATCHING", 0)
    await world.work()
    assert await pair.both("precinct_id") == ("12", "12")
    assert (await SyncRun.get(id=run_id)).state == RunState.SUCCEEDED
