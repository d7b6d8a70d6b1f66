"""People whom the receiver lacks, made from the sender's data."""

from typing import Any
from uuid import UUID

import pytest

from actions.running import step_run
from models.profile import Profile
from models.run import SyncRun
from sharing.events import EventKind, Noun
from sharing.fields import OPT_OUTS
from sharing.kinds import OPTIONAL_GROUPS, Group
from sharing.modes import SyncMode
from sharing.states import MatchStage, MatchState
from sharing.visibility import Caller
from tests.couples import ANN, BEN, CLEO
from tests.samples import KEYS, given, kept
from tests.tables import events, position
from tests.world import Nation, SharedTag, World

NATION_SPECIFIC, VOLUNTEER, EMAILS = Group.NATION_SPECIFIC, Group.VOLUNTEER, Group.EMAILS


async def made_of(
    world: World, person: dict[str, Any], *groups: Group, nations: list[Nation] | None = None, **terms: Any
) -> tuple[SharedTag, Profile]:
    """Share one person whom the receiver lacks and takes; gives the profile made of them."""
    north, south = nations or await world.nations("north", "south")
    ours = await north.person(**person)
    share = await north.share(await north.tag("board", [ours]), south, *groups, offer_new_profiles=True)
    await share.accept(create=True, **terms)
    await world.work()
    (made,) = await south.people()
    assert await share.tagged() == {made.id}
    return share, made


async def test_a_newcomer_has_every_covered_field_its_times_and_the_tag(world: World) -> None:
    """Not found + accepted = a new profile with the covered fields and the tag."""
    family = await world.network(shares_customs=True)
    nations = await world.nations("north", "south", voters=True, network_slug=family)
    for nation in nations:
        await nation.define("shift")
    person = {key: given(key) for key in KEYS} | {"custom:shift": "late"}
    share, made = await made_of(world, person, *OPTIONAL_GROUPS, nations=nations)
    ours, theirs = (
        await nations[0].record((await share.matches())[0].sender_profile_id),
        await nations[1].record(made.id),
    )
    assert theirs.values == {key: kept(key) for key in KEYS} | {"custom:shift": "late"}
    assert {key: theirs.time(key) for key in theirs.values} == {key: ours.time(key) for key in theirs.values}
    assert theirs.created > ours.created
    (match,) = await share.matches()
    assert (match.stage, match.state, match.score) == (MatchStage.CREATED, MatchState.SYNCED, 1)


async def test_a_newcomer_has_nothing_that_is_not_covered_and_no_consent_that_was_not_shared(world: World) -> None:
    """Email and text opt-in start false unless those fields are shared."""
    share, made = await made_of(
        world, {key: given(key) for key in KEYS if key != "emails"} | {"emails": ["a@example.org"]}
    )
    held = await share.receiver.values(made.id)
    assert (held["email_opt_in"], held["mobile_opt_in"]) == (False, False)
    assert {"first_name", "meetup_id", "is_deceased"} <= held.keys()
    assert (
        not {"emails", "van_id", "demo", "ward", "voter_guid", "facebook_uid", "support_level", "do_not_call"}
        & held.keys()
    )


@pytest.mark.parametrize("consent", [True, False, None])
async def test_consent_that_is_shared_comes_as_it_is(world: World, consent: bool | None) -> None:
    person = {**ANN, "email_opt_in": consent, "mobile_opt_in": consent}
    share, made = await made_of(world, person, NATION_SPECIFIC)
    held = await share.receiver.values(made.id)
    assert (held.get("email_opt_in"), held.get("mobile_opt_in")) == (consent, consent)


