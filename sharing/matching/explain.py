"""Why two profiles are held to be one person, or not: what each piece of evidence adds."""

from typing import NamedTuple

import numpy as np

from sharing.matching.columns import columns_of
from sharing.matching.comparing import compare
from sharing.matching.features import BLANK, LEVELS, PRIORS, Feature, PairKind
from sharing.matching.frequencies import Frequencies
from sharing.matching.persons import person_of
from sharing.matching.quality import USUAL, Quality
from sharing.matching.rules import MatchRules
from sharing.matching.scoring import part_of, priors, score
from sharing.records import Record


class Contribution(NamedTuple):
    """What one feature says.

    Attributes:
        feature: what was compared, or "PRIOR" for what holds before anything is.
        finding: what was seen.
        weight: natural-log odds of one person against the next best reading; above 0 it speaks for one person.
        reason: why it weighs so.
    """

    feature: str
    finding: str
    weight: float
    reason: str


class Explanation(NamedTuple):
    """How sure a pair is, and why.

    Attributes:
        score: the probability that both profiles are one person.
        against: what else they most likely are.
        contributions: they add up to the log odds of one person against that, the weightiest first.
    """

    score: float
    against: PairKind
    contributions: tuple[Contribution, ...]


def explain(
    sender: Record, receiver: Record, rules: MatchRules, frequencies: Frequencies, quality: Quality = USUAL
) -> Explanation:
    """Explains one pair, under the rules, frequencies and quality by which it is decided."""
    people = columns_of([person_of(sender, rules), person_of(receiver, rules)], frequencies)
    comparison = compare(people, np.array([0]), np.array([1]), rules)
    scores = score(comparison, frequencies, quality)
    others = [kind for kind in PairKind if kind is not PairKind.SAME]
    against = max(others, key=lambda kind: float(scores.kinds[0, kind]))
    found = [
        Contribution(feature.name, level.name, round(float(part[PairKind.SAME] - part[against]), 3), level.reason)
        for feature in Feature
        if (part := part_of(feature, comparison, quality)[0]) is not None
        and (level := LEVELS[feature][int(comparison.levels[0, feature])]) is not LEVELS[feature][BLANK]
    ]
    before = priors(frequencies, quality)
    start = Contribution(
        "PRIOR", "any two profiles", round(float(before[PairKind.SAME] - before[against]), 3), PRIORS[PairKind.SAME][1]
    )
    found.sort(key=lambda contribution: -abs(contribution.weight))
    return Explanation(float(scores.same[0]), against, (start, *found))
