"""Asking nations to share in a tag: who may, with whom, and what may come with it."""

from uuid import uuid4

import pytest

from actions.shares import MAX_RECEIVERS, create_tag_shares
from models.share import Share, ShareStats
from sharing.coverage import Settings
from sharing.errors import Forbidden, InvalidInput, NotFound
from sharing.events import EventKind
from sharing.kinds import Group
from sharing.lifecycle import ShareStatus
from sharing.modes import SyncMode
from sharing.visibility import Caller, Plan, Role
from tests.refusals import paths, refused
from tests.tables import events
from tests.world import Nation, World

TAG_ONLY = Settings()
DATA = Settings(sync_profiles=True)


async def ask(sender: Nation, tag_id, *slugs, settings=TAG_ONLY, caller=None):
    async with sender.world.unit(caller or sender.admin) as unit:
        return await create_tag_shares(unit, tag_id, slugs, settings)


async def test_one_share_is_made_for_each_receiver_and_both_are_told(world: World) -> None:
    """One or more receiver slugs; one share a receiver, pending, and nothing is synced yet."""
    north, south, west = await world.nations("north", "south", "west")
    tag = await north.tag("board", [await north.person(first_name="Ann")])
    settings = Settings(True, (Group.EMAILS,), ("van_id",), (), offer_new_profiles=True)
    made = await ask(north, tag, south.slug, west.slug, settings=settings)
    shares = [await Share.get(id=share_id) for share_id in made]
    assert [share.receiver_id for share in shares] == [south.id, west.id]
    for share in shares:
        assert (share.status, share.sender_id, share.tag_id) == (ShareStatus.PENDING, north.id, tag)
        assert (share.sync_profiles, share.offer_new_profiles) == (True, True)
        assert (share.optional_groups, share.optional_fields, share.custom_fields) == (["EMAILS"], ["van_id"], [])
        assert (share.sync_mode, share.create_new_profiles, share.decided_at) == (None, None, None)
        assert (await ShareStats.get(share_id=share.id)).matched == 0
    (told,) = await events(south.id)
    assert (told["kind"], told["share_id"]) == (EventKind.STATUS, made[0])
    await world.work()
    assert await south.people() == []


async def test_a_slug_is_taken_in_any_case_and_with_spaces_around(world: World) -> None:
    north, south = await world.nations("north", "south")
    (share_id,) = await ask(north, await north.tag("board"), f"  {south.slug.upper()} ")
    assert (await Share.get(id=share_id)).receiver_id == south.id


async def test_all_are_made_or_none_and_each_bad_slug_is_named(world: World) -> None:
    """Unknown, own, repeated and already shared: every one is named by its place, and no share is made."""
    north, south, west = await world.nations("north", "south", "west")
    tag = await north.tag("board")
    await ask(north, tag, west.slug)
    async with refused(InvalidInput, north, south, west) as info:
        await ask(north, tag, south.slug, "nobody-there", north.slug, south.slug, west.slug)
    assert paths(info) == [("receiverSlugs", place) for place in ("1", "2", "3", "4")]
    said = [problem.message for problem in info.value.problems]
    assert said == [
        'There is no nation "nobody-there": check the slug.',
        f"“{north.slug}” is your own nation: name another.",
        f'"{south.slug}" is named twice: remove one.',
        f"The tag is shared with “{west.slug}” already: stop, update and request that share instead.",
    ]


@pytest.mark.parametrize("status", [ShareStatus.DENIED, ShareStatus.STOPPED])
async def test_a_share_that_is_over_is_asked_for_again_not_made_twice(world: World, status: ShareStatus) -> None:
    """STOPPED | DENIED leads to PENDING by a request of the same share."""
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board"), south)
    await (share.reject() if status is ShareStatus.DENIED else share.stop(north))
    async with refused(InvalidInput, north, south) as info:
        await ask(north, (await share.row()).tag_id, south.slug)
    assert paths(info) == [("receiverSlugs", "0")]


async def test_no_receiver_and_too_many_receivers_are_refused(world: World) -> None:
    (north,) = await world.nations("north")
    tag = await north.tag("board")
    for slugs in ([], [f"n{number}" for number in range(MAX_RECEIVERS + 1)]):
        async with refused(InvalidInput, north) as info:
            await ask(north, tag, *slugs)
        assert paths(info) == [("receiverSlugs",)]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("plan", Plan)
async def test_admins_of_every_plan_but_leader_create(world: World, plan: Plan, role: Role) -> None:
    """LEADER accepts only; a member creates nothing, on whatever plan."""
    north, south = await world.nation("north", plan), await world.nation("south")
    tag = await north.tag("board")
    caller = Caller(token_id=uuid4(), roles={north.id: role})
    if role is Role.ADMIN and plan is not Plan.LEADER:
        assert len(await ask(north, tag, south.slug, caller=caller)) == 1
        return
    async with refused(Forbidden, north, south):
        await ask(north, tag, south.slug, caller=caller)


async def test_another_nations_tag_is_as_unknown_as_none(world: World) -> None:
    """Asking for what one may not see answers exactly as asking for what does not exist."""
    north, south = await world.nations("north", "south")
    answers = []
    for tag in (await south.tag("theirs"), uuid4()):
        async with refused(NotFound, north, south) as info:
            await ask(north, tag, south.slug)
        answers.append((info.value.message, info.value.path))
    assert answers[0] == answers[1]


async def test_a_tag_that_was_shared_to_a_nation_is_not_its_to_share_on(world: World) -> None:
    north, south, west = await world.nations("north", "south", "west")
    share = await north.share(await north.tag("board"), south, sync_profiles=False)
    await share.accept(None)
    twin = await share.twin()
    async with refused(Forbidden, north, south, west):
        await ask(south, twin.id, west.slug)


