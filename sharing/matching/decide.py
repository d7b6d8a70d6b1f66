"""Who in the receiving nation each of the sender's people is: matched, not found, or ambiguous and why."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

import numpy as np

from sharing.matching.columns import columns_of
from sharing.matching.comparing import Comparison, compare
from sharing.matching.evidence import evidence_of
from sharing.matching.frequencies import Frequencies
from sharing.matching.pairing import Floats, Ints
from sharing.matching.persons import Gathering, gathered
from sharing.matching.quality import USUAL, Quality
from sharing.matching.rules import MatchRules
from sharing.matching.scoring import score
from sharing.matching.stages import Decisions, Ending, decided, stages_of
from sharing.matching.verdicts import NOT_FOUND, Candidate, Outcome
from sharing.records import Record
from sharing.states import MatchState


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
    people = columns_of(gathering.people, frequencies)
    comparison = compare(people, gathering.left, gathering.right, rules)
    scores = score(comparison, frequencies, quality)
    decisions = decided(len(gathering.senders), gathering.left, comparison, scores)
    return outcomes | _outcomes(gathering, rules, comparison, decisions)


def _outcomes(
    gathering: Gathering, rules: MatchRules, comparison: Comparison, decisions: Decisions
) -> dict[UUID, Outcome]:
    rows = np.unique(np.concatenate((decisions.best[decisions.best >= 0], decisions.listed)))
    candidates = _candidates(gathering, rules, comparison, decisions.likely, rows)
    bounds, listed = decisions.bounds.tolist(), decisions.listed.tolist()
    found: dict[UUID, Outcome] = {}
    for place, sender in enumerate(gathering.senders):
        ending = Ending(int(decisions.endings[place]))
        if ending is Ending.NOT_FOUND:
            continue
        best = candidates[int(decisions.best[place])]
        found[sender] = Outcome(
            ending.state,
            best.receiver if ending.state is MatchState.MATCHED else None,
            best.stage,
            best.score,
            ending.ambiguity,
            best.evidence,
            tuple(candidates[row] for row in listed[bounds[place] : bounds[place + 1]]),
        )
    return found


def _candidates(
    gathering: Gathering, rules: MatchRules, comparison: Comparison, likely: Floats, rows: Ints
) -> dict[int, Candidate]:
    """Some pairs as they are shown, by row."""
    places, known = evidence_of(comparison, rows, rules.ids)
    receivers = (gathering.right[rows] - len(gathering.senders)).tolist()
    columns = zip(
        rows.tolist(),
        receivers,
        stages_of(comparison, rows, rules.ids),
        likely[rows].tolist(),
        places.tolist(),
        strict=True,
    )
    return {
        row: Candidate(gathering.receivers[receiver], stage, probability, known[place])
        for row, receiver, stage, probability, place in columns
    }
