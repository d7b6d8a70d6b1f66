"""What a share does, from acceptance on."""

from actions.advance import advance_share
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import MatchStage, MatchState
from sharing.visibility import Caller
from tests.world import World

ANN = {"first_name": "Ann", "last_name": "Okonkwo", "birthdate": "1980-02-03", "phone": "+14155550101"}


async def test_a_person_both_know_is_matched_tagged_and_filled_both_ways(world: World) -> None:
    """Blank fields are filled from the other nation, in both directions; the tag is put on."""
    north, south = await world.nation("north"), await world.nation("south")
    ours = await north.person(**ANN, employer="Mill")
    theirs = await south.person(**ANN, occupation="Weaver")
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept()
    await world.work()
    assert await share.boxes() == {"synced": 1}
    assert await share.tagged() == {theirs}
    assert (await south.values(theirs))["employer"] == "Mill"
    assert (await north.values(ours))["occupation"] == "Weaver"
    match = await share.match_of(ours)
    assert (match.state, match.stage, match.receiver_profile_id) == (MatchState.SYNCED, MatchStage.HEURISTIC, theirs)


async def test_a_stranger_is_not_found_and_made_where_that_was_accepted(world: World) -> None:
    """Not found + accepted = a new profile with the covered fields and the tag."""
    north, south = await world.nation("north"), await world.nation("south")
    ours = await north.person(**ANN, emails=["ann@example.org"])
    share = await north.share(await north.tag("board", [ours]), south, offer_new_profiles=True)
    await share.accept(create=True)
    await world.work()
    assert await share.boxes() == {"synced": 1}
    (made,) = await share.tagged()
    values = await south.values(made)
    assert values["last_name"] == "Okonkwo"
    assert "emails" not in values
    assert (await share.match_of(ours)).stage is MatchStage.CREATED


async def test_without_creation_a_stranger_stays_not_found_until_the_receiver_has_them(world: World) -> None:
    """A profile that was not found is tried again as soon as something about it changes."""
    north, south = await world.nation("north"), await world.nation("south")
    ours = await north.person(**ANN)
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept()
    await world.work()
    assert await share.boxes() == {"not_found": 1}
    theirs = await south.person(**ANN)
    await world.work()
    assert await share.boxes() == {"synced": 1}
    assert await share.tagged() == {theirs}


async def test_edits_cross_in_both_directions_and_the_latest_wins(world: World) -> None:
    """After the first sync the most recent write of a field is seen in both nations."""
    north, south = await world.nation("north"), await world.nation("south")
    ours, theirs = await north.person(**ANN, employer="Mill"), await south.person(**ANN, employer="Shop")
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept()
    await world.work()
    assert (await south.values(theirs))["employer"] == "Mill"
    await south.edit(theirs, employer="School")
    await world.work()
    assert (await north.values(ours))["employer"] == "School"
    await north.edit(ours, employer="Hospital")
    await world.work()
    assert (await south.values(theirs))["employer"] == "Hospital"


async def test_under_review_a_difference_waits_and_each_side_applies_it_to_its_own(world: World) -> None:
    """A nation applies the other's value to its own profile, and never writes into the other nation."""
    north, south = await world.nation("north"), await world.nation("south")
    ours, theirs = await north.person(**ANN, employer="Mill"), await south.person(**ANN, employer="Shop")
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    assert await share.boxes() == {"unreviewed_changes": 1}
    (conflict,) = await share.conflicts()
    assert (conflict.field, conflict.sender_value, conflict.receiver_value) == ("employer", "Mill", "Shop")
    await south.apply(conflict.id)
    assert (await south.values(theirs))["employer"] == "Mill"
    assert (await north.values(ours))["employer"] == "Mill"
    assert await share.boxes() == {"synced": 1}


async def test_skipping_leaves_the_field_apart_until_a_value_changes(world: World) -> None:
    """A skipped conflict leaves the queue and comes back when the value changes again."""
    north, south = await world.nation("north"), await world.nation("south")
    ours, theirs = await north.person(**ANN, employer="Mill"), await south.person(**ANN, employer="Shop")
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    (conflict,) = await share.conflicts()
    await north.skip(conflict.id)
    assert await share.boxes() == {"synced": 1}
    await south.edit(theirs, employer="Works")
    await world.work()
    assert await share.boxes() == {"unreviewed_changes": 1}


