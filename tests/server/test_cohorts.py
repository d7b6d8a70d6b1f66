"""Cohorts: each event is executed once for all who asked for the same with the same rights, and for nobody else."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from models.network import Network
from models.user import ApiToken, Membership, NetworkMembership, User
from resolvers.live import MOST_BEHIND
from resolvers.positions import cursor_at
from sharing.errors import InvalidInput
from sharing.events import Noun
from sharing.visibility import Caller, NetworkRole, Role
from tests.resolvers.asking import SEAL, gid
from tests.resolvers.watching import CHANGES, STATS
from tests.server.listening import Room, opened, place_of, shared
from tests.server.test_auth import token_of, user_of
from tests.tables import position
from tests.world import Nation

TAG = """subscription($id: ID!) { share(id: $id) { cursor change {
  ... on ShareStatusChanged { share { tag { label } } } } } }"""
# Who manages a network is told to its managers and the admins of its HQ, and to no member.
MANAGERS = """subscription($nation: ID!) { changes(nation: $nation, topics: [PROFILES]) { change {
  ... on NodeChanged { node { ... on Profile { firstName nation { network { managers { email } } } } } } } } }"""


@pytest.fixture
async def room(database: None):
    """Return a room where users sit and watch."""
    async with opened() as room:
        yield room


async def test_all_who_ask_for_the_same_are_told_the_very_same(room: Room):
    """Users and tokens alike, whenever and from wherever they began: one execution, one encoding."""
    north = await room.world.nation("north")
    await north.person(first_name="Early")
    variables = {"nation": gid("Nation", north.id)}
    ears = [await room.sit(await user_of(north), CHANGES, **variables) for _ in range(3)]
    ears.append(await room.sit(await user_of(north), CHANGES, **variables, after=cursor_at(SEAL, north.id, 1)))
    await token_of(north)
    (token,) = await ApiToken.filter(nation_id=north.id)
    ears.append(await room.seat(Caller(token_id=token.id, roles={north.id: Role.ADMIN}), CHANGES, **variables))
    late = await room.sit(await user_of(north), CHANGES, **variables, after=cursor_at(SEAL, north.id, 0))
    for count in (1, 2, 3):
        await north.person(first_name=str(count))
        for ear in ears:
            await ear.hears(count)
    names = [data["changes"]["change"]["node"]["firstName"] for data in await late.hears(4)]
    assert names == ["Early", "1", "2", "3"]
    for number in range(3):
        assert {id(ear.told[number]) for ear in ears} == {id(late.told[number + 1])}


async def test_what_differs_in_anything_else_is_told_apart(room: Room):
    north = await room.world.nation("north")
    user_id, variables = await user_of(north), {"nation": gid("Nation", north.id)}
    one = await room.sit(user_id, CHANGES, **variables)
    other_text = await room.sit(user_id, CHANGES + " ", **variables)
    other_values = await room.sit(user_id, CHANGES, **variables, topics=["TAGS"])
    await north.tag("friends")
    for ear in (one, other_text, other_values):
        assert (await ear.hears(1))[0]["changes"]["topic"] == "TAGS"
    assert len({id(ear.told[0]) for ear in (one, other_text, other_values)}) == 3


async def test_two_nations_that_watch_one_share_are_told_each_its_own(room: Room):
    """The same document and the same variables: tag and cursor are of each one's own nation."""
    north, south, share = await shared(room)
    ears = [await room.sit(await user_of(nation), TAG, id=gid("TagShare", share.id)) for nation in (north, south)]
    await share.accept()
    await room.world.work()
    for (nation, other), ear in zip(((north, south), (south, north)), ears, strict=True):
        (first, *_) = await ear.hears(1)
        cursor = first["share"]["cursor"]
        assert 0 < place_of(nation.id, cursor) <= await position(nation.id)
        with pytest.raises(InvalidInput):
            place_of(other.id, cursor)
    tags = [(await ear.hears(1))[0]["share"]["change"]["share"]["tag"] for ear in ears]
    assert tags[0]["label"] == "friends"
    assert tags[1] is None or tags[1]["label"] == f"{north.slug}:friends"
    assert not {id(told) for told in ears[0].told} & {id(told) for told in ears[1].told}


async def headquarters(room: Room) -> tuple[Nation, dict[str, list[UUID]]]:
    """Return the HQ of a network, and two of each who may see what others may not."""
    slug = await room.world.network()
    nation = await room.world.nation("north", network_slug=slug)
    network = await Network.get(slug=slug)
    await Network.filter(id=network.id).update(hq_id=nation.id)
    roles = {"admin": Role.ADMIN, "member": Role.MEMBER, "manager": Role.MEMBER}
    users = {name: [await user_of(nation, role) for _ in range(2)] for name, role in roles.items()}
    for user_id in users["manager"]:
        await NetworkMembership.create(user_id=user_id, network_id=network.id, role=NetworkRole.MANAGER)
    return nation, users


