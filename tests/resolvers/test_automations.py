"""Automations through the API: made, listed, changed, deleted by admins; heard live by all; their webhooks told and tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from models.automation import Automation, WebhookDelivery
from models.custom_field import CustomField
from resolvers.positions import cursor_at
from sharing.customs import CustomKind
from sharing.states import DeliveryState
from sharing.visibility import Caller
from tests.resolvers.asking import SEAL, Api, gid, uuid_in
from tests.tables import position
from tests.world import Nation, World

SHOWN = "id name field customField fieldIsGone fromValue toValue enabled webhookUrl createdAt updatedAt"
OWED = "id profileId deliveryState attempts lastStatus lastError lastAttemptAt nextAttemptAt createdAt"
ERRORS = "... on UserError { code message path }"
LIST = f"""query ($slug: String!, $first: Int, $after: String) {{ nation(slug: $slug) {{
  automations(first: $first, after: $after) {{
    totalCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {SHOWN} deliveries {{ edges {{ node {{ {OWED} }} }} }} }} }}
  }}
}} }}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Automation {{ {SHOWN} }} ... on WebhookDelivery {{ {OWED} }} }} }}"
CHANGES = """query ($nation: ID!, $after: EventCursor!) { changes(nation: $nation, after: $after) { events { topic change {
  __typename
  ... on AutomationFired { automationId profileId field customField profile { firstName } }
  ... on NodeChanged { node { id } } ... on NodeDeleted { deletedId }
} } } }"""
FIELDS = {
    "createAutomation": f"automation {{ {SHOWN} }} secret",
    "updateAutomation": f"automation {{ {SHOWN} }}",
    "deleteAutomation": "deletedAutomationId",
    "rotateAutomationSecret": "automation { id } secret",
    "retryWebhookDelivery": f"delivery {{ {OWED} }}",
}
ACTIONS = ("deleteAutomation", "rotateAutomationSecret")
HOOK = "https://1.1.1.1/hook"


@pytest.fixture
async def north(world: World) -> Nation:
    """Return a nation."""
    return await world.nation("north")


async def act(api: Api, caller: Caller, mutation: str, **given: Any) -> dict[str, Any]:
    """Return what a mutation answers."""
    name = mutation[0].upper() + mutation[1:]
    kind = "AutomationActionInput" if mutation in ACTIONS else f"{name}Input"
    text = f"""mutation ($input: {kind}!) {{ {mutation}(input: $input) {{
      __typename ... on {name}Payload {{ cursor {FIELDS[mutation]} }} {ERRORS} }} }}"""
    found: dict[str, Any] = (await api.ask(text, caller, input=given))[mutation]
    return found


async def create(api: Api, nation: Nation, **given: Any) -> dict[str, Any]:
    """Return what making an automation answers the nation's admin."""
    given = {"nationId": gid("Nation", nation.id), "name": "moved", **given}
    return await act(api, nation.admin, "createAutomation", **given)


async def listed(api: Api, nation: Nation, caller: Caller | None = None, **given: Any) -> Any:
    """Return the list of automations as somebody is shown it."""
    found = await api.ask(LIST, caller or nation.admin, slug=nation.slug, **given)
    return found["nation"]["automations"]


async def test_an_automation_is_made_shown_and_its_secret_told_once(api: Api, north: Nation) -> None:
    made = await create(api, north, field="BIRTHDATE", fromValue="", toValue="12/31/1980", webhookUrl=HOOK)
    shown = made["automation"]
    assert made["cursor"]
    assert made["secret"].startswith("whsec_")
    assert {key: shown[key] for key in ("name", "field", "customField", "fromValue", "toValue", "enabled", "webhookUrl")} == {
        "name": "moved", "field": "BIRTHDATE", "customField": None, "fromValue": "", "toValue": "1980-12-31",
        "enabled": True, "webhookUrl": HOOK,
    }  # fmt: skip
    assert (await api.ask(NODE, north.admin, id=shown["id"]))["node"] == shown
    answers = [str(await api.ask(NODE, north.admin, id=shown["id"])), str(await listed(api, north))]
    assert made["secret"] not in " ".join(answers)


async def test_a_secret_is_told_again_under_its_key_until_it_is_rotated(api: Api, north: Nation) -> None:
    given = {"field": "EMPLOYER", "idempotencyKey": "one"}
    first, again = await create(api, north, **given), await create(api, north, **given)
    assert first == again
    automation = first["automation"]["id"]
    rotated = await act(api, north.admin, "rotateAutomationSecret", automationId=automation, idempotencyKey="two")
    assert rotated["secret"] not in (None, first["secret"])
    assert rotated == await act(
        api, north.admin, "rotateAutomationSecret", automationId=automation, idempotencyKey="two"
    )
    assert (await create(api, north, **given))["secret"] is None
    assert await Automation.filter(nation_id=north.id).count() == 1
    demoted = Caller(token_id=north.admin.token_id, roles=north.member.roles)
    told = await act(api, demoted, "rotateAutomationSecret", automationId=automation, idempotencyKey="two")
    assert (told["automation"], told["secret"]) == (None, None)


