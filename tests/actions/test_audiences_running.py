"""When an audience is synced, what a sync looks at, and what it leaves alone."""

from datetime import timedelta

import pytest

from actions.audiences.rules import sync_audience_now
from actions.automations import Watch, create_automation
from actions.running import step_run
from actions.unit import Unit
from models.run import SyncRun
from models.share import Share
from sharing.errors import InvalidInput
from sharing.states import RunState, RunTrigger
from sharing.visibility import ANONYMOUS
from tests.audience import Audience, active, who
from tests.tables import events, position
from tests.world import World
from workers.sweep import rematch

EVERYBODY = {"not": who("first_name", "Nobody")}


async def everybody(world: World, *people: str, **more: object) -> Audience:
    """Return an audience of people of these first names, synced."""
    audience = await Audience.among(world)
    for name in people:
        await audience.source.person(first_name=name, last_name="Ames")
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY), **more))
    return audience


async def due(world: World, share: Share) -> None:
    """Let the time come at which a share is due, and the clock look."""
    await Share.filter(id=share.id).update(next_sync_at=share.requested_at - timedelta(hours=1))
    await rematch(world.post)
    await world.work()


async def test_nothing_runs_before_the_rules_are_activated(world: World):
    audience = await Audience.among(world)
    await audience.source.person(first_name="Ann")
    await audience.create(audience.rules(await audience.segment("All", EVERYBODY)))
    await rematch(world.post)
    await world.work()
    assert await Share.filter(sender_id=audience.source.id).count() == 0
    assert await active(audience.targets[0]) == []


async def test_activation_without_the_terms_is_refused_and_with_them_their_version_is_kept(world: World):
    audience = await Audience.among(world)
    await audience.create(audience.rules(await audience.segment("All", EVERYBODY)))
    with pytest.raises(InvalidInput, match="accept those") as caught:
        await audience.activate("another version")
    assert caught.value.path == ("acceptedTerms",)
    assert (await audience.row()).terms_version is None
    await audience.activate()
    row = await audience.row()
    assert row.terms_version is not None
    assert row.terms_accepted_at is not None
    assert row.terms_accepted_by == audience.source.admin.known_by


async def test_the_first_sync_is_due_within_minutes_of_the_activation_and_then_every_six_hours(world: World):
    audience = await Audience.among(world)
    await audience.source.person(first_name="Ann")
    await audience.create(audience.rules(await audience.segment("All", EVERYBODY)))
    await audience.activate()
    share = await audience.share(audience.targets[0])
    assert share.next_sync_at is not None
    assert timedelta(0) < share.next_sync_at - share.requested_at <= timedelta(minutes=5)
    await rematch(world.post)
    assert await audience.runs(audience.targets[0]) == []
    await due(world, share)
    (run,) = await audience.runs(audience.targets[0])
    assert (run.trigger, run.state) == (RunTrigger.SCHEDULED, RunState.SUCCEEDED)
    await share.refresh_from_db()
    assert share.last_sync_at is not None
    assert share.next_sync_at is not None
    assert abs(share.next_sync_at - share.last_sync_at - timedelta(hours=6)) < timedelta(minutes=1)


async def test_the_rules_say_how_often(world: World):
    audience = await everybody(world, "Ann", every_hours=24)
    share = await audience.share(audience.targets[0])
    assert share.next_sync_at is not None
    assert share.last_sync_at is not None
    assert abs(share.next_sync_at - share.last_sync_at - timedelta(hours=24)) < timedelta(minutes=1)


async def test_only_contacts_that_changed_in_the_source_are_looked_at(world: World):
    audience = await everybody(world, "Ann", "Bob", "Cid")
    target = audience.targets[0]
    people = await audience.source.people()
    await audience.sync()
    await audience.source.edit(people[0].id, last_name="Adams")
    for contact in await active(target):
        await target.edit(contact.id, occupation="Baker")
    await audience.sync()
    looked = [run.counts.get("pairs", 0) for run in await audience.runs(target)]
    assert looked == [3, 0, 1]


async def test_while_it_is_paused_nothing_is_synced_and_what_changed_comes_with_the_resumption(world: World):
    audience = await everybody(world, "Ann")
    target, (ann,) = audience.targets[0], await audience.source.people()
    await audience.pause()
    await audience.source.edit(ann.id, last_name="Adams")
    await audience.source.person(first_name="Bob")
    await rematch(world.post)
    await world.work()
    assert [contact.last_name for contact in await active(target)] == ["Ames"]
    with pytest.raises(InvalidInput, match="paused: resume it first"):
        await audience.sync()
    await audience.resume()
    await rematch(world.post)
    await world.work()
    assert {(contact.first_name, contact.last_name) for contact in await active(target)} == {
        ("Ann", "Adams"),
        ("Bob", None),
    }


async def test_a_run_under_way_is_given_up_by_a_pause_and_nothing_of_it_is_lost(world: World):
    audience = await everybody(world, "Ann")
    await audience.source.person(first_name="Bob")
    async with world.unit(audience.source.admin) as unit:
        await sync_audience_now(unit, audience.id)
    run = (await audience.runs(audience.targets[0]))[-1]
    async with world.unit(ANONYMOUS) as unit:
        await step_run(unit, run.id)
    await audience.pause()
    await world.work()
    await run.refresh_from_db()
    assert run.state is RunState.CANCELLED
    assert await audience.members(audience.targets[0]) == {"Ann"}
    await audience.resume()
    await audience.sync()
    assert await audience.members(audience.targets[0]) == {"Ann", "Bob"}


