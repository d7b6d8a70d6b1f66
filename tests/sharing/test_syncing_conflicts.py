"""The conflicts in the plan for one matched pair (sections 6 and 7 of the rules)."""

import pytest

from sharing.conflicts import ConflictChange, ConflictStep, KnownConflict
from sharing.modes import SyncMode
from sharing.states import ConflictState, MatchState
from sharing.syncing import Counts, Pair, Planner
from sharing.writes import Write
from tests.sharing.pairs import one_planner, person

REVIEW, ALL, BLANK_ONLY = SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_ALL, SyncMode.ACCEPT_BLANK_ONLY
OPEN, SKIPPED, RESOLVED = ConflictState.OPEN, ConflictState.SKIPPED, ConflictState.RESOLVED
ANN, ANNE, BLANK = person({"first_name": "Ann"}, at=5), person({"first_name": "Anne"}, at=9), person({}, at=7)
NAMES = one_planner("first_name", ALL)


def conflicting(state, sender="Ann", receiver="Anne"):
    return {"first_name": KnownConflict(state, sender, receiver)}


@pytest.mark.parametrize(
    ("known", "step", "open_after", "counted"),
    [
        pytest.param({}, ConflictStep.OPENED, 1, 1, id="new"),
        pytest.param(conflicting(OPEN), None, 1, 0, id="open, unchanged"),
        pytest.param(conflicting(OPEN, sender="Anna"), ConflictStep.UPDATED, 1, 0, id="open, a value changed"),
        pytest.param(conflicting(SKIPPED), None, 0, 0, id="skipped, unchanged"),
        pytest.param(conflicting(SKIPPED, receiver="Anna"), ConflictStep.REOPENED, 1, 1, id="skipped, a value changed"),
        pytest.param(conflicting(RESOLVED), ConflictStep.REOPENED, 1, 1, id="resolved, and apart again"),
    ],
)
def test_under_review_two_values_are_a_conflict_and_nothing_is_written(known, step, open_after, counted):
    plan = one_planner("first_name", REVIEW).plan(Pair(ANN, ANNE, first=False, conflicts=known))
    assert plan.conflicts == ((ConflictChange("first_name", step, "Ann", "Anne"),) if step else ())
    assert (plan.sender_writes, plan.receiver_writes) == ({}, {})
    assert plan.open_conflicts == open_after
    assert plan.state is (MatchState.CONFLICTED if open_after else MatchState.SYNCED)
    assert plan.counts == Counts(0, 0, counted)


@pytest.mark.parametrize("state", [OPEN, SKIPPED])
@pytest.mark.parametrize(
    ("sender", "receiver", "mode"),
    [
        pytest.param(ANN, ANN, REVIEW, id="both came to agree"),
        pytest.param(ANN, BLANK, REVIEW, id="one became blank and is filled"),
        pytest.param(BLANK, BLANK, REVIEW, id="both became blank"),
        pytest.param(ANN, ANNE, ALL, id="the stricter share ended: the most recent wins"),
        pytest.param(ANN, ANNE, BLANK_ONLY, id="the stricter share ended: no review is asked for"),
    ],
)
def test_a_conflict_that_is_one_no_longer_closes_by_itself(state, sender, receiver, mode):
    pair = Pair(sender, receiver, first=False, conflicts=conflicting(state))
    plan = one_planner("first_name", mode).plan(pair)
    assert plan.conflicts == (ConflictChange("first_name", ConflictStep.CLOSED, "Ann", "Anne"),)
    assert plan.open_conflicts == 0


def test_a_closed_conflict_is_left_alone_while_the_two_agree():
    assert not NAMES.plan(Pair(ANN, ANN, first=False, conflicts=conflicting(RESOLVED))).conflicts


def test_a_conflict_over_a_field_that_is_not_covered_any_more_closes():
    """Neither side may see the other's value any more."""
    plan = one_planner("bio", REVIEW).plan(Pair(ANN, ANNE, first=False, conflicts=conflicting(OPEN)))
    assert [change.step for change in plan.conflicts] == [ConflictStep.CLOSED]


def test_a_clearing_under_review_is_a_conflict_with_a_blank_side():
    cleared = person({}, at=20, cleared=("first_name",))
    plan = one_planner("first_name", REVIEW).plan(Pair(cleared, ANNE, first=False))
    assert plan.conflicts == (ConflictChange("first_name", ConflictStep.OPENED, None, "Anne"),)


def test_blank_fields_are_filled_while_others_are_in_conflict():
    planner = Planner(("first_name", "bio"), {"first_name": REVIEW, "bio": REVIEW}, False)
    receiver = person({"first_name": "Anne", "bio": "Sings."}, at=9)
    plan = planner.plan(Pair(ANN, receiver, first=False))
    assert plan.sender_writes == {"bio": Write("Sings.", 9)}
    assert plan.open_conflicts == 1


def test_open_conflicts_count_those_known_and_those_new():
    keys = ("first_name", "last_name", "suffix")
    sender, receiver = (person(dict.fromkeys(keys, value)) for value in "ab")
    known = {"first_name": KnownConflict(OPEN, "a", "b"), "last_name": KnownConflict(SKIPPED, "a", "b")}
    plan = Planner(keys, dict.fromkeys(keys, REVIEW), False).plan(Pair(sender, receiver, False, conflicts=known))
    assert plan.open_conflicts == 2
    assert plan.counts.conflicts == 1
