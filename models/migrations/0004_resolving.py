from tortoise import migrations
from tortoise.migrations import operations as ops

# What people say about who is whom: two profiles that are not the same person, and several of one nation that are.

STRANGERS = """
CREATE TABLE strangers (
    one uuid NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    other uuid NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    nation_id int NOT NULL,
    user_id uuid,
    token_id uuid,
    said_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (one, other),
    CHECK (one < other)
);
CREATE INDEX strangers_other ON strangers (other);
COMMENT ON TABLE strangers IS 'Pairs of profiles of two nations of which somebody said that they are not the same person; nation_id says whose admin.';
"""

MERGES = """
CREATE TABLE merges (
    id uuid PRIMARY KEY,
    nation_id int NOT NULL,
    survivor_id uuid NOT NULL,
    snapshots jsonb NOT NULL,
    user_id uuid,
    token_id uuid,
    merged_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX merges_survivor ON merges (survivor_id);
CREATE INDEX merges_nation ON merges (nation_id);
COMMENT ON TABLE merges IS 'Duplicates that a profile took in: all of them, and the profile itself, as they were before.';
"""


class Migration(migrations.Migration):
    """Strangers and merges."""

    dependencies = [("models", "0003_carried")]

    initial = False

    operations = [
        ops.RunSQL(STRANGERS, reverse_sql="DROP TABLE strangers"),
        ops.RunSQL(MERGES, reverse_sql="DROP TABLE merges"),
    ]
