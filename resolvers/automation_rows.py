"""Automations and their webhooks, read in batches, for those who may change them."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Awaitable, Mapping, Sequence
from uuid import UUID

from models.automation import Automation as AutomationRow
from models.automation import WebhookDelivery as DeliveryRow
from resolvers.batches import Row
from resolvers.ids import encode
from resolvers.places import CustomFieldBatches
from resolvers.present import filled
from resolvers.selection import Selection
from schema.automations import Automation, WebhookDelivery
from schema.enums import ProfileField
from sharing.fields import CUSTOM_PREFIX
from sharing.states import DeliveryState

AUTOMATION_COLUMNS = (
    "id", "nation_id", "name", "field", "from_value", "to_value", "enabled", "webhook_url", "created_at", "updated_at",
)  # fmt: skip
DELIVERY_COLUMNS = (
    "id", "profile_id", "state", "attempts", "created_at", "last_attempt_at", "last_status", "last_error",
    "next_attempt_at",
)  # fmt: skip


def named_field(key: str) -> tuple[ProfileField, str | None]:
    """A field as the API names it: of the catalogue, or a custom one by its slug."""
    if key.startswith(CUSTOM_PREFIX):
        return ProfileField("custom_fields"), key.removeprefix(CUSTOM_PREFIX)
    return ProfileField(key), None


class AutomationBatches(CustomFieldBatches):
    """Automations and deliveries."""

    def automation_row(self, automation_id: UUID) -> Awaitable[Automation | None]:
        """An automation that the caller may change."""
        return self.load("automation", automation_id, self._read_automations)

    async def _read_automations(self, ids: list[UUID]) -> Mapping[UUID, Automation]:
        rows = await AutomationRow.of(self.caller).filter(id__in=ids).values(*AUTOMATION_COLUMNS)
        return {shown.row_id: shown for shown in await gather(*map(self._present, rows))}

    async def present_automations(self, rows: Sequence[Row], selection: Selection) -> list[Automation]:
        """Rows of automations, which are taken over."""
        return list(await gather(*map(self._present, rows)))

    async def _present(self, row: Row) -> Automation:
        row["row_id"], row["id"] = row["id"], encode("Automation", row["id"])
        row["field"], row["custom_field"] = named_field(row["field"])
        row["field_is_gone"] = False
        if row["custom_field"] is not None:
            fields = await self.custom_fields_of(row["nation_id"], archived=False)
            row["field_is_gone"] = row["custom_field"] not in {field.slug for field in fields}
        return filled(Automation, row)

    def delivery_row(self, delivery_id: UUID) -> Awaitable[WebhookDelivery | None]:
        """A delivery of an automation that the caller may change."""
        return self.load("delivery", delivery_id, self._read_deliveries)

    async def _read_deliveries(self, ids: list[UUID]) -> Mapping[UUID, WebhookDelivery]:
        rows = await DeliveryRow.of(self.caller).filter(id__in=ids).values(*DELIVERY_COLUMNS)
        return {row["id"]: _delivery(row) for row in rows}

    async def present_deliveries(self, rows: Sequence[Row], selection: Selection) -> list[WebhookDelivery]:
        """Rows of deliveries, which are taken over."""
        return [_delivery(row) for row in rows]


def _delivery(row: Row) -> WebhookDelivery:
    row["row_id"], row["id"] = row["id"], encode("WebhookDelivery", row["id"])
    row["profile_id"] = encode("Profile", row["profile_id"])
    row["delivery_state"] = DeliveryState(row["state"])
    return filled(WebhookDelivery, row)
