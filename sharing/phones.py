"""Phone numbers: E.164 where a number can be one, as given where it cannot."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

from sharing.errors import Refused
from sharing.texts import line, quote

_FEWEST_DIGITS, _MOST_DIGITS = 5, 15
_HOW = "write the digits, with + and the country code if it is abroad"

_NORTH_AMERICA = frozenset({"US", "CA"})
_NORTH_AMERICAN = re.compile(
    r"(?:\+?1[ .-]?)?(?:\(([2-9][0-9]{2})\) ?|([2-9][0-9]{2})[ .-]?)([0-9]{3})[ .-]?([0-9]{4})"
)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_EXTENSION = re.compile(r"[ ,;]*(?:\bext(?:ension|n)?\.?|(?<![a-z])x|#) ?:? ?([0-9]{1,10})$", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9 ()\[\]./\\-]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_DIRECTIONS = re.compile("[\u200e\u200f]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def phone(raw: object, country: str) -> str | None:
    """A phone number, read as one dials it in the country.

    Returns:
        ``+14155550123``, with `` x123`` behind it for an extension; the number as given where it has 5 to 15 digits but
        no country has such numbers; None for a blank one.

    Raises:
        Refused: letters, or too few or too many digits.
    """
    plain = _NORTH_AMERICAN.fullmatch(raw) if type(raw) is str else None
    if plain and (country in _NORTH_AMERICA or plain[0].startswith("+1")):
        return f"+1{plain[1] or plain[2]}{plain[3]}{plain[4]}"
    given = line(raw)
    if given is None or (_E164.fullmatch(given) and _is_stable(given)):
        return given
    dialled = _plain(given)
    extension = _EXTENSION.search(dialled)
    number = dialled[: extension.start()] if extension else dialled
    digits = len(_NOT_DIGITS.sub("", number))
    if _NUMBER.fullmatch(number) and digits <= _MOST_DIGITS:
        if e164 := _formatted(number, country):
            return f"{e164} x{extension[1]}" if extension else e164
        if digits >= _FEWEST_DIGITS:
            return given
    raise Refused(f"{quote(given)} is not a phone number; {_HOW}")


def _plain(given: str) -> str:
    """The number in ASCII: digits of any script, full-width signs and typographic dashes rewritten."""
    if not given.isascii():
        given = _DASHES.sub("-", unicodedata.normalize("NFKC", _DIRECTIONS.sub("", given)))
        given = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in given).strip()
    return given[4:] if given[:4].lower() == "tel:" else given


def _formatted(number: str, country: str) -> str | None:
    for _ in range(3):
        try:
            parsed = phonenumbers.parse(number, country)
        except phonenumbers.NumberParseException:
            return None
        if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
            return None
        number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if _is_stable(number):
            return number if len(number) <= _MOST_DIGITS + 1 else None
    return None


def _is_stable(e164: str) -> bool:
    """Whether parsing an E.164 number and formatting it again gives the same number."""
    for size in (1, 2, 3):
        if plan := _numbering_plan(e164[1 : size + 1]):
            lengths, prefix = plan
            national = e164[size + 1 :]
            found = prefix.match(national) if prefix else None
            return len(national) in lengths and not (found and found.end())
    return False


@lru_cache(maxsize=2_000)
def _numbering_plan(country_code: str) -> tuple[frozenset[int], re.Pattern[str] | None] | None:
    """How long the numbers behind a country code are, and the trunk prefix that is no part of them."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(country_code))
    if not regions:
        return None
    if regions[0] == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        metadata = phonenumbers.PhoneMetadata.metadata_for_nongeo_region(int(country_code), None)
    else:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(regions[0], None)
    if metadata is None or metadata.general_desc is None:
        return None
    prefix = metadata.national_prefix_for_parsing
    return frozenset(metadata.general_desc.possible_length), re.compile(prefix) if prefix else None
