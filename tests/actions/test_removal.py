"""Deleting a nation: nothing of it stays, and the others keep their people and are told."""

from uuid import UUID

from tortoise.connection import get_connection

from actions.accounts import create_api_token, create_user
from actions.removal import delete_nation
from models.custom_field import CustomField
from models.nation import Nation as NationRow
from models.network import Network
from models.run import ImportRun
from models.share import Share
from models.tag import Tag
from models.user import ApiToken, Membership, User
from sharing.errors import NotFound
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, RunState
from sharing.visibility import Caller, Role
from tests.actions.networking import define, family, fields, share_fields
from tests.couples import couple
from tests.refusals import refused
from tests.tables import events, holdings, position
from tests.world import Nation, World

OF_A_NATION = """
SELECT format('SELECT count(*) AS n FROM %I WHERE nation_id = $1', table_name) AS statement
FROM information_schema.columns WHERE column_name = 'nation_id' AND table_schema = 'public'
"""


async def delete(nation: Nation) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await delete_nation(unit, nation.id)


async def rows_left(nation: Nation) -> int:
    connection = get_connection("default")
    found = 0
    for row in await connection.execute_query_dict(OF_A_NATION):
        found += (await connection.execute_query_dict(row["statement"], [nation.id]))[0]["n"]
    return found


async def furnish(world: World, nation: Nation) -> UUID:
    """Give a nation a bit of everything; return a user of it."""
    await define(nation, "size")
    zoe = await nation.person(first_name="Zoe", emails=["zoe@example.org"], **{"custom:size": "S"})
    await nation.group("choir", [zoe])
    await nation.archive(zoe)
    await ImportRun.create(id=UUID(int=nation.id), nation_id=nation.id, state=RunState.QUEUED, phase="UPLOADING")
    async with world.unit(Caller()) as unit:
        await create_api_token(unit, nation.id, Role.ADMIN, "a program")
        return await create_user(unit, f"u{nation.id}@x.example", "correct horse battery", "U", nation.id, Role.ADMIN)


async def test_nothing_of_it_is_left(world: World):
    north, south = await world.nations("north", "south")
    await couple(
        world, {"employer": "Mill"}, {"employer": "Shop"}, SyncMode.ALWAYS_REVIEW, sender=north, receiver=south
    )
    await couple(world, {}, {}, sender=south, receiver=north)
    user = await furnish(world, north)
    await delete(north)
    assert not await NationRow.exists(id=north.id)
    assert await rows_left(north) == 0
    assert not any((await holdings([north.id])).values())
    assert not await ApiToken.exists(nation_id=north.id)
    assert not await Membership.exists(nation_id=north.id)
    assert not await CustomField.exists(nation_id=north.id)
    assert await User.exists(id=user)
    await world.work()


async def test_a_receiver_keeps_its_people_with_what_was_synced_and_loses_the_tag(world: World):
    pair = await couple(world, {"employer": "Mill"}, {})
    north, south = pair.sender, pair.receiver
    kept = await south.values(pair.theirs)
    assert kept["employer"] == "Mill"
    before = await position(south.id)
    await delete(north)
    assert await south.values(pair.theirs) == kept
    assert not await Tag.exists(nation_id=south.id)
    told = [(row["kind"], row["noun"]) for row in await events(south.id, before)]
    assert {("DELETED", "Tag"), ("CHANGED", "Profile"), ("DELETED", "TagShare")} <= set(told)
    assert (await events(south.id, before))[-1]["detail"] == {"from": "APPROVED", "to": "STOPPED"}


async def test_a_sender_keeps_its_tag_and_people_and_is_told(world: World):
    pair = await couple(world, {"employer": "Mill"}, {})
    north, south = pair.sender, pair.receiver
    before = await position(north.id)
    await delete(south)
    assert await north.value(pair.ours, "employer") == "Mill"
    assert (await Tag.get(id=pair.tag)).taggings == 1
    assert not await Share.exists(id=pair.share.id)
    told = await events(north.id, before)
    assert {("DELETED", "TagShare"), ("STATUS", "TagShare")} <= {(row["kind"], row["noun"]) for row in told}
    await world.work()


async def test_shares_that_are_pending_denied_or_stopped_go_too(world: World):
    north, south = await world.nations("north", "south")
    shares = [await north.share(await north.tag(name), south) for name in ("pending", "denied", "stopped")]
    await shares[1].reject()
    await shares[2].stop(north)
    before = await position(south.id)
    await delete(north)
    assert not await Share.exists(sender_id=north.id)
    gone = [set(row["subjects"]) for row in await events(south.id, before) if row["kind"] == "DELETED"]
    assert set().union(*gone) == {shares[0].id, shares[1].id}


async def test_a_share_in_the_middle_of_a_run_is_stopped(world: World):
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board", [await north.person(first_name="Ann")]), south)
    await share.accept(create=False)
    await delete(south)
    await world.work()
    assert not await Share.exists(id=share.id)


async def test_a_network_that_loses_its_hq_shares_no_custom_fields(world: World):
    network, (hq, north, south) = await family(world, "hq", "north", "south")
    await share_fields(world, network, hq.admin)
    await define(hq, "size")
    pair = await couple(
        world, {"custom:size": "S"}, {"custom:size": "M"}, SyncMode.ALWAYS_REVIEW, Group.CUSTOM_FIELDS,
        sender=north, receiver=south,
    )  # fmt: skip
    await delete(hq)
    await world.work()
    row = await Network.get(id=network)
    assert (row.hq_id, row.shares_custom_fields) == (None, False)
    assert set(await fields(north)) == {"size"}
    assert (await pair.share.conflict("custom:size")).state == ConflictState.RESOLVED
    await define(north, "own")


async def test_a_nation_that_is_not_there_or_another_s_is_not_deleted(world: World):
    north, south = await world.nations("north", "south")
    async with refused(NotFound, north, south), world.unit(south.admin) as unit:
        await delete_nation(unit, north.id)
