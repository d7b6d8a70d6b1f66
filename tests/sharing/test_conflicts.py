"""The life of a conflict (sections 6 and 7 of the rules)."""

from datetime import date

import pytest

from sharing.conflicts import ConflictChange, ConflictStep, KnownConflict, accept, close, contest, is_stale, skip
from sharing.states import ConflictState
from sharing.writes import Side, Write

OPEN, SKIPPED, RESOLVED = ConflictState.OPEN, ConflictState.SKIPPED, ConflictState.RESOLVED


def known(state, sender="a", receiver="b"):
    return KnownConflict(state, sender, receiver)


@pytest.mark.parametrize(
    ("conflict", "step"),
    [
        pytest.param(None, ConflictStep.OPENED, id="new"),
        pytest.param(known(OPEN), None, id="open, unchanged"),
        pytest.param(known(OPEN, sender="z"), ConflictStep.UPDATED, id="open, the sender's value changed"),
        pytest.param(known(OPEN, receiver=None), ConflictStep.UPDATED, id="open, the receiver's value changed"),
        pytest.param(known(SKIPPED), None, id="skipped, unchanged: out of the queue"),
        pytest.param(known(SKIPPED, receiver="z"), ConflictStep.REOPENED, id="skipped, a value changed"),
        pytest.param(known(SKIPPED, sender=None), ConflictStep.REOPENED, id="skipped while one was cleared"),
        pytest.param(known(RESOLVED), ConflictStep.REOPENED, id="resolved, and the same disagreement again"),
        pytest.param(known(RESOLVED, sender="z"), ConflictStep.REOPENED, id="resolved, and another disagreement"),
    ],
)
def test_a_disagreement_under_review(conflict, step):
    change = contest("bio", conflict, "a", "b")
    assert change == (step and ConflictChange("bio", step, "a", "b"))


def test_what_is_recorded_is_canonical_text():
    change = contest("birthdate", None, date(1980, 2, 1), None)
    assert change == ConflictChange("birthdate", ConflictStep.OPENED, "1980-02-01", None)


@pytest.mark.parametrize("state", [OPEN, SKIPPED])
def test_a_conflict_that_is_one_no_longer_closes_by_itself_and_keeps_what_it_was_about(state):
    change = close("bio", known(state))
    assert change == ConflictChange("bio", ConflictStep.CLOSED, "a", "b")
    assert change.state is RESOLVED


def test_a_closed_conflict_is_not_closed_again():
    assert close("bio", known(RESOLVED)) is None


def test_skipping_takes_an_open_conflict_out_of_the_queue():
    change = skip("bio", known(OPEN))
    assert change == ConflictChange("bio", ConflictStep.SKIPPED, "a", "b")
    assert change.state is SKIPPED


@pytest.mark.parametrize("state", [SKIPPED, RESOLVED])
def test_what_is_not_in_the_queue_cannot_be_skipped(state):
    assert skip("bio", known(state)) is None


@pytest.mark.parametrize("step", [ConflictStep.OPENED, ConflictStep.UPDATED, ConflictStep.REOPENED])
def test_the_other_steps_leave_a_conflict_open(step):
    assert ConflictChange("bio", step, "a", "b").state is OPEN


@pytest.mark.parametrize(
    ("sender", "receiver", "stale"),
    [
        pytest.param("a", "b", False, id="as it was seen"),
        pytest.param("z", "b", True, id="the sender's changed"),
        pytest.param("a", "z", True, id="the receiver's changed"),
        pytest.param("a", None, True, id="the receiver's was blanked"),
        pytest.param("b", "b", True, id="they came to agree"),
        pytest.param("b", "a", True, id="they changed places"),
    ],
)
def test_a_decision_is_stale_when_either_value_is_another_one_than_was_seen(sender, receiver, stale):
    assert is_stale(known(OPEN), sender, receiver) is stale


def test_a_clearing_as_it_was_seen_is_not_stale():
    assert not is_stale(known(OPEN, sender=None), None, "b")


@pytest.mark.parametrize(
    ("side", "write"), [(Side.SENDER, Write("b", 9)), (Side.RECEIVER, Write("a", 9))], ids=["sender", "receiver"]
)
def test_applying_writes_the_others_value_to_ones_own_field_at_the_time_of_the_decision(side, write):
    """Section 7: it can never write into the other nation."""
    assert accept(side, "a", "b", 9) == write


def test_applying_the_others_clearing_clears():
    assert accept(Side.RECEIVER, None, "b", 9) == Write(None, 9)


def test_each_side_faces_the_other():
    assert (Side.SENDER.other, Side.RECEIVER.other) == (Side.RECEIVER, Side.SENDER)
