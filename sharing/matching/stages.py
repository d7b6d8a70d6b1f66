"""The steps of matching for one sender: unique ids together, emails, the heuristic; the first with a hit decides."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from sharing.matching.comparing import Comparison
from sharing.matching.evidence import evidence_of
from sharing.matching.features import LEVELS, Birthday, Feature, First, Last
from sharing.matching.pairing import Floats, Ints
from sharing.matching.persons import Gathering
from sharing.matching.rules import MatchRules
from sharing.matching.verdicts import NOT_FOUND, Candidate, Outcome
from sharing.states import AmbiguityReason, MatchStage, MatchState

# A match by the heuristic must be at least this sure: a wrong one writes one person's data into another's profile.
ACCEPTED = 0.9
# Whoever would be believed by himself is a rival, which makes the best one ambiguous.
RIVAL = 0.9
# How sure the best must be that it is he and none of the others.
ALONE = 0.9
# Below this a candidate is not worth showing.
SHOWN = 0.1
MOST_CANDIDATES = 10

_CERTAIN = 1 - 1e-6
_AGREE, _DIFFER = 1, 2
_OTHER_BIRTHDAY = (Birthday.YEAR, Birthday.GENERATION, Birthday.OTHER)


class Chunk:
    """Compared and scored pairs, as the steps ask about them.

    Args:
        gathering: the pairs and the people in them.
        rules: which ids take part.
        comparison: what comparing the pairs found.
        same: by pair, the probability that both are one person.
    """

    def __init__(self, gathering: Gathering, rules: MatchRules, comparison: Comparison, same: Floats) -> None:
        self._gathering, self._rules = gathering, rules
        self._left: list[int] = gathering.left.tolist()
        self._right: list[int] = gathering.right.tolist()
        self.levels: list[list[int]] = comparison.levels.tolist()
        self._similarities: list[list[float]] = comparison.similarities.tolist()
        self._ids: list[list[int]] = comparison.ids.tolist()
        self.same: list[float] = same.tolist()
        self.corroborated: list[bool] = _corroborated(comparison.levels).tolist()

    def receiver(self, row: int) -> UUID:
        """The receiver's profile of a pair."""
        return self._gathering.receivers[self._right[row] - len(self._gathering.senders)]

    def stage(self, row: int) -> MatchStage:
        """The first step that a pair hits; of several ids the earliest names it."""
        for key, state in zip(self._rules.ids, self._ids[row], strict=True):
            if state == _AGREE:
                return MatchStage.VOTER_GUID if key == "voter_guid" else MatchStage.UNIQUE_ID
        return MatchStage.EMAIL if self.levels[row][Feature.EMAIL] == _AGREE else MatchStage.HEURISTIC

    def in_conflict(self, row: int) -> bool:
        """Whether both hold values in a unique id that takes part, and they differ."""
        return _DIFFER in self._ids[row]

    def candidate(self, row: int) -> Candidate:
        """A pair as it is shown."""
        people = self._gathering.people
        sender, receiver = people[self._left[row]], people[self._right[row]]
        ids = dict(zip(self._rules.ids, self._ids[row], strict=True))
        evidence = evidence_of(sender, receiver, self.levels[row], self._similarities[row], ids)
        return Candidate(self.receiver(row), self.stage(row), self.same[row], evidence)


