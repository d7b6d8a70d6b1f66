"""What changed about people who are linked: several workers bring it across at once, and leave matching to one alone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextvars import copy_context
from uuid import UUID

import pytest

from actions import linked
from actions.linked import advance_linked
from actions.post import Job
from models.match import Match
from models.share import Share
from sharing.states import MatchState
from sharing.visibility import Caller
from tests.couples import ANN, BEN, CLEO, shared_people
from tests.shared_tag import SharedTag
from tests.tables import holdings
from tests.world import World
from workers import jobs
from workers.jobs import JOBS


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked, "PAIRS_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "PAIRS_AT_ONCE", 1)


async def three(world: World) -> tuple[SharedTag, list[UUID], list[UUID]]:
    """Share three people whom both know, each with a mill to work at."""
    known = (ANN, BEN, CLEO)
    share, ours, theirs = await shared_people(world, [{**who, "employer": "Mill"} for who in known], known)
    assert await share.boxes() == {"synced": 3}
    return share, ours, theirs


async def tag_of(share: SharedTag) -> UUID:
    tag_id = (await Share.get(id=share.id)).tag_id
    assert tag_id
    return tag_id


async def employers(share: SharedTag, people: list[UUID]) -> list[str]:
    return [await share.receiver.value(person, "employer") for person in people]


async def advanced(world: World, share: SharedTag) -> int | None:
    async with world.unit(Caller()) as unit:
        return await advance_linked(unit, share.id)


async def test_two_workers_bring_changes_across_at_once(world: World) -> None:
    """The second does not wait until the first has committed, and takes what the first has not."""
    share, ours, theirs = await three(world)
    for person in ours[:2]:
        await share.sender.edit(person, employer="Dock")
    outside = copy_context()  # a task of the first one's transaction would work in it
    async with world.unit(Caller()) as unit:
        assert await advance_linked(unit, share.id) == 1
        async with asyncio.timeout(30):
            assert await asyncio.create_task(advanced(world, share), context=outside) == 1
    assert await employers(share, theirs) == ["Dock", "Dock", "Mill"]
    assert await advanced(world, share) == 0


async def test_whoever_takes_a_whole_chunk_asks_others_to_join_in(world: World) -> None:
    share, ours, theirs = await three(world)
    for person in ours:
        await share.sender.edit(person, employer="Dock")
    world.post.jobs.clear()
    await JOBS["advance_share"](world.post, share.id)
    assert Job("advance_share", str(share.id)) in world.post.jobs
    assert await employers(share, theirs) == ["Dock", "Dock", "Dock"]


async def test_whoever_has_much_to_do_asks_at_every_step_since_nobody_may_have_heard_the_first_time(
    world: World,
) -> None:
    """The same worker may be the one who takes what it asked for, and does not join itself."""
    share, ours, _ = await three(world)
    for person in ours:
        await share.sender.edit(person, employer="Dock")
    asked: list[Job] = []

    class Hearing:
        """A post that only listens."""

        async def send(self, sent: Collection[Job], nations: Collection[int]) -> None:
            asked.extend(sent)

    await JOBS["advance_share"](Hearing(), share.id)
    assert asked.count(Job("advance_share", str(share.id))) >= 3


async def test_where_somebody_is_to_be_matched_nothing_is_done_and_one_alone_does_it(world: World) -> None:
    share, _, theirs = await three(world)
    newcomer = {"first_name": "Dora", "last_name": "Quist", "birthdate": "1950-01-20", "phone": "+14155550104"}
    ours, known = await share.sender.person(**newcomer, employer="Dock"), await share.receiver.person(**newcomer)
    await share.sender.put_on(await tag_of(share), ours)
    nations = [share.sender.id, share.receiver.id]
    before = await holdings(nations)
    assert await advanced(world, share) is None
    assert await holdings(nations) == before
    await world.work()
    assert await employers(share, [*theirs, known]) == ["Mill", "Mill", "Mill", "Dock"]


@pytest.mark.parametrize("what", ["untagged", "deleted here", "deleted there"])
async def test_where_a_link_is_to_end_nothing_is_done_and_one_alone_does_it(world: World, what: str) -> None:
    share, ours, theirs = await three(world)
    if what == "untagged":
        await share.sender.take_off(await tag_of(share), ours[0])
    elif what == "deleted here":
        await share.sender.delete(ours[0])
    else:
        await share.receiver.delete(theirs[0])
    assert await advanced(world, share) is None
    await world.work()
    left = await Match.filter(share_id=share.id, state=MatchState.SYNCED).count()
    assert left == 2
