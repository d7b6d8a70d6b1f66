"""Emails in step: a set of at most four a profile, and an address lives on one profile of a nation."""

import pytest

from models.email import ProfileEmail
from models.match import Match
from sharing.kinds import Group
from sharing.modes import SyncMode
from tests.couples import BEN, Couple, couple
from tests.tables import holdings
from tests.world import World

A, B, C, D, E = (f"{letter}@example.org" for letter in "abcde")
EMAILS = Group.EMAILS


async def sets(pair: Couple) -> tuple[set, set]:
    """Return the addresses of both sides."""
    ours, theirs = await pair.both("emails")
    return set(ours or ()), set(theirs or ())


async def notes(pair: Couple) -> list[tuple[str, str, str]]:
    """Return what the match reports."""
    return sorted((note["side"], note["address"], note["hindrance"]) for note in (await pair.match()).notes)


@pytest.mark.parametrize("mode", SyncMode)
async def test_an_address_missing_on_one_side_is_added_in_every_mode(world: World, mode: SyncMode) -> None:
    """Never a conflict; each side's own come first, in their order."""
    pair = await couple(world, {"emails": [A, B]}, {"emails": [C, A]}, mode, EMAILS)
    assert await pair.both("emails") == ((A, B, C), (C, A, B))
    assert (await pair.share.conflicts(), await notes(pair)) == ([], [])
    await pair.answer(emails=[C, A, B, D])
    assert await sets(pair) == ({A, B, C, D}, {A, B, C, D})


@pytest.mark.parametrize("mode", SyncMode)
async def test_an_address_removed_after_it_was_synced_is_removed(world: World, mode: SyncMode) -> None:
    pair = await couple(world, {"emails": [A, B]}, {}, mode, EMAILS)
    await pair.answer(emails=[B])
    assert await sets(pair) == ({B}, {B})
    await pair.send(emails=[])
    assert await sets(pair) == (set(), set())
    await pair.send(emails=[A])
    assert await sets(pair) == ({A}, {A})


async def test_one_that_finds_no_free_slot_is_reported_and_follows_when_one_is_free(world: World) -> None:
    """Reported on the match, never dropped in silence."""
    pair = await couple(world, {"emails": [A, B]}, {"emails": [A, C, D, E]}, SyncMode.ACCEPT_ALL, EMAILS)
    assert await sets(pair) == ({A, B, C, D}, {A, C, D, E})
    assert await notes(pair) == [("RECEIVER", B, "NO_FREE_SLOT"), ("SENDER", E, "NO_FREE_SLOT")]
    await pair.answer(emails=[A, C, E])
    assert await sets(pair) == ({A, B, C, E}, {A, B, C, E})
    assert await notes(pair) == []


async def test_one_that_somebody_else_there_has_is_reported_and_follows_when_it_is_given_up(world: World) -> None:
    pair = await couple(world, {"emails": [A, B]}, {"emails": [A]}, SyncMode.ACCEPT_ALL, EMAILS)
    other = await pair.receiver.person(**BEN, emails=[C])
    await pair.send(emails=[A, B, C])
    assert await sets(pair) == ({A, B, C}, {A, B})
    assert await notes(pair) == [("RECEIVER", C, "BELONGS_TO_ANOTHER")]
    assert await pair.receiver.value(other, "emails") == (C,)
    await pair.receiver.edit(other, emails=[])
    await world.work()
    await pair.share.sync()
    assert await sets(pair) == ({A, B, C}, {A, B, C})
    assert await notes(pair) == []


async def test_only_the_address_travels_not_which_is_primary_nor_that_it_is_bad(world: World) -> None:
    pair = await couple(world, {"emails": [A, B]}, {"emails": [C]}, SyncMode.ACCEPT_ALL, EMAILS)
    await ProfileEmail.filter(profile_id=pair.ours, address=B).update(is_bad=True)
    await pair.share.sync()
    rows = await ProfileEmail.filter(profile_id=pair.theirs).order_by("position")
    assert [(row.address, row.is_primary, row.is_bad) for row in rows] == [
        (C, True, False),
        (A, False, False),
        (B, False, False),
    ]


async def test_two_people_of_one_chunk_are_not_given_one_address(world: World) -> None:
    """Here the receiver holds it on neither, and the sender can hold it on one alone: what changes hands is taken once."""
    north, south = await world.nations("north", "south")
    pair = await couple(world, {"emails": [A]}, {}, SyncMode.ACCEPT_ALL, EMAILS, sender=north, receiver=south)
    ben, there = await north.person(**BEN, emails=[B]), await south.person(**BEN)
    await north.put_on(pair.tag, ben)
    await world.work()
    await north.edit(pair.ours, emails=[])
    await north.edit(ben, emails=[B, A])
    await world.work()
    await pair.share.sync()
    assert (await south.value(there, "emails"), await south.value(pair.theirs, "emails")) == ((B, A), None)
    assert await ProfileEmail.filter(nation_id=south.id).count() == 2
    assert [match.notes for match in await pair.share.matches()] == [[], []]


async def test_emails_that_are_not_shared_stay_where_they_are(world: World) -> None:
    pair = await couple(world, {"emails": [A]}, {"emails": [B]}, SyncMode.ACCEPT_ALL)
    assert await pair.both("emails") == ((A,), (B,))
    assert (await pair.match()).email_base == []


async def test_after_a_stop_and_a_new_start_nothing_is_taken_for_removed(world: World) -> None:
    """The new share's first sync knows nothing of what the old one had brought together."""
    pair = await couple(world, {"emails": [A, B]}, {}, SyncMode.ACCEPT_ALL, EMAILS)
    await pair.share.stop(pair.sender)
    await pair.answer(emails=[B, C])
    await pair.share.request()
    await pair.share.accept()
    await world.work()
    assert await sets(pair) == ({A, B, C}, {A, B, C})


async def test_a_second_run_changes_nothing_even_where_addresses_cannot_go(world: World) -> None:
    pair = await couple(world, {"emails": [A, B]}, {"emails": [A, C, D, E]}, SyncMode.ACCEPT_ALL, EMAILS)
    before = await holdings([pair.sender.id, pair.receiver.id])
    await pair.share.sync()
    assert await holdings([pair.sender.id, pair.receiver.id]) == before
    assert await Match.filter(share_id=pair.share.id).count() == 1
