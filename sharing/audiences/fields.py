"""Which fields an audience can carry, and the field by which a target knows whom it was given."""

from sharing.fields import CUSTOM_PREFIX, FIELDS
from sharing.kinds import Audience

REFERENCE_SLUG = "audience_sharing_reference_ids"
REFERENCE_LABEL = "Audience Sharing Reference IDs"
REFERENCE = CUSTOM_PREFIX + REFERENCE_SLUG


def refusal_of(key: str, *, both_voters: bool) -> str | None:
    """Why an audience cannot carry a field; None where it can.

    Args:
        key: the catalogue key.
        both_voters: both nations have voters enabled.
    """
    if key == "custom_fields":
        return "Name custom fields one by one, by their slugs."
    if FIELDS[key].audience is Audience.VOTERS and not both_voters:
        return f"{FIELDS[key].label} travels only between nations that both have voters enabled: leave it out."
    return None


def carried(fields: tuple[str, ...], customs: tuple[str, ...], *, both_voters: bool) -> tuple[str, ...]:
    """The fields that travel now, in catalogue order, custom ones as ``custom:slug``."""
    chosen = frozenset(fields)
    kept = (key for key in FIELDS if key in chosen and refusal_of(key, both_voters=both_voters) is None)
    return (*kept, *(CUSTOM_PREFIX + slug for slug in customs if slug != REFERENCE_SLUG))
