"""Names compared: columns of first, last and middle names to levels of the evidence table."""

from typing import NamedTuple

import numpy as np

from sharing.matching.features import First, Last, Middle
from sharing.matching.lexicon import Lexicon
from sharing.matching.names import significant
from sharing.matching.nicknames import ROOTS, roots
from sharing.matching.pairing import Bools, Codes, Floats, Ints, chosen, distinct_pairs

_ALIKE, _SWAPPED = 0.88, 0.93


class Likeness(NamedTuple):
    """How a name compares over the pairs: levels, similarities 0 to 1, and the share of strangers who agree as well."""

    levels: Ints
    similarities: Floats
    shares: Floats


class _Distinct(NamedTuple):
    """Distinct pairs of two names that both are known, and what every kind of name is compared by."""

    low: Ints
    high: Ints
    places: Ints
    same: Bools
    similarity: Floats
    typo: Bools
    alike: Bools
    initial: Bools


def _distinct(lexicon: Lexicon, left: Codes, right: Codes) -> _Distinct:
    low, high, places = distinct_pairs(left, right)
    similarity, typos = lexicon.similarity(low, high), lexicon.typos(low, high)
    shorter = np.minimum(lexicon.lengths[low], lexicon.lengths[high])
    first_letter = lexicon.initials[low] == lexicon.initials[high]
    return _Distinct(
        low,
        high,
        places,
        lexicon.forms[low] == lexicon.forms[high],
        similarity,
        ((typos == 1) & (shorter >= 4)) | ((typos == 2) & (shorter >= 8)),
        (shorter >= 2) & ((lexicon.sounds[low] == lexicon.sounds[high]) | (similarity >= _ALIKE)),
        (shorter == 1) & first_letter,
    )


def _sharing_words(lexicon: Lexicon, pairs: _Distinct) -> Bools:
    """Whether two names of which one has several words have a telling word in common."""
    shared = np.zeros(len(pairs.low), np.bool_)
    for place in np.flatnonzero(lexicon.several[pairs.low] | lexicon.several[pairs.high]).tolist():
        low, high = (
            {word for word in significant(lexicon.words[code]) if len(word) > 1}
            for code in (pairs.low[place], pairs.high[place])
        )
        shared[place] = not low.isdisjoint(high)
    return shared


def _nicknames(lexicon: Lexicon, pairs: _Distinct) -> tuple[Bools, Bools]:
    """Whether two first names may stand for one formal name, and whether both are known to stand for different ones."""
    shared, distinct = np.zeros(len(pairs.low), np.bool_), np.zeros(len(pairs.low), np.bool_)
    words = lexicon.compact
    for place, (low, high) in enumerate(zip(pairs.low.tolist(), pairs.high.tolist(), strict=True)):
        if low != high and not roots(words[low]).isdisjoint(roots(words[high])):
            shared[place] = True
        elif words[low] in ROOTS and words[high] in ROOTS:
            distinct[place] = True
    return shared, distinct


def _spread(size: int, known: Ints, levels: Ints, similarities: Floats, shares: Floats, places: Ints) -> Likeness:
    """Findings on distinct pairs, brought back to the pairs that they stand for; the others stay blank."""
    spread = Likeness(np.zeros(size, np.int64), np.zeros(size), np.zeros(size))
    spread.levels[known] = levels[places]
    spread.similarities[known] = similarities[places]
    spread.shares[known] = shares[places]
    return spread


def _shares(shares: Floats, pairs: _Distinct) -> Floats:
    return np.where(pairs.low == pairs.high, shares[pairs.low], shares[pairs.low] + shares[pairs.high])


