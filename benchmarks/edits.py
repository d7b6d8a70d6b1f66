"""From an edit in one nation to the event in the other, beside the edit's own round trip."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import asyncpg

from benchmarks.errors import CAREFUL
from benchmarks.figures import Figure
from benchmarks.loading import load, prepare, tag
from benchmarks.people import files
from benchmarks.phases import Phases
from benchmarks.population import nations
from benchmarks.stage import PATIENCE, staged
from tests.journeys.stage import Client, Stage, next_data
from tests.journeys.test_febrl import CHANGES, SHARE, UPDATE, imported, over, pairs_of, shared

PEOPLE = 2_000
EDITS = 100
MOST = 100_000  # edits while a large run is under way
SEED = 4_300_037


async def measure(people: int) -> list[Figure]:
    """Edit linked people one after another, and wait for each edit to arrive over the other nation's subscription."""
    async with staged() as (stage, _):
        pair = await _in_step(stage, min(people, PEOPLE))
        return _told(await _edited(pair, EDITS), "edit to event")


async def measure_beside(people: int) -> list[Figure]:
    """The same while two other nations match and sync all their people, in one share, by the same workers."""
    crowds = nations(people, SEED, CAREFUL)
    async with staged() as (stage, database_url):
        pair = await _in_step(stage, min(people, PEOPLE))
        sender, receiver = await stage.founded("large-sender"), await stage.founded("large-receiver")
        pg = await asyncpg.connect(database_url)
        try:
            await prepare(pg)
            ids, _ = [
                await load(pg, client.slug, crowd) for client, crowd in zip((sender, receiver), crowds, strict=True)
            ]
            await tag(pg, sender.slug, "large", ids)
            await pg.execute("ANALYZE")
            async with Phases(database_url) as phases:
                share_id = await shared(sender, receiver, tag="large")
                running = asyncio.create_task(sender.until(SHARE, over, patience=PATIENCE, id=share_id))
                edits = await _edited(pair, MOST, running)
                await running
        finally:
            await pg.close()
    ran = Figure(f"{people:,} a side matched and synced meanwhile", phases.in_words())
    return [*_told(edits, "edit to event beside it"), ran]


@dataclass(frozen=True, slots=True)
class _InStep:
    """Two nations in step: the receiver, and the profiles of those linked, by match, on either side."""

    sender: Client
    receiver: Client
    mine: dict[str, tuple[str, str]]
    yours: dict[str, tuple[str, str]]


async def _in_step(stage: Stage, people: int) -> _InStep:
    ours, theirs = files(people)
    sender, receiver = await stage.founded("sender"), await stage.founded("receiver")
    await imported(sender, ours, PATIENCE)
    await imported(receiver, theirs, PATIENCE)
    share_id = await shared(sender, receiver, tag="shared")
    await sender.until(SHARE, over, id=share_id)
    mine = await pairs_of(sender, share_id, "senderProfile")
    yours = await pairs_of(receiver, share_id, "receiverProfile")
    return _InStep(sender, receiver, mine, yours)


async def _edited(pair: _InStep, most: int, until: asyncio.Task[Any] | None = None) -> list[tuple[float, float]]:
    """Edit people in turn, so many times or until something is over; gives seconds of round trips and arrivals."""
    seconds = []
    async with pair.receiver.subscribed(CHANGES, nation=pair.receiver.nation) as socket:
        await asyncio.sleep(1)
        for number, match in enumerate(islice(cycle(pair.mine), most)):
            if until is not None and until.done():
                break
            start = time.perf_counter()
            await pair.sender.ask(UPDATE, id=pair.mine[match][0], fields={"employer": f"Mill {number}"})
            trip = time.perf_counter() - start
            while (await next_data(socket))["changes"]["change"].get("node", {}).get("id") != pair.yours[match][0]:
                pass
            seconds.append((trip, time.perf_counter() - start))
    return seconds


def _told(seconds: list[tuple[float, float]], what: str) -> list[Figure]:
    trip, arrival = (statistics.median(column) for column in zip(*seconds, strict=True))
    worst = statistics.quantiles((arrived for _, arrived in seconds), n=100)[98]
    return [
        Figure(
            f"{what}, median of {len(seconds):,}",
            f"{arrival * 1000:.0f} ms",
            f"the edit's round trip {trip * 1000:.0f} ms, x {arrival / trip:.1f}",
        ),
        Figure(f"{what}, 99 of 100", f"{worst * 1000:.0f} ms"),
    ]
