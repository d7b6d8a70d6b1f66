"""Shares: one sender, one receiver, one thing shared."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from models.tag import Tag
from sharing.lifecycle import RECEIVER_SEES, ShareStatus
from sharing.modes import SyncMode
from sharing.visibility import Caller, ShareKind


class Share(Model):
    """What one nation shares with another, on the sender's settings and the receiver's terms.

    The sender's settings (``sync_profiles`` to ``offer_new_profiles``) are asked for; the receiver's (``sync_mode`` to
    ``import_as_prospects``) are blank until it accepts. ``match_quality`` is what matching learnt of how carefully the
    two nations keep their profiles, ``carried`` since when each field travels, in microseconds since 1970. ``limits``
    says by brake how much either side lets be written, ``since_run`` how much was, by no run, since the last one began.
    """

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(ShareKind, max_length=16)
    status = fields.CharEnumField(ShareStatus, max_length=16)
    sender: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField(
        "models.Nation", related_name="shares_sent", on_delete=fields.RESTRICT
    )
    sender_id: int
    receiver: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField(
        "models.Nation", related_name="shares_received", on_delete=fields.RESTRICT
    )
    receiver_id: int
    tag: fields.ForeignKeyNullableRelation[Tag] = fields.ForeignKeyField(
        "models.Tag", related_name="shares", null=True, on_delete=fields.RESTRICT
    )
    tag_id: UUID | None
    sync_profiles = fields.BooleanField(default=False)
    optional_groups = ArrayField("text", default=list)
    optional_fields = ArrayField("text", default=list)
    custom_fields = ArrayField("text", default=list)
    offer_new_profiles = fields.BooleanField(default=False)
    sync_mode = cast("fields.Field[SyncMode | None]", fields.CharEnumField(SyncMode, max_length=20, null=True))
    create_new_profiles = fields.BooleanField(null=True)
    import_as_prospects = fields.BooleanField(null=True)
    match_quality = fields.JSONField[dict[str, list[float]]](default=dict)
    carried = cast("fields.Field[dict[str, int] | None]", fields.JSONField(null=True))
    limits = cast("fields.Field[dict[str, int] | None]", fields.JSONField(null=True))
    since_run = cast("fields.Field[dict[str, int] | None]", fields.JSONField(null=True))
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    requested_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    stopped_at = fields.DatetimeField(null=True)
    stopped_by_id = fields.IntField(null=True)
    last_sync_at = fields.DatetimeField(null=True)
    next_sync_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "shares"
        unique_together = (("tag", "receiver"),)
        indexes = (("sender_id", "status"), ("receiver_id", "status"))

    @classmethod
    def of(cls, caller: Caller, kind: ShareKind = ShareKind.TAG) -> QuerySet[Share]:
        """The shares of a kind that the caller's nations sent, and those they received that a receiver may see."""
        nations = list(caller.nations)
        seen = Q(sender_id__in=nations) | Q(receiver_id__in=nations, status__in=list(RECEIVER_SEES))
        return cls.filter(seen, kind=kind)

    @classmethod
    def audiences_of(cls, caller: Caller) -> QuerySet[Share]:
        """The audience shares that the caller may see."""
        return cls.of(caller, ShareKind.AUDIENCE)


class ShareStats(Model):
    """The boxes of a share, kept in the transaction that changes the matches they count."""

    share: fields.OneToOneRelation[Share] = fields.OneToOneField(
        "models.Share", related_name="stats", primary_key=True, on_delete=fields.CASCADE
    )
    share_id: UUID
    matched = fields.IntField(default=0)
    not_found = fields.IntField(default=0)
    ambiguous = fields.IntField(default=0)
    synced = fields.IntField(default=0)
    unreviewed_changes = fields.IntField(default=0)

    class Meta:
        """Where it is stored."""

        table = "share_stats"
