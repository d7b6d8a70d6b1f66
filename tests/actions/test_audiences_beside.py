"""Whether an audience bears what happens beside its runs: restored contacts, merged people, freed addresses, new names."""

import asyncio
from contextvars import copy_context
from datetime import timedelta
from uuid import UUID

from actions.archiving import restore_profiles
from actions.audiences.rules import pause_audience
from actions.nations import update_nation
from actions.removal import delete_nation
from actions.segments import create_segment, update_segment
from models.match import Match
from models.nation import Nation as NationRow
from models.share import Share
from sharing.audiences.rules import AudienceRules
from sharing.fields import Group
from sharing.modes import SyncMode
from tests.audience import Audience, active, who
from tests.tables import events, position
from tests.world import World
from workers.sweep import rematch, sweep

EVERYBODY = {"not": who("first_name", "Nobody")}


async def everybody(world: World, *people: str, **more: object) -> Audience:
    """Return an audience of people of these first names, each with an address, synced."""
    audience = await Audience.among(world)
    for name in people:
        await audience.source.person(first_name=name, emails=[f"{name.lower()}@example.org"])
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY), **more))
    return audience


async def test_a_contact_that_the_target_restores_after_the_end_is_its_own(world: World):
    audience = await everybody(world, "Ann")
    target = audience.targets[0]
    (ann,) = await active(target)
    await audience.delete()
    async with world.unit(target.admin) as unit:
        await restore_profiles(unit, target.id, [ann.id])
    await sweep(world.post)
    await world.work()
    assert [contact.id for contact in await active(target)] == [ann.id]


async def test_a_contact_that_is_restored_is_in_a_shared_segment_only_when_a_sync_puts_it_there(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    ann = await audience.source.person(first_name="Ann", employer="Acme")
    segment = await audience.segment("Acme", who("employer", "Acme"))
    await audience.begin(audience.rules(segment))
    await audience.source.edit(ann, employer="Bolt")
    await audience.sync()
    (contact,) = await target.people()
    async with world.unit(target.admin) as unit:
        await restore_profiles(unit, target.id, [contact.id])
    assert await audience.in_segment(target, segment) == set()
    assert await audience.members(target) == set()


async def test_what_a_nation_enables_begins_no_run_of_an_audience_that_is_paused(world: World):
    audience = await everybody(world, "Ann")
    target = audience.targets[0]
    await audience.pause()
    for nation in (audience.source, target):
        async with world.unit(nation.admin) as unit:
            await update_nation(unit, nation.id, auto_districting=True)
    before = len(await audience.runs(target))
    await world.work()
    assert len(await audience.runs(target)) == before == 1


async def test_a_pause_that_comes_as_a_run_is_due_comes_first_or_after_it(world: World):
    audience = await everybody(world, "Ann")
    share = await audience.share(audience.targets[0])
    await Share.filter(id=share.id).update(next_sync_at=share.requested_at - timedelta(hours=1))
    context = copy_context()
    async with world.unit(audience.source.admin) as unit:
        await pause_audience(unit, audience.id)
        clock = asyncio.create_task(rematch(world.post), context=context)
        await asyncio.sleep(0.3)
        assert not clock.done()
    await clock
    assert len(await audience.runs(audience.targets[0])) == 1


async def test_an_address_that_somebody_had_is_given_by_the_first_sync_after_it_is_free(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    ann = await audience.source.person(first_name="Ann", birthdate="1980-02-03")
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY)))
    (contact,) = await active(target)
    zoe = await target.person(first_name="Zoe", birthdate="1944-05-06", emails=["shared@example.org"])
    await audience.source.edit(ann, emails=["shared@example.org"])
    await audience.sync()
    for _ in range(2):
        match = await Match.get(sender_profile_id=ann)
        assert [note["address"] for note in match.notes] == ["shared@example.org"]
        assert await target.value(contact.id, "emails") is None
        await audience.source.edit(ann, last_name="Ames")
        await audience.sync()
    await target.edit(zoe, clear=["emails"])
    await audience.sync()
    assert await target.value(contact.id, "emails") == ("shared@example.org",)
    assert (await Match.get(sender_profile_id=ann)).notes == []


async def test_people_merged_in_the_source_keep_their_contact(world: World):
    audience = await everybody(world, "Ann")
    target = audience.targets[0]
    (contact,) = await active(target)
    (ann,) = await audience.source.people()
    anne = await audience.source.person(first_name="Anne", occupation="Baker")
    await audience.source.merge(anne, ann.id)
    await world.work()
    assert [one.id for one in await active(target)] == [contact.id]
    assert await audience.members(target) == {"Ann"}
    await audience.sync()
    assert [one.id for one in await active(target)] == [contact.id]
    (contact,) = await active(target)
    assert contact.custom_fields["audience_sharing_reference_ids"] == str(anne)


