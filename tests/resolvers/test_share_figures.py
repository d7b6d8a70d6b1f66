"""The boxes of a share through the API: what each counts, the same for both sides, and together everybody at every moment."""

from __future__ import annotations

from uuid import UUID

import pytest
from graphql import GraphQLObjectType, build_schema

from actions import running
from actions.running import step_run
from actions.shares import sync_share_now
from models.conflict import Conflict
from models.run import SyncRun
from models.share import Share
from resolvers.roots import print_sdl
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import ConflictState
from sharing.visibility import Caller
from tests.resolvers.asking import Api, gid
from tests.tables import events
from tests.world import SharedTag, World
from workers.sweep import rematch

FIGURES = """
query ($id: ID!) { node(id: $id) { ... on TagShare {
  status stats { matched notFound ambiguous synced unreviewedChanges total }
} } }
"""
BOXES = ("matched", "notFound", "ambiguous", "synced", "unreviewedChanges")
STATES = {
    "matched": "MATCHED", "notFound": "NOT_FOUND", "ambiguous": "AMBIGUOUS", "synced": "SYNCED",
    "unreviewedChanges": "CONFLICTED",
}  # fmt: skip
KING = {"last_name": "King", "birthdate": "1980-02-03", "phone": "+14155550101"}


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run take many steps."""
    for name in ("MATCH_CHUNK", "SETTLE_CHUNK", "SYNC_CHUNK"):
        monkeypatch.setattr(running, name, 1)


async def figures(api: Api, share: SharedTag) -> dict[str, int]:
    """Return what both sides are shown: the same, the sum of all boxes, and as many as there are in each state."""
    node, shown = gid("TagShare", share.id), []
    for nation in (share.sender, share.receiver):
        data = await api.ask(FIGURES, nation.member, id=node)
        shown.append(data["node"]["stats"])
    assert shown[0] == shown[1]
    stats = dict(shown[0])
    assert stats.pop("total") == sum(stats.values())
    counted = await share.matches()
    assert stats == {box: sum(match.state == STATES[box] for match in counted) for box in BOXES}
    return {box: number for box, number in stats.items() if number}


def test_each_box_says_what_it_counts():
    """In the words of the schema: matched is usually nobody, who is not found is looked for daily, and so on."""
    kind = build_schema(print_sdl()).type_map["ShareStats"]
    assert isinstance(kind, GraphQLObjectType)
    said = {name: field.description or "" for name, field in kind.fields.items()}
    assert said.keys() == {*BOXES, "total"}
    assert "usually nobody" in said["matched"]
    assert "looked for again daily" in said["notFound"]
    assert "not synced" in said["ambiguous"]
    assert "no open conflict" in said["synced"]
    assert "at least one open conflict" in said["unreviewedChanges"]


async def crowd(world: World, mode: SyncMode = SyncMode.ALWAYS_REVIEW) -> SharedTag:
    """Share one in step, one in conflict, one whom nobody matches and one whom two match."""
    north, south = await world.nations("north", "south")
    people = [
        await north.person(first_name="Ada", **KING, employer="Mill"),
        await north.person(first_name="Bo", last_name="Diaz", twitter_id="8", employer="Mill"),
        await north.person(first_name="Cy", last_name="Moss"),
        await north.person(twitter_id="7"),
    ]
    await south.person(first_name="Ada", **KING)
    await south.person(first_name="Bo", last_name="Diaz", twitter_id="8", employer="Shop")
    for _ in range(2):
        await south.person(twitter_id="7")
    share = await north.share(await north.tag("board", people), south, offer_new_profiles=True)
    return await share.accept(mode)


EACH_IN_ONE_BOX = {"synced": 1, "unreviewedChanges": 1, "notFound": 1, "ambiguous": 1}


@pytest.mark.usefixtures("small_steps")
async def test_all_boxes_together_are_everybody_at_every_moment_and_for_both_sides(api: Api, world: World):
    """Matched, not found, ambiguous, synced and unreviewed changes add up to the total, after every step of a run."""
    share = await crowd(world)
    assert await figures(api, share) == {}
    (run,) = await SyncRun.filter(share_id=share.id)
    seen, more = [], True
    while more:
        async with world.unit(Caller()) as unit:
            more = await step_run(unit, run.id)
        seen.append(await figures(api, share))
    assert any("matched" in boxes for boxes in seen)
    assert seen[-1] == EACH_IN_ONE_BOX
    for nation in (share.sender, share.receiver):
        for row in await events(nation.id):
            if row["kind"] == "STATS":
                assert set(row["detail"]) == {"matched", "not_found", "ambiguous", "synced", "unreviewed_changes"}


async def test_all_boxes_together_are_everybody_whatever_happens(api: Api, world: World):
    """Tagged and untagged, deleted on either side, reviewed, synced again, stopped."""
    share = await crowd(world)
    await world.work()
    north, south, tag = share.sender, share.receiver, (await share.row()).tag_id
    assert await figures(api, share) == EACH_IN_ONE_BOX
    dee = await north.person(first_name="Dee", last_name="Okoro", birthdate="1970-01-02")
    await north.put_on(tag, dee)
    assert await figures(api, share) == EACH_IN_ONE_BOX
    await world.work()
    assert await figures(api, share) == {**EACH_IN_ONE_BOX, "notFound": 2}
    hers = await south.person(first_name="Dee", last_name="Okoro", birthdate="1970-01-02")
    await world.work()
    assert await figures(api, share) == {**EACH_IN_ONE_BOX, "synced": 2}
    await south.delete(hers)
    await world.work()
    assert await figures(api, share) == {**EACH_IN_ONE_BOX, "notFound": 2}
    await north.delete(dee)
    await world.work()
    await north.apply((await share.conflict("employer")).id)
    assert await figures(api, share) == {"synced": 2, "notFound": 1, "ambiguous": 1}
    await north.take_off(tag, *[match.sender_profile_id for match in await share.matches()][:2])
    await world.work()
    assert sum((await figures(api, share)).values()) == 2
    await share.sync()
    assert sum((await figures(api, share)).values()) == 2
    await share.stop(north)
    data = await api.ask(FIGURES, north.member, id=gid("TagShare", share.id))
    assert data["node"] == {"status": "STOPPED", "stats": dict.fromkeys((*BOXES, "total"), 0)}


async def test_matched_is_who_is_linked_and_waits_and_is_usually_nobody(api: Api, world: World):
    """The profiles are linked and no data has been shared; at rest the number is zero."""
    share = await crowd(world)
    (run,) = await SyncRun.filter(share_id=share.id)
    while (await SyncRun.get(id=run.id)).phase != "SYNCING":
        async with world.unit(Caller()) as unit:
            await step_run(unit, run.id)
    assert await figures(api, share) == {"matched": 2, "notFound": 1, "ambiguous": 1}
    assert await share.tagged() == set()
    assert [person.employer for person in await share.receiver.people()] == [None, "Shop", None, None]
    await world.work()
    assert "matched" not in await figures(api, share)


async def test_not_found_is_looked_for_again_every_day_and_is_nobody_where_they_are_made(api: Api, world: World):
    """Unless the nations chose to create new profiles: then nobody stays not found."""
    share = await crowd(world)
    await world.work()
    assert (await figures(api, share))["notFound"] == 1
    await share.receiver.person(first_name="Cy", last_name="Moss", birthdate="1990-09-09")
    (cy,) = [person for person in await share.sender.people() if person.first_name == "Cy"]
    await share.sender.edit(cy.id, birthdate="1990-09-09")
    async with world.unit(Caller()) as unit:
        await unit.pg.execute("DELETE FROM changes WHERE share_id = $1", share.id)
    world.post.jobs.clear()
    await Share.filter(id=share.id).update(next_sync_at=(await share.row()).last_sync_at)
    await rematch(world.post)
    await world.work()
    assert await figures(api, share) == {"synced": 2, "unreviewedChanges": 1, "ambiguous": 1}
    north, south = await world.nations("north", "south")
    made = await north.share(
        await north.tag("board", [await north.person(first_name="Cy")]), south, offer_new_profiles=True
    )
    await made.accept(create=True)
    await world.work()
    assert await figures(api, made) == {"synced": 1}


async def test_ambiguous_is_who_may_be_several_and_none_of_them_is_synced(api: Api, world: World):
    """Tried again at every run, until the doubt is gone: here one of the two twins is deleted, and nobody notes it."""
    share = await crowd(world, SyncMode.ACCEPT_ALL)
    await world.work()
    twins = [person.id for person in await share.receiver.people() if person.twitter_id == "7"]
    assert (await figures(api, share))["ambiguous"] == 1
    assert not await share.tagged() & set(twins)
    await share.receiver.delete(twins[0])
    async with world.unit(Caller()) as unit:
        await unit.pg.execute("DELETE FROM changes WHERE share_id = $1", share.id)
    world.post.jobs.clear()
    await share.sync()
    assert (await figures(api, share), twins[1] in await share.tagged()) == ({"synced": 3, "notFound": 1}, True)


async def test_synced_is_who_has_no_open_conflict_and_unreviewed_who_has(api: Api, world: World):
    """Fields that were skipped, or are out of step, do not count against it; a match with many conflicts counts once."""
    north, south = await world.nations("north", "south")
    here = {"employer": "Mill", "church": "St Ann", "religion": "A"}
    ours = await north.person(twitter_id="7", **here)
    theirs = await south.person(twitter_id="7", employer="Shop", church="St Ben", religion="B")
    share = await north.share(await north.tag("board", [ours]), south, Group.EMAILS)
    await share.accept(SyncMode.ALWAYS_REVIEW)
    await world.work()
    assert (await figures(api, share), len(await share.conflicts())) == ({"unreviewedChanges": 1}, 3)
    await north.apply((await share.conflict("employer")).id)
    await south.skip((await share.conflict("church")).id)
    assert await figures(api, share) == {"unreviewedChanges": 1}
    await south.edit(theirs, religion="A")
    await world.work()
    assert await figures(api, share) == {"synced": 1}
    states = {conflict.field: conflict.state for conflict in await Conflict.filter(share_id=share.id)}
    assert states == {
        "employer": ConflictState.RESOLVED, "church": ConflictState.SKIPPED, "religion": ConflictState.RESOLVED,
    }  # fmt: skip


async def test_a_run_that_is_asked_for_moves_nobody_who_is_where_they_belong(api: Api, world: World):
    share = await crowd(world)
    await world.work()
    async with world.unit(share.receiver.admin) as unit:
        run_id: UUID = await sync_share_now(unit, share.id)
    more = True
    while more:
        async with world.unit(Caller()) as unit:
            more = await step_run(unit, run_id)
        assert await figures(api, share) == EACH_IN_ONE_BOX
