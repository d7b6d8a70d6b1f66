"""Merging duplicates: what the profile that is left takes in, and whom nobody can merge."""

from __future__ import annotations

import json
from uuid import uuid4

from actions.merging import merge_profiles
from actions.removal import delete_nation
from models.email import ProfileEmail
from models.queries import query
from sharing.customs import CustomKind
from sharing.errors import InvalidInput, NotFound, StaleVersion
from sharing.events import EventKind, Noun
from sharing.kinds import Group
from sharing.merging import Dropped
from sharing.visibility import Caller, Role
from tests.couples import ANN, BEN, CLEO, couple, shared_people
from tests.refusals import paths, refused
from tests.tables import events, holdings, position
from tests.world import World

HER_ID = {"last_name": "Okonkwo", "van_id": "7"}


# The people


async def test_the_profile_that_is_left_holds_what_its_duplicates_held(world: World) -> None:
    """Its own values stay, blanks are filled with their own times, opt-outs hold, and what is lost is named."""
    north = await world.nation("north")
    await north.define("shirt", CustomKind.TEXT)
    one = await north.person(first_name="Ann", phone="+14155550101", emails=["a@x.org"], email_opt_in=True)
    two = await north.person(first_name="Anna", employer="Mill", emails=["b@x.org"], is_supporter=True)
    three = await north.person(**{"custom:shirt": "M"}, employer="Shop", email_opt_in=False, emails=["c@x.org"])
    time = (await north.record(three)).time("employer")
    merge_id = await north.merge(one, two, three)
    record = await north.record(one)
    assert dict(record.values) == {
        "first_name": "Ann", "phone": "+14155550101", "employer": "Shop", "custom:shirt": "M", "email_opt_in": False,
        "emails": ("a@x.org", "c@x.org", "b@x.org"),
    }  # fmt: skip
    assert record.time("employer") == time
    lost = [Dropped("first_name", "Anna"), Dropped("employer", "Mill"), Dropped("email_opt_in", "true")]
    async with world.unit(north.member) as unit:
        rows = await unit.pg.fetch(query("dropped_in"), merge_id, [north.id])
    assert [Dropped(row["key"], row["value"]) for row in rows] == lost
    (left,) = await north.people()
    assert (left.id, left.is_supporter) == (one, True)


async def test_marks_of_addresses_go_with_them(world: World) -> None:
    north = await world.nation("north")
    one, two = await north.person(emails=["a@x.org"]), await north.person(emails=["b@x.org", "c@x.org"])
    await ProfileEmail.filter(address="c@x.org", profile_id=two).update(is_bad=True)
    await north.merge(one, two)
    rows = await ProfileEmail.filter(profile_id=one).order_by("position")
    assert [(row.address, row.is_bad, row.is_primary) for row in rows] == [
        ("a@x.org", False, True), ("b@x.org", False, False), ("c@x.org", True, False),
    ]  # fmt: skip


async def test_it_bears_all_own_tags_of_its_duplicates(world: World) -> None:
    north = await world.nation("north")
    one, two, three = [await north.person(first_name=name) for name in ("Ann", "Anna", "Anne")]
    both, theirs = await north.tag("both", [one, two]), await north.tag("theirs", [two, three])
    await north.merge(one, two, three)
    assert [await north.bearers(tag) for tag in (both, theirs)] == [{one}, {one}]


async def test_it_is_found_by_what_it_took_in(world: World) -> None:
    """Match keys follow the values."""
    share, (ann,), (one, two) = await shared_people(world, [HER_ID], [BEN, {"van_id": "7"}], Group.UNIQUE_IDS)
    await share.receiver.edit(two, van_id="")
    await share.unlink(ann)
    three = await share.receiver.person(van_id="7")
    assert await share.link(ann) == three
    four = await share.receiver.person(first_name="Dora")
    await share.receiver.merge(four, three)
    assert await share.link(ann) == four
    await share.sync()
    assert (await share.link(ann), one in await share.tagged()) == (four, False)


async def test_a_merge_is_kept_whole(world: World) -> None:
    """Values, times, emails, tags and links as they were, who did it and when: so that it can be told, and taken back."""
    pair = await couple(world, {}, {"employer": "Mill", "emails": ["a@x.org"]})
    south = pair.receiver
    one = await south.person(first_name="Ann", employer="Shop")
    label = await south.tag("label", [pair.theirs])
    before = [json.loads(row) for row in (await holdings([south.id]))["profiles"]]
    await south.merge(one, pair.theirs)
    (row,) = (await holdings([south.id]))["merges"]
    kept = json.loads(row)
    assert (kept["survivor_id"], kept["nation_id"]) == (str(one), south.id)
    assert (kept["user_id"], kept["token_id"]) == (None, str(south.member.token_id))
    first, second = kept["snapshots"]
    assert [first["profile"], second["profile"]] == sorted(before, key=lambda profile: profile["id"] != str(one))
    assert [email["address"] for email in second["emails"]] == ["a@x.org"]
    assert {tagging["tag_id"] for tagging in second["tags"]} == {str(label), str((await pair.share.twin()).id)}
    assert [match["sender_profile_id"] for match in second["matches"]] == [str(pair.ours)]
    assert (first["emails"], first["tags"], first["matches"], first["strangers"]) == ([], [], [], [])


