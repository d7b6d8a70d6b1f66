"""Live: what happens in a nation reaches those who watch it, with the thing itself, and nobody else."""

import time
from datetime import UTC, datetime

import pytest

from models.user import ApiToken, Membership
from server.auth import Tokens
from server.post import RedisPost
from sharing.visibility import Role
from tests.resolvers.asking import gid
from tests.resolvers.watching import (
    CHANGES,
    PULL,
    SHARE,
    STATS,
    Hinting,
    cursor,
    name_told,
    north_of,
    pull,
    refused,
    told,
    watch,
)
from tests.server.site import SECRET, Site
from tests.server.test_auth import token_of, user_of
from tests.tables import position
from tests.world import World


@pytest.fixture
def live(database: None, post: RedisPost) -> World:
    """Return a world whose news reach the site."""
    return World(Hinting(post))


async def test_what_is_made_changed_and_deleted_is_told_in_order_with_the_thing_itself(site: Site, live: World):
    north, token = await north_of(live)
    async with site.line(token) as line:
        await watch(line, north)
        ada = await north.person(first_name="Ada")
        event = await told(line)
        assert event["topic"] == "PROFILES"
        assert event["change"] == {
            "__typename": "NodeChanged",
            "node": {"__typename": "Profile", "id": gid("Profile", ada), "firstName": "Ada"},
        }
        tag = await north.tag("friends", [ada])
        assert sorted([(await told(line))["topic"] for _ in range(2)]) == ["PROFILES", "TAGS"]
        await north.delete(ada)
        changes = [(await told(line))["change"] for _ in range(2)]
        assert {"__typename": "NodeDeleted", "deletedId": gid("Profile", ada)} in changes
        (node,) = (change["node"] for change in changes if change["__typename"] == "NodeChanged")
        assert (node["id"], node["taggings"]) == (gid("Tag", tag), 0)


async def test_only_the_topics_asked_for_are_told(site: Site, live: World):
    north, token = await north_of(live)
    async with site.line(token) as line:
        await watch(line, north, topics=["TAGS"])
        await north.person(first_name="Ada")
        await north.tag("friends")
        assert (await told(line))["topic"] == "TAGS"


async def test_a_thing_that_is_gone_when_it_is_told_of_is_told_as_deleted(site: Site, live: World):
    north, token = await north_of(live)
    ada = await north.person(first_name="Ada")
    await north.delete(ada)
    async with site.line(token) as line:
        await watch(line, north, after=cursor(north, 0))
        first, second = await told(line), await told(line)
    assert [event["change"] for event in (first, second)] == [
        {"__typename": "NodeDeleted", "deletedId": gid("Profile", ada)}
    ] * 2


async def test_nobody_hears_of_another_nation(site: Site, live: World):
    north, token = await north_of(live)
    south, _ = await north_of(live)
    foreign, forged = cursor(south, 0), cursor(north, 0)[:-1] + "x"
    async with site.line(token) as line:
        for variables, code in (
            ({"nation": gid("Nation", south.id)}, "NOT_FOUND"),
            ({"nation": gid("Nation", 10**8)}, "NOT_FOUND"),
            ({"nation": gid("Nation", south.id), "after": foreign}, "NOT_FOUND"),
            ({"nation": gid("Nation", north.id), "after": foreign}, "BAD_USER_INPUT"),
            ({"nation": gid("Nation", north.id), "after": forged}, "BAD_USER_INPUT"),
            ({"nation": gid("Nation", north.id), "after": ""}, "BAD_USER_INPUT"),
            ({"nation": gid("Nation", north.id), "after": "ä" * 500}, "BAD_USER_INPUT"),
            ({"nation": gid("Profile", north.id)}, "NOT_FOUND"),
        ):
            await line.subscribe(CHANGES, **variables)
            assert await refused(line) == code, variables
            answer = (await site.post(PULL, token, **variables)).json()
            assert answer["errors"][0]["extensions"]["code"] == code
        await watch(line, north)
        await south.person(first_name="Foreign")
        await north.person(first_name="Own")
        assert await name_told(line) == "Own"


async def test_a_passer_by_hears_nothing(site: Site, live: World):
    north, _ = await north_of(live)
    async with site.line() as line:
        await watch(line, north)
        assert await refused(line) == "NOT_FOUND"


