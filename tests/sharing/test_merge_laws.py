"""The laws of merging two values, over every field of the catalogue: sides, repetition and order of delivery do not matter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.fields import CUSTOM_PREFIX, FIELDS, OPT_OUTS
from sharing.kinds import Kind
from sharing.modes import SyncMode
from sharing.syncing import Pair, Planner
from sharing.values import text
from tests.sharing.pairs import carried_out, person

# By kind, values that a field may hold: few, so that they meet often.
OF_KIND = {
    Kind.TEXT: ("Ann", "Anne", "李"),
    Kind.LONG_TEXT: ("One.", "One.\n\nTwo."),
    Kind.IDENTIFIER: ("7", "07", "a-7"),
    Kind.LOGIN: ("ann", "ann_o"),
    Kind.URL: ("https://example.org", "https://example.org/ann"),
    Kind.DATE: (date(1980, 1, 2), date(1980, 2, 1)),
    Kind.BOOLEAN: (True, False),
    Kind.LEVEL: (1, 2, 5),
    Kind.PHONE: ("+14155550101", "+447700900123", "555-0123"),
    Kind.ADDRESS: ({"city": "Troy"}, {"city": "Troy", "zip5": "12180"}, {"zip5": "SW1A 1AA", "country_code": "GB"}),
}
CUSTOMS = {"note": ("a", "b"), "hours": ("7", "7.5"), "member": (True, False), "size": ("S", "M")}


def choices(key: str):
    field = FIELDS[key]
    return tuple(field.choices) if field.kind is Kind.CHOICE else OF_KIND[field.kind]


HELD = {key: choices(key) for key, field in FIELDS.items() if field.kind not in (Kind.EMAILS, Kind.CUSTOM)}
HELD |= {CUSTOM_PREFIX + slug: values for slug, values in CUSTOMS.items()}
KEYS = tuple(HELD)
# What no rule keeps from being overwritten.
FREE = tuple(key for key in KEYS if key not in OPT_OUTS and key != "voter_guid")
TIMES = st.integers(0, 2)


@st.composite
def scenes(draw, count=2, *, among=KEYS, modes=SyncMode, clears: bool = True):
    """Some fields, a planner of them under any modes, and people who hold any of them, each with a time of its own.

    Args:
        draw: what draws.
        count: how many people.
        among: the fields there are to choose from.
        modes: the modes there are to choose from.
        clears: whether some of the blanks are cleared on purpose.
    """
    keys = draw(st.lists(st.sampled_from(among), min_size=1, max_size=6, unique=True))
    chosen = {key: draw(st.sampled_from(modes)) for key in keys}
    crowd = []
    for _ in range(count):
        values = draw(st.fixed_dictionaries({}, optional={key: st.sampled_from(HELD[key]) for key in keys}))
        times = {key: draw(TIMES) for key in keys}
        cleared = draw(st.sets(st.sampled_from(keys))) - values.keys() if clears else ()
        crowd.append(person(values, 0, times, cleared))
    apart = draw(st.frozensets(st.sampled_from(keys)))
    return Planner(keys, chosen, draw(st.booleans())), apart, crowd


def whole(record):
    """All that a side holds: of each field the value, its time, and whether it was cleared."""
    return {key: (text(record.value(key)), record.time(key), key in record.cleared) for key in KEYS}


def ends(pair, planner):
    """What both sides hold after a sync, and which fields are out of step, conflicts and their sides left aside."""
    plan = planner.plan(pair)
    after = carried_out(pair, plan)
    return whole(after.sender), whole(after.receiver), after.out_of_step, {change.key for change in plan.conflicts}


def test_the_laws_are_about_every_field_and_every_kind():
    """Emails are a set, and have laws of their own."""
    assert {*KEYS, "emails"} >= FIELDS.keys() - {"custom_fields"}
    assert {FIELDS[key].kind for key in KEYS if key in FIELDS} == set(Kind) - {Kind.EMAILS, Kind.CUSTOM}


@given(scenes())
def test_the_rule_for_two_values_is_commutative_between_nations(scene):
    """After the first sync it does not matter which nation is the sender: both end with the same."""
    planner, apart, (one, other) = scene
    sender, receiver, *left = ends(Pair(one, other, first=False, out_of_step=apart), planner)
    swapped_sender, swapped_receiver, *swapped_left = ends(Pair(other, one, first=False, out_of_step=apart), planner)
    assert (sender, receiver) == (swapped_receiver, swapped_sender)
    assert left == swapped_left


@given(scenes(), st.booleans())
def test_the_rule_for_two_values_is_idempotent(scene, first):
    """What was settled once is settled: the second time nothing is written, opened or closed."""
    planner, apart, (one, other) = scene
    pair = Pair(one, other, first=first, out_of_step=apart)
    after = carried_out(pair, planner.plan(pair))
    again = planner.plan(after)
    assert (again.sender_writes, again.receiver_writes, again.conflicts) == ({}, {}, ())
    assert again.out_of_step == after.out_of_step


@given(scenes(), st.booleans())
def test_a_value_bears_the_time_of_the_write_it_came_from(scene, first):
    """On whichever side it ends: a sync makes nothing younger or older than it is."""
    planner, apart, (one, other) = scene
    pair = Pair(one, other, first=first, out_of_step=apart)
    after = carried_out(pair, planner.plan(pair))
    origins = {(key, text(side.value(key)), side.time(key)) for side in (one, other) for key in KEYS}
    assert {(key, text(s.value(key)), s.time(key)) for s in (after.sender, after.receiver) for key in KEYS} <= origins


@st.composite
def networks(draw):
    """Two to five nations that hang together by shares: chains, stars, rings and all between; two orders of delivery."""
    size = draw(st.integers(2, 5))
    links = {(draw(st.integers(0, place - 1)), place) for place in range(1, size)}
    links |= {(one, other) for one, other in draw(st.sets(st.tuples(*[st.integers(0, size - 1)] * 2))) if one < other}
    orders = st.lists(st.sampled_from(sorted(links)), max_size=10)
    return size, sorted(links), draw(orders), draw(orders)


def delivered(nations, links, order, planner):
    """What the nations hold once syncs happened along links in some order, and then along all until nothing is written."""
    held = list(nations)

    def sync(left, right) -> bool:
        pair = Pair(held[left], held[right], first=False)
        plan = planner.plan(pair)
        after = carried_out(pair, plan)
        held[left], held[right] = after.sender, after.receiver
        return bool(plan.sender_writes or plan.receiver_writes)

    for left, right in order:
        sync(left, right)
    for _ in range(2 * len(held) + 2):
        if not sum(sync(left, right) for left, right in links):
            return held
    raise AssertionError("the nations do not come to rest")


@pytest.mark.parametrize(("mode", "clears"), [(SyncMode.ACCEPT_ALL, True), (SyncMode.ACCEPT_BLANK_ONLY, False)])
@given(networks(), st.data())
def test_nations_end_equal_in_any_order_of_delivery(mode, clears, network, data):
    """Wherever the most recent wins, and however the nations are linked: one value everywhere, and the latest."""
    size, links, order, other_order = network
    planner, _, nations = data.draw(scenes(size, among=FREE, modes=[mode], clears=clears))
    for ended in (delivered(nations, links, order, planner), delivered(nations, links, other_order, planner)):
        for key in FREE:
            words = [(n.time(key), text(n.value(key)) or "") for n in nations if n.value(key) is not None]
            words += [(n.time(key), "") for n in nations if key in n.cleared]
            assert {text(nation.value(key)) or "" for nation in ended} == {max(words, default=(0, ""))[1]}


@given(networks(), st.data())
def test_nations_come_to_rest_in_any_order_of_delivery_and_any_mode(network, data):
    """Opt-outs and the voter key among them: those are where they were."""
    size, links, order, _ = network
    planner, _, nations = data.draw(scenes(size))
    ended = delivered(nations, links, order, planner)
    assert [whole(nation) for nation in delivered(ended, links, order, planner)] == [whole(n) for n in ended]
    for nation, before in zip(ended, nations, strict=True):
        held = {key: before.value(key) for key, holds in OPT_OUTS.items() if before.value(key) == holds}
        assert {key: nation.value(key) for key in held} == held
        assert before.value("voter_guid") in (None, nation.value("voter_guid"))


@given(scenes(among=FREE, modes=[SyncMode.ACCEPT_ALL]))
def test_the_first_sync_takes_the_senders_values_and_is_not_commutative(scene):
    """Where all is accepted: the sender's values win, though they be older, and afterwards both hold the same."""
    planner, _, (one, other) = scene
    for sender, receiver in ((one, other), (other, one)):
        pair = Pair(sender, receiver, first=True)
        after = carried_out(pair, planner.plan(pair))
        for key in FREE:
            expected = sender.value(key) if sender.value(key) is not None else receiver.value(key)
            assert after.sender.value(key) == after.receiver.value(key) == expected
