"""Field-change automations: what fires when a field of a profile changes, and the webhooks that tell of it."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.context import Info
from schema.enums import ProfileField
from schema.nodes import Node
from schema.paging import After, Before, Connection, First, Last, Page
from schema.repeats import RepeatableInput
from sharing.states import DeliveryState

FROM = "What the field must hold before, as text; an empty text is blank, null is anything."
TO = "What the field must hold afterwards, as text; an empty text is blank, null is anything."
CUSTOM = "The slug of the custom field; null for a field of the catalogue."


@strawberry.type(description="A webhook that an automation owes, or has sent. It is kept for 30 days once it is over.")
class WebhookDelivery(Node):
    """A webhook that an automation owes, or has sent."""

    row_id: strawberry.Private[UUID]
    profile_id: strawberry.ID = strawberry.field(description="The profile whose field changed, which may be gone.")
    delivery_state: DeliveryState = strawberry.field(description="How far it has come.")
    attempts: int = strawberry.field(description="How often it was tried, of ten times at most.")
    created_at: datetime = strawberry.field(description="When the field changed.")
    last_attempt_at: datetime | None = strawberry.field(description="When it was last tried; null for never.")
    last_status: int | None = strawberry.field(
        description="The HTTP status of the last answer; null where the last attempt got none."
    )
    last_error: str | None = strawberry.field(
        description="What went wrong the last time, with the beginning of the answer; null where nothing did."
    )
    next_attempt_at: datetime | None = strawberry.field(
        description="When it is tried next, at the earliest; null where it is over."
    )


@strawberry.type(
    description="What fires when people of the nation change a field of a profile in a certain way: it is told in the "
    "log and, where there is a URL, by a signed webhook. Only admins see automations."
)
class Automation(Node):
    """What fires when a field of a profile changes in a certain way."""

    row_id: strawberry.Private[UUID]
    name: str = strawberry.field(description="What it is called.")
    field: ProfileField = strawberry.field(description="The field; `CUSTOM_FIELDS` for a custom field.")
    custom_field: str | None = strawberry.field(description=CUSTOM)
    field_is_gone: bool = strawberry.field(
        description="Whether its custom field is archived or deleted: it does not fire until that is restored."
    )
    from_value: str | None = strawberry.field(description=FROM)
    to_value: str | None = strawberry.field(description=TO)
    enabled: bool = strawberry.field(description="Whether it fires.")
    webhook_url: str | None = strawberry.field(description="Where its webhooks go; null for nowhere.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @strawberry.field(description="Its webhooks, the latest first.")
    async def deliveries(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[WebhookDelivery]:
        """Its webhooks."""
        return await info.context.reads.deliveries(info, self, Page(first, after, last, before))


@strawberry.input(description="An automation to be made, about exactly one of field and customField.")
class CreateAutomationInput(RepeatableInput):
    """An automation to be made."""

    id: strawberry.ID | None = strawberry.field(
        default=None, description="The id that it is to have, made as those of profiles may be; null has one made."
    )
    nation_id: strawberry.ID = strawberry.field(description="The nation whose profiles it watches.")
    name: str = strawberry.field(description="What it is called.")
    field: ProfileField | None = strawberry.field(
        default=None, description="A field of the catalogue; `CUSTOM_FIELDS` is none: see `customField`."
    )
    custom_field: str | None = strawberry.field(default=None, description="The slug of a custom field.")
    from_value: str | None = strawberry.field(default=None, description=FROM)
    to_value: str | None = strawberry.field(default=None, description=TO)
    enabled: bool = strawberry.field(default=True, description="Whether it fires.")
    webhook_url: str | None = strawberry.field(
        default=None, description="Where its webhooks go, by https and over the internet; null for nowhere."
    )


@strawberry.input(description="An edit of an automation. What is left out or null stays as it is; its field does.")
class UpdateAutomationInput(RepeatableInput):
    """An edit of an automation."""

    automation_id: strawberry.ID = strawberry.field(description="The automation.")
    name: str | None = strawberry.field(default=None, description="What it is called from now on.")
    from_value: str | None = strawberry.field(
        default=None, description="What the field must hold before; an empty text is blank."
    )
    from_anything: bool = strawberry.field(
        default=False, description="Whether the field may hold anything before; `fromValue` is left out then."
    )
    to_value: str | None = strawberry.field(
        default=None, description="What the field must hold afterwards; an empty text is blank."
    )
    to_anything: bool = strawberry.field(
        default=False, description="Whether the field may hold anything afterwards; `toValue` is left out then."
    )
    enabled: bool | None = strawberry.field(default=None, description="Whether it fires from now on.")
    webhook_url: str | None = strawberry.field(
        default=None,
        description="Where its webhooks go from now on, those that are owed among them; an empty text is nowhere, and "
        "gives up those that are owed.",
    )


@strawberry.input(description="An automation to do something to.")
class AutomationActionInput(RepeatableInput):
    """An automation to do something to."""

    automation_id: strawberry.ID = strawberry.field(description="The automation.")


@strawberry.input(description="A webhook to try again.")
class RetryWebhookDeliveryInput(RepeatableInput):
    """A webhook to try again."""

    delivery_id: strawberry.ID = strawberry.field(description="The delivery.")
