"""Texts told by number: each distinct raw text is brought to its form once."""

import re
from collections.abc import Callable, Iterable

import numpy as np

from sharing.matching.pairing import Codes

NULL = r"\N"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def unescaped(raw: str) -> str:
    """A value of PostgreSQL's text format, as it was before it was written so."""
    if "\\" not in raw:
        return raw
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), raw)


class Words(dict[str, int]):
    """Numbers of texts, in the order in which they come; the empty text is 0."""

    def __init__(self) -> None:
        super().__init__({"": 0})

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Coded(dict[str, int]):
    """By raw value as PostgreSQL writes it, a number; 0 for null.

    Args:
        code: the number of a value that is not null.
    """

    def __init__(self, code: Callable[[str], int]) -> None:
        super().__init__({NULL: 0})
        self._code = code

    def __missing__(self, raw: str) -> int:
        number = self[raw] = self._code(unescaped(raw))
        return number

    def column(self, values: Iterable[str], dtype: type[np.integer] = np.int32) -> Codes:
        """The numbers of some raw values, as a column."""
        return np.fromiter(map(self.__getitem__, values), dtype)
