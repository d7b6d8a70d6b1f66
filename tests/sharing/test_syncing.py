"""The plan for one matched pair (section 6 of the rules)."""

from dataclasses import replace

import pytest

from sharing.conflicts import ConflictChange, ConflictStep
from sharing.fields import ALWAYS, VOTER
from sharing.mailboxes import EmailChange, EmailHindrance, EmailNote
from sharing.modes import SyncMode, Terms
from sharing.states import MatchState
from sharing.syncing import Counts, Pair, Planner, planner_for
from sharing.writes import Side, Write
from tests.sharing.pairs import carried_out, one_planner, person

REVIEW, ALL, BLANK_ONLY = SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_ALL, SyncMode.ACCEPT_BLANK_ONLY
ANN, ANNE, BLANK = person({"first_name": "Ann"}, at=5), person({"first_name": "Anne"}, at=9), person({}, at=7)
NAMES = one_planner("first_name", ALL)


def test_equal_values_ask_for_nothing():
    for mode in SyncMode:
        plan = one_planner("first_name", mode).plan(Pair(ANN, replace(ANN, created=9), first=True))
        assert not plan.sender_writes
        assert not plan.receiver_writes
        assert not plan.conflicts
        assert plan.state is MatchState.SYNCED
        assert plan.counts == Counts(0, 0, 0)


def test_a_filled_value_carries_its_time_and_not_that_of_the_blank():
    plan = NAMES.plan(Pair(ANN, BLANK, first=False))
    assert plan.receiver_writes == {"first_name": Write("Ann", 5)}
    assert plan.counts == Counts(filled=1, overwritten=0, conflicts=0)


def test_the_sender_is_filled_too():
    plan = NAMES.plan(Pair(BLANK, ANN, first=True))
    assert plan.sender_writes == {"first_name": Write("Ann", 5)}
    assert not plan.receiver_writes


def test_an_overwriting_value_carries_its_time():
    """At the first sync the receiver's field becomes older by it: the time is that of the value."""
    plan = NAMES.plan(Pair(ANN, ANNE, first=True))
    assert plan.receiver_writes == {"first_name": Write("Ann", 5)}
    assert plan.counts == Counts(filled=0, overwritten=1, conflicts=0)


def test_a_fields_own_time_counts_and_not_the_profiles():
    sender = replace(ANN, times={"first_name": 10})
    assert NAMES.plan(Pair(sender, ANNE, first=False)).receiver_writes == {"first_name": Write("Ann", 10)}


def test_a_clearing_travels_as_a_clearing():
    cleared = replace(BLANK, cleared=frozenset({"first_name"}))
    plan = NAMES.plan(Pair(ANN, cleared, first=False))
    assert plan.sender_writes == {"first_name": Write(None, 7)}
    assert plan.counts == Counts(filled=0, overwritten=1, conflicts=0)
    third = Pair(carried_out(Pair(ANN, cleared, first=False), plan).sender, ANN, first=False)
    assert NAMES.plan(third).receiver_writes == {"first_name": Write(None, 7)}


def test_fields_that_are_not_covered_are_left_alone():
    sender, receiver = person({"bio": "x", "church": "y"}, at=9), person({"church": "z"}, at=1)
    plan = NAMES.plan(Pair(sender, receiver, first=True))
    assert not plan.sender_writes
    assert not plan.receiver_writes


def test_each_field_goes_by_its_own_mode():
    fields = ("first_name", "last_name", "suffix", "home_address", "custom:shirt")
    modes = dict(zip(fields, (ALL, REVIEW, BLANK_ONLY, REVIEW, ALL), strict=True))
    values = dict.fromkeys(("first_name", "last_name", "suffix", "custom:shirt"), "a")
    sender = person({**values, "home_address": {"city": "Salem"}}, at=1)
    receiver = person({**dict.fromkeys(values, "b"), "home_address": {"city": "Boston"}}, at=2)
    plan = Planner(fields, modes, False).plan(Pair(sender, receiver, first=True))
    assert plan.receiver_writes == {
        "first_name": Write("a", 1),
        "home_address": Write({"city": "Salem"}, 1),
        "custom:shirt": Write("a", 1),
    }
    assert plan.conflicts == (ConflictChange("last_name", ConflictStep.OPENED, "a", "b"),)
    assert plan.out_of_step == {"last_name", "suffix"}
    assert plan.counts == Counts(filled=0, overwritten=3, conflicts=1)


