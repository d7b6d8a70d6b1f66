from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from orjson import loads

# Since when a share carries each field, and when a pair was last synced: a field that begins to travel has never been in step.


class Migration(migrations.Migration):
    """Fields that begin to travel."""

    dependencies = [("models", "0002_sets")]

    initial = False

    operations = [
        ops.AddField("Share", "carried", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField("Match", "settled_at", fields.DatetimeField(null=True)),
    ]
