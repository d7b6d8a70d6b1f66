"""Slices of two nations brought together: one numbering of texts for all, and one column of each kind."""

from collections.abc import Mapping, Sequence

import numpy as np

from sharing.matching.bulk.reading import Slice
from sharing.matching.columns import Addresses, People
from sharing.matching.frequencies import Frequencies
from sharing.matching.lexicon import Lexicon
from sharing.matching.pairing import Codes


def merged(slices: list[Slice], frequencies: Frequencies) -> People:
    """The people of all slices, in their order.

    Args:
        slices: people read apart; the senders' before the receivers'. They are taken out of the list, and each column
            is let go as soon as it is joined: there is not the memory for all of them twice.
        frequencies: how common names are in the receiving nation.
    """
    texts = [part.texts for part in slices]
    parts = [part.parts for part in slices]
    before = np.cumsum([0, *(len(part["number"]) - 1 for part in parts)]).astype(np.int32)
    columns: dict[str, list[Codes]] = {name: [getattr(part, name) for part in slices] for name in _COLUMNS}
    slices.clear()
    words, names = _united([known["names"] for known in texts], alphabetical=True)
    _, sexes = _united([known["sexes"] for known in texts])
    first, middle, last = (_renamed(columns.pop(name), names) for name in ("first", "middle", "last"))
    addresses = _addresses(parts, texts)
    places = columns.pop("places")
    moved = [np.where(part > 0, part + start, 0) for part, start in zip(places, before, strict=False)]
    sex = _renamed(columns.pop("sex"), sexes)
    joined = {name: _joined(columns.pop(name)) for name in list(columns)}
    return People(
        Lexicon(words, first, middle, last, frequencies),
        joined["generation"],
        joined["born"],
        sex,
        joined["lines"],
        joined["line_keys"],
        np.concatenate(moved),
        joined["place_keys"],
        addresses,
        joined["emails"],
        joined["ids_known"],
        joined["scopes"],
    )


_COLUMNS = (
    *("first", "middle", "last", "generation", "born", "sex", "lines", "line_keys", "places", "place_keys"),
    *("emails", "ids_known", "scopes"),
)


def _renamed(columns: list[Codes], numbers: Sequence[Codes]) -> Codes:
    """A column of all, by the numbers that hold for all."""
    return np.concatenate([new[column] for new, column in zip(numbers, columns, strict=True)])


def _joined(columns: list[Codes]) -> Codes:
    """A column of all; where its rows are longer in some slices than in others, the shorter are filled with 0."""
    if columns[0].ndim > 1:
        width = max(part.shape[1] for part in columns)
        columns = [np.pad(part, ((0, 0), (0, width - part.shape[1]))) for part in columns]
    return np.concatenate(columns)


def _united(lists: Sequence[str], *, alphabetical: bool = False) -> tuple[list[str], list[Codes]]:
    """One list of the texts of several, a line each, the empty one first; and for each the new numbers of its texts."""
    known: dict[str, int] = {"": 0}
    for lines in lists:
        for text in lines.split("\n"):
            known.setdefault(text, len(known))
    words = list(known)
    if alphabetical:
        words.sort()
        known = {text: number for number, text in enumerate(words)}
    return words, [np.fromiter(map(known.__getitem__, lines.split("\n")), np.int32) for lines in lists]


def _addresses(slices: Sequence[Mapping[str, Codes]], known: Sequence[Mapping[str, str]]) -> Addresses:
    parts: dict[str, Codes] = {}
    texts: dict[str, list[str]] = {}
    for name in ("number", "street", "unit", "city", "postcode"):
        texts[name], numbers = _united([words[name] for words in known])
        for part in (name, "second") if name == "street" else (name,):
            columns = [new[piece[part][1:]] for new, piece in zip(numbers, slices, strict=True)]
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
