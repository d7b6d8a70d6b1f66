"""The log as it is read: pages from anywhere within a row, read once for all who stand at one place."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import pytest

from resolvers import live
from resolvers.context import Context
from resolvers.log import ROWS, Log, Page, Row, read_page
from resolvers.positions import cursor_at
from resolvers.roots import Reads
from server.hub import Hub
from sharing.events import EventKind, Noun, Topic
from tests.resolvers.asking import SCHEMA, SEAL, Api, gid
from tests.resolvers.watching import CHANGES
from tests.tables import position
from tests.world import Nation, World

NOW = datetime.now(UTC)


def row(end: int, subjects: int) -> Row:
    """Return a row of a log."""
    ids = [UUID(int=end - subjects + 1 + number) for number in range(subjects)]
    return Row(end, NOW, Topic.TAGS, EventKind.CHANGED, Noun.TAG, ids, None, None)


@pytest.mark.parametrize("after", range(9))
def test_a_page_begins_at_any_place_even_within_a_row(after: int):
    page = Page(8, 0, NOW, tuple(row for row in (row(3, 3), row(4, 1), row(8, 4)) if row.position > after))
    happenings = list(page.happenings(after))
    assert [happening.position for happening in happenings] == list(range(after + 1, 9))
    assert [happening.subject.int for happening in happenings] == list(range(after + 1, 9))
    assert page.end == 8


def test_a_page_knows_whether_it_goes_on_from_a_place():
    page = Page(head=10, pruned=4, read_at=NOW, rows=())
    assert [page.continues(place) for place in (3, 4, 10, 11)] == [False, True, True, False]
    assert page.end == 10


async def test_a_log_that_nothing_was_written_to_is_empty(world: World):
    north = await world.nation("north")
    page = await read_page(north.id, 0)
    assert (page.head, page.rows, page.continues(0), page.continues(1)) == (0, (), True, False)


async def test_pages_follow_each_other_to_the_end(world: World):
    north = await world.nation("north")
    for number in range(ROWS + 10):
        await north.person(first_name=str(number))
    first = await read_page(north.id, 0)
    second = await read_page(north.id, first.end)
    assert (first.is_full, second.is_full) == (True, False)
    places = [happening.position for page in (first, second) for happening in page.happenings(0)]
    assert places == list(range(1, await position(north.id) + 1))


async def test_what_several_ask_for_at_one_time_is_read_once(world: World):
    log, reads = Log(Hub()), 0

    async def read() -> int:
        nonlocal reads
        reads = mine = reads + 1
        await asyncio.sleep(0.01)
        return mine

    assert await asyncio.gather(*(log.once("here", read) for _ in range(5)), log.once("there", read)) == [1] * 5 + [2]
    assert await log.once("here", read) == 3


async def test_whoever_goes_away_takes_nothing_from_the_others_and_a_fault_reaches_all():
    log = Log(Hub())

    async def fail() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("broken")

    asking = [asyncio.create_task(log.once("here", fail)) for _ in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, ValueError, ValueError]


class Calm:
    """Tokens that never lose their rights."""

    async def renewed(self, caller):
        return caller


async def follow(context: Context, nation: Nation, events: int) -> list[str]:
    """Return the names told to a subscriber from the beginning of a nation's log."""
    names: list[str] = []
    variables = {"nation": gid("Nation", nation.id), "after": cursor_at(SEAL, nation.id, 0)}
    source = await SCHEMA.stream(CHANGES, variable_values=variables, context_value=context)
    async with aclosing(source):
        async for result in source:
            assert not result.errors
            names.append(result.data["changes"]["change"]["node"]["firstName"])
            if len(names) == events:
                return names
    raise AssertionError("the stream ended")


async def test_the_things_of_a_batch_are_read_in_one_query(world: World, api: Api, monkeypatch: pytest.MonkeyPatch):
    """Ten subscribers of one nation stand at one place and are told of thirty profiles: that takes one query."""
    monkeypatch.setattr(live, "FRESH_SECONDS", 3_600.0)  # however busy the machine is
    north = await world.nation("north")
    people = [await north.person(first_name=str(number)) for number in range(30)]
    log = Log(Hub())
    contexts = [Context(north.admin, world.post, Calm(), SEAL, log, Reads) for _ in range(10)]
    with api._counted():
        told = await asyncio.gather(*(follow(context, north, len(people)) for context in contexts))
    assert told == [[str(number) for number in range(30)]] * 10
    profiles = [statement for statement in api.statements if 'FROM "profiles"' in statement]
    assert len(profiles) == 1


async def test_positions_are_taken_in_the_order_of_commits(world: World):
    """Ten writers at once: a reader that sees a position has seen all before it."""
    north = await world.nation("north")
    seen: list[int] = []
    writing = asyncio.gather(*(north.person(first_name=str(number)) for number in range(20)))
    while not writing.done() or seen[-1] < 20:
        page = await read_page(north.id, seen[-1] if seen else 0)
        seen += [happening.position for happening in page.happenings(seen[-1] if seen else 0)]
        await asyncio.sleep(0)
    assert all(after == before + 1 for before, after in pairwise([0, *seen]))
