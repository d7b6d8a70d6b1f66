"""The steps of matching, for many senders at once: unique ids, emails, the heuristic; the first with a hit decides.

Each sender is decided as if it were alone: whatever is counted, summed up or chosen here, is so among its own pairs.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sharing.matching.comparing import AGREE, DIFFER, Comparison
from sharing.matching.features import LEVELS, Birthday, Feature, First, Last
from sharing.matching.pairing import Bools, Codes, Floats, Ints, chosen
from sharing.matching.scoring import Scores
from sharing.matching.standing import Standing, standing
from sharing.states import AmbiguityReason, MatchStage, MatchState

# A match by the heuristic must be at least this sure: a wrong one writes one person's data into another's profile.
ACCEPTED = 0.9
# So likely to be the same person once more makes somebody a rival, and the best one ambiguous.
RIVAL = 0.1
# How sure the best must be that it is he and none of the others.
ALONE = 0.9
# Below this a candidate, taken by itself, is not worth showing.
SHOWN = 0.1
MOST_CANDIDATES = 10

_OTHER_BIRTHDAY = (Birthday.YEAR, Birthday.GENERATION_TO_THE_DAY, Birthday.GENERATION, Birthday.OTHER)
_UNCONFIRMED = (0, Birthday.DEFAULT, Birthday.SAME_DEFAULT)


class Ending(IntEnum):
    """What a sender comes to."""

    NOT_FOUND = 0
    MATCHED = 1
    MULTIPLE_CANDIDATES = 2
    ID_CONFLICT = 3
    CONTRADICTED = 4

    @property
    def state(self) -> MatchState:
        """The state of the match."""
        if self is Ending.NOT_FOUND:
            return MatchState.NOT_FOUND
        return MatchState.MATCHED if self is Ending.MATCHED else MatchState.AMBIGUOUS

    @property
    def ambiguity(self) -> AmbiguityReason | None:
        """The reason; None unless the match is ambiguous."""
        return AmbiguityReason[self.name] if self.state is MatchState.AMBIGUOUS else None


class Decisions(NamedTuple):
    """What was decided.

    Attributes:
        endings: by sender, an Ending.
        likely: by pair, the probability that it is one person, seeing who else its sender may be.
        best: by sender, the pair that was matched, or the best of those that are in doubt; -1 where nobody was found.
        listed: the pairs that are shown, by sender, best first, at most ten each: who may be it where it is in doubt,
            the runners-up that count where it is matched.
        bounds: where the pairs of each sender begin among those, and behind the last sender where they end.
    """

    endings: Codes
    likely: Floats
    best: Ints
    listed: Ints
    bounds: Ints


class _Groups:
    """Pairs by sender, best first. All that is asked of it is by pair, or by sender.

    Args:
        senders: how many there are.
        left: by pair, the number of its sender.
        likely: by pair, the probability that both are one person.
    """

    def __init__(self, senders: int, left: Ints, likely: Floats) -> None:
        self.senders, self.left = senders, left
        order = np.lexsort((np.arange(len(left)), -likely, left))  # equals stay in the order of their ids
        self.rank = np.empty(len(left), np.int64)
        self.rank[order] = np.arange(len(left))

    def any(self, holds: Bools) -> Bools:
        """Whether it holds for a pair of the sender's."""
        found = np.zeros(self.senders, np.bool_)
        found[self.left[holds]] = True
        return found

    def count(self, holds: Bools) -> Ints:
        """For how many of the sender's pairs it holds."""
        return np.bincount(self.left[holds], minlength=self.senders)

    def first(self, holds: Bools) -> Ints:
        """The best of the sender's pairs for which it holds; -1 where there is none."""
        rows = np.flatnonzero(holds)
        rows = rows[np.argsort(-self.rank[rows])]
        found = np.full(self.senders, -1, np.int64)
        found[self.left[rows]] = rows  # the best comes last, and stays
        return found


def stages_of(comparison: Comparison, rows: Ints, ids: tuple[str, ...]) -> list[MatchStage]:
    """The first step that each of some pairs hits; of several ids the earliest names it."""
    names = [MatchStage.VOTER_GUID if key == "voter_guid" else MatchStage.UNIQUE_ID for key in ids]
    names += [MatchStage.EMAIL, MatchStage.HEURISTIC]
    hits = np.ones((len(rows), len(names)), np.bool_)
    hits[:, : len(ids)] = comparison.ids[rows] == AGREE
    hits[:, len(ids)] = comparison.levels[rows, Feature.EMAIL] == AGREE
    return [names[place] for place in hits.argmax(axis=1).tolist()]


