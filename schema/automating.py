"""What writes to automations answer."""

from typing import Annotated, TypeAlias

import strawberry

from schema.automations import Automation, WebhookDelivery
from schema.errors import ForbiddenError, InvalidInputError, NotFoundError
from schema.payloads import WritePayload

SHOWN_ONCE = (
    "The secret that signs its webhooks, `whsec_…`: keep it, it is not shown again. Null where this was asked for "
    "again under the same key, and the secret has been rotated since."
)


@strawberry.type(description="The automation was made.")
class CreateAutomationPayload(WritePayload):
    """The automation was made."""

    automation: Automation | None = strawberry.field(description="The automation; null where it is gone again.")
    secret: str | None = strawberry.field(description=SHOWN_ONCE)


@strawberry.type(description="The automation was changed.")
class UpdateAutomationPayload(WritePayload):
    """The automation was changed."""

    automation: Automation | None = strawberry.field(
        description="The automation as it is now; null where it is gone since."
    )


@strawberry.type(description="The automation was deleted, with the webhooks that it owed.")
class DeleteAutomationPayload(WritePayload):
    """The automation was deleted."""

    deleted_automation_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The automation has another secret. For a day the one before signs beside it.")
class RotateAutomationSecretPayload(WritePayload):
    """The automation has another secret."""

    automation: Automation | None = strawberry.field(
        description="The automation as it is now; null where it is gone since."
    )
    secret: str | None = strawberry.field(description=SHOWN_ONCE)


@strawberry.type(description="The webhook is tried again, ten times if need be.")
class RetryWebhookDeliveryPayload(WritePayload):
    """The webhook is tried again."""

    delivery: WebhookDelivery | None = strawberry.field(
        description="The delivery as it is now; null where it is gone since."
    )


CreateAutomationResult: TypeAlias = Annotated[
    CreateAutomationPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("CreateAutomationResult", description="The automation was made, or not."),
]
UpdateAutomationResult: TypeAlias = Annotated[
    UpdateAutomationPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("UpdateAutomationResult", description="The automation was changed, or not."),
]
DeleteAutomationResult: TypeAlias = Annotated[
    DeleteAutomationPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("DeleteAutomationResult", description="The automation was deleted, or not."),
]
RotateAutomationSecretResult: TypeAlias = Annotated[
    RotateAutomationSecretPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("RotateAutomationSecretResult", description="The automation has another secret, or not."),
]
RetryWebhookDeliveryResult: TypeAlias = Annotated[
    RetryWebhookDeliveryPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("RetryWebhookDeliveryResult", description="The webhook is tried again, or not."),
]
