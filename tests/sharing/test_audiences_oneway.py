"""The plan that brings a target's contact into step with the source: one way, by what the source changed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.audiences.fields import REFERENCE
from sharing.audiences.oneway import plan_one_way, seen_of
from sharing.fields import MAX_EMAILS, OPT_OUTS
from sharing.mailboxes import EmailHindrance, emails_of
from sharing.records import Record
from sharing.syncing import Pair
from tests.sharing.pairs import carried_out

SOURCE, TARGET = UUID(int=1), UUID(int=2)
FIELDS = ("first_name", "bio", "custom:hat", "home_address", *OPT_OUTS, "emails")


def source(values=None, times=None):
    return Record(SOURCE, values or {}, 1, times or {})


def target(values=None, times=None):
    return Record(TARGET, {REFERENCE: str(SOURCE), **(values or {})}, 2, times or {})


def written(pair, seen=None, fields=FIELDS, noted=()):
    """Return what the target's contact gets, by field, and its addresses afterwards."""
    plan = plan_one_way(pair, fields, seen or {}, noted)
    values = {key: write.value for key, write in plan.receiver_writes.items()}
    return values, plan.receiver_emails.applied_to(emails_of(pair.receiver))


@pytest.mark.parametrize(
    ("ours", "theirs", "got"),
    [
        ({"bio": "a"}, {}, {"bio": "a"}),
        ({"bio": "a"}, {"bio": "b"}, {"bio": "a"}),
        ({"bio": "a"}, {"bio": "a"}, {}),
        ({}, {"bio": "b"}, {}),
        ({"is_deceased": False}, {"is_deceased": True}, {}),
        ({"is_deceased": True}, {"is_deceased": False}, {"is_deceased": True}),
        ({"email_opt_in": True}, {"email_opt_in": False}, {}),
        ({"email_opt_in": True}, {}, {"email_opt_in": True}),
        ({"email_opt_in": False}, {"email_opt_in": True}, {"email_opt_in": False}),
        ({"suffix": "Jr"}, {}, {}),
    ],
)
def test_the_first_sync_writes_what_the_source_has_and_its_blanks_erase_nothing(ours, theirs, got):
    assert written(Pair(source(ours), target(theirs), first=True))[0] == got


@pytest.mark.parametrize(
    ("ours", "theirs", "got"),
    [
        ({"bio": "a"}, {"bio": "b"}, {"bio": "a"}),
        ({}, {"bio": "b"}, {"bio": None}),
        ({}, {}, {}),
        ({"bio": "a"}, {"bio": "a"}, {}),
    ],
)
def test_a_field_that_the_source_changed_since_overwrites_be_it_with_a_blank(ours, theirs, got):
    pair = Pair(source(ours, {"bio": 5}), target(theirs, {"bio": 9}), first=False)
    assert written(pair, {"bio": 4})[0] == got
    assert written(pair, {"bio": 6})[0] == got, "another time than the one seen counts, be it an earlier one"
    assert written(pair, {"bio": 5})[0] == {}


@pytest.mark.parametrize(("key", "out"), OPT_OUTS.items())
def test_whoever_opted_out_in_the_target_is_never_opted_in(key, out):
    """Not by a value, not by a blank, be it the first sync or a change."""
    for wanted in ({key: not out}, {}):
        for first in (True, False):
            pair = Pair(source(wanted, {key: 5}), target({key: out}), first=first, out_of_step=frozenset({key}))
            assert written(pair)[0] == {}
            assert written(pair._replace(out_of_step=frozenset()))[0] == {}


def test_the_first_sync_notes_whom_the_contact_is_of_and_no_other_does():
    pair = Pair(source({"bio": "a"}), Record(TARGET, {}), first=True)
    plan = plan_one_way(pair, ("bio",), {})
    assert plan.receiver_writes[REFERENCE].value == str(SOURCE)
    assert (plan.counts.filled, plan.counts.overwritten, plan.counts.conflicts) == (1, 0, 0)
    assert REFERENCE not in plan_one_way(pair._replace(first=False), ("bio",), {}).receiver_writes
    other = pair._replace(receiver=Record(TARGET, {REFERENCE: "another"}))
    assert plan_one_way(other, ("bio",), {}).receiver_writes[REFERENCE].value == str(SOURCE)


def test_a_write_carries_the_time_of_the_sources():
    pair = Pair(source({"bio": "a", "first_name": "A"}, {"bio": 7}), target(), first=True)
    writes = plan_one_way(pair, FIELDS, {}).receiver_writes
    assert (writes["bio"].time, writes["first_name"].time) == (7, 1)


