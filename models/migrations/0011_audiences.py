from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from sharing.states import AudienceState, MatchStage, RunTrigger

# Audience sharing: the rules of a source, which of its segments each share carries, what a sync saw of the source's
# contacts, and which contacts the sharing made in a target.

TABLES = """
CREATE TABLE audience_made (
    profile_id uuid PRIMARY KEY REFERENCES profiles (id) ON DELETE CASCADE,
    share_id uuid NOT NULL REFERENCES shares (id) ON DELETE CASCADE
);
CREATE INDEX audience_made_share ON audience_made (share_id);
COMMENT ON TABLE audience_made IS 'The contacts that audience sharing made in a target, which it archives when it ends.';
CREATE TABLE audience_fields (
    share_id uuid NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    field_id uuid NOT NULL REFERENCES custom_fields (id) ON DELETE CASCADE,
    made boolean NOT NULL,
    PRIMARY KEY (share_id, field_id)
);
COMMENT ON TABLE audience_fields IS 'The definitions that an audience share locks in its target, and whether it made them.';
CREATE FUNCTION next_sync_of(share shares) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN share.status <> 'APPROVED' THEN NULL
        WHEN share.kind = 'TAG' THEN clock_timestamp() + interval '1 day'
        ELSE (SELECT clock_timestamp() + make_interval(hours => (a.rules ->> 'everyHours')::int) FROM audiences a
              WHERE a.nation_id = share.sender_id AND a.state = 'ACTIVE')
    END
$$;
COMMENT ON FUNCTION next_sync_of IS 'When a share that has just synced, or could not, is due: a tag daily, an audience by its rules unless paused.';
CREATE UNIQUE INDEX shares_audience ON shares (receiver_id, sender_id) WHERE kind = 'AUDIENCE';
CREATE INDEX profiles_reference ON profiles (nation_id, (custom_fields ->> 'audience_sharing_reference_ids'))
    WHERE custom_fields ? 'audience_sharing_reference_ids';
"""


class Migration(migrations.Migration):
    """Audience sharing."""

    dependencies = [("models", "0010_groups")]

    initial = False

    operations = [
        ops.AddField("Network", "audience_source_id", fields.IntField(null=True)),
        ops.AddField("Network", "audience_enabled_at", fields.DatetimeField(null=True)),
        ops.AddField("Match", "seen", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
        ops.AlterField("Match", "stage", fields.CharEnumField(MatchStage, null=True, max_length=16)),
        ops.AlterField("SyncRun", "trigger", fields.CharEnumField(RunTrigger, max_length=16)),
        ops.CreateModel(
            name="Audience",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                (
                    "nation",
                    fields.OneToOneField(
                        "models.Nation",
                        source_field="nation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="audience",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("state", fields.CharEnumField(AudienceState, max_length=16)),
                ("rules", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("terms_version", fields.TextField(null=True, unique=False)),
                ("terms_accepted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("terms_accepted_by", fields.UUIDField(null=True)),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "audiences",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The rules of a source. Once active, each target has a share of kind AUDIENCE that "
                "carries out its part.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AudienceSegment",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "share",
                    fields.ForeignKeyField(
                        "models.Share",
                        source_field="share_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="segments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "segment",
                    fields.ForeignKeyField(
                        "models.Segment",
                        source_field="segment_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="carried",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "twin",
                    fields.ForeignKeyField(
                        "models.Segment",
                        source_field="twin_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="twins",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "tag",
                    fields.ForeignKeyField(
                        "models.Tag",
                        source_field="tag_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="audience_segments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "audience_segments",
                "app": "models",
                "unique_together": (("share", "segment"),),
                "pk_attr": "id",
                "table_description": "A segment that a share carries: who is in it stands in a hidden tag of the target, "
                "which a segment there asks.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            TABLES,
            reverse_sql="DROP FUNCTION next_sync_of; DROP TABLE audience_made, audience_fields; DROP INDEX shares_audience, profiles_reference;",
        ),
    ]
