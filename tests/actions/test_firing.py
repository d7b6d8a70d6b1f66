"""Automations fire for what people of the nation write, by whatever door, once for each change; for no sync."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from actions.automations import Watch
from actions.conflicts import apply_conflicts, skip_conflicts
from actions.destinations import Destination
from actions.people import KEY_FIELDS, Edit, write_profiles
from actions.syncing import sync_matches
from actions.terms import load_terms
from models.automation import Automation, WebhookDelivery
from models.custom_field import CustomField
from models.queries import query
from models.records import load_records, microseconds
from sharing.errors import StaleVersion
from sharing.modes import SyncMode
from sharing.visibility import Caller
from sharing.writes import Write
from tests.actions.test_automations import HOOK, LONG_AGO, make
from tests.couples import ANN
from tests.imports import imported
from tests.refusals import refused
from tests.tables import events, position
from tests.world import Nation, World


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation."""
    return await world.nation("north")


class Ear:
    """Hears what fires in a nation from now on."""

    def __init__(self, nation: Nation, start: int) -> None:
        self.nation = nation
        self.start = start

    async def heard(self) -> list[tuple[UUID, UUID, str]]:
        """Return automation, profile and field of all that fired since it was asked last."""
        rows = await events(self.nation.id, self.start)
        self.start = await position(self.nation.id)
        return [
            (UUID(row["detail"]["automation"]), subject, row["detail"]["field"])
            for row in rows
            if row["kind"] == "FIRED"
            for subject in row["subjects"]
        ]


async def ear(nation: Nation) -> Ear:
    return Ear(nation, await position(nation.id))


async def owed(nation: Nation) -> list[tuple[UUID, str | None, str | None]]:
    """Return profile and values of every webhook that a nation owes."""
    rows = await WebhookDelivery.filter(nation_id=nation.id).order_by("id")
    return [(row.profile_id, row.from_value, row.to_value) for row in rows]


async def test_an_edit_fires_once_and_is_told_with_the_profile(north: Nation):
    ann = await north.person(first_name="Ann", employer="Mill")
    automation = await make(north, Watch("employer", None, "Mill", None), destination=HOOK)
    listening = await ear(north)
    await north.edit(ann, employer="Shop", first_name="Anna")
    told = await events(north.id, listening.start)
    assert [(event["kind"], event["topic"], event["noun"]) for event in told] == [
        ("CHANGED", "PROFILES", "Profile"),
        ("FIRED", "AUTOMATIONS", "Profile"),
    ]
    assert await listening.heard() == [(automation, ann, "employer")]
    assert await owed(north) == [(ann, "Mill", "Shop")]
    await north.edit(ann, employer="Shop")
    await north.edit(ann, employer="Farm")
    assert await listening.heard() == []
    assert await owed(north) == [(ann, "Mill", "Shop")]


async def test_a_profile_that_is_made_or_deleted_fires_nothing(north: Nation):
    await make(north, Watch("employer"), destination=HOOK)
    listening = await ear(north)
    ann = await north.person(first_name="Ann", employer="Mill")
    await north.delete(ann)
    assert (await listening.heard(), await owed(north)) == ([], [])


async def test_filling_and_blanking_fire_those_set_to_blank(north: Nation):
    ann = await north.person(first_name="Ann")
    filled = await make(north, Watch("employer", before=""))
    cleared = await make(north, Watch("employer", after=""))
    listening = await ear(north)
    await north.edit(ann, employer="Mill")
    assert await listening.heard() == [(filled, ann, "employer")]
    await north.edit(ann, clear=["employer"])
    assert await listening.heard() == [(cleared, ann, "employer")]
    await north.edit(ann, employer=None)
    assert await listening.heard() == []


