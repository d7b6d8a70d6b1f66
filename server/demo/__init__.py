"""A demonstration: people who do not exist, in nations that might."""