async def test_untagging_ends_the_match_and_takes_the_tag_off(world: World) -> None:
    """The sender taking the tag off a profile ends that match; tagging again starts anew."""
    north, south = await world.nation("north"), await world.nation("south")
    ours, theirs = await north.person(**ANN), await south.person(**ANN)
    tag = await north.tag("board", [ours])
    share = await north.share(tag, south)
    await share.accept()
    await world.work()
    await north.take_off(tag, ours)
    await world.work()
    assert await share.boxes() == {}
    assert await share.tagged() == set()
    await north.edit(ours, employer="Mill")
    await world.work()
    assert "employer" not in await south.values(theirs)
    await north.put_on(tag, ours)
    await world.work()
    assert await share.tagged() == {theirs}
    assert (await south.values(theirs))["employer"] == "Mill"


async def test_a_profile_that_the_receiver_deletes_is_made_anew(world: World) -> None:
    """With create_new_profiles a new profile is made from the sender's current data."""
    north, south = await world.nation("north"), await world.nation("south")
    ours, theirs = await north.person(**ANN), await south.person(**ANN)
    share = await north.share(await north.tag("board", [ours]), south, offer_new_profiles=True)
    await share.accept(create=True)
    await world.work()
    await south.delete(theirs)
    await world.work()
    (made,) = await share.tagged()
    assert made != theirs
    assert await share.boxes() == {"synced": 1}


async def test_stopping_takes_the_tag_away_and_keeps_people_and_values(world: World) -> None:
    """The receiver loses the tag and the share; profiles stay, and so does data already synced."""
    north, south = await world.nation("north"), await world.nation("south")
    ours, theirs = await north.person(**ANN, employer="Mill"), await south.person(**ANN)
    share = await north.share(await north.tag("board", [ours]), south)
    await share.accept()
    await world.work()
    await share.stop(south)
    assert (await share.row()).status == "STOPPED"
    assert await share.tagged() == set()
    assert await share.boxes() == {}
    assert (await south.values(theirs))["employer"] == "Mill"
    await north.edit(ours, employer="Hospital")
    await world.work()
    assert (await south.values(theirs))["employer"] == "Mill"


async def test_emails_match_and_travel_as_a_set(world: World) -> None:
    """An address missing on one side is added; one removed after it was synced is removed."""
    north, south = await world.nation("north"), await world.nation("south")
    ours = await north.person(first_name="Ann", last_name="Okonkwo", emails=["ann@example.org", "a@example.org"])
    theirs = await south.person(first_name="Ann", emails=["ann@example.org", "o@example.org"])
    share = await north.share(await north.tag("board", [ours]), south, Group.EMAILS)
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    assert (await share.match_of(ours)).stage is MatchStage.EMAIL
    assert set((await south.values(theirs))["emails"]) == {"ann@example.org", "a@example.org", "o@example.org"}
    await south.edit(theirs, emails=["ann@example.org", "o@example.org"])
    await world.work()
    assert set((await north.values(ours))["emails"]) == {"ann@example.org", "o@example.org"}


async def test_two_of_the_senders_people_who_claim_one_are_both_ambiguous(world: World) -> None:
    """Two equals both stay ambiguous: ALREADY_LINKED."""
    north, south = await world.nation("north"), await world.nation("south")
    one, two = await north.person(**ANN), await north.person(**ANN)
    await south.person(**ANN)
    share = await north.share(await north.tag("board", [one, two]), south)
    await share.accept()
    await world.work()
    assert await share.boxes() == {"ambiguous": 2}
    assert await share.tagged() == set()


async def test_a_share_does_not_look_at_its_own_writes_again(world: World) -> None:
    """Nothing echoes: what a share wrote is work for the other shares of that profile alone."""
    north, south, west = await world.nations("north", "south", "west")
    ours, theirs, third = [await nation.person(**ANN) for nation in (north, south, west)]
    share = await north.share(await north.tag("board", [ours]), south)
    other = await south.share(await south.tag("board", [theirs]), west)
    for made in (share, other):
        await made.accept()
    await world.work()
    await north.edit(ours, employer="Mill")
    async with world.unit(Caller()) as unit:
        assert await advance_share(unit, share.id) == 1
    async with world.unit(Caller()) as unit:
        rows = await unit.pg.fetch(
            "SELECT share_id, profile_id FROM changes WHERE share_id = ANY($1)", [share.id, other.id]
        )
    assert [tuple(row) for row in rows] == [(other.id, theirs)]
    await world.work()
    assert await west.value(third, "employer") == "Mill"


async def test_somebody_without_any_key_is_edited_while_others_wait(world: World):
    """A name alone is no key: there is nobody to tell of it."""
    north, south = await world.nations("north", "south")
    ann = await north.person(first_name="Ann", last_name="Ames")
    share = await (await north.share(await north.tag("board", [ann]), south)).accept()
    await world.work()
    assert (await share.match_of(ann)).state is MatchState.NOT_FOUND
    bob = await south.person(first_name="Bob")
    await world.work()
    await south.edit(bob, middle_name="Bo")
    assert await south.value(bob, "middle_name") == "Bo"