async def test_emails_flags_of_all_kinds_and_custom_fields_are_watched(north: Nation):
    await north.define("size")
    ann = await north.person(first_name="Ann", emails=["ann@example.org"])
    emails = await make(north, Watch("emails"), destination=HOOK)
    size = await make(north, Watch(custom_field="size", after="M"), destination=HOOK)
    asked = await make(north, Watch("do_not_call", before="", after="false"))
    listening = await ear(north)
    await north.edit(ann, emails=["ann@example.org", "a@example.org"], do_not_call=False, **{"custom:size": "M"})
    assert set(await listening.heard()) == {
        (emails, ann, "emails"),
        (size, ann, "custom:size"),
        (asked, ann, "do_not_call"),
    }
    assert await owed(north) == [(ann, "ann@example.org", "ann@example.org, a@example.org"), (ann, None, "M")]
    await north.edit(ann, emails=["a@example.org", "ann@example.org"])
    assert await listening.heard() == []


async def test_a_disabled_automation_and_one_whose_field_is_gone_fire_nothing(north: Nation):
    await north.define("size")
    ann, ben = (
        await north.person(first_name="Ann"),
        await north.person(first_name="Ann", last_name="B", **{"custom:size": "S"}),
    )
    await make(north, Watch("employer"), enabled=False)
    await make(north, Watch(custom_field="size"))
    await CustomField.filter(nation_id=north.id).update(archived_at=LONG_AGO)
    listening = await ear(north)
    await north.edit(ann, employer="Mill")
    await north.merge(ann, ben)
    assert await listening.heard() == []
    await CustomField.filter(nation_id=north.id).update(archived_at=None)
    await north.edit(ann, **{"custom:size": "M"})
    assert len(await listening.heard()) == 1


async def test_a_write_that_is_refused_fires_nothing(north: Nation):
    ann = await north.person(first_name="Ann", employer="Mill")
    await make(north, Watch("employer"), destination=HOOK)
    listening = await ear(north)
    async with refused(StaleVersion, north), north.world.unit(north.admin) as unit:
        await write(unit, north, ann, "Shop")
        raise StaleVersion("Somebody was faster.")
    assert (await listening.heard(), await owed(north)) == ([], [])


async def write(unit: Any, nation: Nation, profile_id: UUID, employer: str, **options: Any) -> None:
    before = await load_records(unit.pg, [profile_id], {*KEY_FIELDS, "employer"}, lock=True)
    edit = Edit({"employer": Write(employer, microseconds(await unit.now()))})
    await write_profiles(unit, nation.id, before, {profile_id: edit}, **options)


async def test_whoever_writes_for_a_share_says_whether_it_fires(north: Nation):
    ann = await north.person(first_name="Ann", employer="Mill")
    automation = await make(north, Watch("employer"))
    listening = await ear(north)
    async with north.world.unit(Caller()) as unit:
        await write(unit, north, ann, "Shop", fires=False)
    assert await listening.heard() == []
    async with north.world.unit(Caller()) as unit:
        await write(unit, north, ann, "Farm", fires=True)
    assert await listening.heard() == [(automation, ann, "employer")]


async def test_an_import_fires_for_whom_it_changes_and_not_for_whom_it_makes(north: Nation):
    ann = await north.person(first_name="Ann", external_id="1", employer="Mill")
    ben = await north.person(first_name="Ben", external_id="2", employer="Mill")
    automation = await make(north, Watch("employer"), destination=HOOK)
    listening = await ear(north)
    await imported(north, "external_id,first_name,employer\n1,Ann,Shop\n2,Ben,Mill\n3,Cleo,Shop\n1,Ann,Farm\n")
    assert await listening.heard() == [(automation, ann, "employer")]
    assert await owed(north) == [(ann, "Mill", "Farm")]
    assert await north.value(ben, "employer") == "Mill"


async def test_a_merge_fires_for_the_profile_that_is_left(north: Nation):
    ann, double = await north.person(first_name="Ann"), await north.person(first_name="Ann", employer="Mill")
    automation = await make(north, Watch("employer", before=""))
    listening = await ear(north)
    await north.merge(ann, double)
    assert await listening.heard() == [(automation, ann, "employer")]


