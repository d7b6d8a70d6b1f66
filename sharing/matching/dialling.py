"""Phone numbers as evidence: the digits that tell a line, whichever way its country was written."""

import re
from functools import lru_cache

from sharing.matching.names import CACHE

PHONES: tuple[str, ...] = ("mobile", "phone", "work_phone")

_FEWEST, _TELLING, _LONGEST = 7, 10, 40
_NOT_DIGITS = re.compile(r"[^0-9]+")
_EXTENSION = re.compile(r"[ ,;]*(?:ext|x|#).*$", re.IGNORECASE)


@lru_cache(CACHE)
def _line_of(text: str) -> int:
    digits = _NOT_DIGITS.sub("", _EXTENSION.sub("", text))[-_TELLING:]
    return int(digits) if len(digits) >= _FEWEST and len(set(digits[3:])) > 1 else 0


def line_of(text: str) -> int:
    """The last ten digits of a phone number, without its extension; 0 where it has too few, or is a filler (000…).

    The last ten, so that "(415) 555-0100" and "+14155550100", "020 7946 0958" and "+442079460958" are one line.
    """
    return _line_of(text[:_LONGEST])
