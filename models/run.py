"""Runs: long work that reports its progress, and resumes where it was killed."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from models.share import Share
from sharing.states import RunState, RunTrigger
from sharing.visibility import Caller, ShareKind


class SyncRun(Model):
    """One execution of a share's matching and syncing. ``cursor`` marks what is done within the phase.

    ``written`` counts by brake what it made and overwrote, ``held_by`` is what holds it, ``lifted`` names the brakes of
    which somebody said that it may pass them.
    """

    id = fields.UUIDField(primary_key=True)
    share: fields.ForeignKeyRelation[Share] = fields.ForeignKeyField("models.Share", related_name="runs")
    share_id: UUID
    trigger = fields.CharEnumField(RunTrigger, max_length=16)
    state = fields.CharEnumField(RunState, max_length=16)
    phase = fields.CharField(max_length=32)
    cursor = fields.UUIDField(null=True)
    done = fields.IntField(default=0)
    total = fields.IntField(null=True)
    counts = fields.JSONField[dict[str, Any]](default=dict)
    written = cast("fields.Field[dict[str, int] | None]", fields.JSONField(null=True))
    lifted = cast("fields.Field[list[str] | None]", fields.JSONField(null=True))
    held_by = cast("fields.Field[list[dict[str, Any]] | None]", fields.JSONField(null=True))
    error = fields.TextField(null=True)
    queued_at = fields.DatetimeField(auto_now_add=True)
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "sync_runs"
        indexes = (("share_id", "id"),)

    @classmethod
    def of(cls, caller: Caller, kind: ShareKind = ShareKind.TAG) -> QuerySet[SyncRun]:
        """The runs of the shares of a kind that the caller may see."""
        return cls.filter(share_id__in=Subquery(Share.of(caller, kind).values("id")))

    @classmethod
    def of_audiences(cls, caller: Caller) -> QuerySet[SyncRun]:
        """The runs of the audience shares that the caller may see."""
        return cls.of(caller, ShareKind.AUDIENCE)


class ImportRun(Model):
    """One CSV file on its way into a nation. ``header`` is its first line; ``done`` and ``total`` count its rows."""

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField("models.Nation", related_name="imports")
    nation_id: int
    state = fields.CharEnumField(RunState, max_length=16)
    phase = fields.CharField(max_length=32)
    done = fields.IntField(default=0)
    total = fields.IntField(null=True)
    created = fields.IntField(default=0)
    updated = fields.IntField(default=0)
    rejected = fields.IntField(default=0)
    header = ArrayField("text", default=list)
    error = fields.TextField(null=True)
    queued_at = fields.DatetimeField(auto_now_add=True)
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "import_runs"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[ImportRun]:
        """The imports of the nations that the caller belongs to."""
        return cls.filter(nation_id__in=list(caller.nations))


class ImportPiece(Model):
    """Some rows of an uploaded file, waiting to be taken in: any worker can go on with them, after any crash.

    ``rows`` is a JSON list of ``[line, cells]``.
    """

    id = fields.BigIntField(primary_key=True)
    run: fields.ForeignKeyRelation[ImportRun] = fields.ForeignKeyField("models.ImportRun", related_name="pieces")
    run_id: UUID
    number = fields.IntField()
    rows = fields.BinaryField()

    class Meta:
        """Where it is stored."""

        table = "import_pieces"
        unique_together = (("run", "number"),)


class ImportRejection(Model):
    """A row that an import could not take: the line of the file where it starts, and why."""

    id = fields.BigIntField(primary_key=True)
    run: fields.ForeignKeyRelation[ImportRun] = fields.ForeignKeyField("models.ImportRun", related_name="rejections")
    run_id: UUID
    line = fields.IntField()
    reason = fields.TextField()

    class Meta:
        """Where it is stored."""

        table = "import_rejections"
        unique_together = (("run", "line"),)
