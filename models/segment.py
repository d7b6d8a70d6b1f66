"""Segments: saved filters over the profiles of a nation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from sharing.visibility import Caller


class Segment(Model):
    """A saved filter: who is in it follows from its criteria, which are kept as they were given, checked."""

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField("models.Nation", related_name="segments")
    nation_id: int
    name = fields.TextField()
    criteria: fields.Field[dict[str, Any]] = fields.JSONField()
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    archived_at = fields.DatetimeField(null=True)
    locked_by_id: UUID | None = fields.UUIDField(null=True)

    class Meta:
        """Where it is stored."""

        table = "segments"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Segment]:
        """The segments of the nations that the caller belongs to, archived ones included."""
        return cls.filter(nation_id__in=list(caller.nations))
