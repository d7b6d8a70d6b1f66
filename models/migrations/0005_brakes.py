from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from orjson import loads
from sharing.states import RunTrigger

# What a share may write before somebody has to say so, what it has written, and what holds a run.


class Migration(migrations.Migration):
    """Limits, and runs that they hold."""

    dependencies = [("models", "0004_resolving")]

    initial = False

    operations = [
        ops.AddField("Share", "limits", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField("Share", "since_run", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField("SyncRun", "written", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField("SyncRun", "lifted", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AddField("SyncRun", "held_by", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AlterField(
            model_name="SyncRun",
            name="trigger",
            field=fields.CharEnumField(
                description="ACCEPTED: ACCEPTED\nASKED: ASKED\nDAILY: DAILY\nSETTINGS: SETTINGS\nCHANGES: CHANGES",
                enum_type=RunTrigger,
                max_length=16,
            ),
        ),
    ]
