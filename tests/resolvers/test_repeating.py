"""Mutations sent again under the same idempotency key: done once, answered alike."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.types import get_object_definition
from tortoise.connection import get_connection

from models.tag import Tag
from resolvers.roots import Mutation
from schema.repeats import RepeatableInput
from sharing.lifecycle import ShareAction, ShareStatus
from sharing.visibility import Deed
from tests.resolvers.asking import SCHEMA, Api, gid
from tests.resolvers.neighbours import everything
from tests.resolvers.test_rights import DEEDS, STEPS
from tests.rights import Stage, set_stage
from tests.world import Nation, World
from workers.sweep import prune

ANSWER = "__typename ... on UserError { code message path } ... on WritePayload { cursor }"
STATUS_BEFORE = {
    ShareAction.UPDATE: ShareStatus.STOPPED,
    ShareAction.REQUEST: ShareStatus.DENIED,
    ShareAction.STOP: ShareStatus.PENDING,
    ShareAction.SYNC: ShareStatus.APPROVED,
}
TAG = "mutation ($input: CreateTagInput!) { createTag(input: $input) { %s ... on CreateTagPayload { tag { id } } } }"


def on_the_stage(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    """Mutations that can be done on a stage one after the other, each with its input."""
    found = [
        (mutation, {"shareId": gid("TagShare", stage.shares[status].id), **STEPS[action][1]})
        for action, status in STATUS_BEFORE.items()
        for mutation in [STEPS[action][0]]
    ]
    last = DEEDS[Deed.LEAVE_NETWORK]
    deeds = [of for deed, of in DEEDS.items() if deed not in (Deed.STOP_SHARE, Deed.LEAVE_NETWORK)]
    return [*((name, given(stage)) for name, given in deeds), *found, (last[0], last[1](stage))]


async def ask(api: Api, nation: Nation, mutation: str, given: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    """Return what a mutation answers the nation's admin."""
    kind = SCHEMA._schema.mutation_type.fields[mutation].args["input"].type  # type: ignore[union-attr]
    text = f"mutation ($input: {kind}) {{ {mutation}(input: $input) {{ {ANSWER} }} }}"
    data = await api.ask(text, nation.admin, input={**given, "idempotencyKey": key})
    found: dict[str, Any] = data[mutation]
    return found


async def make_tag(api: Api, nation: Nation, name: str, key: str | None) -> dict[str, Any]:
    """Return what making a tag answers the nation's admin, with the id of the tag."""
    given = {"nationId": gid("Nation", nation.id), "name": name, "idempotencyKey": key}
    found: dict[str, Any] = (await api.ask(TAG % ANSWER, nation.admin, input=given))["createTag"]
    return found


async def tags_of(nation: Nation) -> list[str]:
    return sorted([tag.name for tag in await Tag.filter(nation_id=nation.id)])


def test_every_mutation_that_writes_takes_a_key_and_signing_in_does_not() -> None:
    """A token is no write, and none is ever kept to be told again."""
    fields = get_object_definition(Mutation, strict=True).fields
    takes = {
        field.python_name: issubclass(argument.type, RepeatableInput)
        for field in fields
        for argument in field.arguments
    }
    assert [name for name, repeatable in takes.items() if not repeatable] == ["sign_in"]


async def test_the_same_key_answers_the_same_and_nothing_is_done_again(api: Api, world: World) -> None:
    stage = await set_stage(world)
    for mutation, asked in on_the_stage(stage):
        key = uuid4().hex
        first = await ask(api, stage.own, mutation, asked, key)
        assert "code" not in first, (mutation, first)
        before = await everything()
        world.post.jobs.clear()
        assert await ask(api, stage.own, mutation, asked, key) == first, mutation
        assert (await everything(), world.post.jobs) == (before, type(world.post.jobs)()), mutation


MERGE = """mutation ($input: MergeProfilesInput!) { mergeProfiles(input: $input) {
  __typename ... on MergeProfilesPayload { cursor deletedProfileIds dropped { field value } profile { id firstName } }
} }"""


async def test_a_merge_answers_the_same_again_and_nothing_of_people_is_kept_with_its_key(
    api: Api, world: World
) -> None:
    north = await world.nation("north")
    left = await north.person(first_name="Ada", last_name="Quist")
    other = await north.person(first_name="Adalaide", last_name="Quist", employer="Secretworks")
    given = {"profileId": gid("Profile", left), "duplicateIds": [gid("Profile", other)], "idempotencyKey": "1"}
    first = await api.ask(MERGE, north.admin, input=given)
    assert first["mergeProfiles"]["dropped"] == [{"field": "FIRST_NAME", "value": "Adalaide"}]
    before = await everything()
    assert await api.ask(MERGE, north.admin, input=given) == first
    assert await everything() == before
    text = "SELECT k::text AS kept FROM idempotency_keys k WHERE mutation = 'mergeProfiles' AND caller_id = $1"
    rows = await get_connection("default").execute_query_dict(text, [north.admin.token_id])
    assert len(rows) == 1
    assert [word for word in ("Ada", "Quist", "Secretworks") if word in rows[0]["kept"]] == []


async def test_the_nodes_of_a_repeated_answer_are_as_they_are_now(api: Api, world: World) -> None:
    north = await world.nation("north")
    first = await make_tag(api, north, "members", "1")
    await api.ask(
        "mutation ($input: RenameTagInput!) { renameTag(input: $input) { __typename } }",
        north.admin,
        input={"tagId": first["tag"]["id"], "name": "friends"},
    )
    assert await make_tag(api, north, "members", "1") == first
    assert await tags_of(north) == ["friends"]