def test_a_new_person_is_filled_from_the_sender():
    """A profile about to be made is a receiver without values."""
    sender = person({"first_name": "Ann", "emails": ("a@x.org",)}, at=5)
    for mode in SyncMode:
        planner = Planner(("first_name", "emails"), {"first_name": mode}, False)
        plan = planner.plan(Pair(sender, person({}), first=True))
        assert plan.receiver_writes == {"first_name": Write("Ann", 5)}
        assert plan.receiver_emails == EmailChange(add=("a@x.org",))
        assert plan.counts == Counts(filled=2, overwritten=0, conflicts=0)


# In step and out of step.


def test_what_differs_at_the_first_sync_is_out_of_step_under_blank_only_and_stays_so():
    planner = one_planner("first_name", BLANK_ONLY)
    pair = Pair(ANN, ANNE, first=True)
    after = carried_out(pair, planner.plan(pair))
    assert after.out_of_step == {"first_name"}
    edited = after._replace(sender=person({"first_name": "Anna"}, at=20))
    plan = planner.plan(edited)
    assert plan.out_of_step == {"first_name"}
    assert not plan.receiver_writes


@pytest.mark.parametrize(
    "met", [pytest.param(ANN, id="the two met"), pytest.param(BLANK, id="one became blank and was filled")]
)
def test_out_of_step_ends_when_the_two_meet_or_one_is_blank_and_then_the_most_recent_wins(met):
    planner = one_planner("first_name", BLANK_ONLY)
    pair = Pair(ANN, met, first=False, out_of_step=frozenset({"first_name"}))
    after = carried_out(pair, planner.plan(pair))
    assert after.out_of_step == frozenset()
    assert after.receiver.value("first_name") == "Ann"
    plan = planner.plan(after._replace(receiver=person({"first_name": "Annie"}, at=20)))
    assert plan.sender_writes == {"first_name": Write("Annie", 20)}


def test_a_clearing_that_stays_local_stays_out_of_step():
    """Or it would travel at the next sync."""
    planner = one_planner("first_name", BLANK_ONLY)
    cleared = person({}, at=20, cleared=("first_name",))
    pair = Pair(cleared, ANNE, first=False, out_of_step=frozenset({"first_name"}))
    plan = planner.plan(pair)
    assert (plan.out_of_step, plan.sender_writes, plan.receiver_writes) == ({"first_name"}, {}, {})


def test_what_came_apart_later_is_in_step():
    plan = one_planner("first_name", BLANK_ONLY).plan(Pair(ANN, ANNE, first=False))
    assert plan.sender_writes == {"first_name": Write("Anne", 9)}
    assert plan.out_of_step == frozenset()


def test_what_differed_at_the_first_sync_under_review_is_out_of_step_should_blank_only_come_to_govern():
    pair = Pair(ANN, ANNE, first=True)
    after = carried_out(pair, one_planner("first_name", REVIEW).plan(pair))
    plan = one_planner("first_name", BLANK_ONLY).plan(after)
    assert not plan.sender_writes
    assert not plan.receiver_writes
    assert plan.out_of_step == {"first_name"}


def test_what_has_never_met_stays_out_of_step_while_it_is_under_review():
    pair = Pair(ANN, ANNE, first=False, out_of_step=frozenset({"first_name"}))
    assert one_planner("first_name", REVIEW).plan(pair).out_of_step == {"first_name"}


def test_what_came_apart_later_under_review_is_in_step():
    assert one_planner("first_name", REVIEW).plan(Pair(ANN, ANNE, first=False)).out_of_step == frozenset()


