"""Slices of two nations brought together: one numbering of texts for all, and one column of each kind."""

from collections.abc import Callable, Sequence

import numpy as np

from sharing.matching.bulk.reading import Slice
from sharing.matching.columns import Addresses, People
from sharing.matching.frequencies import Frequencies
from sharing.matching.lexicon import Lexicon
from sharing.matching.pairing import Codes

Column = Callable[[Slice], Codes]


def merged(slices: Sequence[Slice], frequencies: Frequencies) -> People:
    """The people of all slices, in their order.

    Args:
        slices: people read apart; the senders' before the receivers'.
        frequencies: how common names are in the receiving nation.
    """
    words, names = _united([part.texts["names"] for part in slices], alphabetical=True)
    _, sexes = _united([part.texts["sexes"] for part in slices])

    def named(column: Column) -> Codes:
        return np.concatenate([new[column(part)] for new, part in zip(names, slices, strict=True)])

    lexicon = Lexicon(words, named(lambda p: p.first), named(lambda p: p.middle), named(lambda p: p.last), frequencies)
    before = np.cumsum([0, *(len(part.parts["number"]) - 1 for part in slices)])
    places = [np.where(part.places > 0, part.places + start, 0) for part, start in zip(slices, before, strict=False)]
    return People(
        lexicon,
        _joined(slices, lambda p: p.generation),
        _joined(slices, lambda p: p.born),
        np.concatenate([new[part.sex] for new, part in zip(sexes, slices, strict=True)]),
        _joined(slices, lambda p: p.lines),
        _joined(slices, lambda p: p.line_keys),
        np.concatenate(places).astype(np.int32),
        _joined(slices, lambda p: p.place_keys),
        _addresses(slices),
        _joined(slices, lambda p: p.emails),
        _joined(slices, lambda p: p.ids_known),
        _joined(slices, lambda p: p.scopes),
    )


def _joined(slices: Sequence[Slice], column: Column) -> Codes:
    """A column of all; where its rows are longer in some slices than in others, the shorter are filled with 0."""
    parts = [column(part) for part in slices]
    if parts[0].ndim > 1:
        width = max(part.shape[1] for part in parts)
        parts = [np.pad(part, ((0, 0), (0, width - part.shape[1]))) for part in parts]
    return np.concatenate(parts)


def _united(lists: Sequence[Sequence[str]], *, alphabetical: bool = False) -> tuple[list[str], list[Codes]]:
    """One list of the texts of several, the empty one first, and for each list the new numbers of its texts."""
    known: dict[str, int] = {"": 0}
    for texts in lists:
        for text in texts:
            known.setdefault(text, len(known))
    words = list(known)
    if alphabetical:
        words.sort()
        known = {text: number for number, text in enumerate(words)}
    return words, [np.fromiter(map(known.__getitem__, texts), np.int32, len(texts)) for texts in lists]


def _addresses(slices: Sequence[Slice]) -> Addresses:
    parts: dict[str, Codes] = {}
    texts: dict[str, list[str]] = {}
    for name in ("number", "street", "unit", "city", "postcode"):
        texts[name], numbers = _united([part.texts[name] for part in slices])
        for part in (name, "second") if name == "street" else (name,):
            columns = [new[piece.parts[part][1:]] for new, piece in zip(numbers, slices, strict=True)]
            parts[part] = np.concatenate([np.zeros(1, np.int32), *columns])
    return Addresses(
        parts["number"],
        parts["street"],
        parts["second"],
        parts["unit"],
        parts["city"],
        parts["postcode"],
        texts["street"],
        texts["city"],
    )
