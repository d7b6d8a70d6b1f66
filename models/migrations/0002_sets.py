from tortoise import migrations
from tortoise.migrations import operations as ops

# What the ORM has no words for: partial indexes, defaults in the database, and the tables that are only ever handled as sets.

DEFAULTS = """
ALTER TABLE profiles ALTER COLUMN version SET DEFAULT 1;
ALTER TABLE profiles ALTER COLUMN is_supporter SET DEFAULT false;
ALTER TABLE profiles ALTER COLUMN is_prospect SET DEFAULT false;
ALTER TABLE profiles ALTER COLUMN custom_fields SET DEFAULT '{}';
ALTER TABLE profiles ALTER COLUMN times SET DEFAULT '{}';
ALTER TABLE profiles ALTER COLUMN cleared SET DEFAULT '{}';
ALTER TABLE profile_emails ALTER COLUMN is_bad SET DEFAULT false;
ALTER TABLE profile_emails ALTER COLUMN is_primary SET DEFAULT false;
ALTER TABLE taggings ALTER COLUMN created_at SET DEFAULT clock_timestamp();
ALTER TABLE ledger ALTER COLUMN at SET DEFAULT clock_timestamp();
ALTER TABLE matches ALTER COLUMN evidence SET DEFAULT '[]';
ALTER TABLE matches ALTER COLUMN candidates SET DEFAULT '[]';
ALTER TABLE matches ALTER COLUMN notes SET DEFAULT '[]';
ALTER TABLE matches ALTER COLUMN out_of_step SET DEFAULT '{}';
ALTER TABLE matches ALTER COLUMN email_base SET DEFAULT '{}';
ALTER TABLE share_stats ALTER COLUMN matched SET DEFAULT 0;
ALTER TABLE share_stats ALTER COLUMN not_found SET DEFAULT 0;
ALTER TABLE share_stats ALTER COLUMN ambiguous SET DEFAULT 0;
ALTER TABLE share_stats ALTER COLUMN synced SET DEFAULT 0;
ALTER TABLE share_stats ALTER COLUMN unreviewed_changes SET DEFAULT 0;
"""

INDEXES = """
CREATE UNIQUE INDEX tags_own_name ON tags (nation_id, lower(name)) WHERE share_id IS NULL;
CREATE INDEX profiles_nation ON profiles (nation_id, id);
CREATE UNIQUE INDEX matches_sender ON matches (share_id, sender_profile_id) WHERE state <> 'ENDED';
CREATE UNIQUE INDEX matches_receiver ON matches (share_id, receiver_profile_id) WHERE state IN ('SYNCED', 'CONFLICTED');
CREATE INDEX matches_state ON matches (share_id, state, id);
CREATE INDEX matches_of_sender ON matches (sender_profile_id) WHERE state <> 'ENDED';
CREATE INDEX matches_of_receiver ON matches (receiver_profile_id) WHERE state IN ('MATCHED', 'SYNCED', 'CONFLICTED');
CREATE INDEX matches_kept_apart ON matches (share_id, ((candidates->0->>'profile')::uuid)) WHERE ambiguity = 'ALREADY_LINKED';
CREATE INDEX shares_tag ON shares (tag_id) WHERE status = 'APPROVED';
CREATE INDEX sync_runs_unfinished ON sync_runs (share_id) WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX import_runs_unfinished ON import_runs (id) WHERE state IN ('QUEUED', 'RUNNING');
"""

MATCH_KEYS = """
CREATE TABLE match_keys (
    nation_id int NOT NULL,
    kind smallint NOT NULL,
    key bigint NOT NULL,
    profile_id uuid NOT NULL
);
CREATE INDEX match_keys_lookup ON match_keys (nation_id, kind, key) INCLUDE (profile_id);
CREATE INDEX match_keys_profile ON match_keys (profile_id);
COMMENT ON TABLE match_keys IS 'Hashes of what may tell that two profiles are one person, kept with the profile.';
"""

NAME_COUNTS = """
CREATE TABLE name_counts (
    nation_id int PRIMARY KEY REFERENCES nations (id) ON DELETE CASCADE,
    firsts jsonb NOT NULL,
    lasts jsonb NOT NULL,
    counted int NOT NULL,
    people int NOT NULL,
    counted_at timestamptz NOT NULL
);
COMMENT ON TABLE name_counts IS 'How common names are in a nation, counted on a sample, so that a shared rare name says more than a common one.';
"""

CHANGES = """
CREATE TABLE changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    share_id uuid NOT NULL,
    profile_id uuid NOT NULL,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX changes_share ON changes (share_id, id);
COMMENT ON TABLE changes IS 'Work to do: a sender''s profile that a share has to look at again.';
"""

RUN_CHUNKS = """
CREATE TABLE run_chunks (
    run_id uuid NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    number int NOT NULL,
    first uuid NOT NULL,
    last uuid NOT NULL,
    size int NOT NULL,
    PRIMARY KEY (run_id, number)
);
COMMENT ON TABLE run_chunks IS 'What a sync run has yet to do in its present phase, in chunks that workers take.';
"""

EVENTS = """
CREATE TABLE streams (
    nation_id int PRIMARY KEY REFERENCES nations (id) ON DELETE CASCADE,
    position bigint NOT NULL DEFAULT 0,
    pruned bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE streams IS 'How far each nation''s log of events has come, and up to where it was forgotten.';
CREATE TABLE events (
    nation_id int NOT NULL,
    position bigint NOT NULL,
    at timestamptz NOT NULL,
    topic text NOT NULL,
    kind text NOT NULL,
    noun text NOT NULL,
    subjects uuid[] NOT NULL,
    share_id uuid,
    detail jsonb,
    PRIMARY KEY (nation_id, position)
);
COMMENT ON TABLE events IS 'One row for the subjects that changed alike; the last of them stands at position.';
"""


class Migration(migrations.Migration):
    """Sets, indexes and defaults."""

    dependencies = [("models", "0001_tables")]

    initial = False

    operations = [
        ops.RunSQL(DEFAULTS, reverse_sql=""),
        ops.RunSQL(INDEXES, reverse_sql=""),
        ops.RunSQL(MATCH_KEYS, reverse_sql="DROP TABLE match_keys"),
        ops.RunSQL(NAME_COUNTS, reverse_sql="DROP TABLE name_counts"),
        ops.RunSQL(CHANGES, reverse_sql="DROP TABLE changes"),
        ops.RunSQL(RUN_CHUNKS, reverse_sql="DROP TABLE run_chunks"),
        ops.RunSQL(EVENTS, reverse_sql="DROP TABLE events; DROP TABLE streams"),
        # Only a note for `tortoise makemigrations`, which takes the key of a one-to-one relation for a change otherwise.
        ops.AlterModelOptions(
            name="ShareStats",
            options={
                "pk_attr": "share_id",
                "table_description": "The boxes of a share, kept in the transaction that changes the matches they count.",
            },
        ),
    ]
