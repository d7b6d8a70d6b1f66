"""Who in the receiving nation each of the sender's people is: matched, not found, or ambiguous and why."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

import numpy as np

from sharing.matching.comparing import compare
from sharing.matching.frequencies import Frequencies
from sharing.matching.persons import gathered
from sharing.matching.quality import USUAL, Quality
from sharing.matching.rules import MatchRules
from sharing.matching.scoring import score
from sharing.matching.stages import Chunk, outcome_of
from sharing.matching.verdicts import NOT_FOUND, Outcome
from sharing.records import Record


def decide(
    senders: Mapping[UUID, Record],
    receivers: Mapping[UUID, Record],
    pairs: Sequence[tuple[UUID, UUID]],
    rules: MatchRules,
    frequencies: Frequencies,
    *,
    vetoed: AbstractSet[tuple[UUID, UUID]] = frozenset(),
    quality: Quality = USUAL,
) -> dict[UUID, Outcome]:
    """Decides for every sender among the candidates found for it.

    Args:
        senders: profiles of the sending nation, by id.
        receivers: profiles of the receiving nation that stand in a pair, by id.
        pairs: candidates, (sender, receiver), in any order; one that names a profile not given is left out.
        rules: which ids take part, and whether emails do.
        frequencies: how common names are in the receiving nation.
        quality: how carefully the two nations keep their profiles, as ``learn`` found it.
        vetoed: pairs that a person said are not the same, which are as if they had not been found.

    Returns:
        An outcome for each sender, independent of the order of anything given. Two senders may be given the same receiver:
        ``contest`` settles that over a whole share.
    """
    outcomes = dict.fromkeys(senders, NOT_FOUND)
    wanted = sorted({pair for pair in pairs if pair not in vetoed and pair[0] in senders and pair[1] in receivers})
    if not wanted:
        return outcomes
    people, left, right = gathered(wanted, senders, receivers, rules)
    comparison = compare(people, left, right, rules, frequencies)
    scores = score(comparison, frequencies, quality)
    chunk = Chunk(wanted, people, left, right, rules, comparison, scores.same)
    starts = [0, *(np.flatnonzero(left[1:] != left[:-1]) + 1).tolist(), len(wanted)]
    for start, end in zip(starts, starts[1:], strict=False):
        outcomes[wanted[start][0]] = outcome_of(chunk, range(start, end))
    return outcomes
