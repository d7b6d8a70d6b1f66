"""A wrong link is undone, and no share of the two nations makes it again."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from actions.resolving import unlink_match
from models.match import Match
from models.queries import query
from sharing.errors import Forbidden, InvalidInput, NotFound
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchStage, MatchState
from sharing.visibility import Caller, Role
from tests.couples import ANN, couple, shared_people
from tests.refusals import paths, refused
from tests.tables import holdings
from tests.world import Nation, SharedTag, World


async def other_share(share: SharedTag, *people: UUID, back: bool = False) -> SharedTag:
    """Share people in another tag, or the receiver's people in a tag of its own."""
    giver, taker = (share.receiver, share.sender) if back else (share.sender, share.receiver)
    other = await giver.share(await giver.tag("other", people), taker)
    await other.accept()
    await share.world.work()
    return other


@pytest.mark.parametrize("by", ["sender", "receiver"])
async def test_a_wrong_link_ends_and_is_not_made_again(world: World, by: str) -> None:
    """Tag and conflicts go; what was synced stays; the sender's profile is shared on, with a match of its own."""
    pair = await couple(world, {"church": "St Ann", "employer": "Mill"}, {"employer": "Shop"}, SyncMode.ALWAYS_REVIEW)
    share, before = pair.share, await pair.match()
    (conflict,) = await share.conflicts()
    assert conflict.state is ConflictState.OPEN
    await share.unlink(pair.ours, pair.sender if by == "sender" else pair.receiver)
    assert (await Match.get(id=before.id)).state is MatchState.ENDED
    assert (await share.tagged(), await share.conflicts()) == (set(), [])
    assert await share.boxes() == {"not_found": 1}
    assert await pair.both("church") == ("St Ann", "St Ann")
    await pair.send(phone="+14155550199", twitter_id="7")
    await pair.answer(phone="+14155550199", twitter_id="7", employer="Mill")
    await share.sync()
    assert (await share.link(pair.ours), await share.boxes()) == (None, {"not_found": 1})
    await share.sender.take_off(pair.tag, pair.ours)
    await world.work()
    await share.sender.put_on(pair.tag, pair.ours)
    assert (await share.link(pair.ours), await share.tagged()) == (None, set())


async def test_the_right_one_is_found_instead(world: World) -> None:
    ours = {**ANN, "van_id": "7"}
    wrong = {"first_name": "Ann", "last_name": "Okonkwo", "van_id": "7"}
    share, (ann,), (mistaken,) = await shared_people(world, [ours], [wrong], Group.UNIQUE_IDS)
    right = await share.receiver.person(**{**ANN, "phone": "+14155550177"})
    await world.work()
    assert await share.link(ann) == mistaken
    await share.unlink(ann)
    assert await share.link(ann) == right
    assert await share.tagged() == {right}


@pytest.mark.parametrize("how", ["created", "chosen"])
async def test_also_whom_the_share_made_or_a_person_chose(world: World, how: str) -> None:
    there = [ANN, ANN] if how == "chosen" else []
    share, (ann,), _ = await shared_people(world, [ANN], there, create=True)
    if how == "chosen":
        await share.choose(ann, (await share.receiver.people())[0].id)
    first = await share.link(ann)
    assert first is not None
    await share.unlink(ann)
    second = await share.link(ann)
    assert second != first
    assert (await share.match_of(ann)).stage is (MatchStage.CREATED if how == "created" else MatchStage.HEURISTIC)
    assert await share.tagged() == {second}
    await share.sync()
    assert await share.link(ann) == second


async def test_a_rival_gets_whom_a_wrong_link_held(world: World) -> None:
    ours = [ANN, {"last_name": "Okonkwo", "van_id": "7"}]
    share, (one, two), (theirs,) = await shared_people(world, ours, [{**ANN, "van_id": "7"}], Group.UNIQUE_IDS)
    assert await share.link(two) == theirs
    await share.unlink(two)
    assert [await share.link(person) for person in (one, two)] == [theirs, None]


