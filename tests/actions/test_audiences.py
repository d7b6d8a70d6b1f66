"""Whether an audience reaches its targets as its rules say, stays in step one way, and ends without a trace too many."""

from tests.audience import Audience, active, field_of, who
from tests.world import World


async def test_contacts_of_a_shared_segment_are_made_in_the_target_in_one_group_and_one_segment(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    await audience.source.person(first_name="Ann", last_name="Ames", emails=["ann@example.org"], employer="Acme")
    await audience.source.person(first_name="Bob", last_name="Bell")
    anns = await audience.segment("Anns", who("first_name", "Ann"))
    await audience.begin(audience.rules(anns))
    (ann,) = await active(target)
    assert (ann.first_name, ann.last_name, ann.employer) == ("Ann", "Ames", None)
    assert await audience.members(target) == {"Ann"}
    assert await audience.in_segment(target, anns) == {"Ann"}
    twin = await audience.twin(target, anns)
    assert (twin.name, twin.locked_by_id) == ("Anns", (await audience.share(target)).id)


async def test_the_target_gets_a_locked_field_that_holds_the_reference_of_each_contact(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    ann = await audience.source.person(first_name="Ann", last_name="Ames")
    await audience.begin(audience.rules(await audience.segment("Anns", who("first_name", "Ann"))))
    (made,) = await active(target)
    assert made.custom_fields == {"audience_sharing_reference_ids": str(ann)}
    reference = await field_of(target, "audience_sharing_reference_ids")
    assert reference is not None
    assert reference.label == "Audience Sharing Reference IDs"
    assert reference.locked_by_id == (await audience.share(target)).id


async def test_a_contact_that_was_there_before_is_matched_and_gets_the_shared_fields(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    before = await target.person(first_name="Anne", emails=["ann@example.org"], employer="Acme", occupation="Baker")
    await audience.source.person(first_name="Ann", last_name="Ames", emails=["ann@example.org"], employer="Bolt")
    await audience.begin(audience.rules(await audience.segment("Anns", who("first_name", "Ann"))))
    assert [person.id for person in await active(target)] == [before]
    values = await target.values(before)
    assert (values["first_name"], values["last_name"], values["employer"]) == ("Ann", "Ames", "Acme")
    assert values["occupation"] == "Baker"


async def test_a_source_edit_of_a_shared_field_wins_at_the_next_run_and_a_target_edit_lasts_until_then(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    ann = await audience.source.person(first_name="Ann", last_name="Ames")
    await audience.begin(audience.rules(await audience.segment("All", {"not": who("first_name", "Nobody")})))
    (made,) = await active(target)
    await target.edit(made.id, last_name="Archer")
    await audience.source.edit(ann, first_name="Anna")
    await audience.sync()
    assert await target.value(made.id, "last_name") == "Archer"
    assert await target.value(made.id, "first_name") == "Anna"
    assert await audience.source.value(ann, "last_name") == "Ames"
    await audience.source.edit(ann, last_name="Adams")
    await world.work()
    assert await target.value(made.id, "last_name") == "Archer"
    await audience.sync()
    assert await target.value(made.id, "last_name") == "Adams"


async def test_a_contact_that_leaves_a_segment_leaves_it_in_the_target_and_is_archived_if_the_sharing_made_it(
    world: World,
):
    audience = await Audience.among(world)
    target = audience.targets[0]
    ann = await audience.source.person(first_name="Ann", last_name="Ames", employer="Acme")
    await audience.source.person(first_name="Bob", last_name="Bell", employer="Acme", emails=["bob@example.org"])
    bob = await target.person(first_name="Bob", emails=["bob@example.org"])
    acme = await audience.segment("Acme", who("employer", "Acme"))
    await audience.begin(audience.rules(acme))
    assert await audience.members(target) == {"Ann", "Bob"}
    await audience.change_segment(acme, who("employer", "Nobody"))
    await audience.sync()
    assert await audience.members(target) == set()
    assert await audience.in_segment(target, acme) == set()
    assert [person.id for person in await active(target)] == [bob]
    await audience.change_segment(acme, who("employer", "Acme"))
    await audience.sync()
    assert await audience.members(target) == {"Ann", "Bob"}
    assert len(await target.people()) == 2
    assert await audience.source.value(ann, "employer") == "Acme"


async def test_deleting_the_rules_archives_what_the_sharing_made_and_leaves_who_was_there_before(world: World):
    audience = await Audience.among(world)
    target = audience.targets[0]
    await audience.source.define("shoe")
    await audience.source.person(first_name="Ann", **{"custom:shoe": "38"})
    await audience.source.person(first_name="Bob", emails=["bob@example.org"])
    bob = await target.person(first_name="Robert", emails=["bob@example.org"])
    everybody = await audience.segment("All", {"not": who("first_name", "Nobody")})
    await audience.begin(audience.rules(everybody, customs=["shoe"]))
    assert {person.first_name for person in await active(target)} == {"Ann", "Bob"}
    twin = await audience.twin(target, everybody)
    await audience.delete()
    assert [person.id for person in await active(target)] == [bob]
    assert await audience.group(target) is None
    await twin.refresh_from_db()
    assert twin.archived_at is not None
    assert twin.locked_by_id is None
    for slug in ("shoe", "audience_sharing_reference_ids"):
        definition = await field_of(target, slug)
        assert definition is not None
        assert definition.archived_at is not None
        assert definition.locked_by_id is None
    assert len(await active(audience.source)) == 2
