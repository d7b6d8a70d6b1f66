"""What becomes of one field on which two matched people differ: the table of section 6 of the rules, row by row."""

from datetime import date

import pytest

from sharing.fields import ADDRESSES, FIELDS, OPT_OUTS, in_group
from sharing.kinds import Group, Kind
from sharing.modes import SyncMode
from sharing.rulings import Ruling, rule_of, ruling
from tests.sharing.pairs import person

REVIEW, ALL, BLANK_ONLY = SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_ALL, SyncMode.ACCEPT_BLANK_ONLY
LEFT, APART, CONFLICT = Ruling.LEFT, Ruling.APART, Ruling.CONFLICT
TO_RECEIVER, TO_SENDER = Ruling.TO_RECEIVER, Ruling.TO_SENDER

FIRST, IN_STEP, OUT_OF_STEP = (True, True), (False, True), (False, False)
PHASES = (FIRST, IN_STEP, OUT_OF_STEP)
HOME = {"address1": "1 Main St", "city": "Salem"}
CORNER = {"city": "Salem"}
# Every field that is one value and has no rule of its own.
ORDINARY = [
    *(key for key, field in FIELDS.items() if field.kind not in (Kind.ADDRESS, Kind.EMAILS, Kind.CUSTOM)),
    "custom:shirt",
]
ORDINARY = [key for key in ORDINARY if key not in OPT_OUTS and key != "voter_guid"]


def decide(key, mode, phase, sender, receiver, *, cleared="", overwrite_districts=False):
    """What becomes of (value, time) on either side; cleared names the sides whose blank a person made, of s and r."""
    sides = []
    for side, (value, time) in (("s", sender), ("r", receiver)):
        sides.append(person({key: value}, at=time, cleared=(key,) if side in cleared else ()))
    return ruling(rule_of(key, mode, overwrite_districts), *sides, *phase)


@pytest.mark.parametrize(
    ("mode", "phase", "sender", "receiver", "expected"),
    [
        pytest.param(REVIEW, FIRST, ("a", 1), ("b", 2), CONFLICT, id="review, first"),
        pytest.param(REVIEW, IN_STEP, ("a", 1), ("b", 2), CONFLICT, id="review, later"),
        pytest.param(REVIEW, OUT_OF_STEP, ("a", 2), ("b", 1), CONFLICT, id="review, never met"),
        pytest.param(ALL, FIRST, ("a", 2), ("b", 1), TO_RECEIVER, id="all, first: the sender's, newer"),
        pytest.param(ALL, FIRST, ("a", 1), ("b", 2), TO_RECEIVER, id="all, first: the sender's, though older"),
        pytest.param(ALL, FIRST, ("a", 1), ("b", 1), TO_RECEIVER, id="all, first: the sender's, at the same time"),
        pytest.param(ALL, IN_STEP, ("a", 2), ("b", 1), TO_RECEIVER, id="all, later: the most recent, the sender's"),
        pytest.param(ALL, IN_STEP, ("a", 1), ("b", 2), TO_SENDER, id="all, later: the most recent, the receiver's"),
        pytest.param(ALL, OUT_OF_STEP, ("a", 1), ("b", 2), TO_SENDER, id="all asks not whether they ever met"),
        pytest.param(BLANK_ONLY, FIRST, ("a", 2), ("b", 1), APART, id="blank-only, first: left"),
        pytest.param(BLANK_ONLY, FIRST, ("a", 1), ("b", 2), APART, id="blank-only, first: left, receiver newer"),
        pytest.param(BLANK_ONLY, IN_STEP, ("a", 2), ("b", 1), TO_RECEIVER, id="blank-only, in step: the most recent"),
        pytest.param(BLANK_ONLY, IN_STEP, ("a", 1), ("b", 2), TO_SENDER, id="blank-only, in step: the receiver's"),
        pytest.param(BLANK_ONLY, OUT_OF_STEP, ("a", 2), ("b", 1), APART, id="blank-only, out of step: left"),
        pytest.param(BLANK_ONLY, OUT_OF_STEP, ("a", 1), ("b", 2), APART, id="blank-only, out of step: left too"),
    ],
)
def test_two_values_go_by_the_mode(mode, phase, sender, receiver, expected):
    """Section 6: the table of modes, the same for every ordinary field of the catalogue, of whatever kind."""
    assert {key: decide(key, mode, phase, sender, receiver) for key in ORDINARY} == dict.fromkeys(ORDINARY, expected)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("mode", SyncMode)
@pytest.mark.parametrize("key", [*FIELDS, "custom:shirt"])
def test_a_blank_is_filled_in_every_mode_in_both_directions_whatever_the_times(key, mode, phase):
    """Section 6: one side blank, it is filled from the other, in every mode, in both directions, always."""
    if key in ("emails", "custom_fields"):
        return
    for filled, blank in ((1, 2), (2, 1)):
        assert decide(key, mode, phase, ("a", filled), (None, blank)) is TO_RECEIVER
        assert decide(key, mode, phase, (None, blank), ("a", filled)) is TO_SENDER


