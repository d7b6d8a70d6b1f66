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
        An outcome for each sender, independent of the order of anything given. Two senders may be given the same
        receiver: ``contest`` settles that over a whole share.
    """
    outcomes = dict.fromkeys(senders, NOT_FOUND)
    wanted = [pair for pair in pairs if pair not in vetoed] if vetoed else pairs
    gathering = gathered(wanted, senders, receivers, rules)
    if not gathering.people:
        return outcomes
    comparison = compare(gathering.people, gathering.left, gathering.right, rules, frequencies)
    scores = score(comparison, frequencies, quality)
    chunk = Chunk(gathering, rules, comparison, scores.same)
    bounds = np.searchsorted(gathering.left, np.arange(len(gathering.senders) + 1)).tolist()
    for place, sender in enumerate(gathering.senders):
        outcomes[sender] = outcome_of(chunk, range(bounds[place], bounds[place + 1]))
    return outcomes
