"""Networks: families of nations under one owner."""

from __future__ import annotations

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from sharing.visibility import Caller


class Network(Model):
    """A family of nations with one HQ nation.

    ``shares_custom_fields`` tells whether HQ shares its custom field settings: without, custom fields do not travel.
    ``audience_source_id`` is the nation whose audience the others may be given; null where that is not enabled.
    """

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=63, unique=True)
    name = fields.TextField()
    hq_id: int | None = fields.IntField(null=True)
    shares_custom_fields = fields.BooleanField(default=False)
    audience_source_id: int | None = fields.IntField(null=True)
    audience_enabled_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """Where it is stored."""

        table = "networks"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Network]:
        """The networks of the nations that the caller belongs to, and those that the caller manages."""
        return cls.filter(Q(id__in=list(caller.networks)) | Q(nations__id__in=list(caller.nations))).distinct()
