"""Email addresses in step (section 6 of the rules: a set, at most four a profile, one holder a nation)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.fields import MAX_EMAILS
from sharing.mailboxes import EmailChange, EmailHindrance, EmailNote, emails_of, merge
from sharing.writes import Side
from tests.sharing.pairs import person

FULL, TAKEN = EmailHindrance.NO_FREE_SLOT, EmailHindrance.BELONGS_TO_ANOTHER
NOTHING = EmailChange()


def add(*addresses):
    return EmailChange(add=addresses)


def remove(*addresses):
    return EmailChange(remove=addresses)


@pytest.mark.parametrize(
    ("sender", "receiver", "base", "to_sender", "to_receiver", "base_after"),
    [
        pytest.param("", "", "", NOTHING, NOTHING, "", id="none at all"),
        pytest.param("a", "a", "", NOTHING, NOTHING, "a", id="equal from the start"),
        pytest.param("ab", "ba", "ab", NOTHING, NOTHING, "ab", id="the same in another order"),
        pytest.param("a", "", "", NOTHING, add("a"), "a", id="missing at the receiver"),
        pytest.param("", "a", "", add("a"), NOTHING, "a", id="missing at the sender"),
        pytest.param("ab", "bc", "", add("c"), add("a"), "abc", id="both lack one"),
        pytest.param("b", "ab", "ab", NOTHING, remove("a"), "b", id="removed by the sender"),
        pytest.param("ab", "b", "ab", remove("a"), NOTHING, "b", id="removed by the receiver"),
        pytest.param("b", "ab", "b", add("a"), NOTHING, "ab", id="never synced: added, not removed"),
        pytest.param("", "", "ab", NOTHING, NOTHING, "", id="removed by both"),
        pytest.param("ac", "bc", "abc", remove("a"), remove("b"), "c", id="each removed another"),
        pytest.param("xb", "ab", "ab", NOTHING, EmailChange(("x",), ("a",)), "bx", id="replaced by the sender"),
        pytest.param("xbcd", "abcd", "abcd", NOTHING, EmailChange(("x",), ("a",)), "bcdx", id="replaced, all full"),
        pytest.param("dcba", "", "", NOTHING, add(*"dcba"), "abcd", id="added in the order of the other side"),
    ],
)
def test_addresses_travel_both_ways(sender, receiver, base, to_sender, to_receiver, base_after):
    merged = merge(tuple(sender), tuple(receiver), tuple(base))
    assert (merged.sender, merged.receiver) == (to_sender, to_receiver)
    assert (merged.base, merged.notes) == (tuple(base_after), ())


@pytest.mark.parametrize(
    ("sender", "receiver", "base", "taken", "to_receiver", "hindrances"),
    [
        pytest.param("ab", "cdef", "", "", "", [("a", FULL), ("b", FULL)], id="full"),
        pytest.param("ab", "cde", "", "", "a", [("b", FULL)], id="one slot for two"),
        pytest.param("ab", "cde", "", "a", "b", [("a", TAKEN)], id="one belongs to another: the slot is for the next"),
        pytest.param("ab", "cdef", "", "a", "", [("a", TAKEN), ("b", FULL)], id="full and another's: another's"),
        pytest.param("ab", "abcd", "ab", "", "", [], id="nothing is lacking"),
    ],
)
def test_an_address_that_cannot_be_given_is_noted_never_dropped(sender, receiver, base, taken, to_receiver, hindrances):
    merged = merge(tuple(sender), tuple(receiver), tuple(base), receiver_taken=set(taken))
    assert merged.receiver == add(*to_receiver)
    assert [note for note in merged.notes if note.side is Side.RECEIVER] == [
        EmailNote(Side.RECEIVER, address, hindrance) for address, hindrance in hindrances
    ]


def test_an_address_of_somebody_else_in_the_senders_nation_is_noted_there():
    merged = merge(("a",), ("b",), (), sender_taken={"b"})
    assert merged.sender == NOTHING
    assert merged.receiver == add("a")
    assert merged.notes == (EmailNote(Side.SENDER, "b", TAKEN),)
    assert merged.base == ("a",)


def test_an_address_that_could_not_be_given_stays_where_it_is():
    """It was never held by both, so that its absence there is no removal."""
    sender, receiver = ("a", "b"), ("c", "d", "e", "f")
    merged = merge(sender, receiver, ())
    again = merge(merged.sender.applied_to(sender), merged.receiver.applied_to(receiver), merged.base)
    assert merged.base == ("c", "d")
    assert (again.sender, again.receiver) == (NOTHING, NOTHING)


def test_more_addresses_than_there_are_slots_lose_none():
    assert merge(("a", "b", "c", "d", "e"), ("f",), ()).sender == NOTHING


def test_order_is_kept_and_what_is_gained_follows():
    assert EmailChange(add=("x",), remove=("b",)).applied_to(("c", "b", "a")) == ("c", "a", "x")


def test_a_profile_without_addresses_has_none():
    assert emails_of(person({})) == emails_of(person({"emails": None})) == ()
    assert emails_of(person({"emails": ("b", "a")})) == ("b", "a")


ADDRESSES = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=MAX_EMAILS).map(tuple)
BASES = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=MAX_EMAILS).map(tuple)
TAKEN_SETS = st.frozensets(st.sampled_from("abcdefgh"), max_size=3)


@given(ADDRESSES, ADDRESSES, BASES, TAKEN_SETS, TAKEN_SETS)
def test_merging_twice_changes_nothing_the_second_time(sender, receiver, base, sender_taken, receiver_taken):
    merged = merge(sender, receiver, base, sender_taken, receiver_taken)
    after = merged.sender.applied_to(sender), merged.receiver.applied_to(receiver)
    again = merge(*after, merged.base, sender_taken, receiver_taken)
    assert (again.sender, again.receiver, again.base, again.notes) == (NOTHING, NOTHING, merged.base, merged.notes)


@given(ADDRESSES, ADDRESSES, BASES, TAKEN_SETS, TAKEN_SETS)
def test_the_nations_may_change_places(sender, receiver, base, sender_taken, receiver_taken):
    merged = merge(sender, receiver, base, sender_taken, receiver_taken)
    swapped = merge(receiver, sender, base, receiver_taken, sender_taken)
    assert (merged.sender, merged.receiver, merged.base) == (swapped.receiver, swapped.sender, swapped.base)
    assert {(note.side, note.address) for note in merged.notes} == {
        (note.side.other, note.address) for note in swapped.notes
    }


@given(ADDRESSES, ADDRESSES, BASES, TAKEN_SETS, TAKEN_SETS)
def test_nothing_is_invented_crowded_in_or_lost_unnoted(sender, receiver, base, sender_taken, receiver_taken):
    merged = merge(sender, receiver, base, sender_taken, receiver_taken)
    for own, other, change, taken, side in (
        (sender, receiver, merged.sender, sender_taken, Side.SENDER),
        (receiver, sender, merged.receiver, receiver_taken, Side.RECEIVER),
    ):
        assert set(change.add) <= set(other) - set(own) - taken
        assert set(change.remove) <= set(own) & set(base)
        assert len(change.applied_to(own)) <= MAX_EMAILS
        noted = {note.address for note in merged.notes if note.side is side}
        assert set(other) - set(own) - set(base) == set(change.add) | noted
    both = set(merged.sender.applied_to(sender)) & set(merged.receiver.applied_to(receiver))
    assert merged.base == tuple(sorted(both))
