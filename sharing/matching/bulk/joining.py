"""Who shares a key: pairs of senders and receivers, found by sorting instead of comparing."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharing.matching.bulk.keying import Keys
from sharing.matching.keys import MAX_HOLDERS
from sharing.matching.pairing import Codes, Ints

_PAIR_BITS = 32
_Packed = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Index:
    """Keys of one kind of both nations, sorted.

    A hash gives up its lowest bits to the row that holds it. Two values that only those bits tell apart (for a million
    people 44 are left: it happens once or twice) bring together a pair that is then compared like any other.

    Attributes:
        rows: the lowest bits, which tell a row of the receivers.
        senders: the senders' rows, in order.
        hashes: the hash of each of those.
        receivers: of the receivers, hashes with rows, in order; a value that too many hold is not among them.
    """

    rows: np.uint64

    senders: Codes
    hashes: _Packed
    receivers: _Packed


def indexed(keys: Iterable[Keys], senders: int) -> list[Index]:
    """Makes the keys of two nations ready to be joined.

    Args:
        keys: keys of the senders' people and the receivers'.
        senders: how many senders there are; they are the first rows.
    """
    return [index for kind in keys if len((index := _indexed(kind, senders)).receivers) and len(index.senders)]


def _indexed(keys: Keys, senders: int) -> Index:
    highest = int(keys.rows.max(initial=0)) - senders
    mask = np.uint64((1 << max(highest, 1).bit_length()) - 1)
    hashes = keys.hashes.view(np.uint64) & ~mask
    ours = keys.rows < senders
    order = np.argsort(keys.rows[ours], kind="stable")
    rows = (keys.rows[~ours] - senders).astype(np.uint64)
    packed = np.unique(hashes[~ours] | rows)
    return Index(mask, keys.rows[ours][order].astype(np.int32), hashes[ours][order], _guarded(packed, mask))


def _guarded(packed: _Packed, mask: np.uint64) -> _Packed:
    """Without the values that more than MAX_HOLDERS hold, which tell nobody apart."""
    values = packed & ~mask
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1]))) if len(values) else np.zeros(0, int)
    sizes = np.diff(np.append(starts, len(values)))
    return packed[np.repeat(sizes <= MAX_HOLDERS, sizes)]


def joined(indexes: Iterable[Index], senders: range | Ints) -> tuple[Ints, Ints]:
    """Pairs of those who share a key, each once.

    Args:
        indexes: the keys, kind by kind.
        senders: rows of the senders to find pairs for, in order.

    Returns:
        Rows of senders and of receivers, both counted from 0, by sender and then by receiver.
    """
    found = [np.zeros(0, np.int64)]
    for index in indexes:
        if isinstance(senders, range):
            held: slice | Ints = slice(*np.searchsorted(index.senders, (senders.start, senders.stop)).tolist())
        else:
            held = np.flatnonzero(np.isin(index.senders, senders))
        rows, values = index.senders[held], index.hashes[held]
        order = np.argsort(values)
        values = values[order]
        starts = np.searchsorted(index.receivers, values)
        ends = np.searchsorted(index.receivers, values | index.rows, side="right")
        sizes = ends - starts
        left = np.repeat(rows[order].astype(np.int64), sizes)
        places = np.arange(len(left)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)
        right = (index.receivers[places] & index.rows).view(np.int64)
        found.append(left << _PAIR_BITS | right)
    pairs = np.unique(np.concatenate(found))
    return pairs >> _PAIR_BITS, pairs & ((1 << _PAIR_BITS) - 1)