@pytest.mark.parametrize("back", [False, True])
async def test_it_holds_in_every_share_of_the_two_nations_in_either_direction(world: World, back: bool) -> None:
    """In those that are there, and in those that come later: it is a fact about two people."""
    pair = await couple(world, {}, {})
    before = await other_share(pair.share, pair.theirs if back else pair.ours, back=back)
    assert await before.boxes() == {"synced": 1}
    await pair.share.unlink(pair.ours)
    await world.work()
    assert (await before.boxes(), await before.tagged()) == ({"not_found": 1}, set())
    await before.stop(before.sender)
    await before.request()
    await before.accept()
    await world.work()
    assert await before.boxes() == {"not_found": 1}
    await before.sync()
    assert (await before.boxes(), await before.tagged()) == ({"not_found": 1}, set())


@pytest.mark.parametrize("how", ["a run", "an edit"])
async def test_a_link_that_was_made_at_the_moment_in_which_it_was_said_ends(world: World, how: str) -> None:
    """By a share that was accepted just then, which nobody could hold."""
    pair = await couple(world, {}, {})
    pairs = ([pair.ours], [pair.theirs])
    async with world.unit(pair.sender.admin) as unit:
        await unit.pg.execute(query("keep_apart"), *pairs, pair.sender.id, None, None)
    assert await pair.share.tagged() == {pair.theirs}
    if how == "a run":
        await pair.share.sync()
    else:
        await pair.send(employer="Mill")
    assert (await pair.share.link(pair.ours), await pair.share.tagged()) == (None, set())
    assert await pair.receiver.value(pair.theirs, "employer") is None


async def test_it_is_forgotten_with_either_profile(world: World) -> None:
    pair = await couple(world, {}, {})
    await pair.share.unlink(pair.ours)
    assert len((await holdings([pair.sender.id]))["strangers"]) == 1
    await pair.receiver.delete(pair.theirs)
    assert (await holdings([pair.sender.id]))["strangers"] == []
    again = await pair.receiver.person(**ANN)
    assert await pair.share.link(pair.ours) == again


async def test_only_an_admin_of_either_side_unlinks(world: World) -> None:
    pair = await couple(world, {}, {})
    east, match = await world.nation("east"), await pair.match()
    nations = (pair.sender, pair.receiver)
    for caller, kind in ((pair.sender.member, Forbidden), (pair.receiver.member, Forbidden), (east.admin, NotFound)):
        async with refused(kind, *nations), world.unit(caller) as unit:
            await unlink_match(unit, match.id)
    mixed = Caller(user_id=uuid4(), roles={pair.sender.id: Role.MEMBER, pair.receiver.id: Role.ADMIN})
    async with world.unit(mixed) as unit:
        await unlink_match(unit, match.id)
    (record,) = (await holdings([pair.sender.id]))["strangers"]
    assert f'"nation_id": {pair.receiver.id}' in record
    assert str(mixed.user_id) in record


@pytest.mark.parametrize("how", ["not found", "ambiguous", "ended", "stopped"])
async def test_what_links_nobody_is_not_unlinked(world: World, how: str) -> None:
    there = {"not found": [], "ambiguous": [ANN, ANN]}.get(how, [ANN])
    share, (ann,), _ = await shared_people(world, [ANN], there)
    match = await share.match_of(ann)
    if how == "ended":
        await share.unlink(ann)
    elif how == "stopped":
        await share.stop(share.receiver)
    async with refused(InvalidInput, share.sender, share.receiver) as info, world.unit(share.sender.admin) as unit:
        await unlink_match(unit, match.id)
    assert paths(info) == [("matchId",)]
    gone: Nation = share.receiver
    if how == "stopped":
        async with refused(NotFound, share.sender, gone), world.unit(gone.admin) as unit:
            await unlink_match(unit, match.id)


async def test_leader_plans_may_say_who_is_whom(world: World) -> None:
    share, (ann,), (one, _) = await shared_people(world, [ANN], [ANN, ANN])
    await share.receiver.become(plan="LEADER")
    await share.choose(ann, one)
    await share.unlink(ann)
    assert await share.link(ann) not in (None, one)
