"""Claims of one share on the same receiver."""

from uuid import UUID

import pytest
from hypothesis import given, strategies

from sharing.matching.contest import MARGIN, Claim, Verdict, contest
from sharing.states import MatchStage

HOLDS, LOSES = Verdict.MATCHED, Verdict.ALREADY_LINKED


def _claims(*claims, receiver=900):
    return [
        Claim(UUID(int=number), UUID(int=receiver), stage, score, fixed)
        for number, (stage, score, fixed) in enumerate(claims, 1)
    ]


def _verdicts(claims):
    found = contest(claims)
    return [found[claim.sender] for claim in claims]


@pytest.mark.parametrize(
    ("claims", "verdicts"),
    [
        ([(MatchStage.HEURISTIC, 0.9, False)], [HOLDS]),
        ([(MatchStage.EMAIL, 0.5, False), (MatchStage.HEURISTIC, 0.999, False)], [HOLDS, LOSES]),
        ([(MatchStage.UNIQUE_ID, 0.9, False), (MatchStage.VOTER_GUID, 0.5, False)], [LOSES, HOLDS]),
        ([(MatchStage.HEURISTIC, 0.99, False), (MatchStage.HEURISTIC, 0.91, False)], [HOLDS, LOSES]),
        ([(MatchStage.HEURISTIC, 0.99, False), (MatchStage.HEURISTIC, 0.985, False)], [LOSES, LOSES]),
        ([(MatchStage.EMAIL, 0.99, False)] * 2 + [(MatchStage.HEURISTIC, 1.0, False)], [LOSES, LOSES, LOSES]),
        ([(MatchStage.VOTER_GUID, 1.0, False), (MatchStage.HEURISTIC, 0.0, True)], [LOSES, HOLDS]),
        ([(MatchStage.CHOSEN, 0.0, True), (MatchStage.EMAIL, 1.0, False)], [HOLDS, LOSES]),
        ([(MatchStage.CHOSEN, 0.0, True), (MatchStage.CREATED, 0.0, True)], [LOSES, LOSES]),
    ],
)
def test_the_surer_claim_wins_and_equals_all_lose(claims, verdicts):
    assert _verdicts(_claims(*claims)) == verdicts


def test_claims_on_other_receivers_do_not_meet():
    one, other = _claims((MatchStage.EMAIL, 0.9, False)), _claims((MatchStage.EMAIL, 0.9, False), receiver=901)
    other = [other[0]._replace(sender=UUID(int=77))]
    assert set(contest([*one, *other]).values()) == {HOLDS}


_CLAIMS = strategies.lists(
    strategies.builds(
        Claim,
        strategies.uuids(),
        strategies.sampled_from([UUID(int=1), UUID(int=2)]),
        strategies.sampled_from(list(MatchStage)),
        strategies.floats(0, 1),
        strategies.booleans(),
    ),
    max_size=8,
    unique_by=lambda claim: claim.sender,
)


@given(_CLAIMS, strategies.randoms(use_true_random=False))
def test_order_does_not_matter_and_nobody_is_held_twice(claims, shuffler):
    verdicts = contest(claims)
    shuffled = list(claims)
    shuffler.shuffle(shuffled)
    assert contest(shuffled) == verdicts
    holders = [claim.receiver for claim in claims if verdicts[claim.sender] is HOLDS]
    assert len(holders) == len(set(holders))
    assert MARGIN > 0
