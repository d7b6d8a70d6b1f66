"""Postal addresses: twenty-two components, all text, of which the blank ones are left out."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from sharing.countries import US_STATES, ZIP_COUNTRIES, country_code
from sharing.errors import Refused
from sharing.fields import ADDRESS_COMPONENTS
from sharing.records import Address
from sharing.texts import line, paragraphs, quote

# A postcode as people write it, which is split into zip5 and zip4 where it is a U.S. one.
ZIP = "zip"

_MAX_COMPONENT = 255
_DECIMAL = re.compile(r"([+-]?)([0-9]{1,3})(?:\.([0-9]{0,20}))?")
_ZIP = re.compile(r"([0-9]{3,5})(?:[ -]+([0-9]{1,4}))?|([0-9]{7,9})")
_NUMERIC = re.compile(r"[0-9][0-9 -]*")


def address(raw: object, country: str) -> Address | None:
    """An address, whole: component to text, in the catalogue's order; None where every component is blank.

    Args:
        raw: components, or the same as a JSON object; ``zip`` may stand for zip5 and zip4.
        country: where an address lies that names neither a country_code nor a foreign state; it is not written into it.

    Raises:
        Refused: an unknown component, or a value that its component cannot take.
    """
    if raw is None:
        return None
    given = raw if isinstance(raw, Mapping) else _from_json(raw)
    parts: dict[str, str] = {}
    for component, value in given.items():
        parser = _PARSERS.get(component)
        if parser is None:
            raise Refused(f"{quote(component)} is no part of an address; use {', '.join(ADDRESS_COMPONENTS)}")
        if (part := parser(value)) is not None:
            parts[component] = part
    if ZIP in parts or "zip5" in parts or "zip4" in parts:
        _put_zip(parts, country)
    return {component: parts[component] for component in ADDRESS_COMPONENTS if component in parts} or None


def _from_json(raw: object) -> Mapping[str, object]:
    if isinstance(raw, str):
        given = paragraphs(raw) or "{}"
        try:
            found = json.loads(given) if given.startswith("{") else None
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
    raise Refused(f"{quote(raw)} is not an address; give its components, such as address1, city and state")


def _put_zip(parts: dict[str, str], country: str) -> None:
    whole = parts.pop(ZIP, None)
    code = parts.get("zip5") or whole
    named = parts.get("country_code")
    if (named or country) not in ZIP_COUNTRIES or not (named or parts.get("state", "NY").upper() in US_STATES):
        if code is not None:
            parts["zip5"] = code
        return
    if code is not None and (named or _NUMERIC.fullmatch(code)):
        code, plus4 = _split_zip(code)
        if plus4:
            parts.setdefault("zip4", plus4)
    if code is not None:
        parts["zip5"] = code
    extra = parts.get("zip4")
    if extra is not None and (named or _NUMERIC.fullmatch(extra)):
        if not (extra.isascii() and extra.isdigit() and len(extra) <= 4):
            raise Refused(f"{quote(extra)} is not the end of a ZIP code; write four digits in zip4")
        parts["zip4"] = extra.zfill(4)


def _split_zip(code: str) -> tuple[str, str]:
    """A U.S. ZIP code in its two parts, with the leading zeros that spreadsheets drop."""
    found = _ZIP.fullmatch(code)
    if not found:
        raise Refused(
            f"{quote(code)} is not a U.S. ZIP code; write five digits, or give the country_code of another country"
        )
    if found[3]:
        nine = found[3].zfill(9)
        return nine[:5], nine[5:]
    return found[1].zfill(5), found[2].zfill(4) if found[2] else ""


def _component(raw: object) -> str | None:
    return line(raw, _MAX_COMPONENT)


def _state(raw: object) -> str | None:
    given = _component(raw)
    return given.upper() if given is not None and len(given) == 2 else given


def _country(raw: object) -> str | None:
    given = _component(raw)
    if given is None:
        return None
    code = country_code(given)
    if code is None:
        raise Refused(f"{quote(given)} is not a country; write its two-letter code in country_code, such as US")
    return code


def _degrees(component: str, most: int) -> Callable[[object], str | None]:
    def parse(raw: object) -> str | None:
        given = format(Decimal(repr(raw)), "f")[:24] if isinstance(raw, float) and abs(raw) <= most else raw
        text = None if isinstance(given, float) else _component(given)
        if text is None and not isinstance(given, float):
            return None
        found = _DECIMAL.fullmatch(text) if text is not None else None
        if not found or abs(Decimal(found[0])) > most:
            raise Refused(f"{quote(raw)} is not in degrees; write {component} as a decimal from -{most} to {most}")
        fraction = (found[3] or "").rstrip("0")
        degrees = str(int(found[2])) + ("." + fraction if fraction else "")
        return "-" + degrees if found[1] == "-" and degrees != "0" else degrees

    return parse


_PARSERS: Mapping[str, Callable[[object], str | None]] = MappingProxyType(
    {
        **dict.fromkeys((*ADDRESS_COMPONENTS, ZIP), _component),
        "state": _state,
        "country_code": _country,
        "lat": _degrees("lat", 90),
        "lng": _degrees("lng", 180),
    }
)
