"""Two at once: whoever comes second waits, or is refused in words; nothing is lost and nothing half done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from actions import running
from actions.profiles import create_profile, delete_profile, update_profile
from actions.running import fail_run, step_run
from actions.shares import stop_tag_share, sync_share_now
from actions.tags import add_taggings, create_tag, rename_tag
from actions.terms import ShareTerms
from actions.unit import Unit
from models.run import SyncRun
from models.share import Share
from sharing.errors import InvalidInput
from sharing.matching.quality import USUAL, Quality
from sharing.states import AmbiguityReason, RunState
from sharing.visibility import Caller
from tests.couples import ANN, BEN, CLEO, couple
from tests.refusals import Info, paths
from tests.world import Nation, World
from workers.jobs import JOBS
from workers.sweep import rematch

Deed = Callable[[Unit], Awaitable[Any]]


async def meanwhile(
    nation: Nation, first: Deed, then: Callable[[], Awaitable[Any]], *, waits: bool = True
) -> list[Any]:
    """Begin something while a deed is done and not committed yet; gives what came of it, or how it failed.

    Args:
        nation: whose deed it is.
        first: the deed.
        then: what begins meanwhile.
        waits: whether it has to wait for the deed; it is given the time to end where it has not.
    """
    done = asyncio.Event()

    async def later() -> Any:
        await done.wait()
        return await then()

    task = asyncio.create_task(later())  # outside of the unit, whose transaction it would join otherwise
    async with nation.world.unit(nation.admin) as unit:
        await first(unit)
        done.set()
        await asyncio.wait({task}, timeout=0.05 if waits else 5)
        assert task.done() != waits
    return await asyncio.gather(task, return_exceptions=True)


async def second_while_first(nation: Nation, first: Deed, second: Deed) -> list[Any]:
    """Begin a second deed while the first is not committed yet."""

    async def then() -> Any:
        async with nation.world.unit(nation.admin) as unit:
            return await second(unit)

    return await meanwhile(nation, first, then)


def refusal(error: Any) -> list[tuple[str, ...]]:
    """Return the inputs at fault."""
    assert isinstance(error, InvalidInput)
    return paths(Info.from_exception(error))


async def test_an_address_and_an_id_are_given_once(world: World) -> None:
    north = await world.nation("north")
    mine = uuid4()
    ann = await north.person(first_name="Ann")
    make = [
        lambda unit: create_profile(unit, north.id, {"emails": ["a@example.org"]}),
        lambda unit: create_profile(unit, north.id, {"emails": ["b@example.org"]}),
        lambda unit: create_profile(unit, north.id, {"first_name": "Ben"}, profile_id=mine),
    ]
    (error,) = await second_while_first(north, make[0], make[0])
    assert refusal(error) == [("emails",)]
    edit = lambda unit: update_profile(unit, ann, {"emails": ["b@example.org"]})  # noqa: E731
    (error,) = await second_while_first(north, make[1], edit)
    assert refusal(error) == [("emails",)]
    (error,) = await second_while_first(north, make[2], make[2])
    assert refusal(error) == [("id",)]
    assert len(await north.people()) == 4


async def test_a_tags_name_is_given_once(world: World) -> None:
    north = await world.nation("north")
    other = await north.tag("other")
    (error,) = await second_while_first(
        north, lambda unit: create_tag(unit, north.id, "Board"), lambda unit: create_tag(unit, north.id, "board")
    )
    assert refusal(error) == [("name",)]
    (error,) = await second_while_first(
        north, lambda unit: create_tag(unit, north.id, "Choir"), lambda unit: rename_tag(unit, other, "choir")
    )
    assert refusal(error) == [("name",)]


async def test_a_profile_that_is_being_deleted_is_not_tagged(world: World) -> None:
    north = await world.nation("north")
    ann, tag = await north.person(first_name="Ann"), await north.tag("board")
    (error,) = await second_while_first(
        north, lambda unit: delete_profile(unit, ann), lambda unit: add_taggings(unit, tag, [ann])
    )
    assert refusal(error) == [("profileIds", "0")]


async def test_an_edit_waits_for_the_edit_before_it_and_bears_the_later_time(world: World) -> None:
    north = await world.nation("north")
    ann = await north.person(first_name="Ann")
    await second_while_first(
        north,
        lambda unit: update_profile(unit, ann, {"employer": "Mill", "is_supporter": True}),
        lambda unit: update_profile(unit, ann, {"employer": "Shop", "church": "St Ann", "is_prospect": True}),
    )
    record = await north.record(ann)
    assert (record.value("employer"), record.value("church")) == ("Shop", "St Ann")
    (person,) = await north.people()
    assert (person.is_supporter, person.is_prospect) == (True, True)


async def test_a_receivers_profile_may_be_deleted_while_a_step_is_about_to_link_it(world: World) -> None:
    """The run goes on without it, and who was linked with it is looked at again."""
    north, south = await world.nations("north", "south")
    people = [await north.person(**who) for who in (ANN, BEN)]
    theirs = [await south.person(**who) for who in (ANN, BEN)]
    share = await north.share(await north.tag("board", people), south)
    await share.accept()
    (run,) = await SyncRun.filter(share_id=share.id)
    while (await SyncRun.get(id=run.id)).phase != "SYNCING":
        async with world.unit(Caller()) as unit:
            await step_run(unit, run.id)
    world.post.jobs.clear()
    (more,) = await second_while_first(
        south, lambda unit: delete_profile(unit, theirs[0]), lambda unit: step_run(unit, run.id)
    )
    assert more is True
    await JOBS["run_sync"](world.post, run.id)
    await world.work()
    assert (await SyncRun.get(id=run.id)).state is RunState.SUCCEEDED
    assert (await share.boxes(), await share.tagged()) == ({"synced": 1, "not_found": 1}, {theirs[1]})


async def test_tagging_and_accepting_at_once_miss_nobody(world: World) -> None:
    """Whoever accepts sees all taggings made before, and whoever tags sees all shares accepted before."""
    north, south = await world.nations("north", "south")
    ann, ben = await north.person(**ANN), await north.person(**BEN)
    theirs = [await south.person(**who) for who in (ANN, BEN)]
    tag = await north.tag("board")
    share = await north.share(tag, south)
    await meanwhile(north, lambda unit: add_taggings(unit, tag, [ann]), share.accept)
    await asyncio.gather(world.work(), north.put_on(tag, ben))
    await world.work()
    assert (await share.tagged(), await share.boxes()) == (set(theirs), {"synced": 2})


@pytest.mark.parametrize("how", ["tagging", "a run"])
async def test_who_comes_at_the_moment_in_which_they_are_looked_for_is_found(world: World, how: str) -> None:
    """Neither of the two sees the other: whoever comes later asks for another look."""
    north, south = await world.nations("north", "south")
    ann, tag = await north.person(**ANN), await north.tag("board")
    share = await north.share(tag, south)
    if how == "a run":
        await north.put_on(tag, ann)
        await share.accept()
    else:
        await share.accept()
        await world.work()
        await north.put_on(tag, ann)
    await meanwhile(south, lambda unit: create_profile(unit, south.id, ANN), world.work, waits=False)
    await world.work()
    assert await share.boxes() == {"synced": 1}


async def test_a_run_that_is_asked_for_twice_at_once_is_one(world: World) -> None:
    pair = await couple(world, {}, {})
    ask = lambda unit: sync_share_now(unit, pair.share.id)  # noqa: E731
    (run_id,) = await second_while_first(pair.sender, ask, ask)
    assert [run.id for run in await SyncRun.filter(share_id=pair.share.id, state=RunState.QUEUED)] == [run_id]


async def test_the_daily_run_does_not_begin_for_a_share_that_is_being_stopped(world: World) -> None:
    pair = await couple(world, {}, {})
    (first,) = await SyncRun.filter(share_id=pair.share.id)
    await Share.filter(id=pair.share.id).update(next_sync_at=first.queued_at)
    await meanwhile(pair.sender, lambda unit: stop_tag_share(unit, pair.share.id), lambda: rematch(world.post))
    assert [run.state for run in await SyncRun.filter(share_id=pair.share.id)] == [RunState.SUCCEEDED]


async def test_edits_of_both_sides_at_once_end_in_one_value(world: World) -> None:
    pair = await couple(world, {}, {})
    for turn in range(3):
        await asyncio.gather(
            pair.sender.edit(pair.ours, employer=f"Mill {turn}", church=f"St Ann {turn}"),
            pair.receiver.edit(pair.theirs, employer=f"Shop {turn}", religion=f"None {turn}"),
            world.work(),
        )
        await world.work()
        ours, theirs = await pair.sender.values(pair.ours), await pair.receiver.values(pair.theirs)
        assert ours == theirs
        assert (ours["church"], ours["religion"]) == (f"St Ann {turn}", f"None {turn}")


async def test_a_fault_that_passes_reaches_whoever_tries_the_job_again(world: World, monkeypatch) -> None:
    """As itself, although several lanes were at work; nothing was written, and the run is still to be done."""
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("board", [await north.person(**ANN)]), south)
    await share.accept()
    (run,) = await SyncRun.filter(share_id=share.id)

    async def deadlocked(*_: Any) -> None:
        raise asyncpg.DeadlockDetectedError

    with monkeypatch.context() as patch:
        patch.setattr(running, "match", deadlocked)
        with pytest.raises(asyncpg.DeadlockDetectedError):
            await JOBS["run_sync"](world.post, run.id)
    assert (await SyncRun.get(id=run.id)).state is RunState.RUNNING
    await world.work()
    assert await share.boxes() == {"not_found": 1}


async def test_rivals_whom_a_failed_run_left_unsettled_are_settled_before_they_are_synced(world: World) -> None:
    north, south = await world.nations("north", "south")
    people = [await north.person(**ANN) for _ in range(2)]
    theirs = await south.person(**ANN)
    share = await north.share(await north.tag("board", people), south)
    await share.accept()
    (run,) = await SyncRun.filter(share_id=share.id)
    while (await SyncRun.get(id=run.id)).phase != "SETTLING":
        async with world.unit(Caller()) as unit:
            await step_run(unit, run.id)
    async with world.unit(Caller()) as unit:
        await fail_run(unit, run.id, "It was in a bad mood.")
    assert await share.boxes() == {"matched": 2}
    await north.edit(people[0], employer="Mill")
    await world.work()
    assert {match.ambiguity for match in await share.matches()} == {AmbiguityReason.ALREADY_LINKED}
    assert (await share.boxes(), await south.value(theirs, "employer")) == ({"ambiguous": 2}, None)


async def test_whoever_waits_for_a_run_to_begin_matches_on_what_it_has_learnt(world: World, monkeypatch) -> None:
    """Terms read before the wait are those of a share that has learnt nothing yet."""
    north, south = await world.nations("north", "south")
    ours = [await north.person(**who) for who in (ANN, BEN, CLEO)]
    for who in (ANN, BEN, CLEO):
        await south.person(**who)
    share = await north.share(await north.tag("board", ours), south)
    await share.accept()
    (run,) = await SyncRun.filter(share_id=share.id)
    matched_on: list[Quality] = []
    match = running.match

    async def noted(unit: Unit, terms: ShareTerms, *rest: Any) -> Any:
        matched_on.append(terms.quality)
        return await match(unit, terms, *rest)

    monkeypatch.setattr(running, "match", noted)
    learning = asyncio.Event()

    async def begin() -> None:
        async with world.unit(Caller()) as unit:
            await step_run(unit, run.id)
            learning.set()
            await asyncio.sleep(0.3)

    beginning = asyncio.create_task(begin())
    await learning.wait()
    await JOBS["run_sync"](world.post, run.id)
    await beginning
    learnt = Quality.from_json((await share.row()).match_quality)
    assert learnt != USUAL
    assert matched_on == [learnt]
