"""Whose a shared tag is, and how its being on somebody ends: by the sender, by a deletion, by a stop."""

import pytest

from actions.shares import create_tag_shares
from models.ledger import LedgerEntry
from models.match import Match
from models.tag import Tag, Tagging
from sharing.coverage import Settings
from sharing.errors import Forbidden
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchState
from tests.couples import ANN, BEN, CLEO, Couple, couple
from tests.refusals import refused
from tests.tables import holdings
from tests.world import World

REVIEW = SyncMode.ALWAYS_REVIEW


async def bears(tag_id, profile_id) -> bool:
    return await Tagging.filter(tag_id=tag_id, profile_id=profile_id).exists()


async def unlinked(pair: Couple) -> None:
    """Assert that the two are there as before, without the tag at the receiver, and that nothing flows any more."""
    assert await pair.share.tagged() == set()
    assert await pair.receiver.values(pair.theirs)
    before = await holdings([pair.receiver.id])
    ledger = await LedgerEntry.filter(share_id=pair.share.id).count()
    if pair.ours in {person.id for person in await pair.sender.people()}:
        await pair.send(employer="After the end", church="St End")
    assert await holdings([pair.receiver.id]) == before
    before = await holdings([pair.sender.id])
    await pair.receiver.edit(pair.theirs, employer="After it, too", religion="None")
    await pair.world.work()
    assert await holdings([pair.sender.id]) == before
    assert await LedgerEntry.filter(share_id=pair.share.id).count() == ledger


async def test_untagging_takes_the_tag_off_the_matched_profile_and_nothing_syncs_any_more(world: World) -> None:
    """Both profiles remain, with what was synced, and without the tag."""
    pair = await couple(world, {"employer": "Mill"}, {"church": "St Ann"})
    await pair.sender.take_off(pair.tag, pair.ours)
    await world.work()
    assert await pair.share.boxes() == {}
    assert (await pair.both("employer"), await pair.both("church")) == (("Mill", "Mill"), ("St Ann", "St Ann"))
    assert not await bears(pair.tag, pair.ours)
    await unlinked(pair)


async def test_tagging_again_begins_anew_with_a_first_sync(world: World) -> None:
    """Where all is accepted the sender's value wins then, though the receiver's be newer; nothing old is remembered."""
    pair = await couple(world, {"employer": "Mill"}, {})
    ended = await pair.match()
    await pair.sender.take_off(pair.tag, pair.ours)
    await world.work()
    await pair.answer(employer="Shop")
    await pair.sender.put_on(pair.tag, pair.ours)
    await world.work()
    assert await pair.both("employer") == ("Mill", "Mill")
    assert (await pair.match()).id != ended.id
    assert (await Match.get(id=ended.id)).state is MatchState.ENDED
    assert (await pair.share.tagged(), await pair.share.boxes()) == ({pair.theirs}, {"synced": 1})


async def test_untagging_ends_the_conflicts_of_the_match_and_of_no_other(world: World) -> None:
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Shop"}, REVIEW)
    ben, _ = await pair.sender.person(**BEN, employer="Mill"), await pair.receiver.person(**BEN, employer="Shop")
    await pair.sender.put_on(pair.tag, ben)
    await world.work()
    assert await pair.share.boxes() == {"unreviewed_changes": 2}
    await pair.sender.take_off(pair.tag, pair.ours)
    await world.work()
    assert await pair.share.boxes() == {"unreviewed_changes": 1}
    (left,) = await pair.share.conflicts()
    assert (left.match_id, left.state) == ((await pair.share.match_of(ben)).id, ConflictState.OPEN)


async def test_a_profile_that_the_sender_deletes_ends_its_match_and_stays_at_the_receiver(world: World) -> None:
    """Person and data stay there; the tag comes off."""
    pair = await couple(world, {"employer": "Mill"}, {})
    await pair.sender.delete(pair.ours)
    await world.work()
    assert await pair.share.boxes() == {}
    assert await pair.receiver.value(pair.theirs, "employer") == "Mill"
    await unlinked(pair)


async def test_a_profile_that_the_receiver_deletes_ends_its_match_and_stays_at_the_sender(world: World) -> None:
    """Without creation nobody is made: the sender's profile keeps the tag, and is one who was not found."""
    pair = await couple(world, {"employer": "Mill"}, {"church": "St Ann"}, offer_new_profiles=True)
    before = await pair.sender.record(pair.ours)
    await pair.receiver.delete(pair.theirs)
    await world.work()
    assert (await pair.receiver.people(), await pair.share.tagged()) == ([], set())
    assert await pair.share.boxes() == {"not_found": 1}
    assert await pair.sender.record(pair.ours) == before
    assert await bears(pair.tag, pair.ours)
    await pair.send(employer="Shop")
    assert await pair.receiver.people() == []


