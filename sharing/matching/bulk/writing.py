"""Outcomes as rows for PostgreSQL, in its text format."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import orjson

from sharing.matching.bulk.vocabulary import NULL
from sharing.matching.comparing import Comparison
from sharing.matching.evidence import evidence_of
from sharing.matching.pairing import Codes, Floats, Ints
from sharing.matching.rules import MatchRules
from sharing.matching.stages import Decisions, Ending, stages_of
from sharing.matching.verdicts import evidence_as_rows

BYTES = 16  # of an id


class Written(NamedTuple):
    """Outcomes of some senders, in their order.

    Attributes:
        ids: the senders' profiles, 16 bytes each.
        receivers: by sender, the profile that it was matched to; None where it was not.
        states: by sender, how it ended.
        ambiguities: by sender, the reason for a doubt; None where there is none.
        rows: by sender, state, receiver's profile, stage, score, ambiguity, evidence and candidates, with tabs between.
            No value in it needs escaping.
    """

    ids: bytes
    receivers: list[str | None]
    states: list[str]
    ambiguities: list[str | None]
    rows: list[str]

    def matched(self) -> tuple[list[str], list[str]]:
        """Who was matched, and to whom: profiles of both nations, pair by pair."""
        places = [place for place, receiver in enumerate(self.receivers) if receiver]
        return hyphened(self.ids, np.array(places, np.int64)), [receiver for receiver in self.receivers if receiver]


class _Pair(NamedTuple):
    receiver: str
    stage: str
    score: str
    evidence: str


def written(
    ids: bytes,
    receivers: Sequence[str],
    rules: MatchRules,
    comparison: Comparison,
    decisions: Decisions,
) -> Written:
    """Outcomes as rows.

    Args:
        ids: the senders' profiles, 16 bytes each.
        receivers: by pair that is the best of a sender or listed, in order of the pairs: the receiver's profile.
        rules: which ids take part.
        comparison, decisions: what was found of the pairs, and decided of the senders.
    """
    rows = told(decisions)
    pairs = dict(zip(rows.tolist(), _pairs(rows, receivers, rules, comparison, decisions.likely), strict=True))
    endings = [Ending(code) for code in decisions.endings.tolist()]
    best, bounds, listed = decisions.best.tolist(), decisions.bounds.tolist(), decisions.listed.tolist()
    matched: list[str | None] = []
    texts = []
    for place, ending in enumerate(endings):
        if ending is Ending.NOT_FOUND:
            matched.append(None)
            texts.append(_NOT_FOUND)
            continue
        pair = pairs[best[place]]
        matched.append(pair.receiver if ending is Ending.MATCHED else None)
        others = ",".join([_listed(pairs[row]) for row in listed[bounds[place] : bounds[place + 1]]])
        state, reason = _HEADS[ending]
        receiver = matched[-1] or NULL
        texts.append(f"{state}\t{receiver}\t{pair.stage}\t{pair.score}\t{reason}\t{pair.evidence}\t[{others}]")
    return Written(ids, matched, [_STATES[e] for e in endings], [_REASONS[e] for e in endings], texts)


def told(decisions: Decisions) -> Ints:
    """The pairs that are shown, as best or listed, in order."""
    return np.unique(np.concatenate((decisions.best[decisions.best >= 0], decisions.listed)))


_STATES = {ending: ending.state.value for ending in Ending}
_REASONS = {ending: ending.ambiguity.value if ending.ambiguity else None for ending in Ending}
_HEADS = {ending: (_STATES[ending], _REASONS[ending] or NULL) for ending in Ending}
_NOT_FOUND = "\t".join((_STATES[Ending.NOT_FOUND], NULL, NULL, "0", NULL, "[]", "[]"))


def _listed(pair: _Pair) -> str:
    """A pair as it stands among the candidates of a match."""
    return f'{{"profile":"{pair.receiver}","stage":"{pair.stage}","score":{pair.score},"evidence":{pair.evidence}}}'


def _pairs(
    rows: Ints, receivers: Sequence[str], rules: MatchRules, comparison: Comparison, likely: Floats
) -> list[_Pair]:
    places, known = evidence_of(comparison, rows, rules.ids)
    documents = [orjson.dumps(evidence_as_rows(evidence)).decode() for evidence in known]
    stages = stages_of(comparison, rows, rules.ids)
    columns = zip(receivers, stages, likely[rows].tolist(), places.tolist(), strict=True)
    return [_Pair(receiver, stage.value, repr(score), documents[place]) for receiver, stage, score, place in columns]


def hyphened(ids: bytes, rows: Codes) -> list[str]:
    """Ids as texts: those that stand at some rows, 16 bytes each."""
    digits = np.frombuffer(ids, np.uint8).reshape(-1, BYTES)[rows].tobytes().hex()
    return [
        f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-{digits[at + 12 : at + 16]}-"
        f"{digits[at + 16 : at + 20]}-{digits[at + 20 : at + 32]}"
        for at in range(0, len(digits), 2 * BYTES)
    ]
