"""Keys under which a profile is found: whoever shares one with another profile is a candidate to be the same person."""

import hashlib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import cast

from sharing.matching.dialling import PHONES, line_of
from sharing.matching.identifiers import IDS, SCOPE_ADDRESS, identifier
from sharing.matching.names import CACHE, compact, significant
from sharing.matching.nicknames import roots
from sharing.matching.persons import mailbox, named
from sharing.matching.phonetics import sound
from sharing.matching.places import HOMES, place_of
from sharing.matching.rules import MatchRules
from sharing.records import Address, Record, Value

# A value that more profiles of one nation hold than this tells nobody apart: candidates are never drawn from it.
MAX_HOLDERS = 50

SOURCES: frozenset[str] = frozenset(
    {*IDS, SCOPE_ADDRESS, "emails", *PHONES, "first_name", "last_name", "legal_name", "birthdate", *HOMES}
)

_NAMES = frozenset({"first_name", "last_name", "legal_name", "birthdate"})
_LIKELY = _NAMES.union(HOMES)
_IDENTITIES = frozenset({*IDS, SCOPE_ADDRESS, "emails", *PHONES})

_MOST_FIRSTS, _MOST_LASTS, _MOST_PLACES = 3, 3, 3
_STREET_LETTERS, _CITY_LETTERS = 4, 3


class KeyKind(IntEnum):
    """What a key is made of. The numbers are stored: they may be added to, never changed."""

    VOTER_GUID = 1
    TWITTER_ID = 2
    TWITTER_LOGIN = 3
    FACEBOOK_UID = 4
    CIVICRM_ID = 5
    COUNTY_FILE_ID = 6
    DW_ID = 7
    DATATRUST_ID = 8
    EXTERNAL_ID = 9
    MEETUP_ID = 10
    NGP_ID = 11
    RNC_ID = 12
    RNC_REGID = 13
    SALESFORCE_ID = 14
    STATE_FILE_ID = 15
    VAN_ID = 16
    EMAIL = 30
    PHONE = 31
    FULL_NAME = 40
    LAST_BIRTHDAY = 41
    FIRST_BIRTHDAY = 42
    INITIALS_BIRTHDAY = 43
    LAST_MONTH = 44
    LAST_POSTCODE = 45
    HOUSE = 46
    BIRTHDAY_POSTCODE = 47
    STREET = 48
    FIRST_STREET = 49
    BIRTHDAY_STREET = 50


KIND_OF_ID: Mapping[str, KeyKind] = MappingProxyType({key: KeyKind[key.upper()] for key in IDS})
EVERY_SHARE: frozenset[KeyKind] = frozenset(kind for kind in KeyKind if kind >= KeyKind.PHONE)


def kinds_of(rules: MatchRules) -> frozenset[KeyKind]:
    """The kinds of key by which a share with these rules may find candidates."""
    chosen = {KIND_OF_ID[key] for key in rules.ids}
    return EVERY_SHARE | chosen | ({KeyKind.EMAIL} if rules.emails else set())


def _hashed(value: str) -> int:
    """A signed 64-bit hash, the same in every process and release."""
    return int.from_bytes(
        hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
    )


@lru_cache(CACHE)
def _firsts(first: str) -> tuple[str, ...]:
    """The sounds of the formal names that a first name may stand for."""
    word = next((word for word in first.split() if len(word) > 1), "")
    return tuple(sorted({sound(root) for root in roots(word)}))[:_MOST_FIRSTS]


@lru_cache(CACHE)
def _lasts(last: str) -> tuple[str, ...]:
    """A last name whole, and each telling word of a compound one."""
    if not last:
        return ()
    words = (word for word in significant(last) if len(word) > 2)
    return tuple(islice(dict.fromkeys((compact(last), *words)), _MOST_LASTS))


@lru_cache(CACHE)
def _street(street: str) -> str:
    """The first letters of a street's telling words, which most typing errors leave alone."""
    words = street.split()
    return "".join([word for word in words if len(word) > 2 and word.isalpha()] or words)[:_STREET_LETTERS]


