"""Networks: families of nations under one owner."""

from tortoise import fields
from tortoise.models import Model


class Network(Model):
    """A family of nations with one HQ nation.

    ``shares_custom_fields`` tells whether HQ shares its custom field settings: without, custom fields do not travel.
    """

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=63, unique=True)
    name = fields.TextField()
    hq_id = fields.IntField(null=True)
    shares_custom_fields = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """Where it is stored."""

        table = "networks"
