"""How sure it is that two profiles are one person: the evidence table summed up to a probability."""

from typing import NamedTuple

import numpy as np

from sharing.matching.comparing import Comparison
from sharing.matching.features import (
    FEWEST_PEOPLE,
    LEVELS,
    MISSES,
    PRIORS,
    Feature,
    Home,
    Level,
    PairKind,
)
from sharing.matching.frequencies import Frequencies
from sharing.matching.pairing import Floats
from sharing.matching.quality import USUAL, Quality

# Probabilities are rounded, so that the order in which a machine adds does not show.
DECIMALS = 6
_NAMES: tuple[Feature, ...] = (Feature.FIRST, Feature.LAST)
_ONE_HOUSE, _KIN = (Home.SAME, Home.NEAR), (PairKind.MATE, PairKind.NAMESAKE, PairKind.TWIN)


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
        same: the probability that both profiles are one person, if neither of them has a likelier one.
        again: the same, if the sender's person surely has another profile there: that he stands there twice.
        kinds: the log-probability, up to a constant, of each PairKind.
    """

    same: Floats
    again: Floats
    kinds: Floats


def priors(frequencies: Frequencies, quality: Quality = USUAL) -> Floats:
    """The log-probability, up to a constant, of each PairKind before anything is compared."""
    people = max(frequencies.people, FEWEST_PEOPLE)
    shares = np.ones(len(PairKind))
    for kind, (share, _) in PRIORS.items():
        shares[kind] = share / people
    shares[PairKind.SAME] *= quality.overlap
    for kind, misses in MISSES.items():
        shares[kind] *= (1 - quality.overlap) ** misses
    return np.log(shares)


def _once_more(quality: Quality) -> Floats:
    """By PairKind, what its prior is multiplied by where the sender's person has another profile there."""
    factors = np.ones(len(PairKind))
    factors[PairKind.SAME] = quality.twice / quality.overlap
    for kind, misses in MISSES.items():
        factors[kind] /= (1 - quality.overlap) ** misses
    return factors


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
    factors = _once_more(quality)
    same = odds[:, PairKind.SAME] / odds.sum(axis=1)
    again = odds[:, PairKind.SAME] * factors[PairKind.SAME] / (odds @ factors)
    return Scores(np.round(same, DECIMALS), np.round(again, DECIMALS), kinds)


def part_of(feature: Feature, comparison: Comparison, quality: Quality = USUAL) -> Floats:
    """What a feature adds to the log-probability of each PairKind, by pair."""
    levels = comparison.levels[:, feature]
    logs = _LOGS[feature]
    if feature in quality.shares:
        logs = logs.copy()
        logs[:, PairKind.SAME] = np.log(np.array(quality.shares[feature]))
    if feature is Feature.ADDRESS:
        logs = logs.copy()
        logs[np.ix_(_ONE_HOUSE, _KIN)] += np.log(quality.kin)
    part: Floats = logs[levels]
    if feature in _NAMES:
        common = _COMMON[feature][levels]
        strangers = _STRANGERS[feature][levels[common]] + comparison.shares[common, _NAMES.index(feature)]
        part[common, PairKind.OTHER] = np.log(np.minimum(strangers, 1.0))
    return part
