"""Brakes: what goes past a limit, and what a plan overwrites on which side."""

import pytest
from hypothesis import given

from sharing.brakes import (
    BRAKE_OF,
    MOST,
    Brake,
    Hold,
    Limit,
    amounts_from_json,
    holds,
    holds_as_json,
    holds_from_json,
    overwritten,
    still,
    with_limits,
)
from sharing.errors import InvalidInput
from sharing.writes import Side
from tests.sharing.test_syncing_laws import PAIRS, PLANNERS

MADE, THEIRS, OURS = Brake.RECEIVER_CREATED, Brake.RECEIVER_OVERWRITTEN, Brake.SENDER_OVERWRITTEN


@pytest.mark.parametrize(
    ("limit", "before", "wanted", "held"),
    [
        (None, 5, 1_000_000, None),
        (0, 0, 0, None),
        (0, 0, 1, 1),
        (3, 0, 3, None),
        (3, 0, 4, 4),
        (3, 2, 1, None),
        (3, 2, 2, 4),
        (3, 3, 1, 4),
        (3, 7, 0, None),
        (3, 7, 1, 8),
    ],
)
def test_a_limit_holds_what_would_go_past_it(limit, before, wanted, held):
    """Not who reaches it, nor who wants nothing of the kind, even where more is written already."""
    limits = {} if limit is None else {MADE: limit}
    found = holds(limits, (), {MADE: before}, {MADE: wanted})
    assert found == (() if held is None else (Hold(MADE, limit, held),))


def test_each_limit_holds_for_itself_and_one_that_is_lifted_holds_nothing():
    limits = {MADE: 1, THEIRS: 1, OURS: 1}
    wanted = {MADE: 2, THEIRS: 1, OURS: 3}
    assert holds(limits, (), {}, wanted) == (Hold(OURS, 1, 3), Hold(MADE, 1, 2))
    assert holds(limits, {MADE}, {}, wanted) == (Hold(OURS, 1, 3),)
    assert holds(limits, {MADE, OURS}, {}, wanted) == ()


@pytest.mark.parametrize(
    ("limits", "rest"),
    [
        ({MADE: 2}, (Hold(MADE, 2, 5),)),
        ({MADE: 4}, (Hold(MADE, 4, 5),)),
        ({MADE: 1}, (Hold(MADE, 1, 5),)),
        ({MADE: 5}, ()),
        ({}, ()),
        ({THEIRS: 0}, ()),
    ],
)
def test_a_limit_that_is_raised_far_enough_or_cleared_holds_no_longer(limits, rest):
    assert still((Hold(MADE, 2, 5),), limits) == rest


def test_a_side_sets_its_own_limits_and_no_others():
    limits = with_limits({OURS: 9}, Side.RECEIVER, {Limit.CREATED_PEOPLE: 0, Limit.OVERWRITTEN_VALUES: MOST})
    assert limits == {OURS: 9, MADE: 0, THEIRS: MOST}
    assert with_limits(limits, Side.SENDER, {Limit.OVERWRITTEN_VALUES: 7}) == {OURS: 7, MADE: 0, THEIRS: MOST}
    assert with_limits(limits, Side.RECEIVER, {Limit.CREATED_PEOPLE: None}) == {OURS: 9, THEIRS: MOST}
    assert with_limits(limits, Side.SENDER, {Limit.CREATED_PEOPLE: None}) == limits


@pytest.mark.parametrize(
    ("side", "asked", "path"),
    [
        (Side.SENDER, {Limit.CREATED_PEOPLE: 3}, ("createdPeople",)),
        (Side.RECEIVER, {Limit.CREATED_PEOPLE: -1}, ("createdPeople",)),
        (Side.RECEIVER, {Limit.OVERWRITTEN_VALUES: MOST + 1}, ("overwrittenValues",)),
        (Side.SENDER, {Limit.OVERWRITTEN_VALUES: -1}, ("overwrittenValues",)),
        (Side.RECEIVER, {}, ()),
    ],
)
def test_a_limit_that_cannot_be_is_refused(side, asked, path):
    """People are made in the receiver alone, and a limit is 0 or more."""
    with pytest.raises(InvalidInput) as info:
        with_limits({}, side, asked)
    assert info.value.path == path


@given(PLANNERS, PAIRS)
def test_what_a_plan_overwrites_is_counted_on_the_side_where_it_is_written(planner, pair):
    """Filling a blank is none; the two sides together are what the plan counts."""
    plan = planner.plan(pair)
    ours, theirs = overwritten(plan, pair.sender, pair.receiver)
    assert ours + theirs == plan.counts.overwritten
    lost = [key for key in plan.sender_writes if pair.sender.value(key) is not None]
    assert ours == len(lost) + len(plan.sender_emails.remove)


def test_each_brake_is_of_one_side_and_one_limit():
    assert BRAKE_OF == {
        (Side.SENDER, Limit.OVERWRITTEN_VALUES): OURS,
        (Side.RECEIVER, Limit.OVERWRITTEN_VALUES): THEIRS,
        (Side.RECEIVER, Limit.CREATED_PEOPLE): MADE,
    }


def test_limits_and_holds_are_stored_and_read_alike():
    found = (Hold(MADE, 2, 5), Hold(OURS, 0, 1))
    assert holds_from_json(holds_as_json(found)) == found
    assert (holds_from_json(None), amounts_from_json(None)) == ((), {})
    assert amounts_from_json({"RECEIVER_CREATED": 3}) == {MADE: 3}
