"""Whether rights have changed: every committed change is noticed by whoever asks after it, and nothing else is."""

import asyncio
from datetime import UTC, datetime

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.network import Network
from models.user import ApiToken, Membership, NetworkMembership, User
from server.rights import Rights
from sharing.visibility import NetworkRole, Role
from tests.server.test_auth import token_of, user_of
from tests.world import World


@pytest.fixture
async def world(database: None) -> World:
    """Return a world without nations."""
    return World()


async def test_each_change_of_anybodys_rights_is_noticed_once(world: World):
    north = await world.nation("north")
    user_id = await user_of(north)
    await token_of(north)
    network = await Network.get(slug=await world.network())
    rights = Rights()
    deeds = (
        lambda: Membership.filter(user_id=user_id).update(role=Role.MEMBER),
        lambda: NetworkMembership.create(user_id=user_id, network_id=network.id, role=NetworkRole.MANAGER),
        lambda: NetworkMembership.filter(user_id=user_id).delete(),
        lambda: Membership.filter(user_id=user_id).delete(),
        lambda: Membership.create(user_id=user_id, nation_id=north.id, role=Role.ADMIN),
        lambda: User.filter(id=user_id).update(disabled_at=datetime.now(UTC)),
        lambda: ApiToken.filter(nation_id=north.id).update(revoked_at=datetime.now(UTC)),
        lambda: User.filter(id=user_id).delete(),
    )
    for deed in deeds:
        before = await rights.time()
        assert await rights.time() == before
        await deed()
        after = await rights.time()
        assert after > before
        await User.filter(id=user_id).update(name="Somebody Else")  # is no change of rights
        await north.person(first_name="Ada")
        assert await rights.time() == after


async def test_a_change_counts_from_its_commit_on_however_long_it_was_under_way(world: World):
    """Others that began later may have been committed and noticed before."""
    north = await world.nation("north")
    slow, quick = await user_of(north), await user_of(north)
    rights = Rights()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        async with in_transaction("default"):
            await Membership.filter(user_id=slow).delete()
            begun.set()
            await go_on.wait()

    changing = asyncio.create_task(change())
    await begun.wait()
    before = await rights.time()
    await Membership.filter(user_id=quick).delete()
    between = await rights.time()
    assert between > before
    assert await rights.time() == between
    go_on.set()
    await changing
    assert await rights.time() > between


async def test_many_who_ask_at_a_time_are_answered_by_few_questions(world: World):
    rights = Rights()
    await rights.time()
    client, asked = get_connection("default"), 0
    run = client.execute_query_dict

    async def counting(*arguments: object) -> list[dict]:
        nonlocal asked
        asked += 1
        return await run(*arguments)

    client.execute_query_dict = counting
    try:
        assert len(set(await asyncio.gather(*(rights.time() for _ in range(100))))) == 1
    finally:
        del client.execute_query_dict
    assert 1 <= asked <= 2


async def test_whoever_asks_while_the_database_fails_is_told_and_the_next_is_answered(world: World):
    rights = Rights()
    client = get_connection("default")

    async def failing(*_: object) -> list[dict]:
        raise ConnectionError("away")

    client.execute_query_dict = failing
    try:
        for result in await asyncio.gather(*(rights.time() for _ in range(3)), return_exceptions=True):
            assert isinstance(result, ConnectionError)
    finally:
        del client.execute_query_dict
    assert await rights.time() == 1
