from tortoise import migrations
from tortoise.migrations import operations as ops

# A key that thousands hold is dropped from one profile without reading the rows of the others.

FOUND = """
DROP INDEX match_keys_lookup;
CREATE INDEX match_keys_lookup ON match_keys (nation_id, kind, key, profile_id);
"""

BACK = """
DROP INDEX match_keys_lookup;
CREATE INDEX match_keys_lookup ON match_keys (nation_id, kind, key) INCLUDE (profile_id);
"""


class Migration(migrations.Migration):
    """Keys are found by their profile too."""

    dependencies = [("models", "0012_automations")]

    initial = False

    operations = [ops.RunSQL(FOUND, reverse_sql=BACK)]
