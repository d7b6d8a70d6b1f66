"""Automations: listed, made, changed and deleted; their secrets rotated, their webhooks tried again."""

from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from actions.automations import (
    Changes,
    Watch,
    create_automation,
    delete_automation,
    retry_webhook_delivery,
    rotate_automation_secret,
    update_automation,
)
from actions.destinations import Destination, check_destination
from actions.rights import require_in
from models.automation import Automation as AutomationRow
from models.automation import WebhookDelivery as DeliveryRow
from resolvers.automation_rows import AUTOMATION_COLUMNS, DELIVERY_COLUMNS
from resolvers.context import Info
from resolvers.ids import encode, new_uuid, number_of, uuid_of
from resolvers.keyset import Ordering, connect, read_slice
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.automating import (
    CreateAutomationPayload,
    CreateAutomationResult,
    DeleteAutomationPayload,
    DeleteAutomationResult,
    RetryWebhookDeliveryPayload,
    RetryWebhookDeliveryResult,
    RotateAutomationSecretPayload,
    RotateAutomationSecretResult,
    UpdateAutomationPayload,
    UpdateAutomationResult,
)
from schema.automations import (
    Automation,
    AutomationActionInput,
    CreateAutomationInput,
    RetryWebhookDeliveryInput,
    UpdateAutomationInput,
    WebhookDelivery,
)
from schema.context import Info as ReadInfo
from schema.nations import Nation
from schema.paging import Connection, Page
from sharing.visibility import Deed, role_may

BY_NAME = Ordering("automations", (("name", str), ("id", UUID)))
LATEST = Ordering("webhook deliveries", descending=True)

Which: TypeAlias = Annotated[AutomationActionInput, strawberry.argument(description="Which.")]


class AutomationReads(Reading):
    """Automations, and their webhooks."""

    async def automations(self, info: ReadInfo, nation: Nation, page: Page) -> Connection[Automation] | None:
        """The automations of a nation, by name; None for whoever may not change them."""
        role = self.caller.roles.get(nation.number)
        if role is None or not role_may(role, Deed.EDIT_AUTOMATIONS):
            return None
        selection = Selection.below(info)
        part = self.window(page, BY_NAME, nation.number)
        source = AutomationRow.of(self.caller).filter(nation_id=nation.number)
        found = await read_slice(source, part, AUTOMATION_COLUMNS, selection)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_automations)

    async def deliveries(self, info: ReadInfo, automation: Automation, page: Page) -> Connection[WebhookDelivery]:
        """The webhooks of an automation, the latest first."""
        selection = Selection.below(info)
        part = self.window(page, LATEST, automation.row_id)
        source = DeliveryRow.of(self.caller).filter(automation_id=automation.row_id)
        found = await read_slice(source, part, DELIVERY_COLUMNS, selection)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_deliveries)


async def _secret(info: Info, automation_id: UUID, version: int) -> str | None:
    """A secret of an automation, as long as it is the one that signs, for whoever may change the automation."""
    rows = AutomationRow.of(info.context.caller).filter(id=automation_id, secret_version=version)
    row = await rows.first()
    return row.secret if row else None


@strawberry.type
class AutomationMutations:
    """Edits of automations."""

    @strawberry.mutation(
        description="Make an automation. The secret that signs its webhooks is shown now and never again."
    )
    async def create_automation(
        self, info: Info, input: Annotated[CreateAutomationInput, strawberry.argument(description="What to make.")]
    ) -> CreateAutomationResult:
        """Make an automation."""
        context = info.context
        nation_id, chosen = number_of("Nation", input.nation_id, "nationId"), new_uuid("Automation", input.id, "id")
        destination = Destination()
        if input.webhook_url is not None:
            await require_in(context.caller, nation_id, Deed.EDIT_AUTOMATIONS)  # before anything is looked up for it
            destination = await check_destination(input.webhook_url, anywhere=context.webhooks_anywhere)
        watch = Watch(input.field and input.field.value, input.custom_field, input.from_value, input.to_value)
        done = await context.write(
            create_automation,
            nation_id,
            input.name,
            watch,
            destination,
            enabled=input.enabled,
            automation_id=chosen,
        )
        return CreateAutomationPayload(
            automation=await context.loaders.automation_row(done.result),
            secret=await _secret(info, done.result, 1),
            cursor=context.cursor(done, *done.positions),
        )

    @strawberry.mutation(description="Change an automation.")
    async def update_automation(
        self, info: Info, input: Annotated[UpdateAutomationInput, strawberry.argument(description="Which, and how.")]
    ) -> UpdateAutomationResult:
        """Change an automation."""
        context, automation_id = info.context, uuid_of("Automation", input.automation_id, "automationId")
        destination = None
        if input.webhook_url is not None and await AutomationRow.of(context.caller).filter(id=automation_id).exists():
            destination = await check_destination(input.webhook_url, anywhere=context.webhooks_anywhere)
        changes = Changes(
            name=input.name,
            before=input.from_value,
            from_anything=input.from_anything,
            after=input.to_value,
            to_anything=input.to_anything,
            enabled=input.enabled,
            destination=destination,
        )
        done = await context.write(update_automation, automation_id, changes)
        automation = await context.loaders.automation_row(done.result)
        return UpdateAutomationPayload(automation=automation, cursor=context.cursor(done, *done.positions))

    @strawberry.mutation(description="Delete an automation, with its webhooks: those that are owed are not sent.")
    async def delete_automation(self, info: Info, input: Which) -> DeleteAutomationResult:
        """Delete an automation."""
        context, automation_id = info.context, uuid_of("Automation", input.automation_id, "automationId")
        done = await context.write(delete_automation, automation_id)
        deleted = encode("Automation", automation_id)
        return DeleteAutomationPayload(deleted_automation_id=deleted, cursor=context.cursor(done, *done.positions))

    @strawberry.mutation(
        description="Give an automation another secret, shown now and never again. For a day the one before signs "
        "beside it."
    )
    async def rotate_automation_secret(self, info: Info, input: Which) -> RotateAutomationSecretResult:
        """Give an automation another secret."""
        context, automation_id = info.context, uuid_of("Automation", input.automation_id, "automationId")
        done = await context.write(rotate_automation_secret, automation_id)
        return RotateAutomationSecretPayload(
            automation=await context.loaders.automation_row(automation_id),
            secret=await _secret(info, automation_id, done.result),
            cursor=context.cursor(done, *done.positions),
        )

    @strawberry.mutation(
        description="Try a webhook again that was given up, or not wait with one that is still tried. Ten attempts "
        "follow if need be."
    )
    async def retry_webhook_delivery(
        self, info: Info, input: Annotated[RetryWebhookDeliveryInput, strawberry.argument(description="Which.")]
    ) -> RetryWebhookDeliveryResult:
        """Try a webhook again."""
        context = info.context
        done = await context.write(retry_webhook_delivery, uuid_of("WebhookDelivery", input.delivery_id, "deliveryId"))
        delivery = await context.loaders.delivery_row(done.result)
        return RetryWebhookDeliveryPayload(delivery=delivery, cursor=context.cursor(done, *done.positions))
