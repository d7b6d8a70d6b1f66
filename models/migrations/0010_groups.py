from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.tag import TagKind

# A group is stored as a tag of another kind: what is true of who bears one is true of who is in the other. Whoever and
# whatever is archived keeps its row; what it bore is put aside, so that nothing that begins at a tag or a key meets it.

TABLES = """
CREATE TABLE archived_taggings (
    profile_id uuid NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    tag_id uuid NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (profile_id, tag_id)
);
CREATE INDEX archived_taggings_tag ON archived_taggings (tag_id);
COMMENT ON TABLE archived_taggings IS 'The tags and groups of archived profiles, for the day they are restored.';
ALTER TABLE tags ALTER COLUMN kind SET DEFAULT 'TAG';
DROP INDEX tags_own_name;
CREATE UNIQUE INDEX tags_own_name ON tags (nation_id, lower(name)) WHERE share_id IS NULL AND kind = 'TAG';
CREATE UNIQUE INDEX groups_name ON tags (nation_id, lower(name)) WHERE kind = 'GROUP' AND archived_at IS NULL;
CREATE INDEX groups_nation ON tags (nation_id, name, id) WHERE kind = 'GROUP';
CREATE INDEX profiles_archived ON profiles (nation_id, id) WHERE archived_at IS NOT NULL;
DROP INDEX profiles_nation;
CREATE INDEX profiles_nation ON profiles (nation_id, id) INCLUDE (archived_at);
"""

BACK = """
DROP TABLE archived_taggings;
DROP INDEX groups_name, groups_nation, profiles_archived, profiles_nation, tags_own_name;
CREATE INDEX profiles_nation ON profiles (nation_id, id);
DELETE FROM tags WHERE kind <> 'TAG';
CREATE UNIQUE INDEX tags_own_name ON tags (nation_id, lower(name)) WHERE share_id IS NULL;
"""


class Migration(migrations.Migration):
    """Groups, and what is archived or locked."""

    dependencies = [("models", "0009_segments")]

    initial = False

    operations = [
        ops.AddField("Tag", "kind", fields.CharEnumField(TagKind, max_length=16, default=TagKind.TAG)),
        ops.AddField("Tag", "archived_at", fields.DatetimeField(null=True)),
        ops.AddField("Profile", "archived_at", fields.DatetimeField(null=True)),
        ops.AddField("CustomField", "locked_by_id", fields.UUIDField(null=True)),
        ops.AddField("Segment", "locked_by_id", fields.UUIDField(null=True)),
        ops.RunSQL(TABLES, reverse_sql=BACK),
    ]
