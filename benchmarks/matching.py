"""Matching two nations in one share, beside Splink linking the same people: how fast, how well, in how much memory."""

import asyncio
import gc
import statistics
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import orjson

from benchmarks import peer
from benchmarks.errors import CAREFUL, CARELESS
from benchmarks.figures import Figure
from benchmarks.judging import Promise, Truth, Verdict
from benchmarks.loading import load, prepare, tag
from benchmarks.memory import watched
from benchmarks.population import Profile, nations
from benchmarks.stage import staged
from tests.journeys.stage import Client
from tests.journeys.test_febrl import ACCEPT, CREATE, SHARE, TAG, over

# Nothing was tuned on these.
SEEDS: Mapping[str, int] = {"careful": 4_100_017, "careless": 4_200_023}
RATES = {"careful": CAREFUL, "careless": CARELESS}
rounds = 5  # whose median is told
settings: Collection[str] = ("careful", "careless")
evidence: Collection[bool] = (True, False)  # with ids and emails, and without
WORDS = {True: "all evidence", False: "tag alone"}
EVIDENCE = {True: {"optionalGroups": ["EMAILS"], "optionalFields": ["VAN_ID", "EXTERNAL_ID"]}, False: {}}


@dataclass
class _Round:
    """What the rounds of one data set and one kind of evidence came to."""

    seconds: list[float] = field(default_factory=list)
    peer_seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peer_cpu: list[float] = field(default_factory=list)
    memory: str = ""
    peer_memory: int = 0
    verdict: Verdict | None = None
    doubted: tuple[float, float] = (0.0, 0.0)
    promises: Sequence[Promise] = ()
    peer_verdict: Verdict | None = None
    peer_failed: str = ""


async def measure(people: int) -> list[Figure]:
    """Match at both error settings, with all evidence and with a tag's alone, Splink after each of our rounds."""
    peer.check()
    figures = []
    gc.disable()  # millions of profiles and no rings among them
    for name in settings:
        figures += await _measured(name, nations(people, SEEDS[name], RATES[name]))
    return figures


async def _measured(name: str, sides: tuple[list[Profile], list[Profile]]) -> list[Figure]:
    people = len(sides[0])
    results = {identities: _Round() for identities in evidence}
    async with staged() as (stage, database_url):
        sender, receiver = await stage.founded("sender"), await stage.founded("receiver")
        pg = await asyncpg.connect(database_url)
        try:
            await prepare(pg)
            ids = [await load(pg, client.slug, side) for client, side in ((sender, sides[0]), (receiver, sides[1]))]
            await pg.execute("ANALYZE")
            for number in range(rounds):
                for identities, found in results.items():
                    await tag(pg, sender.slug, f"{WORDS[identities]} {number}", ids[0])
                    await _ours(pg, sender, receiver, f"{WORDS[identities]} {number}", identities, sides, ids, found)
                    _theirs(sides, identities, found, first=not number)
        finally:
            await pg.close()
    return [figure for identities, found in results.items() for figure in _told(name, people, identities, found)]


async def _ours(
    pg: asyncpg.Connection,
    sender: Client,
    receiver: Client,
    name: str,
    identities: bool,
    sides: tuple[list[Profile], list[Profile]],
    ids: list[list[UUID]],
    found: _Round,
) -> None:
    """Share a tag and take the time from its acceptance until every match is committed and rival claims are settled."""
    tags = (await sender.ask(TAG, slug=sender.slug))["nation"]["tags"]["edges"]
    (tag_id,) = [edge["node"]["id"] for edge in tags if edge["node"]["name"] == name]
    asked = {"tagId": tag_id, "receiverSlugs": [receiver.slug], **EVIDENCE[identities]}
    share_id = (await sender.ask(CREATE, input=asked))["createTagShares"]["shares"][0]["id"]
    with watched() as peaks:
        start = time.perf_counter()
        await receiver.ask(ACCEPT, input={"shareId": share_id})
        while (run := await pg.fetchrow(_NEWEST))["phase"] != "SYNCING":
            assert run["state"] in ("QUEUED", "RUNNING"), run["state"]
            await asyncio.sleep(0.05)
        found.seconds.append(time.perf_counter() - start)
    found.cpu.append(peaks.cpu_seconds)
    found.memory = peaks.in_words()
    rows = await pg.fetch(
        "SELECT sender_profile_id, receiver_profile_id, state, score, candidates FROM matches WHERE share_id = $1",
        run["share_id"],
    )
    assert len(rows) == len(ids[0])
    await sender.until(SHARE, over, patience=3_600, id=share_id)
    places = [{profile: place for place, profile in enumerate(side)} for side in ids]
    truth = Truth(*([profile.person for profile in side] for side in sides))
    links = [(places[0][row[0]], places[1][row[1]]) for row in rows if row[1]]
    found.verdict = truth.judge(links)
    found.promises = truth.kept(_scored(rows, *places))
    found.doubted = truth.doubted([places[0][row[0]] for row in rows if row["state"] == "AMBIGUOUS"])


