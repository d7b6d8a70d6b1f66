"""Merging duplicates: what the profile that is left takes in, and what is lost to it."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.errors import Refused
from sharing.fields import MAX_EMAILS, OPT_OUTS
from sharing.mailboxes import emails_of
from sharing.merging import Dropped, merger
from sharing.records import Record
from sharing.values import text
from sharing.writes import Write
from tests.sharing.pairs import written
from tests.sharing.test_syncing_laws import FIELDS, people

NOW = 9


def person(number: int, values, at=0, times=None, cleared=()) -> Record:
    return Record(UUID(int=number), values, at, times or {}, frozenset(cleared))


ONE_VALUE = [
    # survivor, duplicates (value, time), what it gets
    pytest.param("x", [("y", 5)], None, id="its own value stays, however old"),
    pytest.param("x", [("x", 5)], None, id="the same value is no write"),
    pytest.param(None, [("y", 5)], Write("y", 5), id="a blank is filled, with the time of the value"),
    pytest.param(None, [("y", 3), ("z", 5)], Write("z", 5), id="by the value that changed last"),
    pytest.param(None, [("z", 3), ("y", 5)], Write("y", 5), id="whatever the order"),
    pytest.param(None, [("y", 5), ("z", 5)], Write("z", 5), id="of equal times the greater text"),
    pytest.param(None, [(None, 7), ("y", 5)], Write("y", 5), id="blanks of others say nothing"),
    pytest.param(None, [(None, 7)], None, id="nothing is made up"),
]


@pytest.mark.parametrize("key", ["first_name", "custom:shirt", "van_id"])
@pytest.mark.parametrize(("own", "others", "gets"), ONE_VALUE)
def test_a_value(key, own, others, gets):
    survivor = person(1, {key: own} if own else {}, 4)
    duplicates = [person(2 + i, {key: value} if value else {}, 0, {key: at}) for i, (value, at) in enumerate(others)]
    assert merger(survivor, duplicates, NOW).writes == ({key: gets} if gets else {})


@pytest.mark.parametrize(("at", "filled"), [(3, False), (4, True), (5, True)])
def test_what_was_cleared_on_purpose_is_not_filled_with_an_older_value(at, filled):
    """As at a sync: the clearing stands against what came before it."""
    survivor = person(1, {}, 0, {"phone": 4}, ["phone"])
    found = merger(survivor, [person(2, {"phone": "+14155550101"}, 0, {"phone": at})], NOW)
    assert bool(found.writes) is filled
    assert bool(found.dropped) is not filled


OPTED = [
    # own value, own time, others, what it gets; for a field whose opt-out is true
    pytest.param(True, [(False, 8)], None, id="its own holds"),
    pytest.param(None, [(True, 2), (False, 8)], Write(True, 2), id="anybody's holds against a later word"),
    pytest.param(None, [(True, 2), (True, 3)], Write(True, 3), id="from the last who said so"),
    pytest.param(False, [(True, 2)], Write(True, NOW), id="against its own word it is an edit of now"),
    pytest.param(None, [(False, 2)], Write(False, 2), id="what is no opt-out fills a blank like any value"),
]


@pytest.mark.parametrize("key", OPT_OUTS)
@pytest.mark.parametrize(("own", "others", "gets"), OPTED)
def test_an_opt_out_holds(key, own, others, gets):
    said = {True: OPT_OUTS[key], False: not OPT_OUTS[key]}
    survivor = person(1, {} if own is None else {key: said[own]}, 4)
    duplicates = [person(2 + place, {key: said[value]}, at) for place, (value, at) in enumerate(others)]
    wanted = {key: Write(said[gets.value], gets.time)} if gets else {}
    assert merger(survivor, duplicates, NOW).writes == wanted


NY, NJ = {"state": "NY", "county": "Kings"}, {"state": "NJ", "county": "Essex"}
PLACED = [
    pytest.param(NY, NY, True, id="the same place"),
    pytest.param(NY, {"state": "ny", "county": "kings", "city": "Brooklyn"}, True, id="as ids are compared"),
    pytest.param(NY, NJ, False, id="another place"),
    pytest.param(NY, None, False, id="no place, beside one"),
    pytest.param(None, NY, True, id="the place comes along"),
    pytest.param(None, None, True, id="no place at all"),
]


@pytest.mark.parametrize("key", ["state_file_id", "county_file_id"])
@pytest.mark.parametrize(("here", "there", "filled"), PLACED)
def test_an_id_that_is_unique_within_a_place_is_not_taken_to_another(key, here, there, filled):
    survivor = person(1, {"registered_address": here} if here else {})
    duplicate = person(2, {key: "7", **({"registered_address": there} if there else {})})
    found = merger(survivor, [duplicate], NOW)
    assert (key in found.writes) is filled
    assert (Dropped(key, "7") in found.dropped) is not filled


def test_an_address_is_taken_whole():
    whole = {"address1": "1 Main St", "city": "Oakland"}
    survivor = person(1, {"home_address": {"city": "Reno"}})
    found = merger(survivor, [person(2, {"home_address": whole, "work_address": whole}, 3)], NOW)
    assert found.writes == {"work_address": Write(whole, 3)}
    assert found.dropped == (Dropped("home_address", text(whole)),)


def test_addresses_for_mail_are_a_union_the_survivors_first():
    survivor = person(1, {"emails": ("s@x.org", "b@x.org")}, 5)
    older, later = person(2, {"emails": ("a@x.org",)}, 1), person(3, {"emails": ("b@x.org", "c@x.org")}, 2)
    found = merger(survivor, [older, later], NOW)
    assert found.emails == Write(("s@x.org", "b@x.org", "c@x.org", "a@x.org"), 5)
    assert found.dropped == ()
    assert merger(later, [survivor], NOW).emails == Write(("b@x.org", "c@x.org", "s@x.org"), 5)
    assert merger(survivor, [person(4, {"emails": ("b@x.org",)}, 7)], NOW).emails is None


def test_more_addresses_than_there_is_room_for_are_refused_with_the_list():
    one = person(1, {"emails": tuple(f"{name}@x.org" for name in "abc")})
    two = person(2, {"emails": tuple(f"{name}@x.org" for name in "cdef")})
    with pytest.raises(Refused) as refused:
        merger(one, [two], NOW)
    assert all(f"{name}@x.org" in str(refused.value) for name in "abcdef")
    assert "have 6 email addresses" in str(refused.value)
    assert str(refused.value).endswith("Remove 2 of them first.")


def test_what_is_lost_is_named_once_in_order_of_the_catalogue():
    survivor = person(1, {"first_name": "Ann", "van_id": "1", "do_not_call": False, "custom:shirt": "M"})
    two = person(2, {"van_id": "2", "first_name": "Anna", "do_not_call": True, "custom:shirt": "L"})
    found = merger(survivor, [two, replace(two, id=UUID(int=3))], NOW)
    lost = [("first_name", "Anna"), ("van_id", "2"), ("custom:shirt", "L"), ("do_not_call", "false")]
    assert found.dropped == tuple(Dropped(*one) for one in lost)


FEW = st.lists(st.sampled_from("abcd"), unique=True, min_size=1).map(tuple)


@st.composite
def families(draw):
    """A person and two or three of its duplicates, with room for all their addresses."""
    found = []
    for number in range(draw(st.integers(3, 4))):
        one = draw(people())
        values = {**one.values, "emails": draw(FEW)} if "emails" in one.values else one.values
        found.append(replace(one, id=UUID(int=number), values=values))
    return found[0], found[1:]


def left(survivor, found):
    """The survivor with all that it takes in."""
    record = written(survivor, found.writes)
    return replace(record, values={**record.values, "emails": found.emails.value}) if found.emails else record


@given(families())
def test_in_any_order_it_is_the_same(family):
    survivor, duplicates = family
    found = [merger(survivor, order, NOW) for order in permutations(duplicates)]
    assert all(one == found[0] for one in found)


@given(families())
def test_nothing_is_made_up_and_nothing_goes_unnamed(family):
    """What is left was held by somebody, with its time; what was held is left, or named as dropped."""
    survivor, duplicates = family
    found = merger(survivor, duplicates, NOW)
    after, everybody = left(survivor, found), [survivor, *duplicates]
    for key, write in found.writes.items():
        holders = [one for one in duplicates if one.value(key) == write.value]
        assert holders
        assert write.time in {NOW, *(one.time(key) for one in holders)}
    for key in FIELDS:
        if key == "emails":
            assert {a for one in everybody for a in emails_of(one)} == set(emails_of(after))
            continue
        held = {text(one.value(key)) for one in everybody} - {None}
        lost = {one.value for one in found.dropped if one.key == key}
        assert lost == held - {text(after.value(key))}


@given(families())
def test_its_own_values_stay_and_opt_outs_hold(family):
    survivor, duplicates = family
    after = left(survivor, merger(survivor, duplicates, NOW))
    for key, value in survivor.values.items():
        if key not in OPT_OUTS and key != "emails":
            assert after.value(key) == value
    for key, held in OPT_OUTS.items():
        if any(one.value(key) == held for one in [survivor, *duplicates]):
            assert after.value(key) == held
    assert len(emails_of(after)) <= MAX_EMAILS
    assert emails_of(after)[: len(emails_of(survivor))] == emails_of(survivor)


@given(families())
def test_whoever_was_taken_in_has_nothing_more_to_give(family):
    survivor, duplicates = family
    after = left(survivor, merger(survivor, duplicates, NOW))
    again = merger(after, duplicates, NOW + 1)
    assert (dict(again.writes), again.emails) == ({}, None)
