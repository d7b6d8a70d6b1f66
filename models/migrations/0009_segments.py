from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

# Saved filters over a nation's profiles. A name is free again once its segment is archived.

INDEXES = """
CREATE UNIQUE INDEX segments_name ON segments (nation_id, lower(name)) WHERE archived_at IS NULL;
CREATE INDEX segments_nation ON segments (nation_id, name, id);
CREATE INDEX segments_archived ON segments (archived_at) WHERE archived_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    """Saved filters over profiles."""

    dependencies = [("models", "0008_repeats")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Segment",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "nation",
                    fields.ForeignKeyField(
                        "models.Nation",
                        source_field="nation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="segments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.TextField(unique=False)),
                ("criteria", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("archived_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "segments",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A saved filter: who is in it follows from its criteria, which are kept as they "
                "were given, checked.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(INDEXES, reverse_sql="DROP INDEX segments_name, segments_nation, segments_archived"),
    ]
