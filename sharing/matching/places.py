"""Addresses as evidence: house number, street, unit, city and postcode, each brought to one form."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from sharing.matching.names import fold
from sharing.records import Address

# Where somebody lives, the most telling first; a work address is shared with colleagues and comes last.
HOMES: tuple[str, ...] = (
    "home_address",
    "registered_address",
    "mailing_address",
    "user_submitted_address",
    "billing_address",
)
WORK = "work_address"

_CACHE = 1 << 12  # addresses seldom come twice
_STREETS = 1 << 15  # streets do

_UNIT = re.compile(
    r"(?:\b(?:apt|apartment|unit|suite|ste|flat|lot|rm|room)\b\.?|#)[ .#]*([a-z]?[0-9][a-z0-9-]*|[a-z]\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(?:([0-9]+)\s*/\s*)?([0-9]+)\s*[-a-z]?\b(?:\s*[-/]\s*[0-9]+)?\s*", re.IGNORECASE)
_SPACES = re.compile(r"[^a-z0-9]+")
_SHORT_WORDS = """
street st str st avenue ave av ave road rd drive dr lane ln court ct place pl boulevard blvd circle cir circuit cct
crescent cres terrace ter parkway pkwy highway hwy square sq trail trl north n south s east e west w northeast ne
northwest nw southeast se southwest sw saint st mount mt
"""
_SHORT: Mapping[str, str] = dict(re.findall(r"(\S+)\s+(\S+)", _SHORT_WORDS))


class Place(NamedTuple):
    """One address: each part folded, empty where it is not known; second is what the second line says beside a unit."""

    number: str
    street: str
    second: str
    unit: str
    city: str
    postcode: str


@lru_cache(_CACHE)
def _plain(text: str) -> str:
    """A number, unit or postcode without spaces and signs."""
    return _SPACES.sub("", text.lower())


@lru_cache(_CACHE)
def _place(address1: str, address2: str, number: str, street: str, unit: str, city: str, postcode: str) -> Place:
    first = address1
    if not unit and (found := _UNIT.search(first)):
        unit, first = found[1], first[: found.start()]
    elif not unit and address2 and (found := _UNIT.match(address2)):
        unit = found[1]
    found = _NUMBER.match(first)
    if found:
        first = first[found.end() :]
        number = number or found[2]
        unit = unit or found[1] or ""
    return Place(
        _plain(number).lstrip("0"),
        _street(street or first),
        "" if not address2 or _UNIT.match(address2) else _street(address2),
        _plain(unit),
        fold(city),
        _plain(postcode)[:10],
    )


@lru_cache(_STREETS)
def _street(line: str) -> str:
    words = _SPACES.sub(" ", line.lower()).split() if line.isascii() else fold(line).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def place_of(address: Address) -> Place:
    """The parts of an address; number and unit are read from its first line where they are not given apart."""
    get = address.get
    name = get("street_name", "")
    if name and get("street_type"):
        name = f"{get('street_prefix', '')} {name} {get('street_type', '')} {get('street_suffix', '')}"
    return _place(
        get("address1", "")[:120],
        get("address2", "")[:80],
        get("street_number", "")[:12],
        name[:120],
        get("unit_number", "")[:12],
        get("city", ""),
        get("zip5", ""),
    )
