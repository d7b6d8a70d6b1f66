"""What becomes of a share: accepted, rejected, stopped, changed and asked for again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from actions.shares import (
    accept_tag_share,
    reject_tag_share,
    request_tag_share,
    stop_tag_share,
    sync_share_now,
    update_tag_share,
)
from models.match import Match
from models.run import SyncRun
from models.share import Share
from models.tag import Tag
from sharing.coverage import Settings
from sharing.errors import Forbidden, IllegalTransition, InvalidInput, NotFound
from sharing.events import EventKind
from sharing.kinds import Group
from sharing.lifecycle import ShareStatus
from sharing.modes import SyncMode
from sharing.states import MatchState, RunState
from sharing.visibility import Caller, Plan, Role
from tests.couples import ANN
from tests.refusals import paths, refused
from tests.tables import events, position
from tests.world import Nation, SharedTag, World

ALL, PENDING, APPROVED = SyncMode.ACCEPT_ALL, ShareStatus.PENDING, ShareStatus.APPROVED
DENIED, STOPPED = ShareStatus.DENIED, ShareStatus.STOPPED

ACTIONS = {
    "accept": lambda unit, share_id: accept_tag_share(unit, share_id, ALL, False, False),
    "reject": reject_tag_share,
    "stop": stop_tag_share,
    "update": lambda unit, share_id: update_tag_share(unit, share_id, Settings(sync_profiles=True)),
    "request": request_tag_share,
    "sync": sync_share_now,
}

# By action, the parties that may, and the statuses from which; every other pair is refused.
ALLOWED = {
    "accept": ({"receiver"}, {PENDING}),
    "reject": ({"receiver"}, {PENDING}),
    "stop": ({"sender", "receiver"}, {PENDING, APPROVED}),
    "update": ({"sender"}, {STOPPED, DENIED}),
    "request": ({"sender"}, {STOPPED, DENIED}),
    "sync": ({"sender", "receiver"}, {APPROVED}),
}


async def shared(world: World, status: ShareStatus = PENDING, **settings) -> SharedTag:
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board"), south, **settings)
    if status is DENIED:
        await share.reject()
    elif status is not PENDING:
        await share.accept()
        await world.work()
    if status is STOPPED:
        await share.stop(north)
    return share


async def do(share: SharedTag, action: str, caller: Caller) -> None:
    async with share.world.unit(caller) as unit:
        await ACTIONS[action](unit, share.id)


@pytest.mark.parametrize("status", ShareStatus)
@pytest.mark.parametrize("action", ACTIONS)
async def test_every_action_is_open_to_its_party_from_its_statuses_alone(world, action, status) -> None:
    """Editing a live share, deciding twice, stopping twice: whatever the table does not allow changes nothing."""
    parties, statuses = ALLOWED[action]
    for party in ("sender", "receiver"):
        share = await shared(world, status)
        nation: Nation = getattr(share, party)
        if party in parties and status in statuses:
            await do(share, action, nation.admin)
            continue
        hidden = party == "receiver" and status is STOPPED
        async with refused(NotFound if hidden else IllegalTransition, share.sender, share.receiver) as info:
            await do(share, action, nation.admin)
        assert hidden or info.value.status == status.value


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_member_decides_on_no_share(world: World, action: str) -> None:
    """A member creates, accepts and stops nothing."""
    parties, statuses = ALLOWED[action]
    for party in sorted(parties):
        share = await shared(world, min(statuses))
        async with refused(Forbidden, share.sender, share.receiver):
            await do(share, action, getattr(share, party).member)


@pytest.mark.parametrize("action", ["accept", "reject", "stop"])
async def test_a_nation_on_the_leader_plan_takes_and_leaves_what_others_share(world: World, action: str) -> None:
    share = await shared(world)
    await share.receiver.become(plan=Plan.LEADER)
    await do(share, action, share.receiver.admin)


@pytest.mark.parametrize("action", ["update", "request"])
async def test_a_nation_that_went_to_the_leader_plan_asks_for_nothing_any_more(world: World, action: str) -> None:
    share = await shared(world, DENIED)
    await share.sender.become(plan=Plan.LEADER)
    async with refused(Forbidden, share.sender, share.receiver):
        await do(share, action, share.sender.admin)


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_share_of_others_is_as_unknown_as_none(world: World, action: str) -> None:
    """Another nation's id answers exactly as a made-up one, and leaves no trace."""
    share = await shared(world, min(ALLOWED[action][1]))
    stranger = await world.nation("stranger")
    answers = []
    for share_id in (share.id, uuid4()):
        async with refused(NotFound, share.sender, share.receiver, stranger) as info:
            await do(SharedTag(world, share_id, share.sender, share.receiver), action, stranger.admin)
        answers.append((info.value.message, info.value.path))
    assert answers[0] == answers[1]