def keys_of(record: Record, touched: AbstractSet[str] = SOURCES) -> list[tuple[int, int]]:
    """The keys of a profile.

    Args:
        record: the profile.
        touched: the fields that changed: kinds of key that depend on none of them may be left out, which spares time
            where the keys before and after an edit are compared.

    Returns:
        Pairs of a KeyKind's number and a signed 64-bit hash of the normalised value, each once. Blank values give none.
    """
    values = record.values
    texts: list[tuple[int, str]] = [] if _IDENTITIES.isdisjoint(touched) else list(_identities(values))
    if not _LIKELY.isdisjoint(touched):
        first, _, family = named(values)
        lasts = _lasts(family.words)
        born = values.get("birthdate")
        birthday = _birthday(born) if isinstance(born, date) else ""
        if not _NAMES.isdisjoint(touched):
            texts.extend(_by_name(first, lasts, birthday))
        texts.extend(_by_place(values, first, lasts, birthday))
    return [(int(kind), _hashed(text)) for kind, text in dict.fromkeys(texts)]


@lru_cache(CACHE)
def _birthday(born: date) -> str:
    """Year, then day and month in either order; empty for 1 January 1900, which means nothing is known."""
    if born.year == 1900 and born.month == born.day == 1:
        return ""
    low, high = sorted((born.day, born.month))
    return f"{born.year} {low} {high}"


def _identities(values: Mapping[str, Value]) -> Iterable[tuple[int, str]]:
    for key, kind in KIND_OF_ID.items():
        if key in values and (text := identifier(values, key)):
            yield kind, text
    emails = values.get("emails")
    if isinstance(emails, tuple):
        for email in emails:
            yield KeyKind.EMAIL, mailbox(email)
    for key in PHONES:
        raw = values.get(key)
        if isinstance(raw, str) and (line := line_of(raw)):
            yield KeyKind.PHONE, str(line)


def _by_name(first: str, lasts: tuple[str, ...], birthday: str) -> Iterable[tuple[int, str]]:
    firsts = _firsts(first)
    for last in lasts:
        for name in firsts:
            ends = (name, sound(last))
            yield KeyKind.FULL_NAME, f"{min(ends)} {max(ends)}"
    if not birthday:
        return
    for last in lasts:
        yield KeyKind.LAST_BIRTHDAY, f"{sound(last)} {birthday}"
    for name in firsts:
        yield KeyKind.FIRST_BIRTHDAY, f"{name} {birthday}"
    if first and lasts:
        whole = lasts[0]
        initials = (first[0], whole[0])
        yield KeyKind.INITIALS_BIRTHDAY, f"{min(initials)} {max(initials)} {birthday}"


def _by_place(
    values: Mapping[str, Value], first: str, lasts: tuple[str, ...], birthday: str
) -> Iterable[tuple[int, str]]:
    born = values.get("birthdate")
    if birthday and first and lasts and isinstance(born, date):
        yield KeyKind.LAST_MONTH, f"{first[0]} {lasts[0]} {born.year} {born.month}"
    places = [place_of(cast(Address, address)) for key in HOMES if (address := values.get(key))]
    for place in dict.fromkeys(places[:_MOST_PLACES]):
        if place.street:
            street = _street(place.street)
            if place.number:
                yield KeyKind.STREET, f"{place.number} {street}"
            if birthday:
                yield KeyKind.BIRTHDAY_STREET, f"{birthday} {street}"
            for name in _firsts(first):
                yield KeyKind.FIRST_STREET, f"{name} {street} {place.city[:_CITY_LETTERS]}"
        if not place.postcode:
            continue
        if birthday:
            yield KeyKind.BIRTHDAY_POSTCODE, f"{birthday} {place.postcode}"
        if first and lasts:
            yield KeyKind.LAST_POSTCODE, f"{first[0]} {sound(lasts[0])} {place.postcode}"
        if place.number and first:
            yield KeyKind.HOUSE, f"{place.number} {place.postcode} {first[0]}"
