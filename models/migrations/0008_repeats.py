from tortoise import migrations
from tortoise.migrations import operations as ops

# What was written under a key that the client chose, so that the same request again finds that it is done.

REPEATS = """
CREATE TABLE idempotency_keys (
    caller_id uuid NOT NULL,
    key text NOT NULL,
    mutation text NOT NULL,
    digest bytea NOT NULL,
    result jsonb,
    positions jsonb,
    at timestamptz NOT NULL,
    PRIMARY KEY (caller_id, key)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
COMMENT ON TABLE idempotency_keys IS
    'Writes done under a key of the client''s, of the last day: ids and log positions, nothing of people.';
ALTER TABLE merges ADD COLUMN dropped jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN merges.dropped IS 'Which values were lost to the profile that is left: pairs of field and text.'
"""


class Migration(migrations.Migration):
    """Writes that may be asked for again."""

    dependencies = [("models", "0007_rights")]

    initial = False

    operations = [
        ops.RunSQL(REPEATS, reverse_sql="DROP TABLE idempotency_keys; ALTER TABLE merges DROP COLUMN dropped"),
    ]
