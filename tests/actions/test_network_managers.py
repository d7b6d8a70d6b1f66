"""Managers of networks: who names and dismisses them, whom, and that nobody learns by it who is a user."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from actions.accounts import create_user
from actions.network_managers import MAX_MANAGERS, NOBODY, dismiss_manager, name_manager
from actions.networks import leave_network
from models.user import NetworkMembership, User
from server.auth import Tokens
from sharing.errors import ComityError, Forbidden, InvalidInput, NotFound
from sharing.visibility import Caller, NetworkRole, Role
from tests.actions.networking import family, share_fields
from tests.refusals import paths, refused
from tests.world import Nation, World

PASSWORD = "correct horse battery staple"


async def somebody(nation: Nation) -> str:
    """Make a user who is a member of a nation, and return the address."""
    address = f"{uuid4().hex}@example.org"
    async with nation.world.unit(Caller()) as unit:
        await create_user(unit, address, PASSWORD, "Somebody", nation.id, Role.MEMBER)
    return address


async def name(world: World, network: int, email: str, caller: Caller) -> None:
    async with world.unit(caller) as unit:
        await name_manager(unit, network, email)


async def dismiss(world: World, network: int, email: str, caller: Caller) -> None:
    async with world.unit(caller) as unit:
        await dismiss_manager(unit, network, email)


async def managers(network: int) -> set[str]:
    """Return the addresses of a network's managers."""
    rows = await NetworkMembership.filter(network_id=network, role=NetworkRole.MANAGER).prefetch_related("user")
    return {row.user.email for row in rows}


def over(network: int) -> Caller:
    """Return a manager of a network."""
    return Caller(user_id=uuid4(), networks=frozenset({network}))


