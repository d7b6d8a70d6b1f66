"""How each of a sender's pairs stands beside the sender's others: scores are by pair, and people have one profile."""

from typing import NamedTuple

import numpy as np

from sharing.matching.pairing import Bools, Floats, Ints
from sharing.matching.scoring import DECIMALS, Scores

_CERTAIN = 1 - 10.0**-DECIMALS


class Standing(NamedTuple):
    """What pairs are, seeing who else their senders may be.

    Attributes:
        alone: by pair, the probability that this is the sender's person and none of the others is.
        likely: by pair, the probability that it is one person, whether alone or twice.
        anyone: by sender, the probability that one of the pairs is.
    """

    alone: Floats
    likely: Floats
    anyone: Floats


def standing(senders: int, left: Ints, scores: Scores, counted: Bools) -> Standing:
    """Sets the pairs of each sender against each other.

    A pair by itself is as likely as its score. Two of them are two readings of which one is true, or the same person
    twice: a twin who would be believed by himself is not, where his brother's own profile is there.

    Args:
        senders: how many there are.
        left: by pair, the number of its sender.
        scores: by pair, how sure it is by itself.
        counted: the pairs that can carry a match; none is less likely for the others, names alone.
    """
    certain = np.minimum(scores.same, _CERTAIN)
    odds = certain / (1 - certain)
    counting = np.where(counted, odds, 0.0)
    order = np.lexsort((odds, left))  # so that sums do not depend on who else is asked for
    total = np.asarray(np.bincount(left[order], weights=counting[order], minlength=senders), np.float64)
    others = total[left] - counting
    alone = odds / (1 + others + odds)
    likely = alone + others / (1 + others + odds) * scores.again
    return Standing(alone, np.round(likely, DECIMALS), total / (1 + total))