@pytest.mark.parametrize(
    ("known", "groups", "supporter"),
    [
        *(({"support_level": level}, (NATION_SPECIFIC,), level <= 2) for level in range(1, 6)),
        ({"support_level": 5, "email_opt_in": True}, (NATION_SPECIFIC,), False),
        ({"support_level": 1}, (), False),
        ({"email_opt_in": True}, (NATION_SPECIFIC,), True),
        ({"mobile_opt_in": True}, (NATION_SPECIFIC,), True),
        ({"email_opt_in": True, "mobile_opt_in": True}, (), False),
        ({"email_opt_in": False}, (NATION_SPECIFIC,), False),
        ({"is_volunteer": True}, (VOLUNTEER,), True),
        ({"is_volunteer": True}, (NATION_SPECIFIC,), False),
        ({"support_level": 4, "is_volunteer": True}, (VOLUNTEER,), True),
        ({}, (NATION_SPECIFIC, VOLUNTEER), False),
    ],
)
async def test_a_newcomers_support_follows_from_what_the_share_tells(world: World, known, groups, supporter) -> None:
    """By support level where shared (1-2 supporter), else by opt-ins or volunteering, as far as the share tells."""
    _, made = await made_of(world, {**ANN, **known}, *groups)
    assert (made.is_supporter, made.is_prospect) == (supporter, False)


async def test_a_newcomer_becomes_a_prospect_where_the_receiver_chose_so(world: World) -> None:
    _, made = await made_of(world, {**ANN, "support_level": 1}, NATION_SPECIFIC, prospects=True)
    assert (made.is_supporter, made.is_prospect) == (False, True)


@pytest.mark.parametrize("flags", [{"is_supporter": True}, {"is_prospect": True}, {}])
async def test_sync_never_changes_the_support_of_somebody_who_was_there_before(world: World, flags) -> None:
    north, south = await world.nations("north", "south")
    ours, theirs = await north.person(**ANN, support_level=1), await south.person(**ANN, **flags)
    share = await north.share(await north.tag("board", [ours]), south, NATION_SPECIFIC, offer_new_profiles=True)
    await share.accept(create=True, prospects=True)
    await world.work()
    await north.edit(ours, support_level=5, is_supporter=True)
    await world.work()
    person = await Profile.get(id=theirs)
    assert {"is_supporter": person.is_supporter, "is_prospect": person.is_prospect} == {
        "is_supporter": False,
        "is_prospect": False,
        **flags,
    }


async def test_nobody_is_made_where_creation_was_not_accepted(world: World) -> None:
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board", [await north.person(**ANN)]), south, offer_new_profiles=True)
    await share.accept()
    await world.work()
    assert (await south.people(), await share.boxes()) == ([], {"not_found": 1})


async def test_nobody_is_made_of_whom_matching_doubts(world: World) -> None:
    """Only who was not found is made: an ambiguous one may well be there."""
    north, south = await world.nations("north", "south")
    people = [await south.person(**ANN) for _ in range(2)]
    share = await north.share(await north.tag("board", [await north.person(**ANN)]), south, offer_new_profiles=True)
    await share.accept(create=True)
    await world.work()
    assert ({person.id for person in await south.people()}, await share.boxes()) == (set(people), {"ambiguous": 1})


async def test_a_newcomer_is_in_step_from_then_on_in_both_directions(world: World) -> None:
    share, made = await made_of(world, {**ANN, "emails": ["a@example.org"]}, EMAILS)
    (match,) = await share.matches()
    await share.receiver.edit(made.id, employer="Mill", emails=["a@example.org", "b@example.org"])
    await world.work()
    ours = await share.sender.values(match.sender_profile_id)
    assert (ours["employer"], ours["emails"]) == ("Mill", ("a@example.org", "b@example.org"))


async def test_opt_outs_come_along_with_a_newcomer(world: World) -> None:
    share, made = await made_of(world, {**ANN, **OPT_OUTS}, NATION_SPECIFIC, Group.FEDERAL_DO_NOT_CALL)
    held = await share.receiver.values(made.id)
    assert {key: held[key] for key in OPT_OUTS} == OPT_OUTS


