"""Tags: whose they are, what they are called, whom they are on."""

from uuid import uuid4

import pytest

from actions.taggings import MAX_PROFILES
from actions.tags import (
    MAX_NAME,
    add_taggings,
    create_tag,
    delete_tag,
    named_tags,
    remove_taggings,
    rename_tag,
)
from models.share import Share
from models.tag import Tag, Tagging
from sharing.errors import Forbidden, InvalidInput, NotFound
from sharing.events import EventKind, Noun
from sharing.lifecycle import ShareStatus
from sharing.visibility import Caller
from tests.couples import ANN
from tests.refusals import paths, refused
from tests.tables import events, position
from tests.world import Nation, SharedTag, World


async def make(nation: Nation, name: str, caller: Caller | None = None):
    async with nation.world.unit(caller or nation.member) as unit:
        return await create_tag(unit, nation.id, name)


async def rename(nation: Nation, tag_id, name: str):
    async with nation.world.unit(nation.member) as unit:
        return await rename_tag(unit, tag_id, name)


async def delete(nation: Nation, tag_id) -> None:
    async with nation.world.unit(nation.member) as unit:
        await delete_tag(unit, tag_id)


async def put_on(nation: Nation, tag_id, *profile_ids) -> int:
    async with nation.world.unit(nation.member) as unit:
        return await add_taggings(unit, tag_id, profile_ids)


async def take_off(nation: Nation, tag_id, *profile_ids) -> int:
    async with nation.world.unit(nation.member) as unit:
        return await remove_taggings(unit, tag_id, profile_ids)


async def bearers(tag_id) -> set:
    """Return who bears a tag; the kept count is checked against them."""
    found = {tagging.profile_id for tagging in await Tagging.filter(tag_id=tag_id)}
    assert (await Tag.get(id=tag_id)).taggings == len(found)
    return found


async def shared_to_south(world: World) -> tuple[SharedTag, Tag]:
    north, south = await world.nations("north", "south")
    ours = await north.person(**ANN)
    await south.person(**ANN)
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept()
    await world.work()
    return share, await share.twin()


async def test_a_tag_keeps_its_name_with_spaces_in_order(world: World) -> None:
    north = await world.nation("north")
    tag = await Tag.get(id=await make(north, "  Board \t of  trustees "))
    assert (tag.name, tag.nation_id, tag.share_id, tag.taggings) == ("Board of trustees", north.id, None, 0)


@pytest.mark.parametrize("name", ["", " \n ", "x" * (MAX_NAME + 1), "a\0b"])
async def test_a_name_that_cannot_be_one_is_refused(world: World, name: str) -> None:
    north = await world.nation("north")
    tag = await make(north, "board")
    for attempt in (lambda: make(north, name), lambda: rename(north, tag, name)):
        async with refused(InvalidInput, north) as info:
            await attempt()
        assert paths(info) == [("name",)]


async def test_a_name_is_taken_in_any_mix_of_cases_but_by_another_nation(world: World) -> None:
    north, south = await world.nations("north", "south")
    await make(north, "Überraschung")
    async with refused(InvalidInput, north) as info:
        await make(north, "ÜBERRASCHUNG")
    assert "“Überraschung”" in info.value.message
    await make(south, "überraschung")


@pytest.mark.parametrize("name", ["b_ard", "%", "boar%", "b\\oard"])
async def test_signs_that_sql_reads_as_patterns_are_plain_letters_in_a_name(world: World, name: str) -> None:
    """A mistake that is easily made: ILIKE takes % and _ for anything."""
    north = await world.nation("north")
    await make(north, "board")
    assert (await Tag.get(id=await make(north, name))).name == name


async def test_a_name_that_a_shared_tag_bears_is_free_for_ones_own(world: World) -> None:
    """The shared one shows as slug:name, so that the two cannot be confused."""
    share, _ = await shared_to_south(world)
    assert await make(share.receiver, "board")


async def test_a_new_name_reaches_the_receivers_and_may_differ_in_case_alone(world: World) -> None:
    share, twin = await shared_to_south(world)
    north, south = share.sender, share.receiver
    tag_id = (await share.row()).tag_id
    before = await position(south.id)
    await rename(north, tag_id, "Board")
    assert [(await Tag.get(id=tag_id)).name, (await share.twin()).name] == ["Board", "Board"]
    (told,) = await events(south.id, before)
    assert (told["kind"], told["noun"], told["subjects"]) == (EventKind.CHANGED, Noun.TAG, [twin.id])


async def test_a_receiver_can_do_nothing_to_a_tag_that_was_shared_to_it(world: World) -> None:
    """It can neither put it on nor take it off a profile, rename or delete it."""
    share, twin = await shared_to_south(world)
    north, south = share.sender, share.receiver
    (theirs,) = await share.tagged()
    other = await south.person(first_name="Ben")
    for attempt in (
        lambda: put_on(south, twin.id, other),
        lambda: take_off(south, twin.id, theirs),
        lambda: rename(south, twin.id, "mine"),
        lambda: delete(south, twin.id),
    ):
        async with refused(Forbidden, north, south) as info:
            await attempt()
        assert paths(info) == [("tagId",)]