def decided(senders: int, left: Ints, comparison: Comparison, scores: Scores) -> Decisions:
    """Decides for each sender.

    Args:
        senders: how many there are, those without any pair among them.
        left: by pair, the number of its sender.
        comparison: what comparing the pairs found; those of one sender in the order of the receivers' ids.
        scores: by pair, how sure it is that both are one person.
    """
    same, levels = scores.same, comparison.levels
    corroborated = corroborates(levels)
    stand = standing(senders, left, scores, corroborated)
    groups = _Groups(senders, left, stand.likely)
    believed = corroborated & (scores.again >= RIVAL)
    by_id, by_email = levels[:, Feature.ID] == AGREE, levels[:, Feature.EMAIL] == AGREE
    hits = by_id | (by_email & ~groups.any(by_id)[left])
    by_value = groups.any(hits)
    others = believed & ~hits & by_value[left]
    conflict = (comparison.ids == DIFFER).any(axis=1)
    twice = others & _named_alike(levels) & ~conflict
    plausible = corroborated & (same >= SHOWN) & ~by_value[left]
    endings = np.zeros(senders, np.int8)
    best = np.where(by_value, groups.first(hits), groups.first(plausible))
    rivals = plausible & believed
    rivals[best[best >= 0]] = False
    at, counts = np.flatnonzero(by_value), groups.count(hits)
    _by_value(endings, at, best, counts, groups.any(twice), groups.any(others), levels, conflict, same)
    _by_likeness(endings, np.flatnonzero(groups.any(plausible)), best, groups.any(rivals), stand, conflict, same)
    best[endings == Ending.NOT_FOUND] = -1
    several = by_value & (endings == Ending.MULTIPLE_CANDIDATES) & (counts > 1)
    doubted = others | plausible | (hits & several[left])
    return _listed(groups, endings, best, doubted, hits, same, stand.likely)


def _by_value(
    endings: Codes,
    at: Ints,
    best: Ints,
    hits: Ints,
    twice: Bools,
    others: Bools,
    levels: Codes,
    conflict: Bools,
    same: Floats,
) -> None:
    """An id or an email agrees: it decides, unless two hold it, another id differs, or name and birthday deny it.

    Nor does it where somebody else may well be the same person once more, and bears the first name too (who stands
    twice in a nation has the id on one of both, and no other on the second), or the first name of whom it points at is
    another's.
    """
    rows = best[at]
    found = levels[rows]
    rival = twice[at] | (others[at] & _other_first(found))
    endings[at] = chosen(
        len(at),
        (hits[at] > 1, Ending.MULTIPLE_CANDIDATES),
        (conflict[rows], Ending.ID_CONFLICT),
        (_contradicted(found, same[rows]), Ending.CONTRADICTED),
        (rival, Ending.MULTIPLE_CANDIDATES),
        otherwise=Ending.MATCHED,
    )


def _by_likeness(
    endings: Codes,
    at: Ints,
    best: Ints,
    rivalled: Bools,
    stand: Standing,
    conflict: Bools,
    same: Floats,
) -> None:
    """Nothing unique agrees: the best score decides, if it is high, backed by more than a name, and alone."""
    rows = best[at]
    low = same[rows] < ACCEPTED
    rival = (stand.alone[rows] < ALONE) | rivalled[at]
    endings[at] = chosen(
        len(at),
        (low & (stand.anyone[at] < ACCEPTED), Ending.NOT_FOUND),
        (low | rival, Ending.MULTIPLE_CANDIDATES),
        (conflict[rows], Ending.ID_CONFLICT),
        otherwise=Ending.MATCHED,
    )


def _listed(
    groups: _Groups, endings: Codes, best: Ints, doubted: Bools, hits: Bools, same: Floats, likely: Floats
) -> Decisions:
    """Which pairs are shown: the best one of a doubt first, then whoever hits the step, then the others."""
    ends = endings[groups.left]
    others = np.ones(len(groups.left), np.bool_)
    others[best[best >= 0]] = False
    shown = np.where(ends == Ending.MATCHED, others & (same >= SHOWN), doubted | ~others)
    rows = np.flatnonzero(shown & (ends != Ending.NOT_FOUND))
    first, hit = others[rows], ~hits[rows] & (ends[rows] != Ending.MATCHED)
    rows = rows[np.lexsort((groups.rank[rows], hit, first, groups.left[rows]))]
    starts = np.searchsorted(groups.left[rows], np.arange(groups.senders))
    kept = np.arange(len(rows)) - starts[groups.left[rows]] < MOST_CANDIDATES
    rows = rows[kept]
    return Decisions(endings, likely, best, rows, np.searchsorted(groups.left[rows], np.arange(groups.senders + 1)))


def corroborates(levels: Codes) -> Bools:
    """Whether something besides a name agrees, by pair; what is weak counts where no birthday speaks against it."""
    found = supported = np.zeros(len(levels), np.bool_)
    for feature, table in LEVELS.items():
        found = found | np.array([level.corroborates for level in table])[levels[:, feature]]
        supported = supported | np.array([level.supports for level in table])[levels[:, feature]]
    return np.asarray(found | (supported & ~np.isin(levels[:, Feature.BIRTHDAY], _OTHER_BIRTHDAY)))


def _other_first(levels: Codes) -> Bools:
    """Whether the first name says another person; where it is missing, the sex speaks for it."""
    first = levels[:, Feature.FIRST]
    return np.asarray((first == First.OTHER) | ((first == 0) & (levels[:, Feature.SEX] == DIFFER)))


def _named_alike(levels: Codes) -> Bools:
    """Whether the first names may be one."""
    return np.asarray((levels[:, Feature.FIRST] > 0) & (levels[:, Feature.FIRST] < First.OTHER))


def _contradicted(levels: Codes, same: Floats) -> Bools:
    """Whether name and birthday both plainly say another person.

    An email alone is weaker than an id, since couples share one: where the first name says another person and no
    birthday is there to deny or confirm it, the score decides.
    """
    other = _other_first(levels)
    birthday = levels[:, Feature.BIRTHDAY]
    plainly = (other | (levels[:, Feature.LAST] == Last.OTHER)) & np.isin(birthday, _OTHER_BIRTHDAY)
    by_email = levels[:, Feature.ID] != AGREE
    return np.asarray(plainly | (by_email & np.isin(birthday, _UNCONFIRMED) & other & (same < ACCEPTED)))
