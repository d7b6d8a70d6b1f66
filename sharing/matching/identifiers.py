"""Unique ids: the form in which they are compared, and the place within which some of them are unique."""

from collections.abc import Mapping
from types import MappingProxyType

from sharing.fields import FIELDS
from sharing.kinds import Matching
from sharing.records import Value

IDS: tuple[str, ...] = tuple(
    key for key, field in FIELDS.items() if field.matching in (Matching.ID, Matching.CHOSEN_ID)
)
SCOPES: Mapping[str, tuple[str, ...]] = MappingProxyType({key: FIELDS[key].scope for key in IDS if FIELDS[key].scope})
SCOPE_ADDRESS = "registered_address"

# Salesforce's ids of 15 letters differ by case alone.
_CASE_TELLS = frozenset({"salesforce_id"})
_LOGINS = frozenset({"twitter_login"})


def identifier(values: Mapping[str, Value], key: str) -> str | None:
    """An id as it is compared: trimmed, case folded, with the state (and county) that it is unique in behind it.

    Args:
        values: the values of a record.
        key: the catalogue key of an id.

    Returns:
        None where the id is blank, or the place that it is unique in is not known.
    """
    raw = values.get(key)
    if raw is None:
        return None
    text = str(raw).strip()
    if key not in _CASE_TELLS:
        text = text.casefold()
    if key in _LOGINS:
        text = text.removeprefix("@")
    if not text:
        return None
    scope = SCOPES.get(key)
    if scope is None:
        return text
    address = values.get(SCOPE_ADDRESS)
    parts = [str(address.get(part, "")).strip().casefold() for part in scope] if isinstance(address, Mapping) else [""]
    return "\n".join((text, *parts)) if all(parts) else None


def differ(sender: str, receiver: str) -> bool:
    """Whether two compared ids contradict each other: other ids of one place. Ids of two places may both be right."""
    return sender != receiver and sender.partition("\n")[2] == receiver.partition("\n")[2]