async def test_another_nations_tag_is_as_unknown_as_none(world: World) -> None:
    north, south = await world.nations("north", "south")
    theirs, ours = await south.tag("board"), await north.person(first_name="Ann")
    for attempt in (
        lambda tag: put_on(north, tag, ours),
        lambda tag: take_off(north, tag, ours),
        lambda tag: rename(north, tag, "mine"),
        lambda tag: delete(north, tag),
    ):
        answers = []
        for tag in (theirs, uuid4()):
            async with refused(NotFound, north, south) as info:
                await attempt(tag)
            answers.append((info.value.message, info.value.path))
        assert answers[0] == answers[1]


async def test_a_nation_one_does_not_belong_to_gets_no_tag(world: World) -> None:
    north, south = await world.nations("north", "south")
    async with refused(NotFound, north, south):
        await make(south, "board", north.admin)


async def test_tagging_counts_who_did_not_bear_the_tag_and_untagging_who_did(world: World) -> None:
    north = await world.nation("north")
    one, two, three = [await north.person(first_name=name) for name in ("Ann", "Ben", "Cleo")]
    tag = await make(north, "board")
    assert await put_on(north, tag, one, two, one) == 2
    assert await put_on(north, tag, two, three) == 1
    assert await bearers(tag) == {one, two, three}
    assert await take_off(north, tag, one, one) == 1
    before = await position(north.id)
    assert await take_off(north, tag, one) == 0
    assert await put_on(north, tag, two) == 0
    assert await position(north.id) == before
    assert await bearers(tag) == {two, three}


async def test_profiles_of_others_are_named_by_their_place_as_those_that_do_not_exist(world: World) -> None:
    north, south = await world.nations("north", "south")
    ours, theirs = await north.person(first_name="Ann"), await south.person(first_name="Ben")
    tag = await make(north, "board")
    for act in (put_on, take_off):
        async with refused(InvalidInput, north, south) as info:
            await act(north, tag, ours, theirs, uuid4())
        assert paths(info) == [("profileIds", "1"), ("profileIds", "2")]
        assert len({problem.message for problem in info.value.problems}) == 1


async def test_too_many_profiles_at_once_are_refused(world: World) -> None:
    north = await world.nation("north")
    tag = await make(north, "board")
    async with refused(InvalidInput, north) as info:
        await put_on(north, tag, *[uuid4() for _ in range(MAX_PROFILES + 1)])
    assert paths(info) == [("profileIds",)]


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_tag_with_a_live_share_is_not_deleted(world: World, accepted: bool) -> None:
    north, south = await world.nations("north", "south")
    share = await north.share(tag := await north.tag("board"), south)
    if accepted:
        await share.accept()
    async with refused(InvalidInput, north, south) as info:
        await delete(north, tag)
    assert paths(info) == [("tagId",)]


async def test_a_deleted_tag_leaves_its_profiles_and_takes_its_ended_shares_along(world: World) -> None:
    share, _ = await shared_to_south(world)
    north, south = share.sender, share.receiver
    tag = (await share.row()).tag_id
    other = await north.share(tag, west := await world.nation("west"))
    await other.reject()
    await share.stop(south)
    before = {nation.id: await position(nation.id) for nation in (north, south, west)}
    await delete(north, tag)
    assert await Tag.filter(nation_id=north.id).count() == 0
    assert await Share.filter(sender_id=north.id).count() == 0
    assert len(await north.people()) == 1
    told = {(row["kind"], row["noun"]) for row in await events(west.id, before[west.id])}
    assert told == {(EventKind.DELETED, Noun.TAG_SHARE)}
    assert {row["noun"] for row in await events(north.id, before[north.id])} == {"Profile", "TagShare", "Tag"}
    again = await north.share(await north.tag("board"), south)
    assert (await again.row()).status is ShareStatus.PENDING


async def test_named_tags_are_found_in_any_case_among_ones_own_and_made_where_missing(world: World) -> None:
    """As an import names them."""
    share, _ = await shared_to_south(world)
    south = share.receiver
    mine = await make(south, "Volunteers")
    async with world.unit(south.admin) as unit:
        found = await named_tags(unit, south.id, ["VOLUNTEERS", "Board", "new"])
        again = await named_tags(unit, south.id, ["New", "board"])
        nothing = await named_tags(unit, south.id, [])
    assert found["volunteers"] == mine
    assert {found["board"], found["new"]} == set(again.values())
    assert found["board"] != (await share.twin()).id
    assert nothing == {}


async def test_a_profile_that_goes_leaves_the_counts_of_its_tags_right(world: World) -> None:
    share, _ = await shared_to_south(world)
    (theirs,) = await share.tagged()
    mine = await share.receiver.tag("mine", [theirs])
    await share.receiver.delete(theirs)
    assert await bearers(mine) == set()
    assert await share.tagged() == set()