async def test_hqs_admins_and_managers_name_and_dismiss(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    one, two = await somebody(north), await somebody(hq)
    await name(world, network, one, hq.admin)
    await name(world, network, two, over(network))
    assert await managers(network) == {one, two}
    await dismiss(world, network, two, hq.admin)
    await dismiss(world, network, one, over(network))
    assert await managers(network) == set()


async def test_the_address_is_read_as_people_write_it(world: World):
    network, (hq,) = await family(world, "hq")
    address = await somebody(hq)
    await name(world, network, f" {address.upper()} ", hq.admin)
    assert await managers(network) == {address}
    await dismiss(world, network, address.title(), hq.admin)
    assert await managers(network) == set()


async def test_naming_twice_and_dismissing_twice_change_nothing(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    other, (elsewhere,) = await family(world, "other")
    address = await somebody(north)
    await name(world, other, await somebody(elsewhere), elsewhere.admin)
    for act, left in ((name, {address}), (dismiss, set())):
        for _ in range(2):
            await act(world, network, address, hq.admin)
            assert await managers(network) == left
    assert len(await managers(other)) == 1


async def test_two_who_name_somebody_at_one_time_both_succeed(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    address = await somebody(north)
    await asyncio.gather(*(name(world, network, address, caller) for caller in (hq.admin, over(network))))
    assert await managers(network) == {address}
    await asyncio.gather(*(dismiss(world, network, address, caller) for caller in (hq.admin, over(network))))
    assert await managers(network) == set()


async def test_nobody_else_names_or_dismisses(world: World):
    network, (hq, north) = await family(world, "hq", "north")
    other, (elsewhere,) = await family(world, "other")
    one, two = await somebody(north), await somebody(north)
    await name(world, network, one, hq.admin)
    callers: list[tuple[Caller, type[ComityError]]] = [
        (hq.member, Forbidden),
        (north.admin, Forbidden),
        (north.member, Forbidden),
        (elsewhere.admin, NotFound),
        (over(other), NotFound),
        (Caller(), NotFound),
    ]
    for caller, kind in callers:
        for act, address in ((name, two), (dismiss, one)):
            async with refused(kind, hq, north):
                await act(world, network, address, caller)
            assert await managers(network) == {one}


@pytest.mark.parametrize("act", [name, dismiss])
async def test_an_address_of_somebody_elsewhere_is_refused_as_one_that_nobody_has(world: World, act):
    """Or else whoever leads a network could ask for any address whether it is a user's."""
    network, (hq,) = await family(world, "hq")
    _, (elsewhere,) = await family(world, "other")
    alone = await world.nation("alone")
    disabled = await somebody(hq)
    await User.filter(email=disabled).update(disabled_at=datetime.now(UTC))
    for address in (await somebody(elsewhere), await somebody(alone), disabled, f"{uuid4().hex}@example.org"):
        async with refused(InvalidInput, hq) as info:
            await act(world, network, address, hq.admin)
        assert (info.value.message, paths(info)) == (NOBODY, [("email",)])
    assert await managers(network) == set()


@pytest.mark.parametrize("act", [name, dismiss])
@pytest.mark.parametrize("address", ["", "  ", "nobody", "a@b@example.org", "a\0b@example.org"])
async def test_what_is_no_address_is_refused(world: World, act, address: str):
    network, (hq,) = await family(world, "hq")
    async with refused(InvalidInput, hq) as info:
        await act(world, network, address, hq.admin)
    assert paths(info) == [("email",)]


async def test_rights_are_lost_with_the_next_request(world: World):
    """Whatever was issued before."""
    network, (hq, north) = await family(world, "hq", "north")
    address = await somebody(north)
    tokens = Tokens("a secret of the tests, thirty-two letters long")
    bearer = f"Bearer {tokens.issue((await User.get(email=address)).id).token}"
    await name(world, network, address, hq.admin)
    manager = await tokens.caller_of(bearer)
    assert manager.networks == {network}
    await share_fields(world, network, manager)
    await dismiss(world, network, address, hq.admin)
    assert (await tokens.renewed(manager)).networks == set()
    for act in (name, dismiss):
        async with refused(Forbidden, hq, north):
            await act(world, network, address, await tokens.caller_of(bearer))


async def test_a_manager_stays_one_when_its_nation_leaves_and_can_still_be_dismissed(world: World):
    """A manager is trusted as a person: HQ dismisses whom it trusts no longer."""
    network, (hq, north) = await family(world, "hq", "north")
    address = await somebody(north)
    await name(world, network, address, hq.admin)
    async with world.unit(north.admin) as unit:
        await leave_network(unit, north.id)
    assert await managers(network) == {address}
    await name(world, network, address, hq.admin)
    await dismiss(world, network, address, hq.admin)
    assert await managers(network) == set()
    async with refused(InvalidInput, hq):
        await name(world, network, address, hq.admin)


async def test_a_manager_who_may_not_sign_in_any_more_can_be_dismissed(world: World):
    network, (hq,) = await family(world, "hq")
    address = await somebody(hq)
    await name(world, network, address, hq.admin)
    await User.filter(email=address).update(disabled_at=datetime.now(UTC))
    await dismiss(world, network, address, hq.admin)
    assert await managers(network) == set()


async def test_a_network_has_at_most_a_hundred_managers(world: World):
    network, (hq,) = await family(world, "hq")
    rows = [User(id=uuid4(), email=f"{uuid4().hex}@example.org", password_hash="") for _ in range(MAX_MANAGERS)]
    await User.bulk_create(rows)
    role = NetworkRole.MANAGER
    await NetworkMembership.bulk_create(
        [NetworkMembership(user_id=row.id, network_id=network, role=role) for row in rows]
    )
    address = await somebody(hq)
    async with refused(InvalidInput, hq) as info:
        await name(world, network, address, hq.admin)
    assert paths(info) == [("networkId",)]
    await name(world, network, rows[0].email, hq.admin)
    await dismiss(world, network, rows[0].email, hq.admin)
    await name(world, network, address, hq.admin)
    assert len(await managers(network)) == MAX_MANAGERS
