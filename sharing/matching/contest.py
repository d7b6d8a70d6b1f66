"""Claims of one share on the same receiver's profile: the surer wins it."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sharing.states import MatchStage

# Two scores nearer than this are as sure as each other.
MARGIN = 0.02

_ORDER = {stage: place for place, stage in enumerate(MatchStage)}


class Claim(NamedTuple):
    """A sender's profile that matched a receiver's.

    Attributes:
        sender, receiver: the two profiles.
        stage: the step that matched them.
        score: the probability that they are one person.
        fixed: whether a person chose this match, or the share made the receiver's profile from the sender's.
    """

    sender: UUID
    receiver: UUID
    stage: MatchStage
    score: float
    fixed: bool = False


class Verdict(StrEnum):
    """What becomes of a claim."""

    MATCHED = "MATCHED"
    ALREADY_LINKED = "ALREADY_LINKED"


def contest(claims: Sequence[Claim]) -> dict[UUID, Verdict]:
    """Settles the claims of one share.

    Args:
        claims: at most one of a sender, in any order; all on one receiver must be among them, old ones too.

    Returns:
        By sender, MATCHED for the one who holds the receiver, ALREADY_LINKED for those who do not. A fixed claim wins;
        else the earlier stage; within a stage the score, where it leads by the margin; equals all lose.
    """
    rivals: dict[UUID, list[Claim]] = defaultdict(list)
    for claim in claims:
        rivals[claim.receiver].append(claim)
    verdicts = dict.fromkeys((claim.sender for claim in claims), Verdict.ALREADY_LINKED)
    for group in rivals.values():
        if winner := _winner(group):
            verdicts[winner.sender] = Verdict.MATCHED
    return verdicts


def _winner(group: Sequence[Claim]) -> Claim | None:
    if len(group) == 1:
        return group[0]
    fixed = [claim for claim in group if claim.fixed]
    if fixed:
        return fixed[0] if len(fixed) == 1 else None
    surest = min(_ORDER[claim.stage] for claim in group)
    best, *rest = sorted((c for c in group if _ORDER[c.stage] == surest), key=lambda c: -c.score)
    return best if not rest or best.score - rest[0].score >= MARGIN else None