def managers(event: dict) -> list | None:
    """Return who is told to manage the network."""
    found: list | None = event["changes"]["change"]["node"]["nation"]["network"]["managers"]
    return found


async def test_roles_never_get_each_others_results(room: Room):
    """Six users, the same document and variables: what each is told is what its own rights let it see."""
    north, users = await headquarters(room)
    variables = {"nation": gid("Nation", north.id)}
    ears = {
        name: [await room.sit(user_id, MANAGERS, **variables) for user_id in ids]
        for name, ids in reversed(users.items())
    }
    assert len(room.cohorts) == 3
    await north.person(first_name="Ada")
    seen = {}
    for name, (one, other) in ears.items():
        seen[name] = managers((await one.hears(1))[0])
        await other.hears(1)
        assert one.told[0] is other.told[0]
    assert (len(seen["admin"] or []), len(seen["manager"] or []), seen["member"]) == (2, 2, None)
    assert len({id(pair[0].told[0]) for pair in ears.values()}) == 3


async def test_whoever_loses_a_right_is_told_what_is_left_from_the_next_event_on(room: Room):
    north, users = await headquarters(room)
    demoted, staying = users["admin"]
    dismissed, disabled = await user_of(north), await user_of(north)
    retired, _ = users["manager"]
    variables = {"nation": gid("Nation", north.id)}
    ears = [
        await room.sit(user_id, MANAGERS, **variables) for user_id in (staying, demoted, retired, dismissed, disabled)
    ]
    await north.person(first_name="Ada")
    for ear in ears:
        assert managers((await ear.hears(1))[0]) is not None
    await Membership.filter(user_id=demoted).update(role=Role.MEMBER)
    await NetworkMembership.filter(user_id=retired).delete()
    await Membership.filter(user_id=dismissed).delete()
    await User.filter(id=disabled).update(disabled_at=datetime.now(UTC))
    await north.person(first_name="Bo")
    told = [managers((await ear.hears(2))[1]) for ear in ears[:3]]
    assert told[0] is not None
    assert told[1:] == [None, None]
    assert await ears[3].ends() == ["NOT_FOUND"]
    assert await ears[4].ends() == ["UNAUTHENTICATED"]
    assert [len(ear.told) for ear in ears] == [2, 2, 2, 1, 1]


async def test_rights_lost_before_the_first_event_count_as_well(room: Room):
    """Whoever joins others is checked itself, though their rights were found to hold before it came."""
    north = await room.world.nation("north")
    variables = {"nation": gid("Nation", north.id)}
    first = await room.sit(await user_of(north), CHANGES, **variables)
    await north.person(first_name="One")
    await first.hears(1)
    user_id = await user_of(north)
    second = await room.sit(user_id, CHANGES, **variables)
    await Membership.filter(user_id=user_id).delete()
    await north.person(first_name="Two")
    assert await second.ends() == ["NOT_FOUND"]
    assert len(await first.hears(2)) == 2
    assert second.told == []


async def test_rights_lost_while_one_subscribes_count_as_well(room: Room):
    """They were read, then lost, then somebody else was told something; only then does it join those others."""
    north = await room.world.nation("north")
    variables = {"nation": gid("Nation", north.id)}
    first = await room.sit(await user_of(north), CHANGES, **variables)
    user_id = await user_of(north)
    stale = Caller(user_id=user_id, roles={north.id: Role.ADMIN})
    await Membership.filter(user_id=user_id).delete()
    await north.person(first_name="One")
    await first.hears(1)
    second = await room.seat(stale, CHANGES, **variables)
    assert len(room.cohorts) == 1
    await north.person(first_name="Two")
    assert await second.ends() == ["NOT_FOUND"]
    assert len(await first.hears(2)) == 2
    assert second.told == []


async def test_a_token_that_expires_ends_its_own_subscription_and_no_other(room: Room):
    north = await room.world.nation("north")
    variables = {"nation": gid("Nation", north.id)}
    staying = await room.sit(await user_of(north), CHANGES, **variables)
    caller = Caller(user_id=await user_of(north), roles={north.id: Role.ADMIN})
    leaving = await room.seat(
        replace(caller, expires_at=datetime.now(UTC) + timedelta(seconds=0.5)), CHANGES, **variables
    )
    await north.person(first_name="Before")
    assert (await leaving.hears(1)) == (await staying.hears(1))
    assert await leaving.ends() == ["UNAUTHENTICATED"]
    await north.person(first_name="After")
    await staying.hears(2)
    assert len(leaving.told) == 1