async def test_somebody_who_belongs_to_both_nations_acts_for_the_one_that_the_action_needs(world: World) -> None:
    share = await shared(world)
    both = Caller(token_id=uuid4(), roles={share.sender.id: Role.ADMIN, share.receiver.id: Role.ADMIN})
    for action, status in (("accept", APPROVED), ("stop", STOPPED), ("request", PENDING), ("reject", DENIED)):
        await do(share, action, both)
        assert (await share.row()).status is status


@pytest.mark.parametrize(
    ("settings", "terms", "faults"),
    [
        ({}, (None, False, False), ["syncMode"]),
        ({"sync_profiles": False}, (ALL, False, False), ["syncMode"]),
        ({}, (ALL, True, False), ["createNewProfiles"]),
        ({"offer_new_profiles": True}, (ALL, False, True), ["importAsProspects"]),
        ({}, (None, True, False), ["syncMode", "createNewProfiles"]),
        ({"sync_profiles": False}, (None, True, True), ["createNewProfiles"]),
        ({"sync_profiles": False}, (None, False, True), ["importAsProspects"]),
    ],
)
async def test_terms_that_do_not_fit_what_was_asked_are_refused(world, settings, terms, faults) -> None:
    """One mode where profiles are synced; creation only if offered; prospects only with it; a tag alone takes none."""
    share = await shared(world, **settings)
    async with refused(InvalidInput, share.sender, share.receiver) as info, world.unit(share.receiver.admin) as unit:
        await accept_tag_share(unit, share.id, *terms)
    assert paths(info) == [(fault,) for fault in faults]


async def test_an_accepted_share_bears_its_terms_its_tag_and_a_first_run(world: World) -> None:
    """The receiver sees the tag under the name that it has at the sender."""
    share = await shared(world, offer_new_profiles=True)
    await share.accept(SyncMode.ALWAYS_REVIEW, create=True, prospects=True)
    row = await share.row()
    assert (row.status, row.sync_mode) == (APPROVED, SyncMode.ALWAYS_REVIEW)
    assert (row.create_new_profiles, row.import_as_prospects) == (True, True)
    assert row.decided_at is not None
    twin = await share.twin()
    assert (twin.nation_id, twin.name, twin.taggings) == (share.receiver.id, "board", 0)
    (run,) = await SyncRun.filter(share_id=share.id)
    assert (run.state, run.trigger) == (RunState.QUEUED, "ACCEPTED")
    await world.work()
    row = await share.row()
    assert abs(row.next_sync_at - row.last_sync_at - timedelta(days=1)) < timedelta(seconds=1)


async def test_a_tag_share_alone_bears_no_terms(world: World) -> None:
    share = await shared(world, sync_profiles=False)
    await share.accept(None)
    row = await share.row()
    assert (row.sync_mode, row.create_new_profiles, row.import_as_prospects) == (None, None, None)


async def test_a_rejected_share_makes_nothing(world: World) -> None:
    share = await shared(world)
    before = await position(share.sender.id)
    await share.reject()
    assert (await share.row()).status is DENIED
    assert await Tag.filter(share_id=share.id).count() == 0
    assert world.post.jobs == {}
    (told,) = await events(share.sender.id, before)
    assert (told["kind"], told["detail"]) == (EventKind.STATUS, {"from": "PENDING", "to": "DENIED"})
    assert await Share.of(share.receiver.admin).filter(id=share.id).exists()


