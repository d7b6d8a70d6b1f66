"""Tags, and their being on profiles."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from models.profile import Profile
from sharing.visibility import Caller


class Tag(Model):
    """A label of a nation.

    ``share_id`` is set on a tag that another nation shared to this one: such a tag belongs to its sender. ``taggings``
    is a kept count of the profiles that bear it.
    """

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField(
        "models.Nation", related_name="tags", on_delete=fields.RESTRICT
    )
    nation_id: int
    name = fields.TextField()
    share_id: UUID | None = fields.UUIDField(null=True, unique=True)
    taggings = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """Where it is stored."""

        table = "tags"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Tag]:
        """The tags of the nations that the caller belongs to, shared ones included."""
        return cls.filter(nation_id__in=list(caller.nations))


class Tagging(Model):
    """A tag on a profile of the same nation."""

    id = fields.BigIntField(primary_key=True)
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag", related_name="tagged")
    tag_id: UUID
    profile: fields.ForeignKeyRelation[Profile] = fields.ForeignKeyField("models.Profile", related_name="taggings")
    profile_id: UUID
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """Where it is stored."""

        table = "taggings"
        unique_together = (("tag", "profile"),)
        indexes = (("profile_id",),)