@pytest.mark.parametrize(
    ("sender", "receiver", "expected"),
    [
        pytest.param("a", "b", TO_SENDER, id="text"),
        pytest.param("b", "a", TO_RECEIVER, id="text, the other way round"),
        pytest.param(date(1980, 1, 2), date(1980, 2, 1), TO_SENDER, id="dates"),
        pytest.param(True, False, TO_RECEIVER, id="true before false"),
        pytest.param(2, 5, TO_SENDER, id="levels"),
        pytest.param("M", "F", TO_RECEIVER, id="choices"),
        pytest.param(HOME, CORNER, TO_SENDER, id="addresses by their text"),
    ],
)
@pytest.mark.parametrize("mode", [ALL, BLANK_ONLY])
def test_equal_times_are_decided_by_the_text_whichever_side_it_is_on(mode, sender, receiver, expected):
    assert decide("bio", mode, IN_STEP, (sender, 7), (receiver, 7)) is expected


@pytest.mark.parametrize("mode", SyncMode)
@pytest.mark.parametrize("key", ADDRESSES)
def test_addresses_are_never_reviewed_and_the_most_recent_replaces_the_other(key, mode):
    """Section 6: whole, always updated, even with a less complete one; at the first sync the sender's."""
    assert decide(key, mode, FIRST, (CORNER, 1), (HOME, 2)) is TO_RECEIVER
    assert decide(key, mode, IN_STEP, (CORNER, 2), (HOME, 1)) is TO_RECEIVER
    assert decide(key, mode, IN_STEP, (HOME, 1), (CORNER, 2)) is TO_SENDER
    assert decide(key, mode, OUT_OF_STEP, (HOME, 1), (CORNER, 2)) is TO_SENDER


@pytest.mark.parametrize("mode", SyncMode)
@pytest.mark.parametrize("key", in_group(Group.DISTRICTS))
def test_districts_overwrite_under_auto_districting_in_every_mode(key, mode):
    """Section 6: districts overwrite where either nation has auto-districting on."""
    assert decide(key, mode, FIRST, ("3", 1), ("4", 2), overwrite_districts=True) is TO_RECEIVER
    assert decide(key, mode, OUT_OF_STEP, ("3", 1), ("4", 2), overwrite_districts=True) is TO_SENDER


def test_districts_go_by_the_mode_without_auto_districting():
    assert decide("ward", REVIEW, FIRST, ("3", 1), ("4", 2)) is CONFLICT
    assert decide("ward", BLANK_ONLY, FIRST, ("3", 1), ("4", 2)) is APART


def test_auto_districting_overwrites_nothing_but_districts():
    assert decide("precinct_id", REVIEW, FIRST, ("3", 1), ("4", 2), overwrite_districts=True) is CONFLICT


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("mode", SyncMode)
def test_the_voter_guid_is_only_ever_filled(mode, phase):
    """Section 3: never overwritten; nor reviewed, nor cleared from afar."""
    assert decide("voter_guid", mode, phase, ("a", 1), ("b", 2)) is LEFT
    assert decide("voter_guid", mode, phase, ("a", 2), ("b", 1)) is LEFT
    expected = TO_RECEIVER if phase is FIRST else LEFT
    assert decide("voter_guid", mode, phase, ("a", 1), (None, 2), cleared="r") is expected


@pytest.mark.parametrize(
    ("mode", "phase", "cleared_at", "expected"),
    [
        pytest.param(ALL, IN_STEP, 9, TO_RECEIVER, id="all: the clearing travels"),
        pytest.param(ALL, OUT_OF_STEP, 9, TO_RECEIVER, id="all asks not whether they ever met"),
        pytest.param(BLANK_ONLY, IN_STEP, 9, APART, id="blank-only: stays local, and out of step"),
        pytest.param(BLANK_ONLY, OUT_OF_STEP, 9, APART, id="blank-only, out of step: stays local"),
        pytest.param(REVIEW, IN_STEP, 9, CONFLICT, id="review: a conflict"),
        pytest.param(REVIEW, OUT_OF_STEP, 9, CONFLICT, id="review, never met: a conflict"),
        pytest.param(ALL, FIRST, 9, TO_SENDER, id="all, first: blank is blank"),
        pytest.param(BLANK_ONLY, FIRST, 9, TO_SENDER, id="blank-only, first: blank is blank"),
        pytest.param(REVIEW, FIRST, 9, TO_SENDER, id="review, first: blank is blank"),
        pytest.param(ALL, IN_STEP, 3, TO_SENDER, id="all: the value is newer"),
        pytest.param(BLANK_ONLY, OUT_OF_STEP, 3, TO_SENDER, id="blank-only, out of step: the value is newer"),
        pytest.param(REVIEW, IN_STEP, 3, TO_SENDER, id="review: the value is newer"),
        pytest.param(ALL, IN_STEP, 5, TO_SENDER, id="all: at the same time the value wins"),
        pytest.param(REVIEW, IN_STEP, 5, TO_SENDER, id="review: at the same time the value wins"),
    ],
)
def test_a_field_that_a_person_cleared_is_not_filled_with_what_they_cleared(mode, phase, cleared_at, expected):
    """A clearing travels where all is accepted, is a conflict under review, else stays; a newer value fills it."""
    mirrored = {TO_RECEIVER: TO_SENDER, TO_SENDER: TO_RECEIVER}
    assert decide("phone", mode, phase, (None, cleared_at), ("b", 5), cleared="s") is expected
    assert decide("phone", mode, phase, ("b", 5), (None, cleared_at), cleared="r") is mirrored.get(expected, expected)


