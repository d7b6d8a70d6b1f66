"""Custom fields through the API: listed, made, changed, archived and restored."""

from tests.actions.networking import define, family, share_fields
from tests.resolvers.asking import Api, gid
from tests.world import World

FIELD = "id slug label kind options isArchived isShared"
LIST = f"query ($slug: String!, $archived: Boolean!) {{ nation(slug: $slug) {{ customFields(archived: $archived) {{ {FIELD} }} }} }}"
ANSWER = f"__typename ... on CustomFieldPayload {{ cursor customField {{ {FIELD} }} }} ... on UserError {{ code path message }}"
CREATE = f"mutation ($input: CreateCustomFieldInput!) {{ createCustomField(input: $input) {{ {ANSWER} }} }}"
UPDATE = f"mutation ($input: UpdateCustomFieldInput!) {{ updateCustomField(input: $input) {{ {ANSWER} }} }}"
ARCHIVE = f"mutation ($input: CustomFieldActionInput!) {{ archiveCustomField(input: $input) {{ {ANSWER} }} }}"
RESTORE = ARCHIVE.replace("archive", "restore")


async def listed(api: Api, nation, *, archived: bool = False):
    data = await api.ask(LIST, nation.member, slug=nation.slug, archived=archived)
    return data["nation"]["customFields"]


async def test_a_field_is_made_changed_archived_and_restored(api: Api, world: World):
    north = await world.nation("north")
    given = {"nationId": gid("Nation", north.id), "slug": "size", "label": " Size ", "kind": "CHOICE", "options": ["S"]}
    made = (await api.ask(CREATE, north.admin, input=given))["createCustomField"]
    field = made["customField"]
    assert made["cursor"]
    assert field == {
        "id": field["id"], "slug": "size", "label": "Size", "kind": "CHOICE", "options": ["S"], "isArchived": False,
        "isShared": False,
    }  # fmt: skip
    assert await listed(api, north) == [field]
    edit = {"customFieldId": field["id"], "label": "Shirt", "options": ["M", "S"]}
    changed = (await api.ask(UPDATE, north.admin, input=edit))["updateCustomField"]["customField"]
    assert changed == {**field, "label": "Shirt", "options": ["M", "S"]}
    named = {"customFieldId": field["id"]}
    gone = (await api.ask(ARCHIVE, north.admin, input=named))["archiveCustomField"]["customField"]
    assert gone == {**changed, "isArchived": True}
    assert await listed(api, north) == []
    assert await listed(api, north, archived=True) == [gone]
    back = (await api.ask(RESTORE, north.admin, input=named))["restoreCustomField"]
    assert back["customField"] == changed
    again = (await api.ask(RESTORE, north.admin, input=named))["restoreCustomField"]
    assert (again["customField"], again["cursor"]) == (changed, None)


async def test_refusals_come_as_data(api: Api, world: World):
    network, (hq, north) = await family(world, "hq", "north")
    own = gid("CustomField", await define(north, "own"))
    given = {"nationId": gid("Nation", north.id), "slug": "No", "label": "L", "kind": "TEXT"}
    found = (await api.ask(CREATE, north.admin, input=given))["createCustomField"]
    assert (found["__typename"], found["path"]) == ("InvalidInputError", ["slug"])
    found = (await api.ask(CREATE, north.member, input={**given, "slug": "ok"}))["createCustomField"]
    assert (found["__typename"], found["code"]) == ("ForbiddenError", "FORBIDDEN")
    for absent in (own, gid("CustomField", "00000000-0000-7000-8000-000000000000"), gid("Tag", north.id)):
        found = (await api.ask(ARCHIVE, hq.admin, input={"customFieldId": absent}))["archiveCustomField"]
        assert (found["__typename"], found["message"]) == ("NotFoundError", "There is no such custom field.")
    await share_fields(world, network, hq.admin)
    found = (await api.ask(ARCHIVE, north.admin, input={"customFieldId": own}))["archiveCustomField"]
    assert (found["__typename"], found["code"]) == ("ForbiddenError", "MANAGED_BY_HQ")


async def test_a_field_that_hq_shares_says_so(api: Api, world: World):
    network, (hq, north) = await family(world, "hq", "north")
    await define(hq, "size")
    await define(north, "own")
    await share_fields(world, network, hq.admin)
    for nation in (hq, north):
        assert [(field["slug"], field["isShared"]) for field in await listed(api, nation)] == [("size", True)]
    shown = [(field["slug"], field["isShared"]) for field in await listed(api, north, archived=True)]
    assert shown == [("own", False), ("size", True)]


async def test_a_field_is_a_node_of_its_nation_alone(api: Api, world: World):
    north, south = await world.nations("north", "south")
    node_id = gid("CustomField", await define(north, "size"))
    query = "query ($id: ID!) { node(id: $id) { ... on CustomField { slug } } }"
    assert await api.ask(query, north.member, id=node_id) == {"node": {"slug": "size"}}
    assert await api.ask(query, south.admin, id=node_id) == {"node": None}


async def test_subscribers_hear_of_it(api: Api, world: World):
    north = await world.nation("north")
    await north.person(first_name="Ann")
    query = "query ($slug: String!) { nation(slug: $slug) { cursor } }"
    cursor = (await api.ask(query, north.member, slug=north.slug))["nation"]["cursor"]
    await define(north, "size")
    document = """
    query ($nation: ID!, $after: EventCursor) {
      changes(nation: $nation, after: $after) {
        events { topic change { ... on NodeChanged { node { ... on CustomField { slug } } } } }
      }
    }
    """
    told = await api.ask(document, north.member, nation=gid("Nation", north.id), after=cursor)
    assert told["changes"]["events"] == [{"topic": "CUSTOM_FIELDS", "change": {"node": {"slug": "size"}}}]
