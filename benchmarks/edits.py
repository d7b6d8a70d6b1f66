"""From an edit in one nation to the event in the other, beside the edit's own round trip."""

import asyncio
import statistics
import time

from benchmarks.figures import Figure
from benchmarks.people import files
from benchmarks.stage import staged
from tests.journeys.stage import next_data
from tests.journeys.test_febrl import CHANGES, SHARE, UPDATE, imported, over, pairs_of, shared

PEOPLE = 2_000
EDITS = 100


async def measure(people: int) -> list[Figure]:
    """Edit linked people one after another, and wait for each edit to arrive over the other nation's subscription."""
    ours, theirs = files(min(people, PEOPLE))
    async with staged() as (stage, _):
        sender, receiver = await stage.founded("sender"), await stage.founded("receiver")
        await imported(sender, ours)
        await imported(receiver, theirs)
        share_id = await shared(sender, receiver, tag="shared")
        await sender.until(SHARE, over, id=share_id)
        mine = await pairs_of(sender, share_id, "senderProfile")
        yours = await pairs_of(receiver, share_id, "receiverProfile")
        trips, arrivals = [], []
        async with receiver.subscribed(CHANGES, nation=receiver.nation) as socket:
            await asyncio.sleep(1)
            for number, match in enumerate(list(mine)[:EDITS]):
                start = time.perf_counter()
                await sender.ask(UPDATE, id=mine[match][0], fields={"employer": f"Mill {number}"})
                trips.append(time.perf_counter() - start)
                while (await next_data(socket))["changes"]["change"].get("node", {}).get("id") != yours[match][0]:
                    pass
                arrivals.append(time.perf_counter() - start)
    trip, arrival = statistics.median(trips), statistics.median(arrivals)
    worst = statistics.quantiles(arrivals, n=100)[98]
    return [
        Figure(
            "edit to event, median",
            f"{arrival * 1000:.0f} ms",
            f"the edit's round trip {trip * 1000:.0f} ms, x {arrival / trip:.1f}",
        ),
        Figure("edit to event, 99 of 100", f"{worst * 1000:.0f} ms"),
    ]
