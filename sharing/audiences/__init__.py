"""Audience sharing: one nation's segments, kept up to date in others of its network by rules."""
