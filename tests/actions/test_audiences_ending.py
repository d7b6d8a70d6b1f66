"""Whether an audience ends alike, however it ends, and whether what happens beside it leaves it whole."""

import pytest

from actions.networks import leave_network
from actions.profiles import update_profile
from actions.removal import delete_nation
from actions.segments import archive_segment
from models.audience import Audience as AudienceRow
from models.network import Network
from models.profile import Profile
from models.share import Share
from models.tag import Tag
from sharing.errors import InvalidInput, InvalidInputs
from tests.audience import Audience, active, field_of, who
from tests.world import Nation, World

EVERYBODY = {"not": who("first_name", "Nobody")}


async def shared(world: World, *names: str) -> Audience:
    """Return an audience of two people, of whom each target knew one before."""
    audience = await Audience.among(world, *names)
    await audience.source.person(first_name="Ann", last_name="Ames")
    await audience.source.person(first_name="Bob", last_name="Bell", emails=["bob@example.org"])
    for target in audience.targets:
        await target.person(first_name="Robert", emails=["bob@example.org"], employer="Mill")
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY)))
    return audience


async def ended(target: Nation) -> None:
    """Make sure that in a target nothing is left of an audience but who was there before."""
    assert [person.employer for person in await active(target)] == ["Mill"]
    assert await Tag.filter(nation_id=target.id, share_id__isnull=False).count() == 0
    reference = await field_of(target, "audience_sharing_reference_ids")
    assert reference is not None
    assert (reference.archived_at is not None, reference.locked_by_id) == (True, None)


async def leave(nation: Nation) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await leave_network(unit, nation.id)
    await nation.world.work()


async def remove(nation: Nation) -> None:
    async with nation.world.unit(nation.admin) as unit:
        await delete_nation(unit, nation.id)
    await nation.world.work()


async def test_a_target_that_leaves_the_network_is_given_nothing_any_more(world: World):
    audience = await shared(world, "east", "west")
    east, west = audience.targets
    await leave(east)
    await ended(east)
    assert await audience.members(west) == {"Ann", "Bob"}
    assert [rule["nation"] for rule in (await audience.row()).rules["targets"]] == [west.id]


async def test_a_target_that_is_removed_leaves_the_rules_and_no_trace_in_the_source(world: World):
    audience = await shared(world, "east", "west")
    east, west = audience.targets
    await remove(east)
    assert [rule["nation"] for rule in (await audience.row()).rules["targets"]] == [west.id]
    assert await Share.filter(receiver_id=east.id).count() == 0
    assert await Tag.filter(nation_id=audience.source.id).count() == 1
    await audience.sync()
    assert await audience.members(west) == {"Ann", "Bob"}


async def test_a_source_that_is_removed_leaves_its_targets_as_if_the_rules_had_been_deleted(world: World):
    audience = await Audience.among(world)
    other = await world.nation("other", network_slug=(await Network.get(id=audience.network)).slug)
    await audience.disable()
    await audience.enable(other)
    audience.source = other
    await other.person(first_name="Ann", last_name="Ames")
    await audience.targets[0].person(first_name="Zoe", employer="Mill")
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY)))
    assert len(await active(audience.targets[0])) == 2
    await remove(other)
    await ended(audience.targets[0])
    assert await AudienceRow.all().filter(nation_id=other.id).count() == 0


async def test_disabling_deleting_and_removing_the_targets_end_the_same(world: World):
    for way in ("disable", "delete", "targets"):
        audience = await shared(world)
        if way == "disable":
            await audience.disable()
            await world.work()
        elif way == "delete":
            await audience.delete()
        else:
            await audience.update(audience.rules(targets=[]))
            await world.work()
        await ended(audience.targets[0])


async def test_what_was_shared_before_comes_back_as_the_same_contacts(world: World):
    audience = await shared(world)
    target = audience.targets[0]
    before = {person.id: person.first_name for person in await active(target)}
    await audience.delete()
    everybody = await audience.segment("All again", EVERYBODY)
    await audience.begin(audience.rules(everybody))
    assert {person.id: person.first_name for person in await active(target)} == before
    assert await audience.members(target) == {"Ann", "Bob"}
    assert len(await target.people()) == 2


async def test_unsharing_a_segment_archives_whom_the_sharing_made_and_no_other_segment_holds(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    for name in ("Ann", "Bob", "Cid"):
        await audience.source.person(first_name=name, last_name="Ames")
    one = await audience.segment("one", {"any": [who("first_name", "Ann"), who("first_name", "Bob")]})
    two = await audience.segment("two", {"any": [who("first_name", "Bob"), who("first_name", "Cid")]})
    await audience.begin(audience.rules(one, two))
    assert await audience.members(target) == {"Ann", "Bob", "Cid"}
    await audience.update(audience.rules(two))
    await audience.sync()
    assert {person.first_name for person in await active(target)} == {"Bob", "Cid"}
    assert await audience.in_segment(target, two) == {"Bob", "Cid"}
    await audience.update(audience.rules(one))
    await audience.sync()
    assert {person.first_name for person in await active(target)} == {"Ann", "Bob"}
    assert len(await target.people()) == 3


async def test_a_field_that_the_target_had_before_is_locked_while_it_is_shared_and_then_free(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    for nation in (audience.source, target):
        await nation.define("shoe")
    await audience.source.person(first_name="Ann", **{"custom:shoe": "38"})
    everybody = await audience.segment("All", EVERYBODY)
    await audience.begin(audience.rules(everybody, customs=["shoe"]))
    (ann,) = await active(target)
    assert ann.custom_fields["shoe"] == "38"
    held = await field_of(target, "shoe")
    assert held is not None
    assert held.locked_by_id == (await audience.share(target)).id
    await audience.update(audience.rules(everybody))
    held = await field_of(target, "shoe")
    assert held is not None
    assert (held.locked_by_id, held.archived_at) == (None, None)
    assert (await Profile.get(id=ann.id)).custom_fields["shoe"] == "38"


async def test_a_shared_segment_is_not_archived_before_it_is_unshared(world: World):
    audience = await Audience.among(world)
    everybody = await audience.segment("All", EVERYBODY)
    await audience.begin(audience.rules(everybody))
    with pytest.raises(InvalidInput, match="take it out of the rules of the audience first") as caught:
        async with world.unit(audience.source.admin) as unit:
            await archive_segment(unit, everybody)
    assert caught.value.path == ("segmentId",)
    await audience.delete()
    async with world.unit(audience.source.admin) as unit:
        await archive_segment(unit, everybody)


async def test_a_contact_merged_with_one_that_was_there_before_counts_as_there_before(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    await audience.source.person(first_name="Ann", last_name="Ames")
    zoe = await target.person(first_name="Zoe")
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY)))
    made = next(person for person in await active(target) if person.id != zoe)
    await target.merge(made.id, zoe)
    await world.work()
    await audience.sync()
    assert await audience.members(target) == {"Ann"}
    await audience.delete()
    assert [person.id for person in await active(target)] == [made.id]


async def test_the_reference_of_a_contact_is_not_for_the_target_to_change(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    await audience.source.person(first_name="Ann")
    await audience.begin(audience.rules(await audience.segment("All", EVERYBODY)))
    (ann,) = await active(target)
    with pytest.raises(InvalidInputs, match="kept by the audience share that made it"):
        async with world.unit(target.admin) as unit:
            await update_profile(unit, ann.id, {"custom:audience_sharing_reference_ids": "mine"})