async def test_automations_are_listed_by_name_and_by_pages_for_admins_alone(api: Api, north: Nation) -> None:
    for name in ("c", "a", "b"):
        await create(api, north, name=name, field="EMPLOYER")
    first = await listed(api, north, first=2)
    assert [edge["node"]["name"] for edge in first["edges"]] == ["a", "b"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await listed(api, north, after=first["pageInfo"]["endCursor"])
    assert [edge["node"]["name"] for edge in rest["edges"]] == ["c"]
    assert await listed(api, north, north.member) is None
    assert (await api.ask(NODE, north.member, id=first["edges"][0]["node"]["id"]))["node"] is None


async def test_an_edit_changes_what_it_names(api: Api, north: Nation) -> None:
    made = (await create(api, north, field="EMPLOYER", fromValue="Mill", webhookUrl=HOOK))["automation"]
    edit = {"automationId": made["id"], "toValue": "", "fromAnything": True, "enabled": False, "webhookUrl": ""}
    changed = (await act(api, north.admin, "updateAutomation", **edit))["automation"]
    assert changed == {
        **made, "fromValue": None, "toValue": "", "enabled": False, "webhookUrl": None, "updatedAt": changed["updatedAt"],
    }  # fmt: skip
    gone = await act(api, north.admin, "deleteAutomation", automationId=made["id"])
    assert gone["deletedAutomationId"] == made["id"]
    assert (await api.ask(NODE, north.admin, id=made["id"]))["node"] is None


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, ["field"]),
        ({"field": "EMPLOYER", "customField": "size"}, ["field"]),
        ({"field": "CUSTOM_FIELDS"}, ["field"]),
        ({"customField": "gone"}, ["customField"]),
        ({"field": "SUPPORT_LEVEL", "fromValue": "9"}, ["fromValue"]),
        ({"field": "HOME_ADDRESS", "toValue": "Oslo"}, ["toValue"]),
        ({"field": "EMPLOYER", "name": " "}, ["name"]),
        ({"field": "EMPLOYER", "webhookUrl": "http://1.1.1.1/"}, ["webhookUrl"]),
        ({"field": "EMPLOYER", "webhookUrl": "https://127.0.0.1/"}, ["webhookUrl"]),
        ({"field": "EMPLOYER", "webhookUrl": "https://[::1]/"}, ["webhookUrl"]),
        ({"field": "EMPLOYER", "webhookUrl": "https://10.0.0.1:8443/hook"}, ["webhookUrl"]),
        ({"field": "EMPLOYER", "webhookUrl": "https://169.254.169.254/latest"}, ["webhookUrl"]),
        ({"field": "EMPLOYER", "webhookUrl": "https://localhost/"}, ["webhookUrl"]),
        ({"field": "EMPLOYER", "webhookUrl": "https://2130706433/"}, ["webhookUrl"]),
        ({"field": "EMPLOYER", "webhookUrl": "https://0x7f.1/"}, ["webhookUrl"]),
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused_by_its_place_when_made_and_when_changed(
    api: Api, north: Nation, given: dict[str, Any], path: list[str]
) -> None:
    found = await create(api, north, **given)
    assert (found["__typename"], found["path"]) == ("InvalidInputError", path)
    assert not await Automation.exists(nation_id=north.id)
    if path == ["webhookUrl"]:
        made = (await create(api, north, field="EMPLOYER"))["automation"]
        edit = {"automationId": made["id"], "webhookUrl": given["webhookUrl"]}
        found = await act(api, north.admin, "updateAutomation", **edit)
        assert (found["__typename"], found["path"]) == ("InvalidInputError", path)
        assert (await api.ask(NODE, north.admin, id=made["id"]))["node"] == made


async def test_a_member_learns_nothing_of_urls(api: Api, north: Nation) -> None:
    """Nor has anything looked up."""
    given = {"nationId": gid("Nation", north.id), "name": "x", "field": "EMPLOYER", "webhookUrl": "https://127.0.0.1/"}
    assert (await act(api, north.member, "createAutomation", **given))["__typename"] == "ForbiddenError"
    made = (await create(api, north, field="EMPLOYER"))["automation"]
    edit = {"automationId": made["id"], "webhookUrl": "https://127.0.0.1/"}
    assert (await act(api, north.member, "updateAutomation", **edit))["__typename"] == "NotFoundError"


