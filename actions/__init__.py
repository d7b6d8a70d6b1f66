"""The verbs, and the only writers."""