def first_names(lexicon: Lexicon, left: Ints, right: Ints) -> Likeness:
    """First names of pairs of persons, compared straight (not yet swapped with the last)."""
    one, two = lexicon.first[left], lexicon.first[right]
    known = np.flatnonzero((one > 0) & (two > 0))
    pairs = _distinct(lexicon, one[known], two[known])
    nickname, distinct = _nicknames(lexicon, pairs)
    levels = chosen(
        len(pairs.low),
        (pairs.same, First.SAME),
        (pairs.initial, First.INITIAL),
        (nickname, First.NICKNAME),
        (_sharing_words(lexicon, pairs), First.PART),
        (pairs.typo & ~distinct, First.TYPO),
        (pairs.alike, First.ALIKE),
        otherwise=First.OTHER,
    )
    shares = _shares(lexicon.first_shares, pairs)
    found = _spread(len(left), known, levels, pairs.similarity, shares, pairs.places)
    middle = _by_middle_name(lexicon, left, right) & (found.levels == First.OTHER)
    found.levels[middle] = First.PART
    return found


def _by_middle_name(lexicon: Lexicon, left: Ints, right: Ints) -> Bools:
    """Whether one goes by the other's middle name."""
    one, two = lexicon.forms[lexicon.first[left]], lexicon.forms[lexicon.first[right]]
    letters = np.minimum(lexicon.lengths[lexicon.first[left]], lexicon.lengths[lexicon.first[right]])
    crossed = (one == lexicon.forms[lexicon.middle[right]]) | (two == lexicon.forms[lexicon.middle[left]])
    return np.asarray(crossed & (letters > 1))


def last_names(lexicon: Lexicon, left: Ints, right: Ints) -> Likeness:
    """Last names of pairs of persons, compared straight (not yet swapped with the first)."""
    one, two = lexicon.last[left], lexicon.last[right]
    known = np.flatnonzero((one > 0) & (two > 0))
    pairs = _distinct(lexicon, one[known], two[known])
    levels = chosen(
        len(pairs.low),
        (pairs.same, Last.SAME),
        (pairs.initial, Last.INITIAL),
        (_sharing_words(lexicon, pairs), Last.PART),
        (pairs.typo, Last.TYPO),
        (pairs.alike, Last.ALIKE),
        otherwise=Last.OTHER,
    )
    shares = _shares(lexicon.last_shares, pairs)
    return _spread(len(left), known, levels, pairs.similarity, shares, pairs.places)


def swap(lexicon: Lexicon, left: Ints, right: Ints, first: Likeness, last: Likeness) -> None:
    """Marks, in place, the pairs whose first name is the other's last name and the other way round."""
    sides = (lexicon.first[left], lexicon.last[left], lexicon.first[right], lexicon.last[right])
    apart = (first.levels >= First.ALIKE) & (last.levels == Last.OTHER)
    rows = np.flatnonzero(apart & (np.minimum.reduce([lexicon.lengths[side] for side in sides]) > 1))
    one_first, one_last, two_first, two_last = (side[rows] for side in sides)
    crossed = np.minimum(lexicon.similarity(one_first, two_last), lexicon.similarity(one_last, two_first))
    found = crossed >= _SWAPPED
    rows = rows[found]
    for likeness, level, shares, names in (
        (first, First.SWAPPED, lexicon.first_shares, (one_first, two_first)),
        (last, Last.SWAPPED, lexicon.last_shares, (one_last, two_last)),
    ):
        likeness.levels[rows] = level
        likeness.similarities[rows] = crossed[found]
        likeness.shares[rows] = np.maximum(shares[names[0][found]], shares[names[1][found]])


def middle_names(lexicon: Lexicon, left: Ints, right: Ints) -> Likeness:
    """Middle names of pairs of persons."""
    one, two = lexicon.middle[left], lexicon.middle[right]
    known = np.flatnonzero((one > 0) & (two > 0))
    pairs = _distinct(lexicon, one[known], two[known])
    levels = chosen(
        len(pairs.low),
        (pairs.same, Middle.SAME),
        (pairs.initial, Middle.INITIAL),
        (pairs.alike | _sharing_words(lexicon, pairs), Middle.ALIKE),
        otherwise=Middle.OTHER,
    )
    return _spread(len(left), known, levels, pairs.similarity, np.zeros(len(pairs.low)), pairs.places)
