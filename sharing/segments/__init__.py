"""Segments: saved filters over the profiles of a nation, read from data, judged in Python, asked of the database."""