def _scored(
    rows: Iterable[asyncpg.Record], ours: Mapping[UUID, int], theirs: Mapping[UUID, int]
) -> Iterator[tuple[float, int, int]]:
    """Everybody who was matched or is shown as a candidate, with the score."""
    for row in rows:
        place = ours[row["sender_profile_id"]]
        if row["receiver_profile_id"]:
            yield row["score"], place, theirs[row["receiver_profile_id"]]
        for candidate in orjson.loads(row["candidates"]):
            yield candidate["score"], place, theirs[UUID(candidate["profile"])]


_NEWEST = "SELECT phase, state, share_id FROM sync_runs ORDER BY queued_at DESC LIMIT 1"


def _theirs(sides: tuple[list[Profile], list[Profile]], identities: bool, found: _Round, *, first: bool) -> None:
    rows = [[peer.as_row(profile.values, identities=identities) for profile in side] for side in sides]
    try:
        linked = peer.splink(*rows)
    except peer.PeerFailed as failed:
        found.peer_failed = str(failed)
        return
    found.peer_seconds.append(linked.seconds)
    found.peer_cpu.append(linked.cpu_seconds)
    found.peer_memory = max(found.peer_memory, linked.megabytes)
    if first:
        truth = Truth(*([profile.person for profile in side] for side in sides))
        found.peer_verdict, _ = truth.best(linked.pairs)


def _told(name: str, people: int, identities: bool, found: _Round) -> list[Figure]:
    assert found.verdict is not None
    what = f"{name}, {WORDS[identities]}"
    ours, cpu = statistics.median(found.seconds), statistics.median(found.cpu)
    twice, others = found.doubted
    beside = _beside(ours, cpu, found)
    return [
        Figure(f"{what}: {people:,} a side", f"{ours:.1f} s", beside[0]),
        Figure(f"{what}: of the processors", f"{cpu:.1f} s", beside[1]),
        Figure(f"{what}: links", found.verdict.in_words(), beside[2]),
        Figure(f"{what}: scores, said and true", _in_words(found.promises)),
        Figure(f"{what}: in doubt", f"{twice:.3f} of those who stand twice, {others:.4f} of the others"),
        Figure(f"{what}: memory, MB private (resident)", found.memory, beside[3]),
    ]


def _in_words(promises: Iterable[Promise]) -> str:
    return ", ".join(f"{said:.2f}: {true:.2f} of {pairs:,}" for said, true, pairs in promises)


def _beside(ours: float, cpu: float, found: _Round) -> tuple[str, str, str, str]:
    """What Splink's seconds, processor time, links and memory were; or why it came to no end."""
    if found.peer_verdict is None or found.peer_failed:
        return (found.peer_failed, "", "", "")
    theirs, peer_cpu = statistics.median(found.peer_seconds), statistics.median(found.peer_cpu)
    return (
        f"Splink {theirs:.1f} s, x {theirs / ours:.1f}",
        f"Splink {peer_cpu:.1f} s, x {peer_cpu / cpu:.1f}",
        f"Splink {found.peer_verdict.in_words()}",
        f"Splink {found.peer_memory} resident",
    )
