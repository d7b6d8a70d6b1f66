"""One event to thousands of subscribers, beside plain Strawberry, Node's graphql-ws and a bare websocket server."""

import asyncio
import json
import resource
import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from benchmarks.fan_out import comity, rivals
from benchmarks.fan_out.crowd import Crowd, gathered
from benchmarks.figures import Figure
from benchmarks.stage import services
from server.migrate import migrate
from tests.journeys.stage import Stage

SIZES = (1_000, 5_000)
EVENTS = 12
NATIONS = 10
DOCUMENTS = 100
PATIENCE = 60.0  # seconds that an event may take to reach everybody
QUIET = 1.0
RESOLUTION = 0.01  # seconds, of what the system says of processor time
SUBSCRIBED_A_SECOND = 1_000  # at least; an event that comes too early is not heard by all, and another is tried
PROTOCOL = "graphql-transport-ws"
OURS = "Comity"
RIVALS = {"plain Strawberry": rivals.plain, "graphql-ws": rivals.node, "raw websockets": rivals.raw}
PLAIN = """subscription($id: ID!) { share(id: $id) { cursor at topic change {
  __typename ... on StatsChanged { shareId stats { matched notFound ambiguous synced unreviewedChanges total } }
  ... on StatusChanged { shareId to }
} } }"""
HELLO = [
    json.dumps({"type": "connection_init"}),
    json.dumps({"id": "1", "type": "subscribe", "payload": {"query": PLAIN, "variables": {"id": "1"}}}),
]


@dataclass
class Side:
    """One server and those who listen to it.

    Attributes:
        name: what it is called.
        crowd: who listens.
        publish: tells them all something; returns when that began.
        number: its process.
        memory: bytes that an idle listener takes.
        work: seconds of processor time that the process took to tell the events.
        spans: nanoseconds from the beginning of each event until everybody had heard.
        delays: nanoseconds from there until each had heard.
    """

    name: str
    crowd: Crowd
    publish: Callable[[], Awaitable[int]]
    number: int
    memory: float = 0.0
    work: float = 0.0
    spans: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Deliveries a second, in the median event."""
        return self.crowd.size / (statistics.median(self.spans) / 1e9)

    @property
    def effort(self) -> float:
        """Microseconds of processor time for a delivery."""
        return max(self.work, RESOLUTION) / len(self.delays) * 1e6

    @property
    def worst(self) -> float:
        """What 99 of 100 deliveries stay below, in milliseconds."""
        return statistics.quantiles(self.delays, n=100)[98] / 1e6

    async def tell(self) -> bool:
        """Tell everybody once. Whether everybody heard; what was measured is kept."""
        await self.crowd.prick_up(PATIENCE)
        worked = _worked(self.number)
        began = await self.publish()
        arrivals = await self.crowd.heard()
        self.work += _worked(self.number) - worked
        self.spans.append(max(arrivals, default=began) - began)
        self.delays += [arrival - began for arrival in arrivals]
        return len(arrivals) == self.crowd.size

    async def settle(self) -> None:
        """Wait until everybody listens: a subscription says nothing when it begins."""
        for _ in range(5):
            await asyncio.sleep(QUIET + self.crowd.size / SUBSCRIBED_A_SECOND)
            await self.crowd.prick_up(PATIENCE / 2)
            await self.publish()
            if len(await self.crowd.heard()) == self.crowd.size:
                await asyncio.sleep(QUIET)
                return
        raise AssertionError(f"not everybody hears {self.name}")


async def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Measure with services of its own."""
    with services() as settings:
        await migrate(settings.database_url)
        return await compare(settings.database_url, settings.redis_url, sizes, tuple(RIVALS))