def test_the_step_of_a_field_that_is_not_covered_any_more_is_remembered():
    plan = NAMES.plan(Pair(ANN, ANN, first=False, out_of_step=frozenset({"bio", "first_name"})))
    assert plan.out_of_step == {"bio"}


# Emails.

EMAILS = Planner(("emails",), {}, False)


def holder(*addresses):
    return person({"emails": addresses or None})


def test_emails_are_merged_and_counted_in_every_mode():
    plan = EMAILS.plan(Pair(holder("a", "b"), holder("c"), first=True, receiver_taken={"b"}))
    assert plan.sender_emails == EmailChange(add=("c",))
    assert plan.receiver_emails == EmailChange(add=("a",))
    assert plan.notes == (EmailNote(Side.RECEIVER, "b", EmailHindrance.BELONGS_TO_ANOTHER),)
    assert plan.email_base == ("a", "c")
    assert plan.counts == Counts(filled=2, overwritten=0, conflicts=0)
    assert (plan.sender_writes, plan.receiver_writes) == ({}, {})


def test_a_removed_email_counts_as_overwritten():
    plan = EMAILS.plan(Pair(holder(), holder("a"), first=False, email_base=("a",)))
    assert plan.receiver_emails == EmailChange(remove=("a",))
    assert plan.counts == Counts(filled=0, overwritten=1, conflicts=0)


def test_at_the_first_sync_nothing_was_synced_before_so_nothing_was_removed():
    plan = EMAILS.plan(Pair(holder(), holder("a"), first=True, email_base=("a",)))
    assert plan.sender_emails == EmailChange(add=("a",))


def test_emails_that_are_not_covered_are_left_and_what_was_synced_is_remembered():
    plan = NAMES.plan(Pair(holder("a"), holder("b"), first=False, email_base=("c",)))
    assert not plan.sender_emails
    assert not plan.receiver_emails
    assert plan.email_base == ("c",)


# The planner.


def test_a_planner_refuses_what_is_no_field():
    with pytest.raises(KeyError):
        Planner(("shoe_size",), {"shoe_size": ALL}, False)
    with pytest.raises(KeyError):
        Planner(("bio",), {}, False)
    with pytest.raises(ValueError, match="no single value"):
        Planner(("custom_fields",), {"custom_fields": ALL}, False)


def test_a_planner_for_several_shares_takes_the_stricter_mode_field_by_field():
    planner = planner_for(Terms(("first_name", "bio"), ALL), frozenset({Terms(("first_name",), REVIEW)}), False)
    sender, receiver = (person({"first_name": value, "bio": value}) for value in "ab")
    plan = planner.plan(Pair(sender, receiver, first=True))
    assert [change.key for change in plan.conflicts] == ["first_name"]
    assert list(plan.receiver_writes) == ["bio"]


def test_a_planner_for_the_same_terms_is_made_once():
    own, others = Terms((*ALWAYS, *VOTER), ALL), frozenset({Terms(ALWAYS, REVIEW)})
    assert planner_for(own, others, True) is planner_for(own, others, True)
    assert planner_for(own, others, True) is not planner_for(own, others, False)


def test_a_barred_opt_out_comes_to_rest_at_once():
    """The sender is not opted out, the receiver is and said so later: the first sync leaves nothing for the second."""
    planner = one_planner("do_not_call", ALL)
    pair = Pair(person({"do_not_call": False}, at=5), person({"do_not_call": True}, at=9), first=True)
    plan = planner.plan(pair)
    assert plan.sender_writes == {"do_not_call": Write(True, 9)}
    assert not planner.plan(carried_out(pair, plan)).sender_writes


def test_an_opt_out_taken_back_by_a_person_is_not_forced_on_them_again():
    planner = one_planner("do_not_call", ALL)
    plan = planner.plan(Pair(person({"do_not_call": False}, at=9), person({"do_not_call": True}, at=5), first=False))
    assert (plan.sender_writes, plan.receiver_writes, plan.conflicts) == ({}, {}, ())
