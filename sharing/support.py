"""The support status of a profile that a share creates."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from sharing.records import Value


class SupportStatus(StrEnum):
    """How a person stands to a nation."""

    SUPPORTER = "SUPPORTER"
    NON_SUPPORTER = "NON_SUPPORTER"
    PROSPECT = "PROSPECT"


OPT_INS: tuple[str, ...] = ("email_opt_in", "mobile_opt_in")
SIGNS_OF_SUPPORT: tuple[str, ...] = (*OPT_INS, "is_volunteer")
WEAKEST_SUPPORT = 2


def support_status(values: Mapping[str, Value], fields: Collection[str], as_prospect: bool) -> SupportStatus:
    """How a new person stands to the nation that receives them, judged by covered fields alone.

    Args:
        values: the sender's values.
        fields: the fields that the share covers.
        as_prospect: the receiver takes new people as prospects.

    Returns:
        A prospect if so chosen. Otherwise the support level decides, where it is shared and set: 1 and 2 a supporter,
        3 to 5 not. Failing that a supporter if opted in to email or text, or a volunteer, and else not.
    """
    if as_prospect:
        return SupportStatus.PROSPECT
    level = values.get("support_level") if "support_level" in fields else None
    if isinstance(level, int):
        supports = level <= WEAKEST_SUPPORT
    else:
        supports = any(key in fields and values.get(key) is True for key in SIGNS_OF_SUPPORT)
    return SupportStatus.SUPPORTER if supports else SupportStatus.NON_SUPPORTER


def starting_values(fields: Collection[str]) -> dict[str, Value]:
    """What a new person starts with besides the covered fields: no consent to email or text that was not shared."""
    return {key: False for key in OPT_INS if key not in fields}
