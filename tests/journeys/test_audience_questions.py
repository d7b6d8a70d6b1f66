"""What people ask about audience sharing, each answered by a journey over HTTP, with web and worker as in production."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from server.database import open_database
from server.post import open_post
from tests.journeys.audience import Party, moment, party
from tests.journeys.stage import Stage
from tests.services import Databases, PrivateRedis
from workers.sweep import rematch

SIX_HOURS = timedelta(hours=6)
MINUTE = timedelta(minutes=1)
REFERENCES = "Audience Sharing Reference IDs"


@pytest.fixture(scope="module")
async def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Return Comity, up and running for all journeys of this file."""
    url, redis = await databases.make(), PrivateRedis(tmp_path_factory.mktemp("questions") / "redis")
    redis.start()
    stage = Stage(url, redis.url)
    stage.start("serve")
    stage.start("worker")
    await stage.ready()
    yield stage
    await stage.close()
    redis.stop()
    await databases.drop(url)


async def shared(house: Stage) -> Party:
    """Return a network whose source shares two people of a mill, of whom the target knows one; nothing has run yet."""
    found = await party(house)
    await found.enable()
    await found.segment("Millers", "Mill")
    for name in ("Ann", "Bob"):
        await found.person(
            found.source, firstName=name, lastName="Ames", employer="Mill", emails=[f"{name}@example.org"]
        )
    await found.person(found.target, firstName="Ann", lastName="Adams", occupation="Cook", emails=["ann@example.org"])
    await found.set_up()
    return found


async def test_when_are_shared_audiences_synced(house: Stage) -> None:
    """Every six hours or so, without anybody asking."""
    network = await shared(house)
    await network.sync()
    share = await network.share(network.target)
    assert abs(moment(share["nextSyncAt"]) - moment(share["lastSyncAt"]) - SIX_HOURS) < MINUTE
    await network.person(network.source, firstName="Cid", employer="Mill")
    await _let_time_pass(house, network.source.slug)
    run = await network.synced(2)
    assert (run["trigger"], run["contactsCreated"]) == ("SCHEDULED", 1)
    assert (await network.people(network.target)).keys() == {"Ann", "Bob", "Cid"}


async def _let_time_pass(house: Stage, slug: str) -> None:
    """Let the hours go by, and the clock strike."""
    pg = await asyncpg.connect(house.database_url)
    await pg.execute(
        "UPDATE shares SET next_sync_at = now() - interval '1 second' FROM nations n WHERE n.id = sender_id AND slug = $1",
        slug,
    )
    await pg.close()
    async with open_database(house.database_url, everywhere=False), open_post(house.redis_url) as post:
        await rematch(post)


async def test_will_my_sync_run_immediately_after_i_set_it_up(house: Stage) -> None:
    """No: it is queued to begin within minutes. Whoever does not want to wait syncs now."""
    network = await shared(house)
    share = await network.share(network.source)
    assert (share["lastSyncAt"], share["audienceRuns"]["edges"]) == (None, [])
    made = moment((await network.network(network.source))["audienceSharing"]["enabledAt"])
    assert timedelta() < moment(share["nextSyncAt"]) - made < 5 * MINUTE
    assert (await network.people(network.target)).keys() == {"Ann"}
    run = await network.sync()
    assert (run["trigger"], run["contactsCreated"]) == ("ASKED", 1)
    assert (await network.people(network.target)).keys() == {"Ann", "Bob"}


async def test_can_the_nations_that_receive_shared_contacts_make_changes_to_them(house: Stage) -> None:
    """Yes. The source does not see them, and overwrites those in shared fields when it edits the same ones."""
    network = await shared(house)
    source, target = network.source, network.target
    await network.sync()
    bob = (await network.people(target))["Bob"]
    await network.edit(target, bob["id"], employer="Dock", occupation="Diver")
    await network.sync()
    kept = (await network.people(target))["Bob"]
    assert (kept["employer"], kept["occupation"]) == ("Dock", "Diver")
    own = (await network.people(source))["Bob"]
    assert (own["employer"], own["occupation"]) == ("Mill", None)
    await network.segment("Weavers", "Weaving Mill")
    await network.change("Millers", "Weavers")
    await network.edit(source, own["id"], employer="Weaving Mill")
    await network.sync()
    synced = (await network.people(target))["Bob"]
    assert (synced["employer"], synced["occupation"]) == ("Weaving Mill", "Diver")


