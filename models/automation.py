"""Field-change automations, and the webhooks that are on their way because of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from sharing.states import DeliveryState
from sharing.visibility import Caller, Deed, role_may


class Automation(Model):
    """What happens when a field of a profile changes in a certain way. Blank is an empty text, null is whatever."""

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField("models.Nation", related_name="automations")
    nation_id: int
    name = fields.TextField()
    field = fields.TextField()
    from_value: str | None = fields.TextField(null=True)
    to_value: str | None = fields.TextField(null=True)
    enabled = fields.BooleanField(default=True)
    webhook_url: str | None = fields.TextField(null=True)
    secret = fields.TextField()
    secret_version = fields.IntField(default=1)
    former_secret: str | None = fields.TextField(null=True)
    rotated_at: datetime | None = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        """Where it is stored."""

        table = "automations"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Automation]:
        """The automations of the nations in which the caller may change them: nobody else is shown where they lead."""
        return cls.filter(nation_id__in=_governed(caller))


class WebhookDelivery(Model):
    """A webhook that is owed: written with the change that it tells of, kept until it is delivered or given up."""

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField("models.Nation", related_name="deliveries")
    nation_id: int
    automation: fields.ForeignKeyRelation[Automation] = fields.ForeignKeyField(
        "models.Automation", related_name="deliveries"
    )
    automation_id: UUID
    profile_id = fields.UUIDField()
    field = fields.TextField()
    from_value: str | None = fields.TextField(null=True)
    to_value: str | None = fields.TextField(null=True)
    state = fields.CharEnumField(DeliveryState, max_length=16)
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    next_attempt_at: datetime | None = fields.DatetimeField(null=True)
    last_attempt_at: datetime | None = fields.DatetimeField(null=True)
    last_status: int | None = fields.IntField(null=True)
    last_error: str | None = fields.TextField(null=True)

    class Meta:
        """Where it is stored."""

        table = "webhook_deliveries"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[WebhookDelivery]:
        """The deliveries of the automations that the caller is shown."""
        return cls.filter(nation_id__in=_governed(caller))


def _governed(caller: Caller) -> list[int]:
    return [nation_id for nation_id, role in caller.roles.items() if role_may(role, Deed.EDIT_AUTOMATIONS)]
