"""Keys under which a profile is found: whoever shares one with another profile is a candidate to be the same person."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import IntEnum
from functools import lru_cache
from itertools import islice, product
from types import MappingProxyType
from typing import NamedTuple, cast

from sharing.matching.dialling import PHONES, line_of
from sharing.matching.identifiers import IDS, SCOPE_ADDRESS, identifier
from sharing.matching.names import CACHE, compact, significant
from sharing.matching.nicknames import roots
from sharing.matching.persons import MOST_PLACES, mailbox, named
from sharing.matching.phonetics import sound
from sharing.matching.places import HOMES, Place, place_of
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

MOST_FIRSTS, MOST_LASTS = 3, 3
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


class Part(IntEnum):
    """What keys by likeness are put together from. Those from NUMBER on are of one address."""

    FIRST = 0  # the sounds of the formal names that the first name may stand for
    LAST = 1  # the sounds of the last name whole and of each telling word of it
    WHOLE_SOUND = 2
    WHOLE = 3
    INITIAL = 4
    LAST_INITIAL = 5
    BIRTHDAY = 6
    MONTH = 7
    NUMBER = 8
    STREET = 9
    CITY = 10
    POSTCODE = 11


class Recipe(NamedTuple):
    """How a kind of key is made: every combination of one value of each part.

    Attributes:
        parts: what it is made of; where one is missing there is no key, save the city.
        crossed: whether the first two parts may stand in either order, as where first and last name are swapped.
    """

    parts: tuple[Part, ...]
    crossed: bool = False


RECIPES: Mapping[KeyKind, Recipe] = MappingProxyType(
    {
        KeyKind.FULL_NAME: Recipe((Part.FIRST, Part.LAST), crossed=True),
        KeyKind.LAST_BIRTHDAY: Recipe((Part.LAST, Part.BIRTHDAY)),
        KeyKind.FIRST_BIRTHDAY: Recipe((Part.FIRST, Part.BIRTHDAY)),
        KeyKind.INITIALS_BIRTHDAY: Recipe((Part.INITIAL, Part.LAST_INITIAL, Part.BIRTHDAY), crossed=True),
        KeyKind.LAST_MONTH: Recipe((Part.INITIAL, Part.WHOLE, Part.MONTH)),
        KeyKind.LAST_POSTCODE: Recipe((Part.INITIAL, Part.WHOLE_SOUND, Part.POSTCODE)),
        KeyKind.HOUSE: Recipe((Part.NUMBER, Part.POSTCODE, Part.INITIAL)),
        KeyKind.BIRTHDAY_POSTCODE: Recipe((Part.BIRTHDAY, Part.POSTCODE)),
        KeyKind.STREET: Recipe((Part.NUMBER, Part.STREET)),
        KeyKind.FIRST_STREET: Recipe((Part.FIRST, Part.STREET, Part.CITY)),
        KeyKind.BIRTHDAY_STREET: Recipe((Part.BIRTHDAY, Part.STREET)),
    }
)
BY_PLACE: frozenset[KeyKind] = frozenset(kind for kind, recipe in RECIPES.items() if max(recipe.parts) >= Part.NUMBER)
_BY_NAME = tuple((int(kind), recipe) for kind, recipe in RECIPES.items() if kind not in BY_PLACE)
_BY_PLACE = tuple((int(kind), recipe) for kind, recipe in RECIPES.items() if kind in BY_PLACE)

KIND_OF_ID: Mapping[str, KeyKind] = MappingProxyType({key: KeyKind[key.upper()] for key in IDS})
EVERY_SHARE: frozenset[KeyKind] = frozenset(kind for kind in KeyKind if kind >= KeyKind.PHONE)


def kinds_of(rules: MatchRules) -> frozenset[KeyKind]:
    """The kinds of key by which a share with these rules may find candidates."""
    chosen = {KIND_OF_ID[key] for key in rules.ids}
    return EVERY_SHARE | chosen | ({KeyKind.EMAIL} if rules.emails else set())


def hashed(value: str) -> int:
    """A signed 64-bit hash of a text, the same in every process and release."""
    return int.from_bytes(
        hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
    )


@lru_cache(CACHE)
def first_sounds(first: str) -> tuple[str, ...]:
    """The sounds of the formal names that a first name may stand for."""
    word = next((word for word in first.split() if len(word) > 1), "")
    return tuple(sorted({sound(root) for root in roots(word)} - {""}))[:MOST_FIRSTS]


@lru_cache(CACHE)
def last_words(last: str) -> tuple[str, ...]:
    """A last name whole, and each telling word of a compound one."""
    if not last:
        return ()
    words = (word for word in significant(last) if len(word) > 2)
    return tuple(islice(dict.fromkeys((compact(last), *words)), MOST_LASTS))


@lru_cache(CACHE)
def street_start(street: str) -> str:
    """The first letters of a street's telling words, which most typing errors leave alone."""
    words = street.split()
    return "".join([word for word in words if len(word) > 2 and word.isalpha()] or words)[:_STREET_LETTERS]


def city_start(city: str) -> str:
    """The first letters of a city."""
    return city[:_CITY_LETTERS]


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
        parts = _parts(values)
        if not _NAMES.isdisjoint(touched):
            for kind, recipe in _BY_NAME:
                texts.extend((kind, text) for text in _combined(recipe, parts))
        for place in _homes(values):
            whole = parts + _place_parts(place)
            for kind, recipe in _BY_PLACE:
                texts.extend((kind, text) for text in _combined(recipe, whole))
    return [(int(kind), hashed(text)) for kind, text in dict.fromkeys(texts)]


def _combined(recipe: Recipe, parts: Sequence[tuple[str, ...]]) -> Iterable[str]:
    for words in product(*[parts[part] for part in recipe.parts]):
        if recipe.crossed and words[1] < words[0]:
            words = (words[1], words[0], *words[2:])
        yield " ".join(words)


def _parts(values: Mapping[str, Value]) -> list[tuple[str, ...]]:
    """The values of each Part that is not of an address."""
    first, _, family = named(values)
    lasts = last_words(family.words)
    born = values.get("birthdate")
    birthday = _birthday(born) if isinstance(born, date) else ""
    return [
        first_sounds(first),
        tuple(filter(None, map(sound, lasts))),
        _known(sound(lasts[0]) if lasts else ""),
        lasts[:1],
        _known(first[:1]),
        _known(family.words[:1]),
        _known(birthday),
        (f"{born.year} {born.month}",) if birthday and isinstance(born, date) else (),
    ]


def _homes(values: Mapping[str, Value]) -> list[Place]:
    """Where somebody lives: addresses as far as they are compared, but for the one at work."""
    places = (place_of(cast(Address, address)) for key in HOMES if (address := values.get(key)))
    return list(dict.fromkeys(places))[:MOST_PLACES]


def _place_parts(place: Place) -> list[tuple[str, ...]]:
    return [
        _known(place.number),
        _known(street_start(place.street)),
        (city_start(place.city),),
        _known(place.postcode),
    ]


def _known(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


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