async def test_will_the_sync_overwrite_contact_fields_that_are_not_included_in_the_sharing_rules(house: Stage) -> None:
    """No: such a field is not affected by the sync."""
    network = await shared(house)
    await network.sync()
    ann = (await network.people(network.source))["Ann"]
    await network.edit(network.source, ann["id"], occupation="Clerk", lastName="Abel", firstName="Anna")
    await network.sync()
    contact = (await network.people(network.target))["Anna"]
    assert (contact["lastName"], contact["occupation"], contact["employer"]) == ("Adams", "Cook", "Mill")
    assert (await network.people(network.target))["Bob"]["lastName"] is None


async def test_will_all_shared_contacts_be_updated_each_time_the_sync_runs(house: Stage) -> None:
    """No: only those that were changed in the source since the last time."""
    network = await shared(house)
    assert (await network.sync())["contactsSynced"] == 2
    assert (await network.sync())["contactsSynced"] == 0
    bob = (await network.people(network.source))["Bob"]
    await network.edit(network.source, bob["id"], firstName="Robert")
    assert (await network.sync())["contactsSynced"] == 1
    assert (await network.people(network.target)).keys() == {"Ann", "Robert"}


async def test_how_can_i_tell_if_audience_sharing_is_activated(house: Stage) -> None:
    """The network says so, to everybody in it, and from which nation."""
    network = await party(house)
    off = {"isEnabled": False, "enabledAt": None, "source": None}
    for who in (network.source, network.target):
        assert (await network.network(who))["audienceSharing"] == off
    await network.enable()
    for who in (network.source, network.target):
        on = (await network.network(who))["audienceSharing"]
        assert (on["isEnabled"], on["source"]) == (True, {"slug": network.source.slug})
    known = (await network.network(network.source))["id"]
    await network.write(network.source, "disableAudienceSharing", "NetworkPayload", "network { id }", networkId=known)
    assert (await network.network(network.target))["audienceSharing"] == off


async def test_what_happens_if_i_unshare_a_segment(house: Stage) -> None:
    """It is archived in the target, with those whom no other segment shares; it stays in the source."""
    network = await shared(house)
    await network.segment("Dockers", "Dock")
    await network.person(network.source, firstName="Cid", employer="Dock")
    await network.change("Millers", "Dockers")
    await network.sync()
    assert await network.places(network.target) == ({"Shared"}, {"Millers", "Dockers"}, {REFERENCES})
    await network.change("Dockers")
    await network.sync()
    assert await network.places(network.target) == ({"Shared"}, {"Dockers"}, {REFERENCES})
    assert await network.places(network.target, archived=True) == (set(), {"Millers"}, set())
    assert (await network.people(network.target)).keys() == {"Ann", "Cid"}
    assert (await network.people(network.target, archived=True)).keys() == {"Bob"}
    assert await network.places(network.source) == (set(), {"Millers", "Dockers"}, set())
    assert (await network.people(network.source)).keys() == {"Ann", "Bob", "Cid"}


async def test_what_happens_if_i_delete_my_sharing_rules(house: Stage) -> None:
    """What was shared is archived in the targets and stays in the source; who was in a target before stays there."""
    network = await shared(house)
    await network.sync()
    asked = {"audienceId": network.audience}
    await network.write(network.source, "deleteAudience", "DeleteAudiencePayload", "deletedAudienceId", **asked)

    def gone(data: dict[str, dict[str, dict[str, list[object]]]]) -> bool:
        return len(data["nation"]["profiles"]["edges"]) == 1

    people = "query ($slug: String!) { nation(slug: $slug) { profiles(first: 5) { edges { node { id } } } } }"
    await network.target.until(people, gone, slug=network.target.slug)
    ann = (await network.people(network.target))["Ann"]
    assert (ann["lastName"], ann["occupation"]) == ("Adams", "Cook")
    assert (await network.people(network.target, archived=True)).keys() == {"Bob"}
    assert await network.places(network.target) == (set(), set(), set())
    assert await network.places(network.target, archived=True) == ({"Shared"}, {"Millers"}, {REFERENCES})
    assert (await network.people(network.source)).keys() == {"Ann", "Bob"}
    assert await network.places(network.source) == (set(), {"Millers"}, set())