def _corroborated(levels: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether something besides a name agrees, by pair."""
    found = np.zeros(len(levels), np.bool_)
    for feature, table in LEVELS.items():
        found |= np.array([level.corroborates for level in table])[levels[:, feature]]
    return found


def outcome_of(chunk: Chunk, rows: Sequence[int]) -> Outcome:
    """The outcome for one sender, given the rows of its candidates."""
    ranked = sorted(rows, key=lambda row: -chunk.same[row])  # equals stay in the order of their ids
    by_id = [row for row in ranked if chunk.levels[row][Feature.ID] == _AGREE]
    if by_id:
        return _by_value(chunk, by_id, ranked)
    by_email = [row for row in ranked if chunk.levels[row][Feature.EMAIL] == _AGREE]
    if by_email:
        return _by_value(chunk, by_email, ranked)
    return _by_likeness(chunk, ranked)


def _by_value(chunk: Chunk, hits: Sequence[int], ranked: Sequence[int]) -> Outcome:
    """An id or an email agrees: it decides, unless two hold it, another id differs, or name and birthday deny it."""
    best = hits[0]
    rivals = [row for row in ranked if row not in hits and _believed(chunk, row)]
    if len(hits) > 1:
        return _ambiguous(chunk, AmbiguityReason.MULTIPLE_CANDIDATES, (*hits, *rivals))
    if chunk.in_conflict(best):
        return _ambiguous(chunk, AmbiguityReason.ID_CONFLICT, (best, *rivals))
    if _contradicted(chunk, best):
        return _ambiguous(chunk, AmbiguityReason.CONTRADICTED, (best, *rivals))
    if rivals and _other_first(chunk.levels[best]):
        return _ambiguous(chunk, AmbiguityReason.MULTIPLE_CANDIDATES, (best, *rivals))
    return _matched(chunk, best, ranked)


def _by_likeness(chunk: Chunk, ranked: Sequence[int]) -> Outcome:
    """Nothing unique agrees: the best score decides, if it is high, backed by more than a name, and alone."""
    plausible = [row for row in ranked if chunk.corroborated[row] and chunk.same[row] >= SHOWN]
    if not plausible:
        return NOT_FOUND
    odds = [min(chunk.same[row], _CERTAIN) / (1 - min(chunk.same[row], _CERTAIN)) for row in plausible]
    best = plausible[0]
    if chunk.same[best] < ACCEPTED:
        somebody = sum(odds) / (1 + sum(odds)) >= ACCEPTED
        return _ambiguous(chunk, AmbiguityReason.MULTIPLE_CANDIDATES, plausible) if somebody else NOT_FOUND
    if odds[0] / (1 + sum(odds)) < ALONE or any(_believed(chunk, row) for row in plausible[1:]):
        return _ambiguous(chunk, AmbiguityReason.MULTIPLE_CANDIDATES, plausible)
    if chunk.in_conflict(best):
        return _ambiguous(chunk, AmbiguityReason.ID_CONFLICT, plausible)
    return _matched(chunk, best, ranked)


def _believed(chunk: Chunk, row: int) -> bool:
    return chunk.corroborated[row] and chunk.same[row] >= RIVAL


def _other_first(levels: Sequence[int]) -> bool:
    """Whether the first name says another person; where it is missing, the sex speaks for it."""
    return levels[Feature.FIRST] == First.OTHER or (levels[Feature.FIRST] == 0 and levels[Feature.SEX] == _DIFFER)


def _contradicted(chunk: Chunk, row: int) -> bool:
    """Whether name and birthday both plainly say another person.

    An email alone is weaker than an id, since couples share one: where the first name says another person and no
    birthday is there to deny or confirm it, the score decides.
    """
    levels = chunk.levels[row]
    other_name = _other_first(levels) or levels[Feature.LAST] == Last.OTHER
    if other_name and levels[Feature.BIRTHDAY] in _OTHER_BIRTHDAY:
        return True
    unconfirmed = levels[Feature.BIRTHDAY] in (0, Birthday.DEFAULT, Birthday.SAME_DEFAULT)
    by_email = levels[Feature.ID] != _AGREE
    return by_email and unconfirmed and _other_first(levels) and chunk.same[row] < ACCEPTED


def _matched(chunk: Chunk, row: int, ranked: Sequence[int]) -> Outcome:
    match = chunk.candidate(row)
    others = [other for other in ranked if other != row and chunk.same[other] >= SHOWN][:MOST_CANDIDATES]
    return Outcome(
        MatchState.MATCHED,
        match.receiver,
        match.stage,
        match.score,
        evidence=match.evidence,
        candidates=tuple(chunk.candidate(other) for other in others),
    )


def _ambiguous(chunk: Chunk, ambiguity: AmbiguityReason, rows: Sequence[int]) -> Outcome:
    candidates = tuple(chunk.candidate(row) for row in rows[:MOST_CANDIDATES])
    best = candidates[0]
    return Outcome(
        MatchState.AMBIGUOUS,
        None,
        best.stage,
        best.score,
        ambiguity,
        best.evidence,
        candidates,
    )
