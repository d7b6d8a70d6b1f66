"""A whole share matched at once: people read as columns, joined by key, compared and decided in blocks of senders."""
