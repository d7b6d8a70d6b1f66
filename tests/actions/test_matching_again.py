"""Ambiguous and not-found profiles are tried again as soon as something about them changes."""

from uuid import UUID

import pytest

from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import AmbiguityReason, MatchState
from tests.couples import ANN, BEN
from tests.world import SharedTag, World

MULTIPLE = AmbiguityReason.MULTIPLE_CANDIDATES


async def shared(
    world: World, ours: list[dict], theirs: list[dict], *groups: Group, **settings
) -> tuple[SharedTag, list, list]:
    """Share people with a nation that has some of its own; gives the share and the profiles of both sides."""
    north, south = await world.nations("north", "south")
    here, there = [await north.person(**who) for who in ours], [await south.person(**who) for who in theirs]
    share = await north.share(await north.tag("board", here), south, *groups, **settings)
    await share.accept(SyncMode.ACCEPT_ALL if settings.get("sync_profiles", True) else None)
    await world.work()
    return share, here, there


async def link(share: SharedTag, person: UUID) -> UUID | None:
    await share.world.work()
    await share.boxes()
    return (await share.match_of(person)).receiver_profile_id


async def test_when_the_senders_profile_changes(world: World) -> None:
    share, (ann,), (theirs,) = await shared(world, [{"first_name": "Ann"}], [ANN])
    assert await share.boxes() == {"not_found": 1}
    await share.sender.edit(ann, **ANN)
    assert await link(share, ann) == theirs


@pytest.mark.parametrize("missing", ["birthdate", "phone"])
async def test_when_the_receivers_profile_comes_to_look_like_it(world: World, missing: str) -> None:
    known = {key: value for key, value in ANN.items() if key in ("last_name", missing)}
    share, (ann,), (theirs,) = await shared(world, [ANN], [{"last_name": "Okonkwo"}])
    assert await share.boxes() == {"not_found": 1}
    await share.receiver.edit(theirs, **{**known, "first_name": "Ann"})
    assert await link(share, ann) == theirs


async def test_when_the_receivers_profile_gets_an_id_or_email_that_takes_part(world: World) -> None:
    groups = (Group.UNIQUE_IDS, Group.EMAILS)
    ours = [{"last_name": "Okonkwo", "van_id": "7"}, {"last_name": "Zamora", "emails": ["ben@example.org"]}]
    share, people, there = await shared(world, ours, [{"last_name": "Okonkwo"}, {"last_name": "Zamora"}], *groups)
    assert await share.boxes() == {"not_found": 2}
    await share.receiver.edit(there[0], van_id="7")
    await share.receiver.edit(there[1], emails=["ben@example.org"])
    assert [await link(share, person) for person in people] == there


async def test_when_one_of_two_candidates_is_deleted(world: World) -> None:
    share, (ann,), there = await shared(world, [ANN], [ANN, ANN])
    assert (await share.match_of(ann)).ambiguity is MULTIPLE
    await share.receiver.delete(there[0])
    assert await link(share, ann) == there[1]


async def test_when_one_of_two_candidates_turns_out_to_be_somebody_else(world: World) -> None:
    """Its keys are other ones afterwards: whom it resembled no more has to be looked at all the same."""
    share, (ann,), there = await shared(world, [ANN], [ANN, ANN])
    await share.receiver.edit(there[0], **BEN)
    assert await link(share, ann) == there[1]


async def test_when_candidates_come_to_differ_in_what_is_no_key(world: World) -> None:
    """A suffix brings nobody in, and may yet tell the daughter from her mother."""
    known = {key: value for key, value in ANN.items() if key != "birthdate"}
    daughter = {**known, "middle_name": "Ruth", "sex": "F", "suffix": "Jr"}
    share, (ann,), there = await shared(world, [daughter], [known, known])
    assert await link(share, ann) is None
    await share.receiver.edit(there[0], suffix="Sr")
    await share.receiver.edit(there[1], suffix="Jr")
    assert await link(share, ann) == there[1]


@pytest.mark.parametrize("how", ["untagged", "deleted", "edited"])
async def test_when_the_rival_who_matched_as_surely_is_no_rival_any_more(world: World, how: str) -> None:
    share, (one, two), (theirs,) = await shared(world, [ANN, ANN], [ANN])
    assert {match.ambiguity for match in await share.matches()} == {AmbiguityReason.ALREADY_LINKED}
    north = share.sender
    if how == "untagged":
        await north.take_off((await share.row()).tag_id, two)
    elif how == "deleted":
        await north.delete(two)
    else:
        await north.edit(two, **BEN)
    assert await link(share, one) == theirs
    assert await share.tagged() == {theirs}


@pytest.mark.parametrize("how", ["untagged", "deleted"])
async def test_when_the_rival_who_was_surer_gives_up_the_link(world: World, how: str) -> None:
    ours = [ANN, {"last_name": "Okonkwo", "van_id": "7"}]
    share, (one, two), (theirs,) = await shared(world, ours, [{**ANN, "van_id": "7"}], Group.UNIQUE_IDS)
    assert (await share.match_of(one)).state is MatchState.AMBIGUOUS
    assert await link(share, two) == theirs
    if how == "untagged":
        await share.sender.take_off((await share.row()).tag_id, two)
    else:
        await share.sender.delete(two)
    assert await link(share, one) == theirs
    assert await share.tagged() == {theirs}


async def test_when_who_was_linked_is_deleted_by_the_receiver(world: World) -> None:
    """The sender's profile is looked at again, and so is who could not have that link."""
    ours = [ANN, {"last_name": "Okonkwo", "van_id": "7"}]
    options = {"sync_profiles": False}
    share, (one, two), (theirs,) = await shared(world, ours, [{**ANN, "van_id": "7"}], Group.UNIQUE_IDS, **options)
    assert await link(share, two) == theirs
    other = await share.receiver.person(**ANN)
    await share.receiver.delete(theirs)
    assert [await link(share, person) for person in (one, two)] == [other, None]
    assert await share.boxes() == {"synced": 1, "not_found": 1}


async def test_an_equal_is_not_linked_by_being_looked_at_alone(world: World) -> None:
    """Whatever else of one of them changes, the other is still as sure."""
    share, (one, two), _ = await shared(world, [ANN, ANN], [ANN])
    await share.sender.edit(one, employer="Mill")
    await share.sender.edit(two, phone="")
    assert await share.boxes() == {"ambiguous": 2}
    await share.world.work()
    await share.sender.edit(two, phone=ANN["phone"])
    assert [await link(share, person) for person in (one, two)] == [None, None]
    assert await share.boxes() == {"ambiguous": 2}
    await share.sync()
    assert await share.boxes() == {"ambiguous": 2}


async def test_equals_who_come_later_put_a_link_in_doubt_until_they_go(world: World) -> None:
    """Equals all lose: also the one who was linked before the others came."""
    share, (one,), (theirs,) = await shared(world, [ANN], [ANN])
    assert await link(share, one) == theirs
    tag = (await share.row()).tag_id
    rivals = [await share.sender.person(**ANN) for _ in range(2)]
    await share.sender.put_on(tag, *rivals)
    assert [await link(share, person) for person in (one, *rivals)] == [None] * 3
    assert (await share.boxes(), await share.tagged()) == ({"ambiguous": 3}, set())
    await share.sender.take_off(tag, *rivals)
    assert await link(share, one) == theirs