async def test_the_receiver_is_told_of_the_newcomer(world: World) -> None:
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board", [await north.person(**ANN)]), south, offer_new_profiles=True)
    await share.accept(create=True)
    before = await position(south.id)
    await world.work()
    (made,) = await south.people()
    told = {(row["kind"], row["noun"]): row["subjects"] for row in await events(south.id, before)}
    assert told[EventKind.CHANGED, Noun.PROFILE] == [made.id]
    (run,) = await SyncRun.filter(share_id=share.id)
    assert run.counts["created"] == 1


async def test_a_newcomer_wakes_whoever_waits_for_that_person(world: World) -> None:
    """West shares Ann with South, which lacks her, until North's share brings her there."""
    north, south, west = await world.nations("north", "south", "west")
    ours, waiting = await north.person(**ANN), await west.person(**ANN, church="St Ann")
    hers = await west.share(await west.tag("hers", [waiting]), south)
    await hers.accept()
    await world.work()
    assert await hers.boxes() == {"not_found": 1}
    share = await north.share(await north.tag("board", [ours]), south, offer_new_profiles=True)
    await share.accept(create=True)
    await world.work()
    (made,) = await south.people()
    assert (await hers.match_of(waiting)).receiver_profile_id == made.id
    assert await north.value(ours, "church") == "St Ann"


async def until_synced(world: World, share: SharedTag) -> UUID:
    """Take a run to where all is matched and nothing is synced yet."""
    (run,) = await SyncRun.filter(share_id=share.id)
    while (await SyncRun.get(id=run.id)).phase != "SYNCING":
        async with world.unit(Caller()) as unit:
            await step_run(unit, run.id)
    return run.id


async def test_an_address_that_somebody_there_got_meanwhile_is_left_out_and_reported(world: World) -> None:
    """After matching found nobody, and before the newcomer is made."""
    north, south = await world.nations("north", "south")
    ours = await north.person(**BEN, emails=["a@example.org", "b@example.org"])
    share = await north.share(await north.tag("board", [ours]), south, EMAILS, offer_new_profiles=True)
    await share.accept(create=True)
    await until_synced(world, share)
    other = await south.person(**CLEO, emails=["a@example.org"])
    await world.work()
    (made,) = await share.tagged()
    assert made != other
    assert (await south.value(made, "emails"), await south.value(other, "emails")) == (
        ("b@example.org",),
        ("a@example.org",),
    )
    (match,) = await share.matches()
    assert match.notes == [{"side": "RECEIVER", "address": "a@example.org", "hindrance": "BELONGS_TO_ANOTHER"}]
    assert match.email_base == ["b@example.org"]


async def test_who_was_deleted_or_untagged_meanwhile_is_not_made_or_not_kept(world: World) -> None:
    """Nobody is linked in the end who is not tagged."""
    north, south = await world.nations("north", "south")
    people = [await north.person(**who) for who in (ANN, BEN, CLEO)]
    tag = await north.tag("board", people)
    share = await north.share(tag, south, offer_new_profiles=True)
    await share.accept(SyncMode.ACCEPT_ALL, create=True)
    await until_synced(world, share)
    await north.delete(people[0])
    await north.take_off(tag, people[1])
    await world.work()
    assert await share.boxes() == {"synced": 1}
    assert {match.sender_profile_id for match in await share.matches()} == {people[2]}
    assert len(await share.tagged()) == 1


async def test_a_person_whom_the_receiver_deletes_is_made_anew_from_current_data(world: World) -> None:
    share, made = await made_of(world, ANN)
    (match,) = await share.matches()
    await share.sender.edit(match.sender_profile_id, employer="Hospital")
    await share.receiver.delete(made.id)
    await world.work()
    (again,) = await share.receiver.people()
    assert again.id != made.id
    assert await share.receiver.value(again.id, "employer") == "Hospital"
    assert await share.boxes() == {"synced": 1}
    assert await share.tagged() == {again.id}
