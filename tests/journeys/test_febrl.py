"""Two nations import FEBRL 4, share a tag with creation, and watch it happen; then edits cross, then it stops."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.journeys.febrl import files
from tests.journeys.stage import Client, Stage, next_data
from tests.services import PrivateRedis

IMPORT = "query ($id: ID!) { node(id: $id) { ... on ImportRun { runState created updated rejected progress { done total } } } }"
TAG = "query ($slug: String!) { nation(slug: $slug) { tags(first: 10) { edges { node { id name label taggings } } } } }"
CREATE = """
mutation ($input: CreateTagSharesInput!) {
  createTagShares(input: $input) {
    __typename ... on CreateTagSharesPayload { shares { id status } } ... on UserError { code message }
  }
}
"""
ACCEPT = """
mutation ($input: AcceptTagShareInput!) {
  acceptTagShare(input: $input) {
    __typename ... on TagSharePayload { share { id status tagLabel } } ... on UserError { code message }
  }
}
"""
STOP = """
mutation ($input: ShareActionInput!) {
  stopTagShare(input: $input) {
    __typename ... on TagSharePayload { share { id status } } ... on UserError { code message }
  }
}
"""
SHARE = """
query ($id: ID!) {
  node(id: $id) { ... on TagShare {
    status stats { matched notFound ambiguous synced unreviewedChanges total } lastSyncAt
    runs(first: 1) { edges { node { runState error progress { phase done total } } } }
  } }
}
"""
MATCHES = """
query ($id: ID!, $after: String) {
  node(id: $id) { ... on TagShare { matches(first: 100, after: $after, state: [SYNCED, CONFLICTED]) {
    pageInfo { hasNextPage endCursor }
    edges { node { id stage senderProfile { id dwId } receiverProfile { id dwId } } }
  } } }
}
"""
PROFILE = "query ($slug: String!, $id: ID!) { nation(slug: $slug) { profile(id: $id) { id employer occupation } } }"
UPDATE = """
mutation ($id: ID!, $fields: ProfileInput!) {
  updateProfile(input: {profileId: $id, fields: $fields}) {
    __typename ... on UpdateProfilePayload { profile { id } } ... on UserError { code message }
  }
}
"""
STATS = "subscription ($id: ID!) { shareStats(id: $id) { matched notFound ambiguous synced unreviewedChanges total } }"
CHANGES = """
subscription ($nation: ID!) {
  changes(nation: $nation, topics: [PROFILES]) { cursor change { __typename ... on NodeChanged { node { id } } } }
}
"""


def _over(data: dict[str, Any]) -> bool:
    return data["node"]["runState"] not in ("QUEUED", "RUNNING")


async def imported(client: Client, rows: bytes, patience: float = 300.0) -> dict[str, Any]:
    """Send a file and wait, some seconds at most, until it is taken in."""
    run_id = await client.upload(rows)
    done = await client.until(IMPORT, _over, patience=patience, id=run_id)
    run: dict[str, Any] = done["node"]
    assert run["runState"] == "SUCCEEDED"
    return run


async def shared(sender: Client, receiver: Client, tag: str = "febrl") -> str:
    """Share a tag with creation, and have it accepted."""
    tags = (await sender.ask(TAG, slug=sender.slug))["nation"]["tags"]["edges"]
    (tag_id,) = [edge["node"]["id"] for edge in tags if edge["node"]["name"] == tag]
    settings = {"tagId": tag_id, "receiverSlugs": [receiver.slug], "syncProfiles": True, "offerNewProfiles": True}
    created = (await sender.ask(CREATE, input=settings))["createTagShares"]
    share_id: str = created["shares"][0]["id"]
    terms = {"shareId": share_id, "syncMode": "ACCEPT_ALL", "createNewProfiles": True, "importAsProspects": False}
    accepted = (await receiver.ask(ACCEPT, input=terms))["acceptTagShare"]
    assert accepted["share"]["status"] == "APPROVED"
    assert accepted["share"]["tagLabel"] == f"{sender.slug}:{tag}"
    return share_id


def over(data: dict[str, Any]) -> bool:
    """Whether the share's run has come to its end."""
    (edge,) = data["node"]["runs"]["edges"]
    assert edge["node"]["runState"] != "FAILED", edge["node"]["error"]
    return bool(edge["node"]["runState"] == "SUCCEEDED")