@pytest.mark.parametrize("by", ["sender", "receiver"])
@pytest.mark.parametrize("status", [PENDING, APPROVED])
async def test_either_side_stops_and_the_receiver_loses_the_tag_and_the_share(world: World, status, by) -> None:
    """Status is then STOPPED for the sender; the share with its figures no longer shows at the receiver."""
    north, south = await world.nations("north", "south")
    ours, theirs = await north.person(**ANN), await south.person(**ANN, employer="Mill")
    share = await north.share(await north.tag("board", [ours]), south)
    if status is APPROVED:
        await share.accept(SyncMode.ALWAYS_REVIEW)
        await world.work()
        await south.edit(theirs, employer="Shop")
        await world.work()
        assert await share.boxes() == {"unreviewed_changes": 1}
    await share.stop(getattr(share, by))
    row = await share.row()
    assert (row.status, row.stopped_by_id, row.next_sync_at) == (STOPPED, getattr(share, by).id, None)
    assert await Tag.filter(nation_id=south.id).count() == 0
    assert [p.id for p in await south.people()] == [theirs]
    assert await share.boxes() == {}
    assert await share.conflicts() == []
    receiver, sender = south.admin, north.admin
    assert not await Share.of(receiver).filter(id=share.id).exists()
    assert not await Match.of(receiver).filter(share_id=share.id).exists()
    assert not await SyncRun.of(receiver).filter(share_id=share.id).exists()
    assert await Share.of(sender).filter(id=share.id).exists()
    assert {match.state for match in await Match.of(sender).filter(share_id=share.id)} <= {MatchState.ENDED}


async def test_stopping_tells_the_sender_that_the_figures_are_gone_and_the_run_cancelled(world: World) -> None:
    """Every status, count and progress change reaches subscribers at once."""
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board", [await north.person(**ANN)]), south)
    await share.accept()
    await world.work()
    async with world.unit(north.admin) as unit:
        run_id = await sync_share_now(unit, share.id)
    before = await position(north.id)
    await share.stop(north)
    assert (await SyncRun.get(id=run_id)).state is RunState.CANCELLED
    told = {(row["kind"], row["noun"]): row for row in await events(north.id, before)}
    assert told["STATUS", "TagShare"]["detail"] == {"from": "APPROVED", "to": "STOPPED"}
    assert set(told["STATS", "TagShare"]["detail"].values()) == {0}
    assert told["PROGRESS", "SyncRun"]["subjects"] == [run_id]


async def test_updated_settings_wait_for_the_request_and_the_receiver_decides_anew_on_them(world: World) -> None:
    """STOPPED | DENIED, then update, then PENDING by request: nothing of the old terms is left."""
    north, south = await world.nations("north", "south")
    ours = await north.person(**ANN, emails=["ann@example.org"], employer="Mill")
    theirs = await south.person(**ANN, employer="Shop")
    share = await north.share(await north.tag("board", [ours]), south, offer_new_profiles=True)
    await share.accept(ALL, create=True)
    await world.work()
    await share.stop(south)
    await share.update(Group.EMAILS)
    row = await share.row()
    assert (row.status, row.optional_groups, row.offer_new_profiles) == (STOPPED, ["EMAILS"], False)
    assert not await Share.of(south.admin).filter(id=share.id).exists()
    await share.request()
    row = await share.row()
    assert (row.status, row.sync_mode, row.create_new_profiles) == (PENDING, None, None)
    assert (row.decided_at, row.stopped_at, row.stopped_by_id) == (None, None, None)
    assert await Share.of(south.admin).filter(id=share.id).exists()
    assert await share.boxes() == {}
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await south.edit(theirs, employer="School")
    await world.work()
    assert await share.boxes() == {"unreviewed_changes": 1}
    assert await south.value(theirs, "emails") == ("ann@example.org",)


async def test_settings_that_have_become_impossible_meanwhile_are_refused_on_request(world: World) -> None:
    """The network that allowed them was left: the sender updates before asking again."""
    north, south = await world.nations("north", "south", network_slug=await world.network())
    share = await north.share(await north.tag("board"), south, Group.FACEBOOK_UID)
    await share.reject()
    await south.become(network_id=None)
    async with refused(InvalidInput, north, south) as info:
        await share.request()
    assert paths(info) == [("optionalGroups",)]
    async with refused(InvalidInput, north, south):
        await share.update(Group.FACEBOOK_UID)
    await share.update()
    await share.request()
    assert (await share.row()).status is PENDING


async def test_what_a_network_allowed_when_it_was_asked_for_does_not_travel_once_one_has_left(world: World) -> None:
    """Between the request and its acceptance: the rest of the share goes its way."""
    north, south = await world.nations("north", "south", network_slug=await world.network())
    ours = await north.person(**ANN, facebook_uid="9", employer="Mill")
    theirs = await south.person(**ANN)
    share = await north.share(await north.tag("board", [ours]), south, Group.FACEBOOK_UID)
    await south.become(network_id=None)
    await share.accept(ALL)
    await world.work()
    assert await share.boxes() == {"synced": 1}
    assert (await south.value(theirs, "employer"), await south.value(theirs, "facebook_uid")) == ("Mill", None)