# What is refused


async def test_whoever_cannot_be_merged_is_named_and_nothing_changes(world: World) -> None:
    north, south = await world.nations("north", "south")
    ann, ben, theirs = await north.person(**ANN), await north.person(**BEN), await south.person(**ANN)
    gone = await north.person(**CLEO)
    await north.delete(gone)
    cases = [
        ([], [("duplicateIds",)]),
        ([uuid4() for _ in range(11)], [("duplicateIds",)]),
        ([ann], [("duplicateIds", "0")]),
        ([ben, ben], [("duplicateIds", "1")]),
        ([ben, theirs, uuid4(), gone], [("duplicateIds", "1"), ("duplicateIds", "2"), ("duplicateIds", "3")]),
    ]
    both = Caller(user_id=uuid4(), roles={north.id: Role.MEMBER, south.id: Role.ADMIN})
    for duplicates, wanted in cases:
        async with refused(InvalidInput, north, south) as info, world.unit(both) as unit:
            await merge_profiles(unit, ann, duplicates)
        assert paths(info) == wanted
    for survivor, caller in ((uuid4(), both), (gone, both), (ann, south.admin), (ann, Caller())):
        async with refused(NotFound, north, south) as info, world.unit(caller) as unit:
            await merge_profiles(unit, survivor, [ben])
        assert paths(info) == [("profileId",)]


async def test_too_many_addresses_are_refused_with_the_list(world: World) -> None:
    north = await world.nation("north")
    one = await north.person(emails=["a@x.org", "b@x.org"])
    two = await north.person(emails=["c@x.org", "d@x.org", "e@x.org"])
    async with refused(InvalidInput, north) as info:
        await north.merge(one, two)
    assert paths(info) == [("duplicateIds",)]
    assert "a@x.org, b@x.org, c@x.org, d@x.org, e@x.org. Remove 1 of them" in str(info.value)


async def test_a_profile_that_changed_since_it_was_read_is_not_merged_into(world: World) -> None:
    north = await world.nation("north")
    one, two = await north.person(**ANN), await north.person(**ANN)
    await north.edit(one, employer="Mill")
    async with refused(StaleVersion, north), world.unit(north.member) as unit:
        await merge_profiles(unit, one, [two], expected_version=1)
    async with world.unit(north.member) as unit:
        await merge_profiles(unit, one, [two], expected_version=2)
    assert [person.id for person in await north.people()] == [one]


# What is told, and what is left


async def test_both_nations_are_told(world: World) -> None:
    pair = await couple(world, {}, {})
    label = await pair.receiver.tag("label", [pair.theirs])
    left = await pair.receiver.person(first_name="Ann")
    match = await pair.match()
    starts = [await position(nation.id) for nation in (pair.sender, pair.receiver)]
    await pair.receiver.merge(left, pair.theirs)
    told, own = [
        {(row["kind"], row["noun"], subject) for row in await events(nation.id, start) for subject in row["subjects"]}
        for nation, start in zip((pair.sender, pair.receiver), starts, strict=True)
    ]
    stats = (EventKind.STATS, Noun.TAG_SHARE, pair.share.id)
    assert told == {(EventKind.CHANGED, Noun.MATCH, match.id), stats}
    assert own == {
        stats,
        (EventKind.CHANGED, Noun.MATCH, match.id),
        (EventKind.CHANGED, Noun.PROFILE, left),
        (EventKind.DELETED, Noun.PROFILE, pair.theirs),
        (EventKind.CHANGED, Noun.TAG, label),
        (EventKind.CHANGED, Noun.TAG, (await pair.share.twin()).id),
    }


async def test_a_deleted_nation_leaves_nothing_of_its_merges(world: World) -> None:
    north = await world.nation("north")
    one, two = await north.person(**ANN), await north.person(**ANN)
    await north.merge(one, two)
    assert len((await holdings([north.id]))["merges"]) == 1
    async with world.unit(north.admin) as unit:
        await delete_nation(unit, north.id)
    assert not any((await holdings([north.id])).values())