ONLY_IN_A_NETWORK = [
    (Settings(True, (Group.FACEBOOK_UID,)), "optionalGroups"),
    (Settings(True, fields=("facebook_uid",)), "optionalFields"),
    (Settings(True, (Group.CUSTOM_FIELDS,)), "optionalGroups"),
    (Settings(True, fields=("custom_fields",)), "optionalFields"),
    (Settings(True, customs=("shift",)), "customFields"),
]


@pytest.mark.parametrize(("settings", "path"), ONLY_IN_A_NETWORK)
async def test_facebook_uid_and_custom_fields_stay_within_a_network(world: World, settings, path) -> None:
    north, south = await world.nations("north", "south")
    for nation in (north, south):
        await nation.define("shift")
    tag = await north.tag("board")
    async with refused(InvalidInput, north, south) as info:
        await ask(north, tag, south.slug, settings=settings)
    assert paths(info) == [(path,)]
    family = await world.network(shares_customs=True)
    north, south = await world.nations("north", "south", network_slug=family)
    for nation in (north, south):
        await nation.define("shift")
    assert await ask(north, await north.tag("board"), south.slug, settings=settings)


@pytest.mark.parametrize(("settings", "path"), ONLY_IN_A_NETWORK[2:])
async def test_custom_fields_need_that_hq_shares_its_settings(world: World, settings, path) -> None:
    north, south = await world.nations("north", "south", network_slug=await world.network())
    for nation in (north, south):
        await nation.define("shift")
    tag = await north.tag("board")
    async with refused(InvalidInput, north, south) as info:
        await ask(north, tag, south.slug, settings=settings)
    assert paths(info) == [(path,)]


async def test_a_custom_field_that_only_one_of_them_has_is_refused(world: World) -> None:
    north, south = await world.nations("north", "south", network_slug=await world.network(shares_customs=True))
    for nation in (north, south):
        await nation.define("shift")
    await north.define("language")
    tag = await north.tag("board")
    async with refused(InvalidInput, north, south) as info:
        await ask(north, tag, south.slug, settings=Settings(True, customs=("shift", "language")))
    assert paths(info) == [("customFields",)]
    assert "“language”" in info.value.message


@pytest.mark.parametrize("voters", [(False, False), (True, False), (False, True)])
@pytest.mark.parametrize(
    ("settings", "path"),
    [(Settings(True, (Group.DISTRICTS,)), "optionalGroups"), (Settings(True, fields=("ward",)), "optionalFields")],
)
async def test_districts_need_voters_enabled_on_both_sides(world: World, voters, settings, path) -> None:
    north, south = [await world.nation("n", voters=enabled) for enabled in voters]
    tag = await north.tag("board")
    async with refused(InvalidInput, north, south) as info:
        await ask(north, tag, south.slug, settings=settings)
    assert paths(info) == [(path,)]
    for nation in (north, south):
        await nation.become(voters_enabled=True)
    assert await ask(north, tag, south.slug, settings=settings)


@pytest.mark.parametrize("key", ["first_name", "voter_guid", "is_party_member", "home_address", "twitter_id"])
async def test_what_is_no_optional_field_cannot_be_chosen(world: World, key: str) -> None:
    """Fields that always sync, and those that voters bring, are not the sender's choice."""
    north, south = await world.nations("north", "south", voters=True)
    tag = await north.tag("board")
    async with refused(InvalidInput, north, south) as info:
        await ask(north, tag, south.slug, settings=Settings(True, fields=(key,)))
    assert paths(info) == [("optionalFields",)]


@pytest.mark.parametrize(
    ("settings", "faults"),
    [
        (Settings(False, (Group.UNIQUE_IDS, Group.EMAILS)), []),
        (Settings(False, fields=("van_id", "meetup_id", "emails")), []),
        (Settings(False, (Group.DEMO,)), ["optionalGroups"]),
        (Settings(False, (Group.FUNDRAISER,), ("is_volunteer",)), ["optionalGroups", "optionalFields"]),
        (Settings(False, (Group.NATION_SPECIFIC,)), ["optionalGroups"] * 6),
        (Settings(False, (), (), (), offer_new_profiles=True), ["offerNewProfiles"]),
        (Settings(False, (Group.EMAILS,), ("support_level",), (), True), ["optionalFields", "offerNewProfiles"]),
    ],
)
async def test_a_tag_alone_carries_nothing_but_what_to_match_on(world: World, settings, faults) -> None:
    """On a share that syncs no profiles, unique ids and emails mean to match on them; the rest has no meaning."""
    north, south = await world.nations("north", "south")
    tag = await north.tag("board")
    if not faults:
        assert await ask(north, tag, south.slug, settings=settings)
        return
    async with refused(InvalidInput, north, south) as info:
        await ask(north, tag, south.slug, settings=settings)
    assert sorted(paths(info)) == sorted((fault,) for fault in faults)


async def test_settings_are_checked_against_every_receiver(world: World) -> None:
    """What one receiver may have and another may not is refused for all, with the slug of the one that may not."""
    family = await world.network()
    north, south = await world.nations("north", "south", network_slug=family)
    stranger = await world.nation("stranger")
    tag = await north.tag("board")
    async with refused(InvalidInput, north, south, stranger) as info:
        await ask(north, tag, south.slug, stranger.slug, settings=Settings(True, (Group.FACEBOOK_UID,)))
    assert stranger.slug in info.value.message
    assert south.slug not in info.value.message


@pytest.mark.parametrize("mode", SyncMode)
async def test_every_mode_is_the_receivers_to_choose(world: World, mode: SyncMode) -> None:
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board"), south)
    await share.accept(mode)
    assert (await share.row()).sync_mode is mode
