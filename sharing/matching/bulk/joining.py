"""Who shares a key: pairs of senders and receivers, found by sorting instead of comparing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharing.matching.bulk.keying import Keys
from sharing.matching.keys import MAX_HOLDERS, KeyKind
from sharing.matching.pairing import Ints

_PAIR_BITS = 32
_Packed = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Index:
    """Keys of one kind of the receivers, sorted.

    A hash gives up its lowest bits to the row that holds it. Two values that only those bits tell apart (for a million
    people 44 are left: it happens once or twice) bring together a pair that is then compared like any other.

    Attributes:
        rows: the lowest bits, which tell a row.
        packed: hashes with rows, in order; a value that too many hold is not among them.
    """

    rows: np.uint64
    packed: _Packed


def indexed(keys: Iterable[Keys]) -> dict[KeyKind, Index]:
    """Makes the keys of the receivers ready to be looked up."""
    return {found.kind: _indexed(found) for found in keys if len(found.rows)}


def _indexed(keys: Keys) -> Index:
    mask = np.uint64((1 << max(int(keys.rows.max()), 1).bit_length()) - 1)
    packed = np.unique((keys.hashes.view(np.uint64) & ~mask) | keys.rows.astype(np.uint64))
    return Index(mask, _guarded(packed, mask))


def _guarded(packed: _Packed, mask: np.uint64) -> _Packed:
    """Without the values that more than MAX_HOLDERS hold, which tell nobody apart."""
    values = packed & ~mask
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    sizes = np.diff(np.append(starts, len(values)))
    return packed[np.repeat(sizes <= MAX_HOLDERS, sizes)]


def joined(indexes: Mapping[KeyKind, Index], keys: Iterable[Keys]) -> tuple[Ints, Ints]:
    """Pairs of those who share a key, each once.

    Args:
        indexes: the keys of the receivers.
        keys: those of some senders.

    Returns:
        Rows of these senders and of the receivers, by sender and then by receiver.
    """
    found = [np.zeros(0, np.int64)]
    for held in keys:
        if held.kind not in indexes:
            continue
        index = indexes[held.kind]
        values = held.hashes.view(np.uint64) & ~index.rows
        order = np.argsort(values)
        values = values[order]
        starts = np.searchsorted(index.packed, values)
        ends = np.searchsorted(index.packed, values | index.rows, side="right")
        sizes = ends - starts
        left = np.repeat(held.rows[order], sizes)
        places = np.arange(len(left)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)
        right = (index.packed[places] & index.rows).view(np.int64)
        found.append(left << _PAIR_BITS | right)
    pairs = np.unique(np.concatenate(found))
    return pairs >> _PAIR_BITS, pairs & ((1 << _PAIR_BITS) - 1)
