"""Values of fields: raw input read, checked and brought into the one form in which it is kept and compared."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import urlsplit

from sharing.addresses import address
from sharing.customs import CustomKind
from sharing.emails import emails
from sharing.errors import InvalidValue, Refused
from sharing.fields import FIELDS
from sharing.kinds import Field, Kind
from sharing.phones import phone
from sharing.records import Value
from sharing.texts import identifier, line, paragraphs, quote

Parser = Callable[[object, str], Value]

_YEARS = range(1800, 2201)
_LEVELS = range(1, 6)
_MAX_URL = 2_000
_HOW_URL = "write it as https://example.org"

_ISO_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ][0-9:.,]*(?: ?(?:Z|UTC|[+-][0-9:]+))?)?")
_US_DATE = re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})")
_LOGIN = re.compile(r"[A-Za-z0-9_]{1,50}")
_LOGIN_URL = re.compile(r"(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x)\.com/", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![0-9])", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9_\u00a1-\U0010ffff-]{1,63}\.)+[a-z0-9\u00a1-\U0010ffff-]{1,63}")
_NUMBER = re.compile(r"([+-]?)([0-9]{1,30})?(?:\.([0-9]{0,30}))?")
_WORDS = {
    **dict.fromkeys(("true", "yes", "t", "y", "1"), True),
    **dict.fromkeys(("false", "no", "f", "n", "0"), False),
}


def text(value: Value) -> str | None:
    """A value as people and events see it, which ``parse`` reads back; None where it is blank."""
    if type(value) is str or value is None:
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value) or None
    if isinstance(value, Mapping):
        if not value:
            return None
        return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return str(value)


def parse(key: str, raw: object, *, country: str = "US") -> Value:
    """What a mutation or an import gives for a catalogue field, checked, in the form in which it is kept.

    Args:
        key: the catalogue key of any field but ``custom_fields``.
        raw: text, or what the field holds: bool, int, date, a mapping of address components, a sequence of addresses.
        country: the nation's country, by which phone numbers and postcodes are read that name none.

    Returns:
        The value; None where raw is blank.

    Raises:
        InvalidValue: the field cannot take it; the message names the field and says what to do.
        KeyError: no field bears this key.
    """
    if raw is None or raw == "":
        return None
    try:
        return PARSERS[key](raw, country)
    except Refused as refused:
        raise invalid(key, refused) from None


def invalid(key: str, refused: Refused) -> InvalidValue:
    """What a catalogue field says when it cannot take a value."""
    return InvalidValue(key, f"{FIELDS[key].label}: {refused}.")


def parse_custom(
    kind: CustomKind, options: Sequence[str], raw: object, *, key: str = "custom_fields", label: str = "Custom field"
) -> str | bool | None:
    """What a mutation or an import gives for a custom field, checked; blank is None.

    Args:
        kind: what the field holds.
        options: what a CHOICE may be; found in any case, kept as spelled here.
        raw: text, bool or number.
        key: ``custom:slug``, for the error.
        label: the field's name, for the error.

    Returns:
        Text for TEXT and CHOICE, a canonical decimal for NUMBER (``12.5``), a bool for CHECKBOX.

    Raises:
        InvalidValue: the field cannot take it.
    """
    try:
        if kind is CustomKind.CHECKBOX:
            return boolean(raw)
        if kind is CustomKind.NUMBER:
            return _number(raw)
        if kind is CustomKind.TEXT:
            return paragraphs(raw)
        return _option(line(raw), {option.casefold(): option for option in options}, options)
    except Refused as refused:
        raise InvalidValue(key, f"{label}: {refused}.") from None


def _login(raw: object) -> str | None:
    given = line(raw)
    if given is None:
        return None
    login = _LOGIN_URL.sub("", given, count=1).rstrip("/").lstrip("@")
    if not _LOGIN.fullmatch(login):
        raise Refused(f"{quote(given)} is not a login; write letters, digits and underscores, without the @")
    return login.lower()


def _url(raw: object) -> str | None:
    given = line(raw)
    if given is None:
        return None
    if not _SCHEME.match(given) and _OTHER_SCHEME.match(given):
        raise Refused(f"{quote(given)} is not a web address; it has to begin with https:// or http://")
    url = given if _SCHEME.match(given) else "https://" + given.lstrip("/")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(f"{quote(given)} is not a web address; {_HOW_URL}") from None
    host = (parts.hostname or "").lower()
    if " " in url or "\\" in url or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise Refused(f"{quote(given)} is not a web address; {_HOW_URL}")
    netloc = host if port is None else f"{host}:{port}"
    return line(parts.scheme.lower() + "://" + netloc + url[url.index("://") + 3 + len(parts.netloc) :], _MAX_URL)


def _date(raw: object) -> date | None:
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
    else:
        given = line(raw)
        if given is None:
            return None
        if found := _ISO_DATE.fullmatch(given):
            year, month, month_day = found[1], found[2], found[3]
        elif found := _US_DATE.fullmatch(given):
            year, month, month_day = found["year"], found["month"], found["day"]
        else:
            raise Refused(f"{quote(given)} is not a date; write it as 1980-12-31 or 12/31/1980")
        try:
            day = date(int(year), int(month), int(month_day))
        except ValueError:
            raise Refused(f"there is no such day as {quote(given)}; write it as 1980-12-31 or 12/31/1980") from None
    if day.year not in _YEARS:
        raise Refused(f"{day.isoformat()} is out of range; write a year from {_YEARS[0]} to {_YEARS[-1]}")
    return day


def boolean(raw: object) -> bool | None:
    """Yes or no, as people write it; blank is None, and neither.

    Raises:
        Refused: it is none of true, false, yes, no, t, f, y, n, 1, 0.
    """
    if isinstance(raw, bool):
        return raw
    given = line(raw)
    if given is None:
        return None
    try:
        return _WORDS[given.lower()]
    except KeyError:
        raise Refused(f"{quote(given)} is neither yes nor no; write true or false") from None


def _level(raw: object) -> int | None:
    given = line(raw)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and int(given[:5]) in _LEVELS):
        raise Refused(f"{quote(given)} is not a level; write a number from {_LEVELS[0]} to {_LEVELS[-1]}")
    return int(given)


def _number(raw: object) -> str | None:
    given = line(format(Decimal(repr(raw)), "f") if isinstance(raw, float) and abs(raw) < 1e30 else raw)
    if given is None:
        return None
    found = _NUMBER.fullmatch(given)
    if not found or not (found[2] or found[3]):
        raise Refused(f"{quote(given)} is not a number; write digits, with a point before decimals")
    fraction = (found[3] or "").rstrip("0")
    digits = (found[2] or "").lstrip("0") or "0"
    number = f"{digits}.{fraction}" if fraction else digits
    return "-" + number if found[1] == "-" and number != "0" else number


def _option(given: str | None, options: Mapping[str, str], shown: Sequence[str]) -> str | None:
    if given is None:
        return None
    try:
        return options[given.casefold()]
    except KeyError:
        raise Refused(f"{quote(given)} is not one of its options; write one of {', '.join(shown)}") from None


def _choice(field: Field) -> Parser:
    codes = {label.casefold(): code for code, label in field.choices.items()}
    codes |= {code.casefold(): code for code in field.choices}
    shown = [f"{code} ({label})" for code, label in field.choices.items()]
    return lambda raw, _: _option(line(raw), codes, shown)


def _parser(field: Field) -> Parser:
    return _choice(field) if field.kind is Kind.CHOICE else _BY_KIND[field.kind]


_BY_KIND: Mapping[Kind, Parser] = MappingProxyType(
    {
        Kind.TEXT: lambda raw, _: line(raw),
        Kind.LONG_TEXT: lambda raw, _: paragraphs(raw),
        Kind.IDENTIFIER: lambda raw, _: identifier(raw),
        Kind.LOGIN: lambda raw, _: _login(raw),
        Kind.URL: lambda raw, _: _url(raw),
        Kind.DATE: lambda raw, _: _date(raw),
        Kind.BOOLEAN: lambda raw, _: boolean(raw),
        Kind.LEVEL: lambda raw, _: _level(raw),
        Kind.PHONE: phone,
        Kind.ADDRESS: address,
        Kind.EMAILS: lambda raw, _: emails(raw),
    }
)

# How each field is read, by key: what ``parse`` calls, for those who read many values of one field. They raise Refused.
PARSERS: Mapping[str, Parser] = MappingProxyType(
    {key: _parser(field) for key, field in FIELDS.items() if field.kind is not Kind.CUSTOM}
)
