"""Background jobs: thin doors that take an id, open a unit and call one action."""
