"""Ids that clients make for what they create."""

from __future__ import annotations

from asyncio import create_task, gather
from base64 import b64encode
from contextvars import copy_context
from typing import Any
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from tests.resolvers.asking import SCHEMA, Api, gid
from tests.resolvers.neighbours import everything
from tests.world import Nation, World

CREATES = {
    "Profile": ("createProfile", "profile", {"fields": {"firstName": "Ada"}}),
    "Tag": ("createTag", "tag", {"name": "members"}),
    "Automation": ("createAutomation", "automation", {"name": "moved", "field": "EMPLOYER"}),
    "Group": ("createGroup", "group", {"name": "members"}),
    "Segment": (
        "createSegment",
        "segment",
        {"name": "some", "criteria": {"clause": {"field": "LAST_NAME", "operator": "IS_BLANK"}}},
    ),
    "CustomField": ("createCustomField", "customField", {"slug": "size", "label": "Size", "kind": "TEXT"}),
}


async def create(api: Api, nation: Nation, kind: str, node_id: str | None, **besides: Any) -> dict[str, Any]:
    """Return what creating something answers the nation's admin."""
    mutation, _, given = CREATES[kind]
    given = {"nationId": gid("Nation", nation.id), "id": node_id, **given, **besides}
    found: dict[str, Any] = (await api.ask(text_of(kind), nation.admin, input=given))[mutation]
    return found


def text_of(kind: str) -> str:
    mutation, field, _ = CREATES[kind]
    name = mutation[0].upper() + mutation[1:]
    payload = f"{kind}Payload" if kind in ("CustomField", "Group", "Segment") else f"{name}Payload"
    return (
        f"mutation ($input: {name}Input!) {{ {mutation}(input: $input) {{ __typename "
        f"... on UserError {{ code message path }} ... on {payload} {{ {field} {{ id }} }} }} }}"
    )


@pytest.mark.parametrize("made", [uuid4, uuid7])
@pytest.mark.parametrize("kind", CREATES)
async def test_what_is_made_has_the_id_that_the_client_made(api: Api, world: World, kind: str, made: Any) -> None:
    north = await world.nation("north")
    node_id = gid(kind, made())
    found = await create(api, north, kind, node_id)
    assert found[CREATES[kind][1]] == {"id": node_id}


@pytest.mark.parametrize(
    "row",
    [
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",  # version 1: of a machine and a moment
        "886313e1-3b8a-5372-9b90-0c9aee199e5d",  # version 5: of a name
        "00000000-0000-0000-0000-000000000000",
        "3F2504E0-4F89-4D3A-9A0C-0305E82C3301",
        "3f2504e04f894d3a9a0c0305e82c3301",
        "7",
        "",
        "ada",
    ],
)
@pytest.mark.parametrize("kind", CREATES)
async def test_an_id_that_somebody_else_may_think_of_is_refused_and_nothing_made(
    api: Api, world: World, kind: str, row: str
) -> None:
    north = await world.nation("north")
    before = await everything()
    found = await create(api, north, kind, b64encode(f"{kind}:{row}".encode()).decode())
    assert (found["__typename"], found["path"]) == ("InvalidInputError", ["id"])
    assert await everything() == before


@pytest.mark.parametrize("kind", CREATES)
async def test_the_id_of_another_kind_is_refused(api: Api, world: World, kind: str) -> None:
    north = await world.nation("north")
    found = await create(api, north, kind, gid("Match", uuid4()))
    assert (found["code"], found["path"]) == ("INVALID_INPUT", ["id"])
    assert f"“{kind}:”" in found["message"]


@pytest.mark.parametrize("whose", ["the nation's own", "another nation's"])
@pytest.mark.parametrize("kind", CREATES)
async def test_an_id_that_is_taken_is_refused_alike_whoever_has_it(
    api: Api, world: World, kind: str, whose: str
) -> None:
    """And the thing that has it is neither told of nor touched."""
    north, south = await world.nations("north", "south")
    node_id = gid(kind, uuid4())
    await create(api, north if whose == "the nation's own" else south, kind, node_id)
    before = await everything()
    found = await create(api, north, kind, node_id)
    assert found == {
        "__typename": "InvalidInputError",
        "code": "ID_TAKEN",
        "message": "Something has this id already: make a new one.",
        "path": ["id"],
    }
    assert await everything() == before


@pytest.mark.parametrize("kind", CREATES)
async def test_of_two_who_make_the_same_id_at_once_one_gets_it_and_the_other_is_told_that_it_is_taken(
    api: Api, world: World, kind: str
) -> None:
    """Even where nothing else is alike: it is the id that is taken, not the name."""
    nations = await world.nations("north", "south")
    node_id, outside = gid(kind, uuid4()), copy_context()
    text, mutation = text_of(kind), CREATES[kind][0]

    async def made(nation: Nation) -> str:
        given = {"nationId": gid("Nation", nation.id), "id": node_id, **CREATES[kind][2]}
        context = api.context(nation.admin)
        result = await SCHEMA.execute(text, variable_values={"input": given}, context_value=context)
        assert result.errors is None
        found = result.data[mutation]  # type: ignore[index]
        return str(found.get("code", "made"))

    for _ in range(3):
        told = await gather(*(create_task(made(nation), context=outside.copy()) for nation in nations))
        assert sorted(told) in (["ID_TAKEN", "made"], ["ID_TAKEN", "ID_TAKEN"])


@pytest.mark.parametrize("kind", CREATES)
async def test_asked_again_under_its_key_it_is_the_same_thing_and_not_a_taken_id(
    api: Api, world: World, kind: str
) -> None:
    north = await world.nation("north")
    node_id = gid(kind, uuid4())
    first = await create(api, north, kind, node_id, idempotencyKey="1")
    assert await create(api, north, kind, node_id, idempotencyKey="1") == first