async def pairs_of(client: Client, share_id: str, side: str) -> dict[str, tuple[str, str]]:
    """Return the links of a share as one side sees them: match to its own profile and that profile's true number."""
    found: dict[str, tuple[str, str]] = {}
    after = None
    while True:
        page = (await client.ask(MATCHES, id=share_id, after=after))["node"]["matches"]
        for edge in page["edges"]:
            if edge["node"]["stage"] != "CREATED":
                found[edge["node"]["id"]] = (edge["node"][side]["id"], edge["node"][side]["dwId"])
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def truth(sender: Client, receiver: Client, share_id: str) -> tuple[int, int]:
    """Return how many links are right, and how many wrong."""
    ours = await pairs_of(sender, share_id, "senderProfile")
    theirs = await pairs_of(receiver, share_id, "receiverProfile")
    assert ours.keys() == theirs.keys()
    right = sum(ours[match][1] == theirs[match][1] for match in ours)
    return right, len(ours) - right


async def employer_of(client: Client, profile_id: str) -> str | None:
    """Return a profile's employer."""
    employer: str | None = (await client.ask(PROFILE, slug=client.slug, id=profile_id))["nation"]["profile"]["employer"]
    return employer


async def edits_cross(sender: Client, receiver: Client, share_id: str) -> None:
    """An edit on either side is seen on the other within seconds, live."""
    ours, theirs = (
        await pairs_of(sender, share_id, "senderProfile"),
        await pairs_of(receiver, share_id, "receiverProfile"),
    )
    match = next(iter(ours))
    for writer, own, reader, other, value in (
        (sender, ours[match][0], receiver, theirs[match][0], "Mill"),
        (receiver, theirs[match][0], sender, ours[match][0], "School"),
    ):
        async with reader.subscribed(CHANGES, nation=reader.nation) as socket:
            await asyncio.sleep(0.5)
            await writer.ask(UPDATE, id=own, fields={"employer": value})
            while True:
                change = (await next_data(socket))["changes"]["change"]
                if change["__typename"] == "NodeChanged" and change["node"]["id"] == other:
                    break
        assert await employer_of(reader, other) == value


async def test_two_nations_share_febrl_and_watch_it_happen(stage: Stage, private_redis: PrivateRedis) -> None:
    """At least 4,900 of 5,000 true pairs, at most 5 wrong, with worker and Redis lost on the way; stopping ends it."""
    sender, receiver = await stage.founded("north"), await stage.founded("south")
    originals, duplicates = files()
    assert (await imported(sender, originals))["created"] == 5_000
    assert (await imported(receiver, duplicates))["rejected"] == 0
    share_id = await shared(sender, receiver)
    async with sender.subscribed(STATS, id=share_id) as socket:
        await asyncio.sleep(1.5)
        stage.kill("worker")
        private_redis.kill()
        private_redis.wipe()
        private_redis.start()
        stage.start("worker")
        done = await sender.until(SHARE, over, id=share_id)
        stats = done["node"]["stats"]
        while (live := (await next_data(socket))["shareStats"]) != stats:
            assert live["total"] <= 5_000
    assert stats["total"] == stats["synced"] + stats["ambiguous"] == 5_000
    right, wrong = await truth(sender, receiver, share_id)
    assert right >= 4_900
    assert wrong <= 5
    await edits_cross(sender, receiver, share_id)
    stopped = (await receiver.ask(STOP, input={"shareId": share_id}))["stopTagShare"]
    assert stopped["__typename"] == "TagSharePayload"
    assert (await receiver.ask(SHARE, id=share_id))["node"] is None
    assert (await sender.ask(SHARE, id=share_id))["node"]["status"] == "STOPPED"
    labels = [edge["node"]["label"] for edge in (await receiver.ask(TAG, slug="south"))["nation"]["tags"]["edges"]]
    assert f"{sender.slug}:febrl" not in labels