class Killed(Exception):
    """The worker is gone."""


async def test_a_worker_killed_at_any_step_leaves_the_run_to_the_next(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    for name in ("Ann", "Bob"):
        await audience.source.person(first_name=name, last_name="Ames", emails=[f"{name}@example.org"])
    await target.person(first_name="Ann", emails=["ann@example.org"])
    segment = await audience.segment("All", EVERYBODY)
    await audience.create(audience.rules(segment))
    await audience.activate()
    for name in ("Cid", "Dot"):
        await _sync_killed(audience)
        assert len(await active(target)) == len(await audience.source.people())
        assert await audience.in_segment(target, segment) == await audience.members(target)
        await audience.source.person(first_name=name)


async def _sync_killed(audience: Audience) -> None:
    """Sync by hand; each step is undone once before it is taken."""
    world = audience.world
    async with world.unit(audience.source.admin) as unit:
        await sync_audience_now(unit, audience.id)
    run = (await audience.runs(audience.targets[0]))[-1]
    more = True
    while more:
        with pytest.raises(Killed):
            async with world.unit(ANONYMOUS) as unit:
                await _killed(unit, run)
        async with world.unit(ANONYMOUS) as unit:
            more = await step_run(unit, run.id)
    await run.refresh_from_db()
    assert run.state is RunState.SUCCEEDED
    world.post.jobs.clear()


async def _killed(unit: Unit, run: SyncRun) -> None:
    await step_run(unit, run.id)
    raise Killed


async def test_whoever_opted_out_in_the_target_stays_so_and_is_counted(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    ann = await audience.source.person(first_name="Ann", email_opt_in=True)
    await audience.begin(
        audience.rules(await audience.segment("All", EVERYBODY), fields=["first_name", "email_opt_in"])
    )
    (contact,) = await active(target)
    assert contact.email_opt_in is True
    await target.edit(contact.id, email_opt_in=False)
    await audience.source.edit(ann, email_opt_in=False)
    await audience.source.edit(ann, email_opt_in=True, first_name="Anna")
    await audience.sync()
    assert (await target.value(contact.id, "email_opt_in"), await target.value(contact.id, "first_name")) == (
        False,
        "Anna",
    )
    assert (await audience.runs(target))[-1].counts["opted_out"] == 1


async def test_a_blank_of_the_source_erases_nothing_at_first_and_what_it_clears_later_is_cleared(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    contact = await target.person(first_name="Ann", last_name="Ames", emails=["ann@example.org"])
    ann = await audience.source.person(first_name="Ann", emails=["ann@example.org"])
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY)))
    assert await target.value(contact, "last_name") == "Ames"
    await audience.source.edit(ann, last_name="Adams")
    await audience.sync()
    await audience.source.edit(ann, clear=["last_name"])
    await audience.sync()
    assert await target.value(contact, "last_name") is None


async def test_a_field_that_begins_to_travel_travels_for_everybody_at_once(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    await audience.source.person(first_name="Ann", employer="Acme")
    segment = await audience.segment("All", EVERYBODY)
    await audience.begin(audience.rules(segment))
    await audience.update(audience.rules(segment, fields=["first_name", "employer"]))
    await audience.sync()
    assert [contact.employer for contact in await active(target)] == ["Acme"]


async def test_each_target_gets_what_its_own_rule_says(world: World):
    audience = await Audience.among(world, "east", "west")
    east, west = audience.targets
    await audience.source.person(first_name="Ann", last_name="Ames")
    await audience.source.person(first_name="Bob", last_name="Bell")
    anns = await audience.segment("Anns", who("first_name", "Ann"))
    bobs = await audience.segment("Bobs", who("first_name", "Bob"))
    rules = audience.rules(anns, targets=[east], fields=["first_name"])
    other = audience.rules(bobs, targets=[west], fields=["first_name", "last_name"])
    await audience.begin(type(rules)("Group", (*rules.targets, *other.targets)))
    assert [(one.first_name, one.last_name) for one in await active(east)] == [("Ann", None)]
    assert [(one.first_name, one.last_name) for one in await active(west)] == [("Bob", "Bell")]


async def test_nothing_flows_back_to_the_source(world: World):
    audience = await everybody(world, "Ann")
    target, (ann,) = audience.targets[0], await audience.source.people()
    (contact,) = await active(target)
    before = await audience.source.record(ann.id)
    await target.edit(contact.id, last_name="Archer", employer="Acme", emails=["new@example.org"])
    await audience.sync()
    assert await audience.source.record(ann.id) == before


@pytest.mark.parametrize("fires", [False, True])
async def test_a_sync_fires_the_automations_of_a_target_only_where_the_rules_say_so(world: World, fires: bool):
    audience = await everybody(world, "Ann", fires_automations=fires)
    target, (ann,) = audience.targets[0], await audience.source.people()
    async with world.unit(target.admin) as unit:
        await create_automation(unit, target.id, "renamed", Watch("last_name"))
    start = await position(target.id)
    await audience.source.edit(ann.id, last_name="Adams")
    await audience.sync()
    fired = [event for event in await events(target.id, start) if event["kind"] == "FIRED"]
    assert len(fired) == fires
