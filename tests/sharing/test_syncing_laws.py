"""What holds of syncing whatever the values, times, modes and order (section 6 of the rules)."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sharing.conflicts import KnownConflict
from sharing.fields import OPT_OUTS
from sharing.mailboxes import emails_of
from sharing.modes import SyncMode
from sharing.states import ConflictState
from sharing.syncing import Pair, Planner
from sharing.values import text
from tests.sharing.pairs import carried_out, person

PLAIN = ("first_name", "bio", "custom:shirt", "voter_guid", "ward")
PLACES = ("home_address", "work_address")
FIELDS = (*PLAIN, *PLACES, *OPT_OUTS, "emails")

TIMES = st.integers(0, 3)
VALUES = {
    **dict.fromkeys(PLAIN, st.sampled_from(("a", "b", "c"))),
    **dict.fromkeys(PLACES, st.sampled_from(({"city": "a"}, {"city": "b"}, {"city": "a", "zip5": "1"}))),
    **dict.fromkeys(OPT_OUTS, st.booleans()),
    "emails": st.lists(st.sampled_from("abcdef"), unique=True, min_size=1, max_size=4).map(tuple),
}
MODES = st.fixed_dictionaries({key: st.sampled_from(SyncMode) for key in FIELDS})


@st.composite
def people(draw, fields=FIELDS):
    """A person with any of the fields, some of the blank ones cleared on purpose."""
    values = draw(st.fixed_dictionaries({}, optional={key: VALUES[key] for key in fields}))
    times = draw(st.dictionaries(st.sampled_from(fields), TIMES))
    cleared = draw(st.sets(st.sampled_from(fields))) - values.keys() - {"emails"}
    return person(values, draw(TIMES), times, cleared)


TEXTS = st.sampled_from((None, "a", "b", "c", "true", "false"))
KNOWN = st.dictionaries(
    st.sampled_from(FIELDS), st.builds(KnownConflict, st.sampled_from(ConflictState), TEXTS, TEXTS), max_size=4
)
TAKEN = st.frozensets(st.sampled_from("abcdef"), max_size=2)
PAIRS = st.builds(
    Pair,
    people(),
    people(),
    first=st.booleans(),
    out_of_step=st.frozensets(st.sampled_from(FIELDS[:-1]), max_size=5),
    email_base=st.frozensets(st.sampled_from("abcdef"), max_size=4).map(lambda held: tuple(sorted(held))),
    conflicts=KNOWN,
    sender_taken=TAKEN,
    receiver_taken=TAKEN,
)
PLANNERS = st.builds(Planner, st.just(FIELDS), MODES, st.booleans())
EVERYTHING = Planner(FIELDS, dict.fromkeys(FIELDS, SyncMode.ACCEPT_ALL), False)


def sides(pair, plan):
    """Each side: its own profile, the other's, and what is written to it."""
    return (pair.sender, pair.receiver, plan.sender_writes), (pair.receiver, pair.sender, plan.receiver_writes)


def is_quiet(plan):
    return not (
        plan.sender_writes or plan.receiver_writes or plan.sender_emails or plan.receiver_emails or plan.conflicts
    )


@given(PLANNERS, PAIRS)
def test_syncing_twice_changes_nothing_the_second_time(planner, pair):
    plan = planner.plan(pair)
    again = planner.plan(carried_out(pair, plan))
    assert is_quiet(again)
    assert again.out_of_step == plan.out_of_step
    assert again.email_base == plan.email_base
    assert again.notes == plan.notes
    assert again.open_conflicts == plan.open_conflicts


@given(PLANNERS, PAIRS)
def test_a_first_sync_done_once_more_as_a_first_changes_nothing(planner, pair):
    """A run that was killed between writing and taking note of it ends as if it had not been."""
    after = carried_out(pair, planner.plan(pair))
    assert is_quiet(planner.plan(after._replace(first=pair.first)))


@given(PLANNERS, PAIRS)
def test_after_the_first_sync_the_nations_may_change_places(planner, pair):
    pair = pair._replace(first=False)
    swapped = pair._replace(
        sender=pair.receiver,
        receiver=pair.sender,
        conflicts={
            key: KnownConflict(known.state, known.receiver_text, known.sender_text)
            for key, known in pair.conflicts.items()
        },
        sender_taken=pair.receiver_taken,
        receiver_taken=pair.sender_taken,
    )
    plan, mirror = planner.plan(pair), planner.plan(swapped)
    assert (plan.sender_writes, plan.receiver_writes) == (mirror.receiver_writes, mirror.sender_writes)
    assert (plan.sender_emails, plan.receiver_emails) == (mirror.receiver_emails, mirror.sender_emails)
    assert (plan.out_of_step, plan.email_base, plan.open_conflicts, plan.counts) == (
        mirror.out_of_step,
        mirror.email_base,
        mirror.open_conflicts,
        mirror.counts,
    )
    assert [(change.key, change.step, change.sender_text, change.receiver_text) for change in plan.conflicts] == [
        (change.key, change.step, change.receiver_text, change.sender_text) for change in mirror.conflicts
    ]


@given(PLANNERS, PAIRS)
def test_nothing_is_invented(planner, pair):
    """Every value written stood on the other side, and brings its time along."""
    for _, other, writes in sides(pair, planner.plan(pair)):
        for key, write in writes.items():
            assert (write.value, write.time) == (other.value(key), other.time(key))
            assert write.value is not None or key in other.cleared


@given(PLANNERS, PAIRS)
def test_opt_outs_are_never_weakened(planner, pair):
    for own, _, writes in sides(pair, planner.plan(pair)):
        assert not [key for key in writes.keys() & OPT_OUTS.keys() if own.value(key) == OPT_OUTS[key]]