async def compare(
    database_url: str, redis_url: str, sizes: Sequence[int], names: Sequence[str], events: int = EVENTS
) -> list[Figure]:
    """Measure Comity beside some rivals, each event told by all of them in turn, for each number of subscribers."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="comity-bench-node-") as folder:
        if "graphql-ws" in names and (why := await asyncio.to_thread(rivals.install_node, Path(folder))):
            figures.append(Figure("graphql-ws", "not measured", why))
            names = [name for name in names if name != "graphql-ws"]
        async with comity.opened(database_url, redis_url, NATIONS) as nations:
            for size in sizes:
                async with _sides(nations, database_url, redis_url, size, names, Path(folder)) as sides:
                    for _ in range(events):
                        for side in sides:
                            assert await side.tell(), f"not everybody heard {side.name}"
                    figures += _figures(size, sides)
            figures.append(await _mixed(nations, database_url, redis_url, min(sizes), events))
    return figures


@asynccontextmanager
async def _sides(
    nations: comity.Comity, database_url: str, redis_url: str, size: int, names: Sequence[str], folder: Path
) -> AsyncIterator[list[Side]]:
    """Comity and its rivals, each with so many listeners."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=PATIENCE))
        hellos = await nations.watching_share(size)
        sides = [await stack.enter_async_context(_ours(database_url, redis_url, hellos, nations.count))]
        for name in names:
            port, number = await stack.enter_async_context(RIVALS[name](folder))
            is_raw = name == "raw websockets"

            async def publish(port: int = port) -> int:
                return await rivals.publish(client, port, 1)

            before = _private(number)
            said = [[]] * size if is_raw else [HELLO] * size
            protocol = None if is_raw else PROTOCOL
            crowd = await stack.enter_async_context(gathered(port, "/graphql", protocol, said))
            side = Side(name, crowd, publish, number)
            await side.settle()
            side.memory = (_private(number) - before) / size
            sides.append(side)
        yield sides


@asynccontextmanager
async def _ours(
    database_url: str, redis_url: str, hellos: list[list[str]], publish: Callable[[], Awaitable[int]]
) -> AsyncIterator[Side]:
    stage = Stage(database_url, redis_url)
    try:
        stage.start("serve")
        await stage.ready()
        number = stage.number_of("serve")
        before = _private(number)
        async with gathered(stage.port, "/graphql", PROTOCOL, hellos) as crowd:
            side = Side(OURS, crowd, publish, number)
            await side.settle()
            side.memory = (_private(number) - before) / len(hellos)
            yield side
    finally:
        await stage.close()


async def _mixed(nations: comity.Comity, database_url: str, redis_url: str, size: int, events: int) -> Figure:
    """A hundred documents, ten nations, somebody new in each of them at once."""
    hellos = await nations.watching_nations(size, DOCUMENTS)
    async with _ours(database_url, redis_url, hellos, nations.make_people) as side:
        for _ in range(events):
            assert await side.tell(), "not everybody heard"
        what = f"{size:,} subscribers, {min(size, DOCUMENTS)} documents, {NATIONS} nations"
        return Figure(what, f"{side.rate:,.0f} deliveries a second", f"99 of 100 within {side.worst:.0f} ms")


def _figures(size: int, sides: Sequence[Side]) -> list[Figure]:
    ours = sides[0]
    return [Figure(f"{size:,} of one share, {side.name}", *_in_words(side, ours)) for side in sides]


def _in_words(side: Side, ours: Side) -> tuple[str, str]:
    words = (
        f"99 of 100 within {side.worst:.0f} ms, {side.effort:.0f} µs of processor time each; "
        f"{side.memory / 1024:.0f} KB for an idle subscriber"
    )
    if side is not ours:
        words += (
            f"; Comity x {ours.rate / side.rate:.1f}, its delay x {ours.worst / side.worst:.2f}, "
            f"its processor time x {ours.effort / side.effort:.2f}"
        )
    return f"{side.rate:,.0f} deliveries a second", words


def _worked(number: int) -> float:
    """Seconds of processor time that a process has taken."""
    times = psutil.Process(number).cpu_times()
    return float(times.user + times.system)


def _private(number: int) -> int:
    """Bytes that a process holds of its own."""
    memory = psutil.Process(number).memory_info()
    return int(memory.rss - memory.shared)
