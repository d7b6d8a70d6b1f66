"""Segments through the API: tried, saved, read back, and who is in them by pages."""

from __future__ import annotations

from typing import Any

from tests.resolvers.asking import Api, gid
from tests.world import Nation, World

PART = "place parent join field component customField attribute operator values days caseSensitive"
SEGMENT = (
    f"id name version archivedAt count criteria {{ {PART} }} profiles {{ totalCount edges {{ node {{ firstName }} }} }}"
)
ERRORS = "... on UserError { code message path } ... on InvalidInputError { problems { path message } }"
CREATE = f"""mutation ($input: CreateSegmentInput!) {{ createSegment(input: $input) {{
  __typename ... on SegmentPayload {{ cursor segment {{ {SEGMENT} }} }} {ERRORS}
}} }}"""
UPDATE = f"""mutation ($input: UpdateSegmentInput!) {{ updateSegment(input: $input) {{
  __typename ... on SegmentPayload {{ segment {{ {SEGMENT} }} }} {ERRORS}
}} }}"""
ACT = """mutation ($input: SegmentActionInput!) { %s(input: $input) {
  __typename ... on SegmentPayload { segment { archivedAt } } ... on UserError { code message path }
} }"""
PREVIEW = """query ($slug: String!, $criteria: SegmentCriterionInput!, $first: Int, $after: String) { nation(slug: $slug) {
  segmentPreview(criteria: $criteria) { count profiles(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { firstName } }
  } }
} }"""
LIST = """query ($slug: String!, $archived: Boolean!) { nation(slug: $slug) {
  segments(archived: $archived) { edges { node { name } } }
} }"""


def equals(field: str, value: str) -> dict[str, Any]:
    return {"clause": {"field": field, "operator": "EQUALS", "values": [value]}}


def names(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["firstName"] for edge in connection["edges"]]


async def test_criteria_are_tried_before_they_are_saved_and_pages_go_on(api: Api, world: World) -> None:
    north = await world.nation("north")
    for name in ("Ada", "Bo", "Cy", "Di", "Ed"):
        await north.person(first_name=name, occupation="Baker" if name != "Cy" else "Smith")
    asked = {"slug": north.slug, "criteria": equals("OCCUPATION", "baker"), "first": 3}
    first = (await api.ask(PREVIEW, north.admin, **asked))["nation"]["segmentPreview"]
    assert (first["count"], first["profiles"]["totalCount"], names(first["profiles"])) == (4, 4, ["Ada", "Bo", "Di"])
    assert first["profiles"]["pageInfo"]["hasNextPage"] is True
    cursor = first["profiles"]["pageInfo"]["endCursor"]
    rest = (await api.ask(PREVIEW, north.admin, **asked, after=cursor))["nation"]["segmentPreview"]["profiles"]
    assert (names(rest), rest["pageInfo"]["hasNextPage"]) == (["Ed"], False)
    other = {**asked, "criteria": equals("OCCUPATION", "smith"), "after": cursor}
    assert (await api.refused(PREVIEW, north.admin, **other))[0][0] == "BAD_USER_INPUT"


async def test_a_preview_that_cannot_be_names_the_clause_that_is_wrong(api: Api, world: World) -> None:
    north = await world.nation("north")
    criteria = {"all": [equals("LAST_NAME", "Arc"), equals("BIRTHDATE", "soon")]}
    answer = await api.answer(PREVIEW, north.admin, slug=north.slug, criteria=criteria)
    assert answer.errors[0].extensions["path"] == ["criteria", "all", "1", "clause", "values", "0"]


async def saved(api: Api, nation: Nation, criteria: dict[str, Any], name: str = "some") -> dict[str, Any]:
    given = {"nationId": gid("Nation", nation.id), "name": name, "criteria": criteria}
    found: dict[str, Any] = (await api.ask(CREATE, nation.admin, input=given))["createSegment"]
    return found


async def test_a_segment_is_saved_and_read_back_part_by_part(api: Api, world: World) -> None:
    north = await world.nation("north")
    ada, _ = await north.person(first_name="Ada", home_address={"city": "Oslo"}), await north.person(first_name="Bo")
    tag = await north.tag("board", [ada])
    tagged = {"clause": {"attribute": "TAG", "operator": "IN", "values": [gid("Tag", tag)]}}
    city = {
        "field": "HOME_ADDRESS",
        "component": "city",
        "operator": "CONTAINS",
        "values": ["osl"],
        "caseSensitive": False,
    }
    made = await saved(api, north, {"all": [tagged, {"not": {"not": {"clause": city}}}]})
    segment = made["segment"]
    assert made["cursor"]
    assert (segment["count"], names(segment["profiles"]), segment["version"]) == (1, ["Ada"], 1)
    told = [(part["place"], part["parent"], part["join"]) for part in segment["criteria"]]
    assert told == [(0, None, "ALL"), (1, 0, "CLAUSE"), (2, 0, "NOT"), (3, 2, "NOT"), (4, 3, "CLAUSE")]
    assert segment["criteria"][1]["values"] == [gid("Tag", tag)]
    last = segment["criteria"][4]
    assert {key: last[key] for key in city} == city