async def test_an_automation_says_that_its_field_is_gone(api: Api, north: Nation) -> None:
    await north.define("size", CustomKind.CHOICE, ["S", "M"])
    made = (await create(api, north, customField="size", toValue="m"))["automation"]
    assert (made["field"], made["customField"], made["toValue"], made["fieldIsGone"]) == (
        "CUSTOM_FIELDS",
        "size",
        "M",
        False,
    )
    await CustomField.filter(nation_id=north.id).update(archived_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (await api.ask(NODE, north.admin, id=made["id"]))["node"]["fieldIsGone"] is True
    await CustomField.filter(nation_id=north.id).delete()
    assert (await listed(api, north))["edges"][0]["node"]["fieldIsGone"] is True


async def test_a_firing_is_told_to_everybody_who_sees_the_profile(api: Api, north: Nation) -> None:
    await north.define("size")
    ann = await north.person(first_name="Ann", employer="Mill")
    automations = [
        (await create(api, north, **watch))["automation"]["id"]
        for watch in ({"field": "EMPLOYER"}, {"customField": "size"})
    ]
    start = cursor_at(SEAL, north.id, await position(north.id))
    await north.edit(ann, employer="Shop", **{"custom:size": "M"})
    asked = {"nation": gid("Nation", north.id), "after": start}
    fired = [
        {"__typename": "AutomationFired", "automationId": automations[0], "profileId": gid("Profile", ann),
         "field": "EMPLOYER", "customField": None, "profile": {"firstName": "Ann"}},
        {"__typename": "AutomationFired", "automationId": automations[1], "profileId": gid("Profile", ann),
         "field": "CUSTOM_FIELDS", "customField": "size", "profile": {"firstName": "Ann"}},
    ]  # fmt: skip
    for caller in (north.admin, north.member):
        events = (await api.ask(CHANGES, caller, **asked))["changes"]["events"]
        assert [event["topic"] for event in events] == ["PROFILES", "AUTOMATIONS", "AUTOMATIONS"]
        assert [event["change"] for event in events[1:]] == fired
    await north.delete(ann)
    events = (await api.ask(CHANGES, north.member, **asked))["changes"]["events"]
    gone = {"__typename": "NodeDeleted", "deletedId": gid("Profile", ann)}
    assert [event["change"] for event in events] == [gone] * 4


async def test_webhooks_are_listed_latest_first_and_tried_again_when_asked(api: Api, north: Nation) -> None:
    ann = await north.person(first_name="Ann", employer="Mill")
    made = (await create(api, north, field="EMPLOYER", webhookUrl=HOOK))["automation"]
    await north.edit(ann, employer="Shop")
    await north.edit(ann, employer="Farm")
    later, sooner = [edge["node"] for edge in (await listed(api, north))["edges"][0]["node"]["deliveries"]["edges"]]
    assert later["createdAt"] > sooner["createdAt"]
    assert {key: later[key] for key in ("profileId", "deliveryState", "attempts", "lastStatus", "lastError", "lastAttemptAt")} == {
        "profileId": gid("Profile", ann), "deliveryState": "PENDING", "attempts": 0,
        "lastStatus": None, "lastError": None, "lastAttemptAt": None,
    }  # fmt: skip
    over = WebhookDelivery.filter(id=uuid_in(sooner["id"]))
    await over.update(
        state=DeliveryState.GIVEN_UP, attempts=10, next_attempt_at=None, last_status=500, last_error="It answered 500"
    )
    shown = (await api.ask(NODE, north.admin, id=sooner["id"]))["node"]
    assert (shown["deliveryState"], shown["lastStatus"], shown["nextAttemptAt"]) == ("GIVEN_UP", 500, None)
    assert (await api.ask(NODE, north.member, id=sooner["id"]))["node"] is None
    north.world.post.jobs.clear()
    tried = (await act(api, north.admin, "retryWebhookDelivery", deliveryId=sooner["id"]))["delivery"]
    assert (tried["deliveryState"], tried["attempts"], tried["lastError"]) == ("PENDING", 0, "It answered 500")
    assert tried["nextAttemptAt"]
    assert [job.name for job in north.world.post.jobs] == ["deliver_webhooks"]
    await WebhookDelivery.filter(id=uuid_in(sooner["id"])).update(state=DeliveryState.DELIVERED, next_attempt_at=None)
    refused = await act(api, north.admin, "retryWebhookDelivery", deliveryId=sooner["id"])
    assert (refused["__typename"], refused["path"]) == ("InvalidInputError", ["deliveryId"])
    await act(api, north.admin, "updateAutomation", automationId=made["id"], webhookUrl="")
    refused = await act(api, north.admin, "retryWebhookDelivery", deliveryId=later["id"])
    assert (refused["__typename"], refused["path"]) == ("InvalidInputError", ["deliveryId"])
    for deed, given in (
        ("retryWebhookDelivery", later["id"]),
        ("retryWebhookDelivery", gid("WebhookDelivery", uuid4())),
    ):
        assert (await act(api, north.member, deed, deliveryId=given))["__typename"] == "NotFoundError"


async def test_a_list_takes_as_many_queries_however_long_it_is(api: Api, north: Nation) -> None:
    await north.define("size")
    await create(api, north, customField="size")
    text = f"query ($slug: String!) {{ nation(slug: $slug) {{ automations {{ edges {{ node {{ {SHOWN} }} }} }} }} }}"
    await api.ask(text, north.admin, slug=north.slug)
    few = len(api.statements)
    for number in range(5):
        await create(api, north, name=f"n{number}", customField="size")
    await api.ask(text, north.admin, slug=north.slug)
    assert len(api.statements) == few
