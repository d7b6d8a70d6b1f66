from tortoise import migrations
from tortoise.migrations import operations as ops

# Each transaction that changes who may do what leaves a row: whoever knows the rights as of some snapshot asks whether
# there is a row that the snapshot does not see, instead of reading the rights of thousands anew.

RIGHTS = """
CREATE TABLE rights_changes (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX rights_changes_xid ON rights_changes (xid);
CREATE INDEX rights_changes_at ON rights_changes (at);
COMMENT ON TABLE rights_changes IS 'Transactions that changed the rights of anybody, of the last day.';

CREATE FUNCTION note_rights_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rights_changes DEFAULT VALUES;
    RETURN NULL;
END
$$;
CREATE TRIGGER rights_changed AFTER INSERT OR UPDATE OR DELETE ON memberships
    FOR EACH STATEMENT EXECUTE FUNCTION note_rights_change();
CREATE TRIGGER rights_changed AFTER INSERT OR UPDATE OR DELETE ON network_memberships
    FOR EACH STATEMENT EXECUTE FUNCTION note_rights_change();
CREATE TRIGGER rights_changed AFTER UPDATE OF disabled_at OR DELETE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION note_rights_change();
CREATE TRIGGER rights_changed AFTER UPDATE OR DELETE ON api_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION note_rights_change();
"""

NO_RIGHTS = """
DROP TRIGGER rights_changed ON memberships;
DROP TRIGGER rights_changed ON network_memberships;
DROP TRIGGER rights_changed ON users;
DROP TRIGGER rights_changed ON api_tokens;
DROP FUNCTION note_rights_change;
DROP TABLE rights_changes
"""


class Migration(migrations.Migration):
    """Changes of rights, told apart from quiet."""

    dependencies = [("models", "0006_bulk")]

    initial = False

    operations = [
        ops.RunSQL(RIGHTS, reverse_sql=NO_RIGHTS),
    ]
