"""Conflicts: one field of one match on which both nations hold different values."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.expressions import Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.match import Match
from models.share import Share
from sharing.states import ConflictState
from sharing.visibility import Caller


class Conflict(Model):
    """Two values side by side, waiting for a person. ``field`` is a catalogue key, or ``custom:slug``."""

    id = fields.UUIDField(primary_key=True)
    match: fields.ForeignKeyRelation[Match] = fields.ForeignKeyField("models.Match", related_name="conflicts")
    match_id: UUID
    share_id = fields.UUIDField()
    field = fields.TextField()
    state = fields.CharEnumField(ConflictState, max_length=16)
    sender_value = fields.TextField(null=True)
    receiver_value = fields.TextField(null=True)
    sender_changed_at = fields.DatetimeField()
    receiver_changed_at = fields.DatetimeField()
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "conflicts"
        unique_together = (("match", "field"),)
        indexes = (("share_id", "state", "id"),)

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Conflict]:
        """The conflicts of the shares that the caller may see."""
        return cls.filter(share_id__in=Subquery(Share.of(caller).values("id")))
