"""Audiences: what a source nation shares with targets of its network, by rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from models.segment import Segment
from models.share import Share
from models.tag import Tag
from sharing.states import AudienceState
from sharing.visibility import Caller


class Audience(Model):
    """The rules of a source. Once active, each target has a share of kind AUDIENCE that carries out its part."""

    id = fields.UUIDField(primary_key=True)
    nation: fields.OneToOneRelation[Nation] = fields.OneToOneField("models.Nation", related_name="audience")
    nation_id: int
    state = fields.CharEnumField(AudienceState, max_length=16)
    rules: fields.Field[dict[str, Any]] = fields.JSONField()
    terms_version: str | None = fields.TextField(null=True)
    terms_accepted_at = fields.DatetimeField(null=True)
    terms_accepted_by: UUID | None = fields.UUIDField(null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        """Where it is stored."""

        table = "audiences"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Audience]:
        """The audiences of the nations that the caller belongs to."""
        return cls.filter(nation_id__in=list(caller.nations))


class AudienceSegment(Model):
    """A segment that a share carries: who is in it stands in a hidden tag of the target, which a segment there asks."""

    id = fields.BigIntField(primary_key=True)
    share: fields.ForeignKeyRelation[Share] = fields.ForeignKeyField("models.Share", related_name="segments")
    share_id: UUID
    segment: fields.ForeignKeyRelation[Segment] = fields.ForeignKeyField("models.Segment", related_name="carried")
    segment_id: UUID
    twin: fields.ForeignKeyRelation[Segment] = fields.ForeignKeyField("models.Segment", related_name="twins")
    twin_id: UUID
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag", related_name="audience_segments")
    tag_id: UUID

    class Meta:
        """Where it is stored."""

        table = "audience_segments"
        unique_together = (("share", "segment"),)

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[AudienceSegment]:
        """Those of the shares that a nation of the caller's sends or receives."""
        nations = list(caller.nations)
        return cls.filter(Q(share__sender_id__in=nations) | Q(share__receiver_id__in=nations))
