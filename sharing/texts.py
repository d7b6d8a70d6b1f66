"""Text as it is kept: composed, trimmed, printable."""

import re
import unicodedata

from sharing.errors import Refused

MAX_LINE = 5_000
MAX_PARAGRAPHS = 50_000
MAX_IDENTIFIER = 255

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# What nobody sees and comes along when text is copied: byte order mark, zero-width space, direction overrides.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SHOWN = 40


def quote(raw: object) -> str:
    """A value as an error message shows it: on one line, shortened, nothing unprintable in it."""
    shown = repr(raw if len(raw) <= _SHOWN else raw[:_SHOWN] + "…") if isinstance(raw, str) else repr(raw)
    return '"' + shown[1:-1] + '"' if isinstance(raw, str) else shown[: _SHOWN + 1]


def line(raw: object, limit: int = MAX_LINE) -> str | None:
    """Text of one line: NFC, trimmed, runs of white space folded to one space; None where nothing is left.

    Raises:
        Refused: no text, a control character or half a character in it, or longer than the limit.
    """
    if type(raw) is not str:
        raw = _as_text(raw)
    if not (raw.isascii() and raw.isprintable() and "  " not in raw and raw.strip(" ") == raw):
        raw = " ".join(_composed(raw).split())
    if len(raw) > limit:
        raise Refused(f"it is {len(raw):,} characters long; shorten it to {limit:,}")
    return raw or None


def paragraphs(raw: object, limit: int = MAX_PARAGRAPHS) -> str | None:
    r"""Text of several lines: NFC, trimmed as a whole, every line break a ``\n``; None where nothing is left.

    Raises:
        Refused: no text, a control character or half a character in it, or longer than the limit.
    """
    if type(raw) is not str:
        raw = _as_text(raw)
    if not (raw.isascii() and raw.isprintable()):
        raw = _BREAKS.sub("\n", _composed(raw))
    raw = raw.strip()
    if len(raw) > limit:
        raise Refused(f"it is {len(raw):,} characters long; shorten it to {limit:,}")
    return raw or None


def identifier(raw: object) -> str | None:
    """An id: a line of at most 255 characters, its case kept.

    Raises:
        Refused: as for a line.
    """
    return line(raw, MAX_IDENTIFIER)


def _as_text(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, str):
        return str.__str__(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() <= 256:
        return str(raw)
    raise Refused(f"{quote(raw)} does not fit here; write plain text")


def _composed(raw: str) -> str:
    if found := _CONTROL.search(raw):
        raise Refused(f"it holds the unprintable character U+{ord(found[0]):04X}; take that out")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", raw))
