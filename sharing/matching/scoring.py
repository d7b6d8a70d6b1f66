"""How sure it is that two profiles are one person: the evidence table summed up to a probability."""

from typing import NamedTuple

import numpy as np

from sharing.matching.comparing import Comparison
from sharing.matching.features import FEWEST_PEOPLE, LEVELS, PRIORS, Feature, Level, PairKind
from sharing.matching.frequencies import Frequencies
from sharing.matching.pairing import Floats
from sharing.matching.quality import USUAL, Quality

# Probabilities are rounded, so that the order in which a machine adds does not show.
_DECIMALS = 6
_NAMES: tuple[Feature, ...] = (Feature.FIRST, Feature.LAST)


def _logs(levels: tuple[Level, ...]) -> Floats:
    shares = np.array([level.shares for level in levels])
    return np.log(np.where(shares > 0, shares, 1.0))


_LOGS: dict[Feature, Floats] = {feature: _logs(levels) for feature, levels in LEVELS.items()}
_STRANGERS: dict[Feature, Floats] = {
    feature: np.array([level.shares[PairKind.OTHER] for level in levels]) for feature, levels in LEVELS.items()
}
_COMMON = {feature: np.array([level.common for level in levels]) for feature, levels in LEVELS.items()}


class Scores(NamedTuple):
    """What pairs are, by pair.

    Attributes:
        same: the probability that both profiles are one person.
        kinds: the log-probability, up to a constant, of each PairKind.
        parts: what each Feature adds to those.
    """

    same: Floats
    kinds: Floats
    parts: Floats


def priors(frequencies: Frequencies, quality: Quality = USUAL) -> Floats:
    """The log-probability of each PairKind before anything is compared."""
    people = max(frequencies.people, FEWEST_PEOPLE)
    shares = np.ones(len(PairKind))
    for kind, (share, _) in PRIORS.items():
        shares[kind] = share * (quality.overlap if kind is PairKind.SAME else 1 - quality.overlap) / people
    return np.log(shares)


def score(comparison: Comparison, frequencies: Frequencies, quality: Quality = USUAL) -> Scores:
    """The probability that each pair is one person, given all that was compared.

    Args:
        comparison: what comparing the pairs found.
        frequencies: how many people the receiving nation has.
        quality: how often the two nations' profiles of one person show each level.
    """
    levels = comparison.levels
    parts = np.empty((len(levels), len(Feature), len(PairKind)))
    for feature in Feature:
        parts[:, feature] = _LOGS[feature][levels[:, feature]]
    for feature, shares in quality.shares.items():
        parts[:, feature, PairKind.SAME] = np.log(np.array(shares))[levels[:, feature]]
    for place, feature in enumerate(_NAMES):
        level = levels[:, feature]
        common = _COMMON[feature][level]
        strangers = _STRANGERS[feature][level[common]] + comparison.shares[common, place]
        parts[common, feature, PairKind.OTHER] = np.log(np.minimum(strangers, 1.0))
    kinds = priors(frequencies, quality) + parts.sum(axis=1)
    odds = np.exp(kinds - kinds.max(axis=1, keepdims=True))
    same = odds[:, PairKind.SAME] / odds.sum(axis=1)
    return Scores(np.round(same, _DECIMALS), kinds, parts)
