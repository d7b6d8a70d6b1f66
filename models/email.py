"""Email addresses of profiles."""

from tortoise import fields
from tortoise.models import Model

from models.profile import Profile


class ProfileEmail(Model):
    """An address of a profile, in lower case: one profile of a nation has it, and a profile has at most four."""

    id = fields.BigIntField(primary_key=True)
    nation_id = fields.IntField()
    profile: fields.ForeignKeyRelation[Profile] = fields.ForeignKeyField("models.Profile", related_name="emails")
    address = fields.TextField()
    position = fields.SmallIntField()
    is_bad = fields.BooleanField(default=False)
    is_primary = fields.BooleanField(default=False)

    class Meta:
        """Where it is stored."""

        table = "profile_emails"
        unique_together = (("nation_id", "address"),)
        indexes = (("profile_id",),)
