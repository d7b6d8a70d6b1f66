"""The ledger: every write that a share made, for provenance and undo."""

from tortoise import fields
from tortoise.models import Model


class LedgerEntry(Model):
    """What one sync of one match wrote into one profile.

    ``writes`` maps each field to ``[before, after, time]``: the values as JSON, and the time of the write that the new
    value came from, in microseconds since 1970.
    """

    id = fields.BigIntField(primary_key=True)
    share_id = fields.UUIDField()
    match_id = fields.UUIDField()
    run_id = fields.UUIDField(null=True)
    nation_id = fields.IntField()
    profile_id = fields.UUIDField()
    at = fields.DatetimeField(auto_now_add=True)
    writes = fields.JSONField[dict[str, list[object]]]()

    class Meta:
        """Where it is stored."""

        table = "ledger"
        indexes = (("profile_id", "id"), ("share_id", "id"))
