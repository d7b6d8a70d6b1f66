"""The distinct names of some people, with what is compared of each."""

from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from sharing.matching.frequencies import Frequencies
from sharing.matching.names import compact
from sharing.matching.pairing import Codes, Floats, Ints, coded
from sharing.matching.phonetics import sound

MOST_TYPOS = 2
# From so many pairs on, comparing them is worth every core.
MANY = 20_000


class Lexicon:
    """Distinct names in alphabetical order; code 0 is no name.

    Args:
        words: the folded names, the empty one first.
        first, middle, last: for each person, the code of the name.
        frequencies: how common names are in the receiving nation.

    Attributes:
        first, middle, last, words: as given; compact: the words without spaces.
        lengths, initials, forms, sounds, several: by name, its letters, first letter, codes of its compact form and
            of its sound, and whether it has several words.
        first_shares, last_shares: by name, the share of people who bear it as a first or last name; 0 where nobody here
            does.
    """

    def __init__(self, words: list[str], first: Codes, middle: Codes, last: Codes, frequencies: Frequencies) -> None:
        self.first, self.middle, self.last = first, middle, last
        self.words = words
        self.compact = [compact(name) for name in words]
        self.lengths = np.fromiter(map(len, self.compact), np.int64, len(words))
        self.initials = np.fromiter((ord(name[0]) if name else 0 for name in words), np.int64, len(words))
        self.several = np.fromiter((" " in name for name in words), np.bool_, len(words))
        self.forms = coded(self.compact)[1]
        self.sounds = coded([sound(name) for name in words])[1]
        self.first_shares = self._shares(first, frequencies.first)
        self.last_shares = self._shares(last, frequencies.last)

    def _shares(self, used: Codes, share: Callable[[str], float]) -> Floats:
        shares = np.zeros(len(self.words))
        for code in np.unique(used).tolist():
            shares[code] = share(self.compact[code])
        return shares

    def similarity(self, left: Codes, right: Codes) -> Floats:
        """Jaro-Winkler similarities, 0 to 1, of names given by code."""
        queries, choices = self._columns(left, right)
        scorer = JaroWinkler.normalized_similarity
        return np.asarray(cpdist(queries, choices, scorer=scorer, dtype=np.float64, workers=workers(queries)))

    def typos(self, left: Codes, right: Codes) -> Ints:
        """Wrong, missing, added or transposed letters between names given by code; 3 for more than two."""
        queries, choices = self._columns(left, right)
        return np.asarray(
            cpdist(
                queries,
                choices,
                scorer=OSA.distance,
                score_cutoff=MOST_TYPOS,
                dtype=np.int64,
                workers=workers(queries),
            )
        )

    def _columns(self, left: Codes, right: Codes) -> tuple[list[str], list[str]]:
        return [self.compact[code] for code in left.tolist()], [self.compact[code] for code in right.tolist()]


def workers(pairs: Sequence[str]) -> int:
    """How many threads compare so many pairs: -1 for one on each core."""
    return -1 if len(pairs) >= MANY else 1
