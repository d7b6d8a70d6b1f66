"""Custom fields: what a nation adds to the catalogue for itself."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from sharing.customs import CustomKind
from sharing.visibility import Caller


class CustomField(Model):
    """A field that a nation defined. Its slug and kind never change once made; the values stand on the profiles."""

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField("models.Nation", related_name="custom_fields")
    nation_id: int
    slug = fields.CharField(max_length=63)
    label = fields.TextField()
    kind = fields.CharEnumField(CustomKind, max_length=16)
    options = ArrayField("text", default=list)
    created_at = fields.DatetimeField(auto_now_add=True)
    archived_at = fields.DatetimeField(null=True)
    locked_by_id: UUID | None = fields.UUIDField(null=True)

    class Meta:
        """Where it is stored."""

        table = "custom_fields"
        unique_together = (("nation", "slug"),)

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[CustomField]:
        """The custom fields of the nations that the caller belongs to, archived ones included."""
        return cls.filter(nation_id__in=list(caller.nations))
