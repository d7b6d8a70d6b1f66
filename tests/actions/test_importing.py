"""A CSV file on its way in: who may, progress, crashes, files that break off, and what follows for shares."""

from uuid import UUID

import pytest

from actions import importing
from actions.importing import abandon_upload, begin_import, fail_import, finish_upload, step_import
from models.profile import Profile
from models.run import ImportPiece, ImportRun
from models.tag import Tag
from sharing.csv_rows import Row
from sharing.errors import InvalidFile, NotFound
from sharing.events import EventKind, Noun
from sharing.kinds import Group
from sharing.states import RunState
from sharing.visibility import Caller
from tests.couples import ANN, BEN
from tests.imports import imported, refusals, upload
from tests.refusals import refused
from tests.tables import events, holdings, position
from tests.world import Nation, World
from workers.jobs import JOBS

PEOPLE = "first_name,last_name,birthdate,phone,tags\nAnn,Okonkwo,1980-02-03,+14155550101,board\nBen,Zamora,1971-11-30,+14155550102,board\n"


class Killed(BaseException):
    """As a worker ends that is killed."""


async def step(world: World, run_id: UUID, *, killed: bool = False) -> bool:
    async with world.unit(Caller()) as unit:
        more = await step_import(unit, run_id)
        if killed:
            raise Killed
    return more


async def test_members_import_and_others_do_not(world: World) -> None:
    north, south = await world.nations("north", "south")
    await upload(north, PEOPLE, caller=north.member)
    async with refused(NotFound, north, south):
        await upload(north, PEOPLE, caller=south.admin)


@pytest.mark.parametrize("header", [["shoe size", "colour"], ["first_name", "First Name"], ["tags", "is_prospect"]])
async def test_a_header_that_tells_nothing_or_twice_the_same_begins_nothing(world: World, header: list[str]) -> None:
    north = await world.nation("north")
    async with refused(InvalidFile, north) as info, world.unit(north.admin) as unit:
        await begin_import(unit, north.id, Row(1, header))
    assert info.value.line == 1
    assert await ImportRun.filter(nation_id=north.id).count() == 0


async def test_columns_that_are_not_known_are_named_and_passed_over(world: World) -> None:
    north = await world.nation("north")
    async with world.unit(north.admin) as unit:
        _, unknown = await begin_import(unit, north.id, Row(1, ["first_name", "Shoe size", ""]))
    assert unknown == ("Shoe size",)


async def test_nothing_is_taken_in_before_the_file_is_all_there(world: World) -> None:
    north = await world.nation("north")
    run_id = await upload(north, PEOPLE, ends=False)
    assert world.post.jobs == {}
    assert await step(world, run_id) is False
    assert await north.people() == []
    run = await ImportRun.get(id=run_id)
    assert (run.state, run.phase, run.done, run.total) == (RunState.QUEUED, "UPLOADING", 0, 2)


async def test_progress_is_told_piece_by_piece_and_kept_with_the_run(world: World) -> None:
    north = await world.nation("north")
    run_id = await upload(north, PEOPLE + "Cleo,,not a date,,\n", piece=1)
    before = await position(north.id)
    seen = []
    while await step(world, run_id):
        run = await ImportRun.get(id=run_id)
        seen.append((run.state, run.phase, run.done, run.created, run.rejected))
    running = (RunState.RUNNING, "IMPORTING")
    assert seen == [(*running, 1, 1, 0), (*running, 2, 2, 0), (*running, 3, 2, 1)]
    run = await ImportRun.get(id=run_id)
    assert (run.state, run.phase, run.done, run.total) == (RunState.SUCCEEDED, "DONE", 3, 3)
    assert run.started_at < run.finished_at
    told = [row for row in await events(north.id, before) if row["noun"] == Noun.IMPORT_RUN]
    assert [(row["kind"], row["subjects"]) for row in told] == [(EventKind.PROGRESS, [run_id])] * 4
    assert await ImportPiece.filter(run_id=run_id).count() == 0
    assert await step(world, run_id) is False


async def people_of(nation: Nation) -> list[tuple]:
    return [
        (person.first_name, person.last_name, person.employer)
        for person in await Profile.filter(nation_id=nation.id).order_by("first_name")
    ]


TEXT = (
    "first_name,van_id,employer,tags\n" + "".join(f"P{n},{n % 4},E{n},t{n % 2}\n" for n in range(6)) + "X,,,\nBad,0,,\n"
)


