"""What random stories, told to the database and to the model, brought to light: each once more, short and by name."""

from __future__ import annotations

import pytest

from sharing.errors import StaleVersion
from sharing.kinds import Group
from sharing.modes import SyncMode
from tests.couples import ANN, BEN, Couple, couple, shared_people
from tests.refusals import refused
from tests.world import SharedTag, World


async def test_a_run_syncs_nobody_whose_tag_was_taken_off_before_it_began(world: World) -> None:
    """The run and the work that ends the match are two jobs: whichever comes first, nothing more travels."""
    pair = await couple(world, {}, {})
    await pair.sender.edit(pair.ours, employer="Mill")
    await pair.sender.take_off(pair.tag, pair.ours)
    world.post.jobs.clear()
    await pair.share.sync()
    assert await pair.both("employer") == ("Mill", None)
    assert (await pair.share.boxes(), await pair.share.tagged()) == ({}, set())


@pytest.mark.parametrize("act", ["apply", "skip"])
async def test_whoever_lost_the_tag_is_decided_on_no_more_though_no_worker_has_seen_it(world: World, act: str) -> None:
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Shop"}, SyncMode.ALWAYS_REVIEW)
    conflict = await pair.share.conflict("employer")
    await pair.sender.take_off(pair.tag, pair.ours)
    async with refused(StaleVersion, pair.sender, pair.receiver) as info:
        await getattr(pair.receiver, act)(conflict.id)
    assert "shared no more" in str(info.value)


async def two_shares(world: World, mode: SyncMode) -> tuple[Couple, SharedTag]:
    """Return a pair that one share links accepting all, and another in a stricter mode, after a difference of employers."""
    pair = await couple(world, {"employer": "Mill"}, {"employer": "Mill"})
    tag = await pair.sender.tag("donor", [pair.ours])
    other = await (await pair.sender.share(tag, pair.receiver)).accept(mode)
    await world.work()
    return pair, other


@pytest.mark.parametrize("ending", ["stopped", "untagged"])
async def test_once_the_stricter_share_of_a_pair_ends_the_laxer_governs_at_once(world: World, ending: str) -> None:
    pair, other = await two_shares(world, SyncMode.ALWAYS_REVIEW)
    await pair.answer(employer="Shop")
    assert await pair.both("employer") == ("Mill", "Shop")
    if ending == "stopped":
        await other.stop(pair.receiver)
    else:
        await pair.sender.take_off((await other.row()).tag_id, pair.ours)
    await world.work()
    assert await pair.both("employer") == ("Shop", "Shop")
    assert (await pair.share.conflict("employer")).state == "RESOLVED"
    assert await pair.share.boxes() == {"synced": 1}


async def test_once_a_stricter_share_links_a_pair_the_laxer_shows_its_conflicts_at_once(world: World) -> None:
    pair = await couple(
        world, {"do_not_call": True}, {"do_not_call": False}, SyncMode.ACCEPT_ALL, Group.NATION_SPECIFIC
    )
    await pair.answer(do_not_call=False)
    assert await pair.both("do_not_call") == (True, False)
    tag = await pair.sender.tag("donor", [pair.ours])
    await (await pair.sender.share(tag, pair.receiver, Group.NATION_SPECIFIC)).accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    assert (await pair.share.conflict("do_not_call")).state == "OPEN"
    assert await pair.share.boxes() == {"unreviewed_changes": 1}


@pytest.mark.parametrize("way", ["work", "run"])
async def test_whoever_loses_a_link_to_an_equal_is_looked_at_on_what_is_known_today(world: World, way: str) -> None:
    """The link was made by likeness; an id that both have got since makes it the surer claim."""
    pair = await couple(world, {}, {}, None, sync_profiles=False)
    await pair.send(twitter_id="1")
    await pair.answer(twitter_id="1")
    assert (await pair.match()).stage == "HEURISTIC"
    equal = await pair.sender.person(**ANN)
    await pair.sender.put_on(pair.tag, equal)
    if way == "run":
        world.post.jobs.clear()
        await pair.share.sync()
    await world.work()
    assert (await pair.match()).stage == "UNIQUE_ID"
    assert (await pair.share.match_of(equal)).ambiguity == "ALREADY_LINKED"
    assert await pair.share.boxes() == {"synced": 1, "ambiguous": 1}