def test_what_is_filled_and_what_is_overwritten_are_counted_apart():
    pair = Pair(
        source({"bio": "a", "first_name": "A", "emails": ("x", "y")}), target({"bio": "b", "emails": ("z",)}), True
    )
    counts = plan_one_way(pair, FIELDS, {}).counts
    assert (counts.filled, counts.overwritten) == (3, 1)


def mail(ours, theirs, *, base=(), first=False, changed=True, taken=(), noted=(), anew=False):
    """Return the target's addresses after a sync, and what could not be given."""
    pair = Pair(
        source({"emails": ours}, {"emails": 5}),
        target({"emails": theirs}),
        first=first,
        out_of_step=frozenset({"emails"} if anew else ()),
        email_base=base,
        receiver_taken=frozenset(taken),
    )
    plan = plan_one_way(pair, ("emails",), {"emails": 4 if changed else 5}, noted)
    notes = {note.address: note.hindrance for note in plan.notes}
    return plan.receiver_emails.applied_to(theirs), notes, plan.email_base


def test_addresses_are_added_and_those_the_source_removed_are_removed():
    assert mail(("a", "b"), ("c",), first=True) == (("c", "a", "b"), {}, ("a", "b"))
    assert mail(("a",), ("a", "b", "c"), base=("a", "b")) == (("a", "c"), {}, ("a",))
    assert mail((), ("a", "c"), base=("a",)) == (("c",), {}, ())


def test_the_targets_own_addresses_stay_until_the_source_changes_its_own():
    assert mail(("a", "b"), ("a", "c"), base=("a", "b"), changed=False) == (("a", "c"), {}, ("a",))
    assert mail(("a", "b", "d"), ("a", "c"), base=("a",)) == (("a", "c", "b", "d"), {}, ("a", "b", "d"))


def test_at_most_four_addresses_are_held_and_the_rest_is_noted():
    full = ("p", "q", "r")
    held, notes, base = mail(("a", "b"), full, first=True)
    assert (held, base) == ((*full, "a"), ("a",))
    assert notes == {"b": EmailHindrance.NO_FREE_SLOT}
    assert mail(("b", "c"), (*full, "a"), base=("a",))[0] == (*full, "b"), "one that goes gives its place free at once"


def test_an_address_of_somebody_else_is_noted_and_takes_no_place():
    held, notes, _ = mail(("a", "b", "c"), ("p", "q"), first=True, taken=("a",))
    assert held == ("p", "q", "b", "c")
    assert notes == {"a": EmailHindrance.BELONGS_TO_ANOTHER}


def test_an_address_that_could_not_be_given_stays_noted_and_is_given_as_soon_as_it_can_be():
    """Though the source changed nothing since; what the target removed is not brought back with it."""
    still = mail(("a", "b"), ("c",), changed=False, taken=("a",), noted=("a",))
    assert still == (("c",), {"a": EmailHindrance.BELONGS_TO_ANOTHER}, ())
    assert mail(("a", "b"), ("c",), changed=False, noted=("a",)) == (("c", "a"), {}, ("a",))


def test_addresses_that_travel_again_erase_nothing_at_first():
    assert mail(("a",), ("a", "b"), base=("a", "b"), anew=True) == (("a", "b"), {}, ("a",))


def test_addresses_that_do_not_travel_stay_whatever_they_are():
    pair = Pair(source({"emails": ("a",)}, {"emails": 5}), target({"emails": ("b",)}), True, email_base=("b",))
    plan = plan_one_way(pair, ("bio",), {}, ("a",))
    assert (plan.receiver_emails.add, plan.receiver_emails.remove, plan.notes) == ((), (), ())
    assert plan.email_base == ("b",)


VALUES = {
    **dict.fromkeys(("first_name", "bio", "custom:hat"), st.sampled_from(("a", "b", "c"))),
    "home_address": st.sampled_from(({"city": "a"}, {"city": "b"})),
    **dict.fromkeys(OPT_OUTS, st.booleans()),
    "emails": st.lists(st.sampled_from("abcdef"), unique=True, min_size=1, max_size=4).map(tuple),
}
TIMES = st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 3))


@st.composite
def records(draw, profile_id):
    values = draw(st.fixed_dictionaries({}, optional=VALUES))
    return Record(profile_id, values, draw(st.integers(0, 3)), draw(TIMES))


PAIRS = st.builds(
    Pair,
    records(SOURCE),
    records(TARGET),
    first=st.booleans(),
    out_of_step=st.frozensets(st.sampled_from(FIELDS), max_size=4),
    email_base=st.frozensets(st.sampled_from("abcdef"), max_size=4).map(lambda held: tuple(sorted(held))),
    receiver_taken=st.frozensets(st.sampled_from("abcdef"), max_size=2),
)
TRAVEL = st.frozensets(st.sampled_from(FIELDS)).map(lambda chosen: tuple(key for key in FIELDS if key in chosen))
NOTED = st.frozensets(st.sampled_from("abcdef"), max_size=2)


