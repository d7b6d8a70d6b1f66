"""Email addresses: lower-cased, plausible, at most four to a person."""

import re
import unicodedata
from collections.abc import Sequence

from sharing.errors import Refused
from sharing.fields import MAX_EMAILS
from sharing.texts import line, quote

_MAX_ADDRESS = 254
_MAX_LOCAL = 64
_HOW = "write it as name@example.org"

_PLAIN = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)
_LOCAL = re.compile(r"""[^\s@.<>()\[\]\\,;:"]+(?:\.[^\s@.<>()\[\]\\,;:"]+)*""")
_LABEL = re.compile("[a-z0-9\u00a1-\U0010ffff](?:[a-z0-9\u00a1-\U0010ffff-]{0,61}[a-z0-9\u00a1-\U0010ffff])?")
_BETWEEN = re.compile(r"[,;\s]+")


def emails(raw: object) -> tuple[str, ...] | None:
    """The addresses of a person, in the order given, each once; None where there are none.

    Args:
        raw: addresses in a sequence, or one text of them with commas, semicolons or spaces in between.

    Raises:
        Refused: one of them is no email address, or there are more than four.
    """
    if raw is None:
        return None
    if isinstance(raw, str):
        given: Sequence[object] = _BETWEEN.split(raw)
    elif isinstance(raw, Sequence) and not isinstance(raw, bytes | bytearray):
        given = raw
    else:
        raise Refused(f"{quote(raw)} is not a list of email addresses; {_HOW}")
    found = tuple(dict.fromkeys(address for one in given if (address := email(one)) is not None))
    if len(found) > MAX_EMAILS:
        raise Refused(f"there are {len(found)} addresses; keep at most {MAX_EMAILS}")
    return found or None


def email(raw: object) -> str | None:
    """One email address in lower case; None for a blank one.

    Raises:
        Refused: not exactly one @, or characters or a length that no address has.
    """
    if type(raw) is not str or not _PLAIN.fullmatch(raw):
        if not isinstance(raw, str | None):
            raise Refused(f"{quote(raw)} is not an email address; {_HOW}")
        given = line(raw)
        if given is None:
            return None
        raw = unicodedata.normalize("NFC", given.lower().removeprefix("mailto:"))
        if not _PLAIN.fullmatch(raw) and not _is_international(raw):
            raise Refused(f"{quote(given)} is not an email address; {_HOW}")
    if len(raw) > _MAX_ADDRESS or raw.index("@") > _MAX_LOCAL:
        raise Refused(f"{quote(raw)} is longer than an email address can be; {_HOW}")
    return raw


def _is_international(address: str) -> bool:
    local, at, domain = address.partition("@")
    return bool(at and _LOCAL.fullmatch(local)) and all(_LABEL.fullmatch(label) for label in domain.split("."))