@pytest.mark.parametrize("by", ["sender", "receiver"])
async def test_a_stop_leaves_the_tag_on_all_of_the_senders_profiles_and_on_none_of_the_receivers(world, by) -> None:
    """People stay on both sides, with what was synced; nothing flows any more."""
    pair = await couple(world, {"employer": "Mill"}, {"church": "St Ann"})
    ben, theirs = await pair.sender.person(**BEN), await pair.receiver.person(**BEN)
    stranger = await pair.sender.person(**CLEO)
    await pair.sender.put_on(pair.tag, ben, stranger)
    await world.work()
    assert await pair.share.tagged() == {pair.theirs, theirs}
    await pair.share.stop(getattr(pair, by))
    assert {row.profile_id for row in await Tagging.filter(tag_id=pair.tag)} == {pair.ours, ben, stranger}
    assert (await Tag.get(id=pair.tag)).taggings == 3
    assert not await Tag.exists(nation_id=pair.receiver.id)
    assert (await pair.both("employer"), await pair.both("church")) == (("Mill", "Mill"), ("St Ann", "St Ann"))
    assert {person.id for person in await pair.receiver.people()} == {pair.theirs, theirs}
    await unlinked(pair)


async def test_a_stop_ends_one_share_and_no_other_of_the_same_people(world: World) -> None:
    """Another tag, or another receiver of the same tag, goes on."""
    pair = await couple(world, {}, {})
    west = await world.nation("west")
    hers = await west.person(**ANN)
    second = await pair.sender.share(await pair.sender.tag("second", [pair.ours]), pair.receiver)
    third = await pair.sender.share(pair.tag, west)
    for share in (second, third):
        await share.accept()
    await world.work()
    await pair.share.stop(pair.receiver)
    await pair.send(employer="Mill")
    assert await pair.both("employer") == ("Mill", "Mill")
    assert await west.value(hers, "employer") == "Mill"
    assert (await second.tagged(), await third.tagged()) == ({pair.theirs}, {hers})


async def test_whoever_is_tagged_while_the_share_runs_is_matched_and_tagged_there(world: World) -> None:
    pair = await couple(world, {}, {})
    ben, theirs = await pair.sender.person(**BEN, employer="Mill"), await pair.receiver.person(**BEN)
    await pair.sender.put_on(pair.tag, ben)
    await world.work()
    assert await pair.share.tagged() == {pair.theirs, theirs}
    assert await pair.receiver.value(theirs, "employer") == "Mill"
    await pair.sender.take_off(pair.tag, ben)
    await world.work()
    assert await pair.share.tagged() == {pair.theirs}


@pytest.mark.parametrize("role", ["admin", "member"])
async def test_a_receiver_shares_no_tag_on_that_was_shared_to_it(world: World, role: str) -> None:
    """The sending nation keeps the tag: whoever asks, and for whichever nation, even the tag's own."""
    pair = await couple(world, {}, {})
    west, twin = await world.nation("west"), await pair.share.twin()
    for nation in (west, pair.sender):
        async with (
            refused(Forbidden, pair.sender, pair.receiver, west),
            world.unit(getattr(pair.receiver, role)) as unit,
        ):
            await create_tag_shares(unit, twin.id, [nation.slug], Settings(sync_profiles=True))


async def test_a_receiver_that_edits_a_linked_person_takes_nobody_out_of_the_share(world: World) -> None:
    """It cannot exclude a matched profile, whatever it makes of it."""
    pair = await couple(world, {}, {})
    await pair.answer(first_name="Anna", last_name="Smith", birthdate=None, phone=None)
    await pair.share.sync()
    assert (await pair.share.tagged(), await pair.share.boxes()) == ({pair.theirs}, {"synced": 1})


async def test_two_nations_tags_of_one_name_are_two_at_the_receiver(world: World) -> None:
    """Each shows under its sender's slug, and each goes when its own share is stopped."""
    pair = await couple(world, {}, {})
    east = await world.nation("east")
    share = await east.share(await east.tag("board", [await east.person(**ANN)]), pair.receiver)
    await share.accept()
    await world.work()
    assert {tag.name for tag in await Tag.filter(nation_id=pair.receiver.id)} == {"board"}
    assert await Tag.filter(nation_id=pair.receiver.id).count() == 2
    await pair.share.stop(pair.sender)
    assert (await share.tagged(), await pair.share.tagged()) == ({pair.theirs}, set())