@pytest.mark.parametrize("crash", range(6))
async def test_an_import_that_is_killed_between_any_two_pieces_ends_as_if_it_had_not(world: World, crash: int) -> None:
    """Killed inside the step after the pieces before it; another worker goes on."""
    north = await world.nation("north")
    run_id = await upload(north, TEXT, piece=2)
    for _ in range(crash):
        await step(world, run_id)
    before = await holdings([north.id])
    with pytest.raises(Killed):
        await step(world, run_id, killed=True)
    assert await holdings([north.id]) == before
    await JOBS["run_import"](world.post, run_id)
    run = await ImportRun.get(id=run_id)
    assert (run.state, run.created, run.updated, run.rejected, run.done) == (RunState.SUCCEEDED, 5, 3, 0, 8)
    assert await people_of(north) == [
        ("Bad", None, "E4"),
        ("P2", None, "E2"),
        ("P3", None, "E3"),
        ("P5", None, "E5"),
        ("X", None, None),
    ]
    tags = {tag.name: tag.taggings for tag in await Tag.filter(nation_id=north.id)}
    assert tags == {"t0": 2, "t1": 2}


async def test_an_import_that_is_started_twice_at_once_takes_every_row_in_once(world: World) -> None:
    north = await world.nation("north")
    run_id = await upload(north, TEXT, piece=1)
    more = True
    while more:
        more = await step(world, run_id)
        await step(world, run_id)
    assert (await ImportRun.get(id=run_id)).done == 8
    assert len(await north.people()) == 5


async def test_an_upload_that_broke_off_is_given_up_and_nothing_of_it_taken_in(world: World) -> None:
    north = await world.nation("north")
    run_id = await upload(north, PEOPLE, ends=False)
    before = await position(north.id)
    async with world.unit(Caller()) as unit:
        await abandon_upload(unit, run_id, "It broke off.")
    run = await ImportRun.get(id=run_id)
    assert (run.state, run.error, run.finished_at is not None) == (RunState.FAILED, "It broke off.", True)
    assert (await north.people(), await ImportPiece.filter(run_id=run_id).count()) == ([], 0)
    (told,) = await events(north.id, before)
    assert (told["kind"], told["subjects"]) == (EventKind.PROGRESS, [run_id])
    async with refused(InvalidFile, north), world.unit(north.admin) as unit:
        await finish_upload(unit, run_id)
    assert await step(world, run_id) is False
    assert (await ImportRun.get(id=run_id)).phase == "UPLOADING"


async def test_an_import_that_is_all_there_is_not_given_up(world: World) -> None:
    north = await world.nation("north")
    run_id = await upload(north, PEOPLE)
    async with world.unit(Caller()) as unit:
        await abandon_upload(unit, run_id, "It broke off.")
    await world.work()
    assert (await ImportRun.get(id=run_id)).state is RunState.SUCCEEDED


async def test_an_import_that_cannot_go_on_says_so_and_keeps_what_it_took(world: World, monkeypatch) -> None:
    north = await world.nation("north")
    run_id = await upload(north, TEXT, piece=2)
    await step(world, run_id)

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "take_rows", broken)
    await world.work()
    run = await ImportRun.get(id=run_id)
    assert (run.state, run.done, len(await north.people())) == (RunState.FAILED, 2, 2)
    assert run.error.startswith("It met an internal error")
    assert await ImportPiece.filter(run_id=run_id).count() == 0
    async with world.unit(Caller()) as unit:
        await fail_import(unit, run_id, "Again.")
    assert (await ImportRun.get(id=run_id)).error == run.error


async def test_shares_pick_up_those_whom_an_import_tags(world: World) -> None:
    """And those at the receiver whom somebody waits for."""
    north, south = await world.nations("north", "south")
    share = await north.share(await north.tag("Board"), south)
    await share.accept()
    await world.work()
    await imported(north, PEOPLE)
    assert await share.boxes() == {"not_found": 2}
    await imported(south, PEOPLE.replace("board", ""))
    assert await share.boxes() == {"synced": 2}
    assert await share.tagged() == {person.id for person in await south.people()}


async def test_what_an_import_changes_flows_to_whom_it_is_shared_with(world: World) -> None:
    north, south = await world.nations("north", "south")
    ours = await north.person(**ANN, van_id="7", emails=["ann@example.org"])
    theirs = await south.person(**ANN)
    share = await north.share(await north.tag("board", [ours]), south, Group.EMAILS)
    await share.accept()
    await imported(north, "van_id,employer,email\n7,Mill,a@example.org\n")
    assert await south.value(theirs, "employer") == "Mill"
    assert await south.value(theirs, "emails") == ("ann@example.org", "a@example.org")


async def test_a_shared_tags_name_in_a_file_means_a_tag_of_ones_own(world: World) -> None:
    """The receiver puts no shared tag on anybody, by an import neither."""
    north, south = await world.nations("north", "south")
    theirs, other = await south.person(**ANN), await south.person(**BEN, van_id="8")
    share = await north.share(await north.tag("board", [await north.person(**ANN)]), south)
    await share.accept()
    await world.work()
    run = await imported(south, "van_id,tags\n8,board\n")
    assert (await refusals(run), await share.tagged()) == ({}, {theirs})
    mine = await Tag.get(nation_id=south.id, name="board", share_id=None)
    assert (mine.taggings, mine.id != (await share.twin()).id, other != theirs) == (1, True, True)
