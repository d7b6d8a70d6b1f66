"""Nations: the tenants."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.network import Network
from sharing.visibility import Caller, Plan


class Nation(Model):
    """One tenant: its people, tags and users live in it and nowhere else.

    ``country`` is the ISO 3166 code by which phones and postcodes written without a country are read.
    """

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=63, unique=True)
    name = fields.TextField()
    plan = fields.CharEnumField(Plan, max_length=16)
    network: fields.ForeignKeyNullableRelation[Network] = fields.ForeignKeyField(
        "models.Network", related_name="nations", null=True, on_delete=fields.RESTRICT
    )
    network_id: int | None
    voters_enabled = fields.BooleanField(default=False)
    auto_districting = fields.BooleanField(default=False)
    country = fields.CharField(max_length=2, default="US")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """Where it is stored."""

        table = "nations"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Nation]:
        """The nations that the caller belongs to."""
        return cls.filter(id__in=list(caller.nations))