@pytest.mark.parametrize("again", ["another input", "another mutation"])
async def test_the_same_key_for_something_else_is_refused_and_nothing_done(api: Api, world: World, again: str) -> None:
    north = await world.nation("north")
    made = await make_tag(api, north, "members", "1")
    before = await everything()
    if again == "another input":
        found = await make_tag(api, north, "friends", "1")
    else:
        found = await ask(api, north, "deleteTag", {"tagId": made["tag"]["id"]}, "1")
    assert (found["__typename"], found["code"], found["path"]) == (
        "InvalidInputError",
        "IDEMPOTENCY_KEY_REUSED",
        ["idempotencyKey"],
    )
    assert "make a new key" in found["message"]
    assert await everything() == before


async def test_without_a_key_the_same_is_done_again(api: Api, world: World) -> None:
    north = await world.nation("north")
    await make_tag(api, north, "members", None)
    assert (await make_tag(api, north, "members", None))["code"] == "INVALID_INPUT"


async def test_a_key_is_its_callers_own(api: Api, world: World) -> None:
    """What others do under the same key is theirs: neither told nor in the way."""
    north, south = await world.nations("north", "south")
    ours, theirs = await make_tag(api, north, "members", "1"), await make_tag(api, south, "members", "1")
    assert ours["tag"]["id"] != theirs["tag"]["id"]


async def test_what_was_refused_is_judged_anew(api: Api, world: World) -> None:
    north = await world.nation("north")
    taken = await north.tag("members")
    assert (await make_tag(api, north, "members", "1"))["code"] == "INVALID_INPUT"
    await Tag.filter(id=taken).update(name="friends")
    assert (await make_tag(api, north, "members", "1"))["tag"] is not None
    assert await tags_of(north) == ["friends", "members"]


async def test_of_two_at_the_same_time_one_does_it_and_both_answer_alike(api: Api, world: World) -> None:
    north = await world.nation("north")
    outside = copy_context()

    async def made() -> Any:
        given = {"nationId": gid("Nation", north.id), "name": "members", "idempotencyKey": "1"}
        context = api.context(north.admin)
        result = await SCHEMA.execute(TAG % ANSWER, variable_values={"input": given}, context_value=context)
        assert result.errors is None
        return result.data

    first, *others = await asyncio.gather(*(asyncio.create_task(made(), context=outside.copy()) for _ in range(4)))
    assert first["createTag"]["tag"]["id"]
    assert others == [first] * 3
    assert await tags_of(north) == ["members"]


async def test_after_a_day_a_key_is_forgotten(api: Api, world: World) -> None:
    north = await world.nation("north")
    made = await make_tag(api, north, "members", "1")
    await Tag.filter(nation_id=north.id).delete()
    client = get_connection("default")
    await client.execute_query("UPDATE idempotency_keys SET at = at - $1::interval", [timedelta(hours=25)])
    assert (await make_tag(api, north, "members", "1"))["tag"]["id"] != made["tag"]["id"]
    await client.execute_query("UPDATE idempotency_keys SET at = at - $1::interval", [timedelta(hours=25)])
    await prune(world.post)
    assert await client.execute_query_dict("SELECT key FROM idempotency_keys") == []


@pytest.mark.parametrize(("key", "reason"), [("", "blank"), ("  ", "blank"), ("k" * 256, "256"), ("a\0b", "no key")])
async def test_what_can_be_no_key_is_refused_and_nothing_done(api: Api, world: World, key: str, reason: str) -> None:
    north = await world.nation("north")
    found = await make_tag(api, north, "members", key)
    assert (found["code"], found["path"]) == ("INVALID_INPUT", ["idempotencyKey"])
    assert reason in found["message"]
    assert await tags_of(north) == []


async def test_each_mutation_of_an_operation_has_a_key_of_its_own(api: Api, world: World) -> None:
    north = await world.nation("north")
    text = (
        "mutation ($a: CreateTagInput!, $b: CreateTagInput!, $c: CreateTagInput!) "
        "{ a: createTag(input: $a) { ...T } b: createTag(input: $b) { ...T } c: createTag(input: $c) { ...T } } "
        "fragment T on CreateTagResult { __typename ... on CreateTagPayload { tag { id name } } }"
    )
    nation_id = gid("Nation", north.id)
    given = {
        name: {"nationId": nation_id, "name": name, "idempotencyKey": key}
        for name, key in (("a", "1"), ("b", None), ("c", "3"))
    }
    first = await api.ask(text, north.admin, **given)
    again = await api.ask(text, north.admin, **given)
    assert [again[name] == first[name] for name in ("a", "b", "c")] == [True, False, True]
    assert await tags_of(north) == ["a", "b", "c"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.integers(0, 3), min_size=1, max_size=10))
async def test_however_often_each_is_asked_for_it_is_as_if_each_were_asked_once(
    api: Api, world: World, asked: list[int]
) -> None:
    north = await world.nation("north")
    answers: dict[int, Any] = {}
    for number in asked:
        found = await make_tag(api, north, f"tag {number}", f"key {number}")
        assert answers.setdefault(number, found) == found
    assert await tags_of(north) == sorted(f"tag {number}" for number in set(asked))
