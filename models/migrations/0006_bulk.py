from tortoise import migrations
from tortoise.migrations import operations as ops

# Chunks that are matched all together, by one worker, rather than each by whoever is free.


class Migration(migrations.Migration):
    """Runs matched in bulk."""

    dependencies = [("models", "0005_brakes")]

    initial = False

    operations = [
        ops.RunSQL(
            "ALTER TABLE run_chunks ADD COLUMN in_bulk boolean NOT NULL DEFAULT false",
            reverse_sql="ALTER TABLE run_chunks DROP COLUMN in_bulk",
        ),
    ]
