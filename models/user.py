"""Users, their places in nations and networks, and the tokens of nations."""

from tortoise import fields
from tortoise.models import Model

from models.nation import Nation
from models.network import Network
from sharing.visibility import NetworkRole, Role


class User(Model):
    """A person who signs in. The address is stored in lower case; the password only as an argon2 hash."""

    id = fields.UUIDField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True)
    name = fields.TextField(default="")
    password_hash = fields.TextField()
    created_at = fields.DatetimeField(auto_now_add=True)
    disabled_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "users"


class Membership(Model):
    """A user's role in a nation."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="memberships")
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField("models.Nation", related_name="memberships")
    nation_id: int
    role = fields.CharEnumField(Role, max_length=16)

    class Meta:
        """Where it is stored."""

        table = "memberships"
        unique_together = (("user", "nation"),)


class NetworkMembership(Model):
    """A user's role in a network."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="networks")
    network: fields.ForeignKeyRelation[Network] = fields.ForeignKeyField("models.Network", related_name="memberships")
    network_id: int
    role = fields.CharEnumField(NetworkRole, max_length=16)

    class Meta:
        """Where it is stored."""

        table = "network_memberships"
        unique_together = (("user", "network"),)


class ApiToken(Model):
    """A token of a nation, for programs. Only its SHA-256 is stored: whoever reads the table cannot use it."""

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField("models.Nation", related_name="tokens")
    nation_id: int
    role = fields.CharEnumField(Role, max_length=16)
    name = fields.TextField(default="")
    digest = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is stored."""

        table = "api_tokens"