async def test_a_shorter_time_between_syncs_counts_from_the_last_one(world: World):
    audience = await everybody(world, "Ann", every_hours=100)
    target = audience.targets[0]
    rules = await _rules(audience, every_hours=2)
    await audience.update(rules)
    share = await audience.share(target)
    assert share.next_sync_at is not None
    assert share.last_sync_at is not None
    assert abs(share.next_sync_at - share.last_sync_at - timedelta(hours=2)) < timedelta(minutes=1)


async def _rules(audience: Audience, **more: object) -> AudienceRules:
    kept = (await audience.row()).rules
    segments = kept["targets"][0]["segments"]
    return audience.rules(*(UUID(segment) for segment in segments), **more)


async def test_a_name_that_a_shared_segment_gave_up_is_free_for_the_next(world: World):
    audience = await everybody(world, "Ann")
    target = audience.targets[0]
    row = (await audience.row()).rules["targets"][0]["segments"][0]
    first = UUID(row)
    async with world.unit(audience.source.admin) as unit:
        await update_segment(unit, first, name="Everybody")
    second = await audience.segment("All", who("first_name", "Ann"))
    await audience.update(audience.rules(first, second))
    assert (await audience.twin(target, first)).name == "Everybody"
    assert (await audience.twin(target, second)).name == "All"


async def test_names_that_shared_segments_swap_are_swapped_in_the_target(world: World):
    audience = await Audience.among(world)
    source, target = audience.source, audience.targets[0]
    names = ["Red", "Green", "Blue", "Grey"]
    segments = [await audience.segment(name, who("first_name", name)) for name in names]
    await audience.begin(audience.rules(*segments))
    async with world.unit(target.admin) as unit:
        await create_segment(unit, target.id, "Taken", who("first_name", "Ann"))
    for given in (["1", "2", "3", "4"], ["Green", "Blue", "Red", "Taken"]):
        for segment, name in zip(segments, given, strict=True):
            async with world.unit(source.admin) as unit:
                await update_segment(unit, segment, name=name)
    await audience.sync()
    assert [(await audience.twin(target, segment)).name for segment in segments] == ["Green", "Blue", "Red", "Grey"]


async def test_the_source_is_told_of_the_audience_share_of_a_nation_that_is_removed(world: World):
    audience = await everybody(world, "Ann")
    target, start = audience.targets[0], await position(audience.source.id)
    share = await audience.share(target)
    async with world.unit(target.admin) as unit:
        await delete_nation(unit, target.id)
    told = [event for event in await events(audience.source.id, start) if share.id in event["subjects"]]
    assert {event["noun"] for event in told} == {"AudienceShare"}
    assert "DELETED" in {event["kind"] for event in told}
    assert not await NationRow.exists(id=target.id)


async def test_a_tag_share_between_the_same_nations_goes_its_own_way_and_both_come_to_rest(world: World):
    audience = await Audience.among(world)
    source, target = audience.source, audience.targets[0]
    ann = await source.person(first_name="Ann", last_name="Ames", employer="Mill", emails=["ann@example.org"])
    segment = await audience.segment("All", EVERYBODY)
    await audience.begin(audience.rules(segment, fields=["first_name", "last_name", "employer", "emails"]))
    (contact,) = await active(target)
    share = await source.share(await source.tag("board", [ann]), target, Group.EMAILS)
    await share.accept(SyncMode.ACCEPT_ALL)
    await world.work()
    assert [match.receiver_profile_id for match in await Match.filter(share_id=share.id)] == [contact.id]
    await target.edit(contact.id, employer="Dock")
    await world.work()
    assert await source.value(ann, "employer") == "Dock"
    await source.edit(ann, employer="Weaver")
    await world.work()
    assert await target.value(contact.id, "employer") == "Weaver"
    start = await position(target.id)
    await audience.sync()
    written = [event for event in await events(target.id, start) if event["noun"] == "Profile"]
    assert written == []
    assert (await target.value(contact.id, "employer"), await source.value(ann, "employer")) == ("Weaver", "Weaver")
    await audience.delete()
    await world.work()
    assert await source.value(ann, "employer") == "Weaver"
    assert (await source.people())[0].archived_at is None