async def test_what_is_out_of_step_in_one_share_is_none_of_anothers_that_does_not_carry_it(world: World) -> None:
    blank_only = SyncMode.ACCEPT_BLANK_ONLY
    pair = await couple(world, {"is_volunteer": True}, {"is_volunteer": False}, blank_only, Group.VOLUNTEER)
    tag = await pair.sender.tag("donor", [pair.ours])
    other = await (await pair.sender.share(tag, pair.receiver)).accept(blank_only)
    await world.work()
    await pair.send(church="St Ann")
    assert (await pair.match()).out_of_step == ["is_volunteer"]
    assert (await other.match_of(pair.ours)).out_of_step == []


async def test_what_a_share_has_written_itself_concerns_those_who_wait_in_it_from_its_next_run_on(world: World) -> None:
    """Its writes fill people who are linked already: whoever waits could at most come to doubt what was found."""
    pair = await couple(world, {}, {})
    waiting = await pair.sender.person(**BEN, twitter_id="2")
    await pair.sender.put_on(pair.tag, waiting)
    await pair.send(twitter_id="2")
    assert (await pair.receiver.value(pair.theirs, "twitter_id"), await pair.share.boxes()) == (
        "2",
        {"synced": 1, "not_found": 1},
    )
    await pair.share.sync()
    assert (await pair.share.match_of(waiting)).ambiguity == "CONTRADICTED"
    assert await pair.share.boxes() == {"synced": 1, "ambiguous": 1}


async def test_a_run_looks_for_whoever_was_linked_with_somebody_deleted_beside_the_newcomers(world: World) -> None:
    """The deletion and the run are two jobs: whichever comes first, the newcomer takes nothing from the elder."""
    share, (ours,), (theirs,) = await shared_people(world, [ANN], [ANN], create=True)
    await share.receiver.delete(theirs)
    equal = await share.sender.person(**ANN)
    await share.sender.put_on((await share.row()).tag_id, equal)
    world.post.jobs.clear()
    await share.sync()
    await world.work()
    assert [(await share.match_of(one)).stage for one in (ours, equal)] == ["CREATED", "CREATED"]
    assert await share.boxes() == {"synced": 2}


async def test_an_id_that_the_receiver_takes_back_settles_the_doubt_at_once_that_it_caused(world: World) -> None:
    """Other keys than the id led to the candidate: they wake whoever waits."""
    pair = await couple(world, {"twitter_id": "1"}, {"twitter_id": "2"})
    assert (await pair.match()).ambiguity == "ID_CONFLICT"
    await pair.receiver.edit(pair.theirs, clear=["twitter_id"])
    await world.work()
    assert await pair.share.boxes() == {"synced": 1}


async def test_an_id_that_the_receiver_enters_leaves_one_of_two_equals(world: World) -> None:
    pair = await couple(world, {"twitter_id": "1"}, {}, sync_profiles=False, mode=None)
    equal = await pair.sender.person(**ANN)
    await pair.sender.put_on(pair.tag, equal)
    await world.work()
    assert await pair.share.boxes() == {"ambiguous": 2}
    await pair.answer(twitter_id="2")
    assert [(await pair.share.match_of(one)).ambiguity for one in (pair.ours, equal)] == ["ID_CONFLICT", None]
    assert await pair.share.boxes() == {"ambiguous": 1, "synced": 1}


async def test_an_id_that_another_share_fills_leaves_one_of_two_equals(world: World) -> None:
    """Whoever writes it: the doubt in which others wait is looked at again at once."""
    pair = await couple(world, {"twitter_id": "1"}, {}, None, sync_profiles=False)
    equal = await pair.sender.person(**ANN)
    await pair.sender.put_on(pair.tag, equal)
    await world.work()
    assert await pair.share.boxes() == {"ambiguous": 2}
    third = await world.nation("third")
    tag = await third.tag("donor", [await third.person(**ANN, twitter_id="2")])
    await (await third.share(tag, pair.receiver)).accept(SyncMode.ACCEPT_ALL)
    await world.work()
    assert await pair.receiver.value(pair.theirs, "twitter_id") == "2"
    assert [(await pair.share.match_of(one)).ambiguity for one in (pair.ours, equal)] == ["ID_CONFLICT", None]
    assert await pair.share.boxes() == {"ambiguous": 1, "synced": 1}
