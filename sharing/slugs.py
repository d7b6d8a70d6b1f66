"""Slugs: what nations and networks are called in addresses."""

import re

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def as_slug(raw: str) -> str | None:
    """A slug as it is kept; None where nothing can be called so.

    Args:
        raw: what somebody wrote, in whatever case, with white space around it or not.
    """
    wanted = raw.strip().lower()
    return wanted if _SLUG.fullmatch(wanted) else None
