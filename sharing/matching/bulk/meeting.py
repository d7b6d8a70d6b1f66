"""Two nations' people met for matching: prepared once, then decided block by block of the senders."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

from sharing.matching.bulk.joining import indexed, joined
from sharing.matching.bulk.keying import Keyring
from sharing.matching.bulk.merging import merged
from sharing.matching.bulk.reading import Slice
from sharing.matching.bulk.writing import BYTES, Written, hyphened, told, written
from sharing.matching.comparing import compare
from sharing.matching.frequencies import Frequencies
from sharing.matching.learning import learn_from
from sharing.matching.pairing import Ints
from sharing.matching.quality import Quality
from sharing.matching.rules import MatchRules
from sharing.matching.scoring import score
from sharing.matching.stages import decided

# Senders whose pairs are compared at once: what bounds the memory of those with unusually many candidates.
BLOCK = 20_000


class Meeting:
    """People of two nations, ready to be matched.

    Args:
        senders: the senders' people, in order of their ids; they are taken out of the list.
        receivers: the receivers', likewise.
        rules: which ids take part, and whether emails do.
        frequencies: how common names are in the receiving nation.
        vetoed: pairs, 16 bytes of a sender and of a receiver, that a person said are not the same.
    """

    def __init__(
        self,
        senders: list[Slice],
        receivers: list[Slice],
        rules: MatchRules,
        frequencies: Frequencies,
        vetoed: Iterable[tuple[bytes, bytes]] = (),
    ) -> None:
        self._rules, self._frequencies = rules, frequencies
        self._senders = b"".join(part.ids for part in senders)
        self._receivers = b"".join(part.ids for part in receivers)
        self.size = len(self._senders) // BYTES
        slices = [*senders, *receivers]
        senders.clear()
        receivers.clear()
        self._people = merged(slices, frequencies)
        self._keyring = Keyring(self._people, rules)
        self._indexes = indexed(self._keyring.keys(slice(self.size, None)))
        self._vetoed = np.array(list(self._packed(vetoed)), np.int64)

    def _packed(self, pairs: Iterable[tuple[bytes, bytes]]) -> set[int]:
        found = ((place_of(self._senders, one), place_of(self._receivers, two)) for one, two in pairs)
        return {(left << 32) | right for left, right in found if left is not None and right is not None}

    def pairs(self, senders: Ints) -> tuple[Ints, Ints]:
        """The candidates of some senders, given by row: rows of both nations, by sender and then by receiver."""
        left, right = joined(self._indexes, self._keyring.keys(senders))
        left = senders[left]
        if len(self._vetoed):
            kept = ~np.isin((left << 32) | right, self._vetoed)
            left, right = left[kept], right[kept]
        return left, right

    def learnt(self, sample: Iterable[bytes]) -> Quality:
        """How carefully the two nations keep their profiles, learnt from some of the senders' people."""
        rows = {row for profile in sample if (row := place_of(self._senders, profile)) is not None}
        left, right = self.pairs(np.array(sorted(rows), np.int64))
        comparison = compare(self._people, left, right + self.size, self._rules)
        return learn_from(comparison, left, len(rows), self._frequencies)

    def outcomes(self, first: bytes, last: bytes, quality: Quality) -> Iterable[Written]:
        """What is decided of the senders between two ids, both included, some thousands at a time."""
        low = bisect_left(_Ids(self._senders), first)
        high = bisect_left(_Ids(self._senders), last)
        high += high < self.size and _Ids(self._senders)[high] == last
        for start in range(low, high, BLOCK):
            yield self._block(start, min(start + BLOCK, high), quality)

    def _block(self, first: int, end: int, quality: Quality) -> Written:
        left, right = self.pairs(np.arange(first, end))
        comparison = compare(self._people, left, right + self.size, self._rules)
        scores = score(comparison, self._frequencies, quality)
        decisions = decided(end - first, left - first, comparison, scores)
        receivers = hyphened(self._receivers, right[told(decisions)])
        ids = self._senders[first * BYTES : end * BYTES]
        return written(ids, receivers, self._rules, comparison, decisions)


class _Ids(Sequence[bytes]):
    """Ids one behind the other, told apart."""

    def __init__(self, ids: bytes) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids) // BYTES

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]
        return self._ids[place * BYTES : (place + 1) * BYTES]


def place_of(ids: bytes, profile: bytes) -> int | None:
    """Where a profile stands among ids in order; None where it is not there."""
    known = _Ids(ids)
    place = bisect_left(known, profile)
    return place if place < len(known) and known[place] == profile else None
