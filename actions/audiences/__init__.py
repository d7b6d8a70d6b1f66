"""Audience sharing: who enables it, the rules of a source, and what its runs do."""