def test_a_blank_that_nobody_cleared_is_filled_though_it_is_newer():
    assert decide("phone", ALL, IN_STEP, (None, 9), ("b", 5)) is TO_SENDER


def test_a_cleared_mark_on_a_field_with_a_value_means_nothing():
    assert decide("phone", ALL, IN_STEP, ("a", 9), ("b", 5), cleared="s") is TO_RECEIVER
    assert decide("phone", ALL, IN_STEP, ("a", 3), (None, 5), cleared="s") is TO_RECEIVER


@pytest.mark.parametrize(
    ("mode", "phase", "strong_at", "weak_at", "expected"),
    [
        pytest.param(ALL, FIRST, 5, 9, TO_RECEIVER, id="all, first: the sender's opt-out travels, though older"),
        pytest.param(ALL, IN_STEP, 9, 5, TO_RECEIVER, id="all: the more recent opt-out travels"),
        pytest.param(ALL, IN_STEP, 5, 9, LEFT, id="all: against a more recent word both keep theirs"),
        pytest.param(BLANK_ONLY, IN_STEP, 9, 5, TO_RECEIVER, id="blank-only, in step: travels"),
        pytest.param(BLANK_ONLY, IN_STEP, 5, 9, LEFT, id="blank-only, in step: both keep theirs"),
        pytest.param(BLANK_ONLY, FIRST, 9, 5, APART, id="blank-only, first: left"),
        pytest.param(BLANK_ONLY, OUT_OF_STEP, 9, 5, APART, id="blank-only, out of step: left"),
        pytest.param(REVIEW, IN_STEP, 5, 9, CONFLICT, id="review: a person decides"),
    ],
)
@pytest.mark.parametrize("key", OPT_OUTS)
def test_an_opt_out_of_the_sender_is_never_weakened(key, mode, phase, strong_at, weak_at, expected):
    """Section 6: opt-outs hold, in any mode."""
    strong = OPT_OUTS[key]
    assert decide(key, mode, phase, (strong, strong_at), (not strong, weak_at)) is expected


@pytest.mark.parametrize(
    ("mode", "phase", "strong_at", "weak_at", "expected"),
    [
        pytest.param(ALL, FIRST, 5, 9, LEFT, id="all, first: the sender's word is barred"),
        pytest.param(ALL, FIRST, 9, 5, TO_SENDER, id="all, first: barred, and the more recent opt-out travels at once"),
        pytest.param(ALL, IN_STEP, 9, 5, TO_SENDER, id="all: the more recent opt-out travels"),
        pytest.param(ALL, IN_STEP, 5, 9, LEFT, id="all: against a more recent word both keep theirs"),
        pytest.param(BLANK_ONLY, IN_STEP, 5, 9, LEFT, id="blank-only, in step: both keep theirs"),
        pytest.param(REVIEW, FIRST, 5, 9, CONFLICT, id="review: a person decides"),
    ],
)
@pytest.mark.parametrize("key", OPT_OUTS)
def test_an_opt_out_of_the_receiver_is_never_weakened(key, mode, phase, strong_at, weak_at, expected):
    strong = OPT_OUTS[key]
    assert decide(key, mode, phase, (not strong, weak_at), (strong, strong_at)) is expected


@pytest.mark.parametrize("key", OPT_OUTS)
def test_an_opt_out_is_not_cleared_from_afar_nor_given_back_to_who_cleared_it(key):
    assert decide(key, ALL, IN_STEP, (None, 9), (OPT_OUTS[key], 5), cleared="s") is LEFT
    assert decide(key, ALL, IN_STEP, (None, 9), (not OPT_OUTS[key], 5), cleared="s") is TO_RECEIVER


@pytest.mark.parametrize("key", ["is_volunteer", "is_fundraiser", "is_party_member"])
def test_other_booleans_are_no_opt_outs(key):
    for value in (True, False):
        assert decide(key, ALL, IN_STEP, (value, 9), (not value, 5)) is TO_RECEIVER


@pytest.mark.parametrize("key", ["emails", "custom_fields"])
def test_what_is_no_single_value_has_no_rule(key):
    with pytest.raises(ValueError, match="no single value"):
        rule_of(key, ALL, False)


def test_an_unknown_field_has_no_rule():
    with pytest.raises(KeyError):
        rule_of("shoe_size", ALL, False)


def test_every_address_is_recognised_by_its_kind():
    assert {key for key in FIELDS if FIELDS[key].kind is Kind.ADDRESS} == set(ADDRESSES)
