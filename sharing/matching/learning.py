"""Learning from a share's own candidates how carefully its two nations keep their profiles."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

import numpy as np

from sharing.matching.columns import columns_of
from sharing.matching.comparing import Comparison, compare
from sharing.matching.features import OVERLAP, Feature, First
from sharing.matching.frequencies import Frequencies
from sharing.matching.pairing import Codes, Floats, Ints
from sharing.matching.persons import gathered
from sharing.matching.quality import LEARNT, USUAL, Quality, usual_shares
from sharing.matching.rules import MatchRules
from sharing.matching.scoring import score
from sharing.records import Record

ROUNDS = 8
# Pairs' worth of belief in the table: a share of a few people is judged by the table alone.
BELIEF = 300
# However careless two nations seem, no share moves further than this from the table's.
LEAST, MOST = 0.25, 12.0
# Twins, one of them in each nation, look like one person with another first name. Of all people they are some 3 in 100,
# so that many renamed people may be nothing but twins: only what goes well beyond is taken for carelessness.
CARELESS = 0.05
SMALLEST_OVERLAP, LARGEST_OVERLAP = 0.05, 0.95


def learn(
    senders: Mapping[UUID, Record],
    receivers: Mapping[UUID, Record],
    pairs: Sequence[tuple[UUID, UUID]],
    rules: MatchRules,
    frequencies: Frequencies,
) -> Quality:
    """How often profiles of one person disagree between these two nations, estimated without knowing who is who.

    Expectation and maximisation over pairs that are each other's best candidate: the shares of one person's pairs are
    learnt, those of household mates, namesakes, twins and strangers stay the table's, so that a trap is never learnt to
    be a habit.

    Args:
        senders, receivers, pairs, rules, frequencies: as ``decide`` takes them; a few thousand senders, those
            without any candidate among them, with all their candidates are enough.

    Returns:
        What ``decide`` and ``explain`` take as quality. Few pairs change little.
    """
    gathering = gathered(pairs, senders, receivers, rules)
    if not gathering.people:
        return USUAL
    people = columns_of(gathering.people, frequencies)
    comparison = compare(people, gathering.left, gathering.right, rules)
    return learn_from(comparison, gathering.left, gathering.right, len(senders), frequencies)


def learn_from(comparison: Comparison, left: Ints, right: Ints, senders: int, frequencies: Frequencies) -> Quality:
    """As ``learn``, of pairs that are compared already.

    Args:
        comparison: what comparing the pairs found.
        left, right: by pair, numbers of its two persons; no number is on both sides.
        senders: how many senders were looked for.
        frequencies: how many people the receiving nation has.
    """
    if not len(left):
        return USUAL
    mutual = _mutual(left, right, score(comparison, frequencies).same)
    found = comparison.only(mutual)
    quality = USUAL
    for _ in range(ROUNDS):
        quality = _maximised(found.levels, score(found, frequencies, quality).same, senders)
    return quality


def _mutual(left: Ints, right: Ints, same: Floats) -> Ints:
    """The pairs that are best for both their sides."""
    best = np.zeros(int(max(left.max(), right.max())) + 1)
    np.maximum.at(best, left, same)
    np.maximum.at(best, right, same)
    return np.flatnonzero((same >= best[left]) & (same >= best[right]))


def _maximised(levels: Codes, same: Floats, senders: int) -> Quality:
    overlap = (BELIEF * OVERLAP + float(same.sum())) / (BELIEF + senders)
    shares: dict[Feature, tuple[float, ...]] = {}
    for feature in LEARNT:
        usual = np.array(usual_shares(feature))
        seen = np.bincount(levels[:, feature], weights=same, minlength=len(usual))
        seen[0] = 0.0
        whole = usual[1:].sum()
        learnt = (BELIEF * usual / whole + seen) / (BELIEF + seen.sum()) * whole
        learnt[0] = 1.0
        clipped = np.clip(learnt, usual * LEAST, usual * MOST)
        if feature is Feature.FIRST and clipped[First.OTHER] < CARELESS:
            clipped[First.OTHER] = min(clipped[First.OTHER], usual[First.OTHER])
        shares[feature] = tuple(clipped.tolist())
    return Quality(min(max(overlap, SMALLEST_OVERLAP), LARGEST_OVERLAP), MappingProxyType(shares))