@pytest.mark.parametrize("how", ["membership", "token"])
async def test_rights_lost_end_the_subscription_before_anything_more_is_told(site: Site, live: World, how: str):
    north = await live.nation("north")
    user_id = await user_of(north, Role.MEMBER)
    token = Tokens(SECRET).issue(user_id).token if how == "membership" else await token_of(north)
    async with site.line(token) as line:
        await watch(line, north)
        await Membership.filter(user_id=user_id).delete()
        await ApiToken.filter(nation_id=north.id).update(revoked_at=datetime.now(UTC))
        await north.person(first_name="Secret")
        assert await refused(line) == ("NOT_FOUND" if how == "membership" else "UNAUTHENTICATED")


async def test_a_share_stopped_is_told_to_its_receiver_as_gone(site: Site, live: World):
    north, _ = await north_of(live)
    south, token = await north_of(live)
    ada = await north.person(first_name="Ada", last_name="Lovelace", birthdate="1980-01-02", phone="+12025550143")
    share = await north.share(await north.tag("friends", [ada]), south, offer_new_profiles=True)
    share_id = gid("TagShare", share.id)
    async with site.line(token) as line:
        await line.subscribe(SHARE, id=share_id, after=cursor(south, 0))
        asked = (await line.next())["share"]["change"]
        assert (asked["__typename"], asked["to"], asked["share"]["id"]) == ("ShareStatusChanged", "PENDING", share_id)
        await share.accept(create=True)
        await live.work()
        await share.stop(north)
        gone = {"__typename": "NodeDeleted", "deletedId": share_id}
        seen = [(await line.next())["share"]["change"]]
        while seen[-1] != gone:
            seen.append((await line.next())["share"]["change"])
        await line.send({"id": "1", "type": "complete"})
        await line.subscribe(SHARE, id=share_id)
        message = await line.receive()
        while message["type"] == "next":
            message = await line.receive()
        assert message["payload"][0]["extensions"]["code"] == "NOT_FOUND"
        answer = (await site.post(PULL, token, nation=gid("Nation", south.id), after=cursor(south, 0))).json()
        shown = [event["change"] for event in answer["data"]["changes"]["events"]]
        assert all(change["__typename"] != "StatsChanged" for change in shown)


async def test_the_figures_of_a_share_are_told_at_once_and_end_on_the_last(site: Site, live: World):
    north, token = await north_of(live)
    south, _ = await north_of(live)
    people = [await north.person(first_name=f"P{number}", last_name="Tester") for number in range(30)]
    share = await north.share(await north.tag("friends", people), south, offer_new_profiles=True)
    async with site.line(token) as line:
        await line.subscribe(STATS, id=gid("TagShare", share.id))
        first = (await line.next())["shareStats"]
        assert set(first.values()) == {0}
        began = time.perf_counter()
        await share.accept(create=True)
        await live.work()
        told_stats = []
        while not told_stats or told_stats[-1]["synced"] < 30:
            told_stats.append((await line.next())["shareStats"])
        assert told_stats[-1] == {
            "matched": 0, "notFound": 0, "ambiguous": 0, "synced": 30, "unreviewedChanges": 0, "total": 30,
        }  # fmt: skip
        assert len(told_stats) <= (time.perf_counter() - began) * 10 + 1
        with pytest.raises(TimeoutError):
            await line.next(1.5)


async def test_whoever_asks_is_told_what_whoever_listens_is_told(site: Site, live: World):
    north, token = await north_of(live)
    start = await pull(site, north, token)
    assert (start["events"], start["hasMore"]) == ([], False)
    people = [await north.person(first_name=str(number)) for number in range(7)]
    await north.tag("friends", people)
    pulled, cursors, more = [], start["cursor"], True
    while more:
        page = await pull(site, north, token, after=cursors, first=3)
        pulled, cursors, more = pulled + page["events"], page["cursor"], page["hasMore"]
        assert len(page["events"]) <= 3
    async with site.line(token) as line:
        await watch(line, north, after=start["cursor"])
        assert [await told(line) for _ in pulled] == pulled
    assert len(pulled) == await position(north.id)
    for first in (0, -1, 1001):
        answer = await site.post(PULL, token, nation=gid("Nation", north.id), first=first)
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