@given(PAIRS, TRAVEL, TIMES, NOTED)
def test_nothing_is_ever_written_to_the_source(pair, fields, seen, noted):
    plan = plan_one_way(pair, fields, seen, noted)
    assert not plan.sender_writes
    assert not plan.sender_emails
    assert not plan.conflicts


@given(PAIRS, TRAVEL, TIMES, NOTED)
def test_a_field_outside_the_rules_is_never_touched(pair, fields, seen, noted):
    plan = plan_one_way(pair, fields, seen, noted)
    assert plan.receiver_writes.keys() <= {*fields, REFERENCE} - {"emails"}
    assert "emails" in fields or not plan.receiver_emails


@given(PAIRS, TRAVEL, TIMES, NOTED)
def test_syncing_twice_changes_nothing_the_second_time(pair, fields, seen, noted):
    plan = plan_one_way(pair, fields, seen, noted)
    once = carried_out(pair, plan)
    again = plan_one_way(once, fields, seen_of(pair.sender, fields), [note.address for note in plan.notes])
    assert not again.receiver_writes
    assert not again.receiver_emails
    assert (again.email_base, again.notes) == (plan.email_base, plan.notes)


@given(PAIRS, TRAVEL, TIMES, NOTED)
def test_a_sync_done_once_more_before_it_was_noted_changes_nothing(pair, fields, seen, noted):
    """A run that was killed between writing and taking note of it ends as if it had not been."""
    after = carried_out(pair, plan_one_way(pair, fields, seen, noted))
    again = plan_one_way(after._replace(first=pair.first, out_of_step=pair.out_of_step), fields, seen, noted)
    assert not again.receiver_writes
    assert not again.receiver_emails


@given(PAIRS, TRAVEL, records(TARGET))
def test_what_the_target_edits_lasts_until_the_source_changes_it_whatever_the_times(pair, fields, edited):
    pair = pair._replace(receiver=edited, first=False, out_of_step=frozenset())
    plan = plan_one_way(pair, fields, seen_of(pair.sender, fields))
    assert not plan.receiver_writes
    assert not plan.receiver_emails


@given(PAIRS, TRAVEL, TIMES)
def test_what_the_source_changed_is_what_the_target_has_afterwards_save_who_opted_out(pair, fields, seen):
    after = carried_out(pair, plan_one_way(pair, fields, seen)).receiver
    for key in fields:
        if key == "emails" or pair.first or key in pair.out_of_step:
            continue
        if pair.sender.times.get(key) == seen.get(key):
            assert after.value(key) == pair.receiver.value(key)
        elif key in OPT_OUTS and pair.receiver.value(key) is OPT_OUTS[key]:
            assert after.value(key) is OPT_OUTS[key]
        else:
            assert after.value(key) == pair.sender.value(key)


@given(PAIRS, TRAVEL, TIMES, NOTED)
def test_opting_out_is_never_reversed(pair, fields, seen, noted):
    after = carried_out(pair, plan_one_way(pair, fields, seen, noted)).receiver
    for key, out in OPT_OUTS.items():
        if pair.receiver.value(key) is out:
            assert after.value(key) is out


@given(PAIRS, TIMES, NOTED)
def test_a_contact_holds_four_addresses_at_most_none_of_them_anothers_and_the_rest_is_noted(pair, seen, noted):
    plan = plan_one_way(pair, ("emails",), seen, noted)
    before, after = emails_of(pair.receiver), plan.receiver_emails.applied_to(emails_of(pair.receiver))
    assert len(after) <= max(MAX_EMAILS, len(before))
    gained = set(after) - set(before)
    assert not gained & pair.receiver_taken
    assert gained <= set(emails_of(pair.sender))
    if pair.first or "emails" in pair.out_of_step or pair.sender.times.get("emails") != seen.get("emails"):
        assert set(emails_of(pair.sender)) == set(after) & set(emails_of(pair.sender)) | {
            note.address for note in plan.notes
        }
    if pair.first:
        assert set(before) <= set(after)


@given(PAIRS, TRAVEL, TIMES)
def test_a_field_is_written_where_the_source_changed_it_and_only_there(pair, fields, seen):
    plan = plan_one_way(pair, fields, seen)
    for key in set(fields) - {"emails"}:
        wanted, held = pair.sender.value(key), pair.receiver.value(key)
        anew = pair.first or key in pair.out_of_step
        changed = pair.sender.times.get(key) != seen.get(key)
        out = key in OPT_OUTS and held is OPT_OUTS[key]
        due = (wanted is not None if anew else changed) and wanted != held and not out
        assert (key in plan.receiver_writes) == due
        if due:
            assert plan.receiver_writes[key].value == wanted
