"""Tags, and their being on profiles."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from models.profile import Profile
from sharing.visibility import Caller


class TagKind(StrEnum):
    """What a row of tags is: a tag, a group, or what an audience share keeps for itself of who is in it."""

    TAG = "TAG"
    GROUP = "GROUP"
    AUDIENCE = "AUDIENCE"


class Tag(Model):
    """A label of a nation.

    A group is one of another kind: who is in the one is kept like who bears the other.
    ``share_id`` is set on a tag or group that another nation shared to this one: such a one belongs to its sender.
    ``taggings`` is a kept count of the profiles that bear it.
    """

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField(
        "models.Nation", related_name="tags", on_delete=fields.RESTRICT
    )
    nation_id: int
    kind = fields.CharEnumField(TagKind, max_length=16, default=TagKind.TAG)
    name = fields.TextField()
    share_id: UUID | None = fields.UUIDField(null=True, unique=True)
    taggings = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True)
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "tags"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Tag]:
        """The tags of the nations that the caller belongs to, shared ones included."""
        return cls.filter(nation_id__in=list(caller.nations), kind=TagKind.TAG)

    @classmethod
    def groups_of(cls, caller: Caller) -> QuerySet[Tag]:
        """The groups of the nations that the caller belongs to, shared and archived ones included."""
        return cls.filter(nation_id__in=list(caller.nations), kind=TagKind.GROUP)


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
