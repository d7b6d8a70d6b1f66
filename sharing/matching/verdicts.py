"""What matching answers for a sender's profile, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sharing.states import AmbiguityReason, MatchStage, MatchState


class Evidence(NamedTuple):
    """One field that both profiles hold.

    Attributes:
        field: the catalogue key; of several phones or addresses the sender's that agrees, else the sender's first.
        agrees: whether it speaks for one person.
        score: how alike the two values are, 0 to 1.
    """

    field: str
    agrees: bool
    score: float


def evidence_as_rows(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Evidence as it is stored with a match."""
    return [{"field": item.field, "agrees": item.agrees, "score": item.score} for item in evidence]


class Candidate(NamedTuple):
    """A receiver's profile that may be the sender's person.

    Attributes:
        receiver: the profile.
        stage: the first step that it hits.
        score: the probability that both are one person.
        evidence: the fields that both hold, in a fixed order.
    """

    receiver: UUID
    stage: MatchStage
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What matching decided for one sender's profile.

    Attributes:
        state: how it ended.
        receiver: the match; None unless MATCHED.
        stage: the step that decided; None where nothing was found.
        score: the probability that the match, or the best candidate, is the same person; 0 where nothing was found.
        ambiguity: the reason; None unless AMBIGUOUS.
        evidence: of the match or the best candidate.
        candidates: best first, at most ten: who may be it where AMBIGUOUS, the runners-up that count where MATCHED.
    """

    state: MatchState
    receiver: UUID | None = None
    stage: MatchStage | None = None
    score: float = 0.0
    ambiguity: AmbiguityReason | None = None
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()


NOT_FOUND = Outcome(MatchState.NOT_FOUND)
