"""Matches: the link from a sender's profile to a receiver's, within one share."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.share import Share
from sharing.states import AmbiguityReason, MatchStage, MatchState
from sharing.visibility import Caller


class Match(Model):
    """What became of one profile that a share carries.

    A profile has one match per share that is not ENDED. ``evidence`` and ``candidates`` tell how it came about;
    ``out_of_step`` names fields left as they were by the first sync; ``email_base`` holds the addresses that both sides
    had after the last one; ``notes`` what could not be carried, and why; ``settled_at`` is when a sync last had
    something to note here, be it that a field travels which did not before. ``seen`` is what the last sync of an
    audience saw of the sender's fields: when each last changed.
    """

    id = fields.UUIDField(primary_key=True)
    share: fields.ForeignKeyRelation[Share] = fields.ForeignKeyField("models.Share", related_name="matches")
    share_id: UUID
    sender_profile_id = fields.UUIDField()
    receiver_profile_id = fields.UUIDField(null=True)
    state = fields.CharEnumField(MatchState, max_length=16)
    stage = fields.CharEnumField(MatchStage, max_length=16, null=True)
    score = fields.FloatField(null=True)
    ambiguity = fields.CharEnumField(AmbiguityReason, max_length=24, null=True)
    evidence = fields.JSONField[list[dict[str, Any]]](default=list)
    candidates = fields.JSONField[list[dict[str, Any]]](default=list)
    out_of_step = ArrayField("text", default=list)
    email_base = ArrayField("text", default=list)
    notes = fields.JSONField[list[dict[str, Any]]](default=list)
    seen = cast("fields.Field[dict[str, int] | None]", fields.JSONField(null=True))
    created_at = fields.DatetimeField()
    tried_at = fields.DatetimeField()
    first_synced_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "matches"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Match]:
        """The matches of the tag shares that the caller may see."""
        return cls.filter(share_id__in=Subquery(Share.of(caller).values("id")))

    @classmethod
    def of_audiences(cls, caller: Caller) -> QuerySet[Match]:
        """The matches of the audience shares that the caller may see."""
        return cls.filter(share_id__in=Subquery(Share.audiences_of(caller).values("id")))
