"""Learning from a share's own candidates how carefully its two nations keep their profiles."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

import numpy as np

from sharing.matching.columns import columns_of
from sharing.matching.comparing import Comparison, compare
from sharing.matching.features import BLANK, OVERLAP, PRIORS, TWICE, Feature, First, Home, Last, PairKind
from sharing.matching.frequencies import Frequencies
from sharing.matching.pairing import Codes, Floats, Ints
from sharing.matching.persons import gathered
from sharing.matching.quality import LEARNT, USUAL, Quality, usual_shares
from sharing.matching.rules import MatchRules
from sharing.matching.scoring import score
from sharing.matching.standing import standing
from sharing.records import Record

ROUNDS = 8
# Pairs' worth of belief in the table: a share of a few people is judged by the table alone.
BELIEF = 300
# Only pairs that are rather one person than not tell how one person's pairs look: of the others there are so many that
# even their small chances add up.
PROBABLE = 0.5
# However careless two nations seem, no share moves further than this from the table's.
LEAST, MOST = 0.25, 12.0
# Twins, one of them in each nation, look like one person with another first name. Of all people they are some 3 in 100,
# so that many renamed people may be nothing but twins: only what goes well beyond is taken for carelessness.
CARELESS = 0.05
# The least and the most that is believed of what is no feature's.
OVERLAPS, TWICES, KINS = (0.05, 0.95), (0.005, 5.0), (0.05, 1.0)


def learn(
    senders: Mapping[UUID, Record],
    receivers: Mapping[UUID, Record],
    pairs: Sequence[tuple[UUID, UUID]],
    rules: MatchRules,
    frequencies: Frequencies,
) -> Quality:
    """How often profiles of one person disagree between these two nations, estimated without knowing who is who.

    Expectation and maximisation: the shares of one person's pairs are learnt, those of household mates, namesakes,
    twins and strangers stay the table's, so that a trap is never learnt to be a habit. Only that kin are met less often
    than the table says is learnt as well.

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
    return learn_from(comparison, gathering.left, len(senders), frequencies)


def learn_from(comparison: Comparison, left: Ints, senders: int, frequencies: Frequencies) -> Quality:
    """As ``learn``, of pairs that are compared already.

    Args:
        comparison: what comparing the pairs found.
        left: by pair, the number of its sender.
        senders: how many senders were looked for.
        frequencies: how many people the receiving nation has.
    """
    left = np.unique(left, return_inverse=True)[1]
    quality = USUAL
    everyone = np.ones(len(left), np.bool_)
    for _ in range(ROUNDS if len(left) else 0):
        scores = score(comparison, frequencies, quality)
        likely = standing(len(left), left, scores, everyone).likely
        same = np.where(likely >= PROBABLE, likely, 0.0)
        profiles = np.bincount(left, weights=same)
        found = float(np.minimum(profiles, 1).sum())
        quality = Quality(
            _within(OVERLAPS, (BELIEF * OVERLAP + found) / (BELIEF + senders)),
            _within(TWICES, (BELIEF * TWICE + float(profiles.sum()) - found) / (BELIEF + found)),
            _within(KINS, _kin(comparison.levels[:, Feature.ADDRESS], same, scores.kinds, senders)),
            MappingProxyType({feature: _shares(feature, comparison.levels[:, feature], same) for feature in LEARNT}),
        )
    return quality


def _within(limits: tuple[float, float], value: float) -> float:
    return min(max(value, limits[0]), limits[1])


def _kin(homes: Codes, same: Floats, kinds: Floats, senders: int) -> float:
    """How many household mates were met, of how many the table expects of people whose house is known."""
    odds = np.exp(kinds - kinds.max(axis=1, keepdims=True))
    mates = odds[:, PairKind.MATE] / odds.sum(axis=1)
    met = float(mates[np.isin(homes, (Home.SAME, Home.NEAR))].sum())
    told = float(same[homes > BLANK].sum()) / max(float(same.sum()), 1.0)
    return (BELIEF + met) / (BELIEF + senders * told * PRIORS[PairKind.MATE][0])


def _shares(feature: Feature, levels: Codes, same: Floats) -> tuple[float, ...]:
    """How often one person's pairs show each level."""
    usual = np.array(usual_shares(feature))
    seen = np.bincount(levels, weights=same, minlength=len(usual))
    told = np.arange(len(usual)) != BLANK
    if feature is Feature.LAST:
        told[Last.SWAPPED] = False  # it follows from the first name, and is one level of those beside it
    whole = usual[told].sum()
    learnt = (BELIEF * usual / whole + seen) / (BELIEF + seen[told].sum()) * whole
    clipped = np.where(told, np.clip(learnt, usual * LEAST, usual * MOST), usual)
    if feature is Feature.FIRST and clipped[First.OTHER] < CARELESS:
        clipped[First.OTHER] = min(clipped[First.OTHER], usual[First.OTHER])
    return tuple(clipped.tolist())
