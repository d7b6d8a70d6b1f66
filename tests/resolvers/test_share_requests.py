"""What a request says before anybody accepts it: what is asked for, what comes with it, and whether districts overwrite."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from actions.nations import update_nation
from sharing.events import Noun
from sharing.kinds import Group
from sharing.visibility import Caller
from tests.actions.networking import define, family, share_fields
from tests.resolvers.asking import Api, gid
from tests.tables import events, position
from tests.world import Nation, World

ASKED = """
query ($id: ID!) {
  node(id: $id) {
    ... on TagShare {
      status tagLabel sender { slug } syncProfiles offerNewProfiles optionalGroups optionalFields customFields coveredFields
    }
  }
}
"""
DISTRICTS = "query ($id: ID!) { node(id: $id) { ... on TagShare { overwritesDistricts } } }"
LIST = """
query ($slug: String!) { nation(slug: $slug) { shares { edges { node { ... on TagShare { overwritesDistricts } } } } } }
"""


async def districts(api: Api, caller: Caller, share_id: Any) -> bool:
    """Return whether a share is said to overwrite districts."""
    found = await api.ask(DISTRICTS, caller, id=gid("TagShare", share_id))
    return bool(found["node"]["overwritesDistricts"])


async def set_up(nation: Nation, **settings: Any) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await update_nation(unit, nation.id, **settings)


async def test_the_receiver_of_a_request_sees_what_is_asked_for_and_what_comes_with_it(api: Api, world: World):
    network, (north, south) = await family(world, "north", "south")
    for nation in (north, south):
        await define(nation, "size")
    await share_fields(world, network, north.admin)
    tag = await north.tag("board", [await north.person(first_name="Ada")])
    share = await north.share(
        tag, south, Group.EMAILS, fields=("external_id",), customs=("size",), offer_new_profiles=True
    )
    for nation in (south, north):
        found = (await api.ask(ASKED, nation.member, id=gid("TagShare", share.id)))["node"]
        carried = found.pop("coveredFields")
        assert found == {
            "status": "PENDING",
            "tagLabel": f"{north.slug}:board",
            "sender": {"slug": north.slug},
            "syncProfiles": True,
            "offerNewProfiles": True,
            "optionalGroups": ["EMAILS"],
            "optionalFields": ["EXTERNAL_ID"],
            "customFields": ["size"],
        }
        assert {"FIRST_NAME", "HOME_ADDRESS", "EMAILS", "EXTERNAL_ID", "CUSTOM_FIELDS"} <= set(carried)
        assert not {"DEMO", "SUPPORT_LEVEL", "PRECINCT_ID"} & set(carried)
        assert len(carried) == 33


async def test_a_request_for_the_tag_alone_says_that_nothing_comes_with_it(api: Api, world: World):
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board"), south, Group.EMAILS, sync_profiles=False)
    found = (await api.ask(ASKED, south.member, id=gid("TagShare", share.id)))["node"]
    assert (found["syncProfiles"], found["offerNewProfiles"], found["coveredFields"]) == (False, False, [])
    assert found["optionalGroups"] == ["EMAILS"]  # which are matched on


@pytest.mark.parametrize(("ours", "theirs"), list(product((False, True), repeat=2)))
async def test_both_sides_are_told_whether_districts_overwrite(api: Api, world: World, ours: bool, theirs: bool):
    north, south = await world.nations("north", "south", voters=True)
    await north.become(auto_districting=ours)
    await south.become(auto_districting=theirs)
    tag = await north.tag("board")
    share = await north.share(tag, south, Group.DISTRICTS)
    for nation in (north, south):
        assert await districts(api, nation.member, share.id) is (ours or theirs)
        (edge,) = (await api.ask(LIST, nation.member, slug=nation.slug))["nation"]["shares"]["edges"]
        assert edge["node"] == {"overwritesDistricts": ours or theirs}


@pytest.mark.parametrize("asked", [{}, {"groups": (Group.EMAILS,)}, {"sync_profiles": False}])
async def test_nothing_overwrites_where_no_districts_travel(api: Api, world: World, asked: dict[str, Any]):
    north, south = await world.nations("north", "south", voters=True)
    await north.become(auto_districting=True)
    share = await north.share(await north.tag("board"), south, **asked)
    assert not await districts(api, south.member, share.id)


async def test_one_district_is_enough_and_goes_with_the_voters(api: Api, world: World):
    north, south = await world.nations("north", "south", voters=True)
    await north.become(auto_districting=True)
    share = await north.share(await north.tag("board"), south, fields=("ward",))
    assert await districts(api, south.member, share.id)
    await south.become(voters_enabled=False)
    assert not await districts(api, south.member, share.id)


async def test_both_sides_hear_of_it_when_one_turns_it_on(api: Api, world: World):
    """Before the receiver decides as well as later; a receiver hears nothing of what it stopped."""
    north, south = await world.nations("north", "south", voters=True)
    share = await north.share(await north.tag("board"), south, Group.DISTRICTS)
    stopped = await north.share(await north.tag("past"), south, Group.DISTRICTS)
    await north.share(await north.tag("plain"), south, sync_profiles=False)
    await stopped.stop(south)
    await world.work()
    for settings, says in (({"auto_districting": True}, True), ({"auto_districting": False}, False)):
        before = {nation.id: await position(nation.id) for nation in (north, south)}
        await set_up(south, **settings)
        for nation, told in ((north, {share.id, stopped.id}), (south, {share.id})):
            rows = [row for row in await events(nation.id, before[nation.id]) if row["noun"] == Noun.TAG_SHARE]
            assert {subject for row in rows for subject in row["subjects"]} == told
            assert {row["kind"] for row in rows} == {"CHANGED"}
            assert await districts(api, nation.member, share.id) is says
    before = {nation.id: await position(nation.id) for nation in (north, south)}
    await set_up(south, auto_districting=False, name="South")
    assert not [row for nation in (north, south) for row in await events(nation.id, before[nation.id])]


async def test_what_a_network_decides_is_told_of_a_request_too(api: Api, world: World):
    network, (north, south) = await family(world, "north", "south")
    await define(north, "size")
    await share_fields(world, network, north.admin)
    share = await north.share(await north.tag("board"), south, Group.CUSTOM_FIELDS)
    before = await position(south.id)
    await define(north, "colour")
    rows = [row for row in await events(south.id, before) if row["noun"] == Noun.TAG_SHARE]
    assert [row["subjects"] for row in rows] == [[share.id]]
