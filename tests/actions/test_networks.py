"""Networks: what HQ shares, who decides on it, and what stops travelling when a nation leaves."""

import pytest

from actions.networks import join_network, leave_network
from models.nation import Nation as NationRow
from models.network import Network
from models.run import SyncRun
from sharing.errors import Forbidden, InvalidInput, InvalidInputs, NotFound
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchState, RunTrigger
from sharing.visibility import Caller
from tests.actions.networking import NUMBER, TEXT, define, family, fields, keep_fields, share_fields
from tests.couples import couple
from tests.refusals import refused
from tests.tables import events, position
from tests.world import Nation, World


async def join(nation: Nation, network: int) -> None:
    slug = (await Network.get(id=network)).slug
    async with nation.world.unit(Caller()) as unit:
        await join_network(unit, nation.id, slug)


async def leave(nation: Nation) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await leave_network(unit, nation.id)


async def test_every_nation_has_exactly_hqs_fields_while_they_are_shared(world: World):
    network, (hq, north, south) = await family(world, "hq", "north", "south")
    await define(hq, "size")
    await define(north, "own")
    await define(north, "size")
    ann = await north.person(first_name="Ann", **{"custom:own": "kept", "custom:size": "S"})
    await share_fields(world, network, hq.admin)
    for nation in (hq, north, south):
        assert await fields(nation) == {"size": ("SIZE", TEXT, [])}
    assert await fields(north, archived=True) == {"own": ("OWN", TEXT, [])}
    assert (await north.value(ann, "custom:own"), await north.value(ann, "custom:size")) == ("kept", "S")