@given(PAIRS, st.booleans())
def test_review_writes_over_nothing_but_addresses_and_districts_under_auto_districting(pair, overwrite_districts):
    planner = Planner(FIELDS, dict.fromkeys(FIELDS, SyncMode.ALWAYS_REVIEW), overwrite_districts)
    may = {*PLACES, "ward"} if overwrite_districts else {*PLACES}
    for own, _, writes in sides(pair, planner.plan(pair)):
        assert {key for key in writes if own.value(key) is not None} <= may


@given(PLANNERS, PAIRS)
def test_the_voter_guid_is_never_overwritten(planner, pair):
    for own, _, writes in sides(pair, planner.plan(pair)):
        assert own.value("voter_guid") is None or "voter_guid" not in writes


@given(PLANNERS, PAIRS)
def test_a_pair_never_writes_both_ways_on_one_field(planner, pair):
    plan = planner.plan(pair)
    assert not plan.sender_writes.keys() & plan.receiver_writes.keys()


@given(PLANNERS, PAIRS)
def test_what_is_counted_is_what_happens(planner, pair):
    plan = planner.plan(pair)
    fills = [own.value(key) is None for own, _, writes in sides(pair, plan) for key in writes]
    changes = plan.sender_emails, plan.receiver_emails
    assert plan.counts.filled == sum(fills) + sum(len(change.add) for change in changes)
    assert plan.counts.overwritten == len(fills) - sum(fills) + sum(len(change.remove) for change in changes)
    after = carried_out(pair, plan).conflicts.values()
    assert plan.open_conflicts == sum(known.state is ConflictState.OPEN for known in after)


@given(PAIRS)
def test_only_review_keeps_conflicts(pair):
    plan = EVERYTHING.plan(pair)
    assert plan.open_conflicts == 0
    assert plan.out_of_step == frozenset()


@given(PLANNERS, people(), people())
def test_at_the_first_sync_every_blank_is_filled(planner, sender, receiver):
    pair = Pair(sender, receiver, first=True)
    after = carried_out(pair, planner.plan(pair))
    for key in FIELDS:
        assert (after.sender.value(key) is None) == (after.receiver.value(key) is None)


# Three nations, each pair of which is synced, time and again, in any order.

FREE = (*(key for key in (*PLAIN, *PLACES) if key != "voter_guid"),)
OPEN_WORLD = Planner(FREE, dict.fromkeys(FREE, SyncMode.ACCEPT_ALL), False)
LINKS = tuple(combinations(range(3), 2))
ORDERS = st.lists(st.sampled_from(LINKS), max_size=8)


def exchange(nations, order, planner=OPEN_WORLD):
    """Sync along some links in their order, then along all in turn until nothing is written."""
    nations = list(nations)
    for left, right in order:
        meet(nations, left, right, planner)
    for _ in range(10):
        if not sum(meet(nations, left, right, planner) for left, right in LINKS):
            return nations
    raise AssertionError("the nations do not come to rest")


def meet(nations, left, right, planner):
    """Sync two of them; whether anything was written."""
    pair = Pair(nations[left], nations[right], first=False)
    plan = planner.plan(pair)
    after = carried_out(pair, plan)
    nations[left], nations[right] = after.sender, after.receiver
    return bool(plan.sender_writes or plan.receiver_writes)


@given(st.tuples(people(FREE), people(FREE), people(FREE)), ORDERS, ORDERS)
def test_three_nations_end_equal_whatever_the_order_of_delivery(nations, order, other_order):
    ended = exchange(nations, order)
    ended_otherwise = exchange(nations, other_order)
    for key in FREE:
        assert len({text(nation.value(key)) for nation in (*ended, *ended_otherwise)}) == 1


@given(st.tuples(people(FREE), people(FREE), people(FREE)), ORDERS)
def test_the_most_recent_word_of_the_three_is_what_remains(nations, order):
    ended = exchange(nations, order)
    for key in FREE:
        words = [
            (nation.time(key), text(nation.value(key)) or "")
            for nation in nations
            if nation.value(key) is not None or key in nation.cleared
        ]
        assert (text(ended[0].value(key)) or "") == max(words, default=(0, ""))[1]


@given(st.tuples(people(), people(), people()), MODES, ORDERS)
def test_three_nations_come_to_rest_in_any_mode(nations, modes, order):
    fields = tuple(key for key in FIELDS if key != "emails")
    planner = Planner(fields, modes, False)
    ended = exchange(nations, order, planner)
    assert exchange(ended, order, planner) == ended


# Emails among three nations need what each pair remembers.


@given(st.tuples(*[st.sets(st.sampled_from("abcd")) for _ in range(3)]), st.permutations(LINKS), st.data())
def test_emails_of_three_nations_end_equal_and_what_one_removed_is_gone(held, order, data):
    nations = [person({"emails": tuple(sorted(addresses)) or None}) for addresses in held]
    bases = dict.fromkeys(LINKS, ())
    mail(nations, bases, order)
    union = set().union(*held)
    assert all(set(emails_of(nation)) == union for nation in nations)
    gone = data.draw(st.sets(st.sampled_from(sorted(union))) if union else st.just(set()))
    nations[1] = person({"emails": tuple(sorted(union - gone)) or None})
    mail(nations, bases, data.draw(st.permutations(LINKS)))
    assert all(set(emails_of(nation)) == union - gone for nation in nations)


def mail(nations, bases, order):
    planner = Planner(("emails",), {}, False)
    for left, right in [*order] * 3:
        pair = Pair(nations[left], nations[right], first=False, email_base=bases[left, right])
        plan = planner.plan(pair)
        after = carried_out(pair, plan)
        nations[left], nations[right], bases[left, right] = after.sender, after.receiver, plan.email_base
