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
    """

    same: Floats
    kinds: Floats


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
    kinds = np.tile(priors(frequencies, quality), (len(comparison.levels), 1))
    for feature in Feature:
        kinds += part_of(feature, comparison, quality)
    odds = np.exp(kinds - kinds.max(axis=1, keepdims=True))
    same = odds[:, PairKind.SAME] / odds.sum(axis=1)
    return Scores(np.round(same, _DECIMALS), kinds)


def part_of(feature: Feature, comparison: Comparison, quality: Quality = USUAL) -> Floats:
    """What a feature adds to the log-probability of each PairKind, by pair."""
    levels = comparison.levels[:, feature]
    logs = _LOGS[feature]
    if feature in quality.shares:
        logs = logs.copy()
        logs[:, PairKind.SAME] = np.log(np.array(quality.shares[feature]))
    part: Floats = logs[levels]
    if feature in _NAMES:
        common = _COMMON[feature][levels]
        strangers = _STRANGERS[feature][levels[common]] + comparison.shares[common, _NAMES.index(feature)]
        part[common, PairKind.OTHER] = np.log(np.minimum(strangers, 1.0))
    return part