async def test_once_they_are_shared_no_more_they_are_the_nations_own(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await define(hq, "size")
    await share_fields(world, network, hq.admin)
    before = await position(north.id)
    await keep_fields(world, network, hq.admin)
    assert {row["noun"] for row in await events(north.id, before)} == {"CustomField"}
    assert await fields(north) == {"size": ("SIZE", TEXT, [])}
    await define(north, "own")
    await define(hq, "other")
    assert set(await fields(north)) == {"size", "own"}
    assert set(await fields(hq)) == {"size", "other"}


async def test_sharing_twice_and_stopping_twice_change_nothing(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await define(hq, "size")
    for act in (share_fields, keep_fields):
        await act(world, network, hq.admin)
        before = await position(hq.id), await position(north.id)
        await act(world, network, hq.admin)
        assert (await position(hq.id), await position(north.id)) == before


async def test_a_manager_of_the_network_decides_too_and_nobody_else(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    strange, _ = await family(world, "strange")
    outsider = await world.nation("outsider")
    for caller, kind in (
        (hq.member, Forbidden),
        (north.admin, Forbidden),
        (outsider.admin, NotFound),
        (Caller(networks=frozenset({strange})), NotFound),
        (Caller(), NotFound),
    ):
        for act in (share_fields, keep_fields):
            async with refused(kind, hq, north):
                await act(world, network, caller)
    await share_fields(world, network, Caller(networks=frozenset({network})))
    assert (await Network.get(id=network)).shares_custom_fields
    await keep_fields(world, network, Caller(networks=frozenset({network})))
    assert not (await Network.get(id=network)).shares_custom_fields


async def test_fields_of_one_slug_and_two_kinds_are_all_named_and_nothing_is_shared(world: World):
    network, (hq, north, south) = await family(world, "hq", "north", "south")
    for slug in ("a", "b"):
        await define(hq, slug)
        await define(north, slug, NUMBER)
    await define(south, "b", NUMBER)
    async with refused(InvalidInputs, hq, north, south) as caught:
        await share_fields(world, network, hq.admin)
    assert len(caught.value.problems) == 3
    assert not (await Network.get(id=network)).shares_custom_fields
    assert await fields(north) == {"a": ("A", NUMBER, []), "b": ("B", NUMBER, [])}


async def test_a_network_without_nations_shares_nothing(world: World):
    network = await Network.get(slug=await world.network())
    with pytest.raises(InvalidInput, match="no HQ"):
        await share_fields(world, network.id, Caller(networks=frozenset({network.id})))


async def test_custom_fields_travel_while_hq_shares_its_settings(world: World):
    """Within a network, and as soon as it does; conflicts about them close when it does no longer."""
    network, (hq, north) = await family(world, "hq", "north")
    await define(hq, "size")
    await define(north, "size")
    await share_fields(world, network, hq.admin)
    pair = await couple(
        world, {"custom:size": "S"}, {"custom:size": "M"}, SyncMode.ALWAYS_REVIEW, Group.CUSTOM_FIELDS,
        sender=hq, receiver=north,
    )  # fmt: skip
    assert (await pair.share.conflict("custom:size")).state == ConflictState.OPEN
    await keep_fields(world, network, hq.admin)
    await world.work()
    assert (await pair.share.conflict("custom:size")).state == ConflictState.RESOLVED
    assert await pair.share.boxes() == {"synced": 1}
    await pair.send(**{"custom:size": None})
    assert await pair.both("custom:size") == (None, "M")
    await share_fields(world, network, hq.admin)
    await world.work()
    assert await pair.both("custom:size") == ("M", "M")


async def test_what_is_for_a_network_stops_travelling_when_a_nation_leaves(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await share_fields(world, network, hq.admin)
    await define(hq, "size")
    pair = await couple(
        world, {"custom:size": "S", "facebook_uid": "1"}, {"custom:size": "M", "employer": "Mill"}, SyncMode.ALWAYS_REVIEW,
        Group.CUSTOM_FIELDS, Group.FACEBOOK_UID, sender=hq, receiver=north,
    )  # fmt: skip
    assert await pair.both("facebook_uid") == ("1", "1")
    assert (await pair.match()).state == MatchState.CONFLICTED
    await leave(north)
    run = await SyncRun.filter(share_id=pair.share.id).order_by("-id").first()
    assert run is not None
    assert run.trigger == RunTrigger.SETTINGS
    await world.work()
    assert (await pair.share.conflict("custom:size")).state == ConflictState.RESOLVED
    assert await pair.share.boxes() == {"synced": 1}
    await pair.send(**{"custom:size": None}, facebook_uid=None, employer="Shop")
    assert await pair.both("custom:size") == (None, "M")
    assert await pair.both("facebook_uid") == (None, "1")
    assert (await pair.share.conflict("employer")).state == ConflictState.OPEN
    await pair.send(facebook_uid="2")
    assert await pair.both("facebook_uid") == ("2", "1")
    await join(north, network)
    await world.work()
    assert await pair.both("custom:size") == ("M", "M")
    assert (await pair.share.conflict("facebook_uid")).state == ConflictState.OPEN


async def test_a_nation_that_has_left_changes_its_fields_itself(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await define(hq, "size")
    await share_fields(world, network, hq.admin)
    await leave(north)
    await define(north, "own")
    await define(hq, "other")
    assert set(await fields(north)) == {"size", "own"}


async def test_a_nation_that_joins_gets_hqs_fields(world: World):
    network, (hq, _) = await family(world, "hq", "north")
    await define(hq, "size")
    await share_fields(world, network, hq.admin)
    south = await world.nation("south")
    await define(south, "own")
    await join(south, network)
    assert set(await fields(south)) == {"size"}
    slug = (await Network.get(id=network)).slug
    assert set(await fields(await world.nation("founded", network_slug=slug))) == {"size"}


async def test_a_nation_whose_fields_clash_does_not_join(world: World):
    network, (hq,) = await family(world, "hq")
    await define(hq, "size")
    await share_fields(world, network, hq.admin)
    south = await world.nation("south")
    await define(south, "size", NUMBER)
    async with refused(InvalidInputs, south):
        await join(south, network)
    assert (await NationRow.get(id=south.id)).network_id is None


async def test_a_nation_is_in_one_network(world: World):
    network, (_, north) = await family(world, "hq", "north")
    other, _ = await family(world, "other")
    for number in (network, other):
        async with refused(InvalidInput, north):
            await join(north, number)
    await leave(north)
    async with refused(InvalidInput, north):
        await leave(north)
    with pytest.raises(InvalidInput, match="no network"):
        async with world.unit(Caller()) as unit:
            await join_network(unit, north.id, "nowhere")
    await join(north, other)


async def test_only_an_admin_takes_a_nation_out(world: World):
    _, (hq, north) = await family(world, "hq", "north")
    for caller, kind in ((north.member, Forbidden), (hq.admin, NotFound)):
        async with refused(kind, hq, north), world.unit(caller) as unit:
            await leave_network(unit, north.id)
    assert (await NationRow.get(id=north.id)).network_id is not None


async def test_hq_leaves_last_and_the_next_to_join_is_hq(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await share_fields(world, network, hq.admin)
    async with refused(InvalidInput, hq, north):
        await leave(hq)
    await leave(north)
    await leave(hq)
    row = await Network.get(id=network)
    assert (row.hq_id, row.shares_custom_fields) == (None, False)
    await join(north, network)
    assert (await Network.get(id=network)).hq_id == north.id
