"""Tables, tenant-scoped querysets, migrations, and the set-based SQL that goes with them."""
