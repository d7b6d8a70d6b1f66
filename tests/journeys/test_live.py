"""Following a nation's log while the net, the web and the worker break: every subscriber hears exactly the log."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

from websockets.exceptions import WebSocketException

from resolvers.positions import cursor_at
from resolvers.seal import Seal
from server.auth import derived
from tests.journeys.stage import SECRET, Client, Stage, next_data
from tests.journeys.test_febrl import IMPORT
from tests.resolvers.asking import node_id_text

PEOPLE = 2_000
FOLLOWERS = 5
HEAD = "query ($nation: ID!) { changes(nation: $nation) { cursor } }"
CHANGES = """subscription ($nation: ID!, $after: EventCursor) {
  changes(nation: $nation, after: $after) { cursor change { __typename } }
}"""


def people() -> bytes:
    """Return a file of people, half of them with a tag."""
    rows = [f"{number},First{number},Last{number},{'friends' if number % 2 else ''}" for number in range(PEOPLE)]
    return "\n".join(["external_id,first_name,last_name,tags", *rows, ""]).encode()


async def follow(client: Client, cursors: list[str], ends: Callable[[str], bool], chance: random.Random) -> None:
    """Follow a log from the cursor last heard, over one connection after the other, each broken off somewhere."""
    while not ends(cursors[-1]):
        with suppress(WebSocketException, OSError, TimeoutError):
            async with client.subscribed(CHANGES, nation=client.nation, after=cursors[-1]) as socket:
                for _ in range(chance.randrange(1, 600)):
                    event = (await next_data(socket, 1.0))["changes"]
                    assert event["change"]["__typename"] != "StreamReset"
                    cursors.append(event["cursor"])
                    if ends(cursors[-1]):
                        break
                socket.transport.abort()
        await asyncio.sleep(chance.random() / 10)


async def heard(cursors: list[str], count: int) -> None:
    """Wait until so many events were heard."""
    async with asyncio.timeout(60):
        while True:
            if len(cursors) > count:
                return
            await asyncio.sleep(0.02)


async def test_every_subscriber_hears_the_log_whatever_is_killed(stage: Stage):
    """Web and worker die in the midst of an import, connections all the time: none lost, none twice, none out of order."""
    north = await stage.founded("north")
    number = int(node_id_text(north.nation).partition(":")[2])
    seal, chance = Seal(derived(SECRET, "cursor")), random.Random(5)
    start, last = cursor_at(seal, number, 0), ""
    heard_by = [[start] for _ in range(FOLLOWERS)]
    seeds = [random.Random(chance.random()) for _ in heard_by]
    followers = [
        asyncio.create_task(follow(north, cursors, lambda cursor: cursor == last, seed))
        for cursors, seed in zip(heard_by, seeds, strict=True)
    ]
    run_id = await north.upload(people())
    await heard(heard_by[0], PEOPLE // 10)
    stage.kill("worker")
    stage.start("worker")
    await heard(heard_by[0], PEOPLE // 4)
    stage.kill("serve")
    stage.start("serve")
    await stage.ready()
    done = await north.until(IMPORT, lambda data: data["node"]["runState"] not in ("QUEUED", "RUNNING"), id=run_id)
    assert (done["node"]["runState"], done["node"]["created"]) == ("SUCCEEDED", PEOPLE)
    stage.kill("serve")
    stage.start("serve")
    await stage.ready()
    last = (await north.ask(HEAD, nation=north.nation))["changes"]["cursor"]
    await asyncio.wait_for(asyncio.gather(*followers), 60)
    log = [start]
    while log[-1] != last:
        log.append(cursor_at(seal, number, len(log)))
    assert [cursors == log for cursors in heard_by] == [True] * FOLLOWERS
    assert len(log) > PEOPLE