@pytest.mark.parametrize("told", [False, True])
async def test_a_sync_fires_nothing_unless_its_terms_say_so_and_then_in_the_receiver(world: World, told: bool):
    north, south = await world.nations("north", "south")
    ann, theirs = await north.person(**ANN, employer="Mill"), await south.person(**ANN)
    share = await (await north.share(await north.tag("all", [ann]), south)).accept(SyncMode.ACCEPT_ALL)
    automation = await make(south, Watch("employer"))
    await make(north, Watch("employer"))
    await make(north, Watch("legal_name"))
    ours, others = await ear(north), await ear(south)
    await world.work()
    assert await south.value(theirs, "employer") == "Mill"
    assert (await ours.heard(), await others.heard()) == ([], [])
    await north.edit(ann, employer="Shop")
    await south.edit(theirs, legal_name="Ann Arc")
    assert len(await ours.heard()) == 1
    match = await share.match_of(ann)
    async with world.unit(Caller()) as unit:
        terms = await load_terms(unit.pg, share.id, hold=True)
        assert terms is not None
        assert terms.fires_automations is False
        await sync_matches(unit, replace(terms, fires_automations=told), [match.id])
    assert await south.value(theirs, "employer") == "Shop"
    assert await north.value(ann, "legal_name") == "Ann Arc"
    assert await others.heard() == ([(automation, theirs, "employer")] if told else [])
    assert await ours.heard() == []


async def test_taking_the_others_value_fires_and_skipping_does_not(world: World):
    north, south = await world.nations("north", "south")
    ann, theirs = await north.person(**ANN, employer="Mill"), await south.person(**ANN, employer="Shop")
    share = await (await north.share(await north.tag("all", [ann]), south)).accept(SyncMode.ALWAYS_REVIEW)
    automation = await make(south, Watch("employer", None, "Shop", "Mill"))
    await make(north, Watch("employer"))
    await world.work()
    ours, others = await ear(north), await ear(south)
    conflict = (await share.conflict("employer")).id
    async with world.unit(south.member) as unit:
        await skip_conflicts(unit, south.id, [conflict])
    assert await others.heard() == []
    async with world.unit(south.member) as unit:
        await apply_conflicts(unit, south.id, [conflict])
    await world.work()
    assert await south.value(theirs, "employer") == "Mill"
    assert await others.heard() == [(automation, theirs, "employer")]
    assert await ours.heard() == []


async def test_five_hundred_changes_fire_in_as_many_statements_as_one(north: Nation):
    automation = await make(north, Watch("employer"), destination=Destination("https://hooks.example.org/"))
    await imported(north, "external_id,employer\n" + "".join(f"{number},Mill\n" for number in range(500)))
    listening = await ear(north)
    async with north.world.unit(Caller()) as unit:
        people = await north.people()
        before = await load_records(unit.pg, [one.id for one in people], {*KEY_FIELDS, "employer"}, lock=True)
        time = microseconds(await unit.now())
        asked: list[str] = []
        unit.pg.add_query_logger(lambda record: asked.append(record.query))
        edits = {one.id: Edit({"employer": Write("Shop", time)}) for one in people}
        await write_profiles(unit, north.id, before, edits)
        few = len(asked)
    assert len(await listening.heard()) == 500
    assert await WebhookDelivery.filter(automation_id=automation).count() == 500
    assert few <= 12, asked


async def test_a_nation_without_automations_asks_one_question_and_a_sync_none(north: Nation):
    ann = await north.person(first_name="Ann", employer="Mill")
    assert not await Automation.exists(nation_id=north.id)
    assert await _asked(north, ann, fires=True) - await _asked(north, ann, fires=False) == {query("automations_on"): 1}


async def _asked(nation: Nation, profile_id: UUID, *, fires: bool) -> Counter[str]:
    """Return how often each statement is asked where a profile is written, but for what the driver asks for itself."""
    asked: Counter[str] = Counter()
    async with nation.world.unit(Caller()) as unit:
        unit.pg.add_query_logger(lambda record: asked.update([record.query]))
        await write(unit, nation, profile_id, uuid4().hex, fires=fires)
    return Counter({text: number for text, number in asked.items() if "typeinfo_tree" not in text})