async def test_a_segment_asks_for_groups_by_their_ids(api: Api, world: World) -> None:
    north = await world.nation("north")
    ada, _ = await north.person(first_name="Ada"), await north.person(first_name="Bo")
    group = gid("Group", await north.group("choir", [ada]))
    for operator, held in (("EQUALS", ["Ada"]), ("NOT_EQUALS", ["Bo"])):
        criteria = {"clause": {"attribute": "GROUP", "operator": operator, "values": [group]}}
        segment = (await saved(api, north, criteria, operator))["segment"]
        assert (names(segment["profiles"]), segment["criteria"][0]["values"]) == (held, [group])


async def test_who_is_in_it_follows_from_edits(api: Api, world: World) -> None:
    north = await world.nation("north")
    ada = await north.person(first_name="Ada", occupation="Baker")
    segment = (await saved(api, north, equals("OCCUPATION", "Baker")))["segment"]
    text = "query ($id: ID!) { node(id: $id) { ... on Segment { count profiles { edges { node { firstName } } } } } }"
    await north.edit(ada, occupation="Smith")
    assert (await api.ask(text, north.admin, id=segment["id"]))["node"] == {"count": 0, "profiles": {"edges": []}}


async def test_a_segment_whose_field_was_archived_says_so(api: Api, world: World) -> None:
    north = await world.nation("north")
    await north.define("shirt")
    segment = (await saved(api, north, {"clause": {"customField": "shirt", "operator": "IS_BLANK"}}))["segment"]
    field = "mutation ($input: CustomFieldActionInput!) { archiveCustomField(input: $input) { __typename } }"
    fields = await api.ask(
        "query ($slug: String!) { nation(slug: $slug) { customFields { id } } }", north.admin, slug=north.slug
    )
    await api.ask(field, north.admin, input={"customFieldId": fields["nation"]["customFields"][0]["id"]})
    (told,) = await api.refused(
        "query ($id: ID!) { node(id: $id) { ... on Segment { count } } }", north.admin, id=segment["id"]
    )
    assert told[0] == "BAD_USER_INPUT"
    assert "is archived: restore it" in told[1]


async def test_a_segment_is_edited_archived_listed_apart_and_restored(api: Api, world: World) -> None:
    north = await world.nation("north")
    segment = (await saved(api, north, equals("LAST_NAME", "Arc")))["segment"]
    given = {"segmentId": segment["id"], "name": "others", "criteria": equals("LAST_NAME", "Bow"), "expectedVersion": 1}
    edited = (await api.ask(UPDATE, north.admin, input=given))["updateSegment"]["segment"]
    assert (edited["name"], edited["criteria"][0]["values"], edited["version"]) == ("others", ["Bow"], 2)
    stale = (await api.ask(UPDATE, north.admin, input=given))["updateSegment"]
    assert (stale["__typename"], stale["path"]) == ("StaleVersionError", ["expectedVersion"])
    acted = {"segmentId": segment["id"]}
    gone = (await api.ask(ACT % "archiveSegment", north.admin, input=acted))["archiveSegment"]["segment"]
    assert gone["archivedAt"] is not None
    for archived, shown in ((True, ["others"]), (False, [])):
        found = await api.ask(LIST, north.admin, slug=north.slug, archived=archived)
        assert [edge["node"]["name"] for edge in found["nation"]["segments"]["edges"]] == shown
    back = (await api.ask(ACT % "restoreSegment", north.admin, input=acted))["restoreSegment"]["segment"]
    assert back == {"archivedAt": None}


async def test_ten_thousand_clauses_are_refused_and_nothing_saved(api: Api, world: World) -> None:
    north = await world.nation("north")
    for criteria in ({"any": [equals("LAST_NAME", "Arc")] * 10_000}, {"any": [{"any": []}] * 10_000}):
        found = await saved(api, north, criteria)
        assert (found["__typename"], found["path"]) == ("InvalidInputError", ["criteria"])
        assert "more than 200 conditions" in found["message"]
    assert (await api.ask(LIST, north.admin, slug=north.slug, archived=False))["nation"]["segments"]["edges"] == []