async def test_whoever_reads_slowly_holds_nobody_up_and_misses_nothing(room: Room):
    """What it does not take is not kept for it in memory: it is told from the log, once it takes more."""
    north = await room.world.nation("north")
    variables = {"nation": gid("Nation", north.id)}
    quick = await room.sit(await user_of(north), CHANGES, **variables)
    slow = await room.sit(await user_of(north), CHANGES, room=3, **variables)
    alone = await room.sit(await user_of(north), CHANGES + " ", room=3, **variables)
    for number in range(20):
        await north.person(first_name=str(number))
        await quick.hears(number + 1)
    assert (len(slow.told), len(alone.told)) == (3, 3)
    for ear in (slow, alone):
        while len(ear.told) < 20:
            before = len(ear.told)
            ear.read()
            await ear.hears(before + 1)
    assert await slow.hears(20) == await alone.hears(20) == await quick.hears(20)
    await north.person(first_name="last")
    slow.read()
    await slow.hears(21)
    assert slow.told[20] is quick.told[20]


async def test_whoever_falls_back_too_far_is_told_to_start_over(room: Room):
    north = await room.world.nation("north")
    variables = {"nation": gid("Nation", north.id), "topics": ["PROFILES"]}
    slow = await room.sit(await user_of(north), CHANGES, room=2, **variables)
    returning = cursor_at(SEAL, north.id, 0)
    for name in ("one", "two"):
        await north.person(first_name=name)
    await slow.hears(2)
    subject = await north.person(first_name="three")
    async with room.world.unit(north.admin) as unit:
        unit.deleted(north.id, Noun.PROFILE, [uuid4() for _ in range(MOST_BEHIND)])
    slow.read()
    change = (await slow.hears(3))[2]["changes"]
    assert change["change"]["__typename"] == "StreamReset"
    assert change["change"]["reason"] == "LAGGED"
    assert place_of(north.id, change["cursor"]) == await position(north.id)
    await north.edit(subject, first_name="four")
    assert (await slow.hears(4))[3]["changes"]["change"]["node"]["firstName"] == "four"
    back = await room.sit(await user_of(north), CHANGES, **variables, after=returning)
    first = (await back.hears(1))[0]["changes"]["change"]
    assert first["node"]["firstName"] == "one"  # whoever comes back has not fallen back: nothing is kept from it


async def test_figures_are_told_to_whoever_comes_and_the_same_never_twice(room: Room):
    north, _, share = await shared(room)
    variables = {"id": gid("TagShare", share.id)}
    first = await room.sit(await user_of(north), STATS, **variables)
    await first.hears(1)
    second = await room.sit(await user_of(north), STATS, **variables)
    assert await second.hears(1) == await first.hears(1)
    await north.tag("other")  # rings, and changes nothing of these figures
    await asyncio.sleep(0.3)
    assert [len(first.told), len(second.told)] == [1, 1]


async def test_those_who_go_leave_nothing_behind(room: Room):
    north = await room.world.nation("north")
    variables = {"nation": gid("Nation", north.id)}
    ears = [await room.sit(await user_of(north), CHANGES, **variables) for _ in range(4)]
    ears.append(await room.sit(await user_of(north), CHANGES + " ", **variables))
    assert len(room.cohorts) == 2
    for ear in ears[1:]:
        room.get_up(ear)
    await north.person(first_name="Ada")
    await ears[0].hears(1)
    assert [len(ear.told) for ear in ears] == [1, 0, 0, 0, 0]
    room.get_up(ears[0])
    await asyncio.sleep(0.1)
    assert len(room.cohorts) == 0


@pytest.mark.parametrize("count", [1, 250])
async def test_a_crowd_that_comes_back_at_once_is_told_together(room: Room, count: int):
    """However many stand at one place, what they missed is executed once, or a few times while they still come in."""
    north = await room.world.nation("north")
    for number in range(10):
        await north.person(first_name=str(number))
    user_id, variables = await user_of(north), {"nation": gid("Nation", north.id)}
    after = cursor_at(SEAL, north.id, 0)
    ears = await asyncio.gather(*(room.sit(user_id, CHANGES, **variables, after=after) for _ in range(count)))
    names = [[data["changes"]["change"]["node"]["firstName"] for data in await ear.hears(10)] for ear in ears]
    assert names == [[str(number) for number in range(10)]] * count
    assert len({id(told) for ear in ears for told in ear.told}) <= 10 * 4
    await north.person(first_name="live")
    for ear in ears:
        await ear.hears(11)
    assert len({id(ear.told[10]) for ear in ears}) == 1


def test_a_person_is_no_part_of_rights():
    one = Caller(user_id=UUID(int=1), roles={1: Role.ADMIN}, networks=frozenset({3}))
    assert one.rights == replace(one, user_id=None, token_id=UUID(int=2)).rights
    assert one.rights != replace(one, networks=frozenset()).rights
    assert one.rights != replace(one, roles={1: Role.MEMBER}).rights
    assert one.rights != replace(one, roles={1: Role.ADMIN, 2: Role.ADMIN}).rights
