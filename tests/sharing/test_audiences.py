"""Whether rules of an audience are read, compared and refused as they should be, and what one sync of a contact does."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.audiences.difference import difference
from sharing.audiences.fields import REFERENCE, carried
from sharing.audiences.oneway import OPTED_OUT, plan_one_way, seen_of
from sharing.audiences.rules import AudienceRules, Surroundings, TargetRule, check_rules, rules_from_json
from sharing.errors import InvalidInputs
from sharing.mailboxes import EmailHindrance, emails_of
from sharing.records import Record
from sharing.syncing import Pair

ONE, TWO, AWAY = UUID(int=1), UUID(int=2), UUID(int=3)
KNOWN = Surroundings(
    1, {2: "east", 3: "west"}, {ONE: False, TWO: False, AWAY: True}, frozenset({"shoe"}), frozenset({1, 2})
)
FIELDS = ("first_name", "last_name", "email_opt_in", "do_not_call", "emails")
GOOD = AudienceRules(
    "Group", (TargetRule(2, (ONE,), ("first_name",), ("shoe",)), TargetRule(3, (TWO,), ("last_name",)))
)


def refused(*targets: TargetRule, name: str = "Group", hours: int = 6) -> list[tuple[str, ...]]:
    with pytest.raises(InvalidInputs) as caught:
        check_rules(AudienceRules(name, targets, every_hours=hours), KNOWN)
    return [problem.path for problem in caught.value.problems]


def test_rules_are_kept_as_they_were_given_but_for_spaces_and_repetitions():
    rules = check_rules(
        AudienceRules("  A   group ", (TargetRule(2, (ONE, ONE), ("first_name", "first_name")),)), KNOWN
    )
    assert (rules.group_name, rules.targets) == ("A group", (TargetRule(2, (ONE,), ("first_name",)),))
    assert rules_from_json(GOOD.as_json()) == GOOD


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (TargetRule(1, (ONE,)), ("nation",)),
        (TargetRule(9, (ONE,)), ("nation",)),
        (TargetRule(2, ()), ("segments",)),
        (TargetRule(2, (AWAY,)), ("segments", "0")),
        (TargetRule(2, (ONE, UUID(int=9))), ("segments", "1")),
        (TargetRule(2, (ONE,), ("custom_fields",)), ("fields", "0")),
        (TargetRule(3, (ONE,), ("first_name", "ward")), ("fields", "1")),
        (TargetRule(2, (ONE,), (), ("hat",)), ("customFields", "0")),
        (TargetRule(2, tuple(UUID(int=1) for _ in range(101))), ("segments",)),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_place(rule: TargetRule, path: tuple[str, ...]):
    assert refused(rule)[0] == ("targets", "0", *path)


def test_what_all_targets_share_is_refused_by_its_place_too():
    assert refused(name=" ", hours=0) == [("groupName",), ("syncEveryHours",)]
    assert refused(hours=169) == [("syncEveryHours",)]
    assert refused(name="x" * 256) == [("groupName",)]
    assert refused(TargetRule(2, (ONE,)), TargetRule(2, (TWO,))) == [("targets", "1", "nation")]
    assert ("targets",) in refused(*(TargetRule(2, (ONE,)) for _ in range(501)))


def test_a_field_that_may_not_travel_any_more_is_left_out():
    assert carried(("ward", "first_name"), ("shoe",), both_voters=True) == ("first_name", "ward", "custom:shoe")
    assert carried(("ward", "first_name"), ("shoe",), both_voters=False) == ("first_name", "custom:shoe")


def test_a_difference_tells_what_comes_and_what_goes():
    after = AudienceRules("Other", (TargetRule(2, (TWO,), ("first_name", "last_name")),), fires_automations=True)
    found = difference(GOOD, after)
    assert (found.old_group_name, found.fires_automations) == ("Group", True)
    changed, removed = found.targets
    assert (changed.added_segments, changed.removed_segments) == ((TWO,), (ONE,))
    assert (changed.added_fields, changed.removed_fields) == (("last_name",), ("custom:shoe",))
    assert (removed.nation_id, removed.is_removed, removed.removed_segments) == (3, True, (TWO,))
    assert difference(GOOD, GOOD).is_empty
    assert [change.is_new for change in difference(None, GOOD).targets] == [True, True]
    assert [change.is_removed for change in difference(GOOD, None).targets] == [True, True]


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["Ann", "Bob"]),
        "last_name": st.sampled_from(["Ames", "Bell"]),
        "employer": st.sampled_from(["Acme", "Bolt"]),
        "email_opt_in": st.booleans(),
        "do_not_call": st.booleans(),
        "emails": st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=4, unique=True).map(tuple),
    },
)
TIMES = st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 5))
RECORDS = st.builds(lambda values, times: Record(ONE, values, 0, times), VALUES, TIMES)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Pair, dict[str, int]]:
    """Draw a pair, and what the last sync saw."""
    source, target = draw(RECORDS), draw(RECORDS)
    first = draw(st.booleans())
    anew = frozenset() if first else draw(st.frozensets(st.sampled_from(FIELDS), max_size=2))
    taken = draw(st.frozensets(st.sampled_from("abcdefg"), max_size=3)) - set(emails_of(target))
    both = sorted(set(emails_of(source)) & set(emails_of(target)))
    base = tuple([] if first else draw(st.lists(st.sampled_from("abcdefg"), max_size=2, unique=True)) + both)
    return Pair(source, target, first, anew, base, receiver_taken=taken), {} if first else draw(TIMES)


@given(pairs())
def test_nothing_is_written_to_the_source_nor_outside_the_rules(drawn):
    pair, seen = drawn
    plan = plan_one_way(pair, FIELDS, seen)
    assert not plan.sender_writes
    assert not plan.sender_emails
    assert plan.receiver_writes.keys() <= {*FIELDS, REFERENCE} - {"emails"}
    assert not plan.conflicts
    without = plan_one_way(pair, ("first_name",), seen)
    assert without.receiver_writes.keys() <= {"first_name", REFERENCE}
    assert not without.receiver_emails


@given(pairs())
def test_a_field_is_written_where_the_source_changed_it_and_only_there(drawn):
    pair, seen = drawn
    plan = plan_one_way(pair, FIELDS, seen)
    for key in set(FIELDS) - {"emails"}:
        wanted, held = pair.sender.value(key), pair.receiver.value(key)
        anew = pair.first or key in pair.out_of_step
        changed = pair.sender.times.get(key) != seen.get(key)
        out = key in OPTED_OUT and held is OPTED_OUT[key]
        due = (wanted is not None if anew else changed) and wanted != held and not out
        assert (key in plan.receiver_writes) == due
        if due:
            assert plan.receiver_writes[key].value == wanted


@given(pairs())
def test_an_opt_out_of_the_target_is_never_taken_back(drawn):
    pair, seen = drawn
    for key in plan_one_way(pair, FIELDS, seen).receiver_writes:
        assert pair.receiver.value(key) is None or pair.receiver.value(key) != OPTED_OUT.get(key)


@given(pairs())
def test_a_contact_has_at_most_four_addresses_and_none_of_another_contact(drawn):
    pair, seen = drawn
    plan = plan_one_way(pair, FIELDS, seen)
    after = plan.receiver_emails.applied_to(emails_of(pair.receiver))
    assert len(after) <= 4
    assert not set(plan.receiver_emails.add) & pair.receiver_taken
    for note in plan.notes:
        assert note.address not in after
        assert (note.hindrance is EmailHindrance.BELONGS_TO_ANOTHER) == (note.address in pair.receiver_taken)


@given(pairs())
def test_once_it_is_done_a_second_sync_does_nothing(drawn):
    pair, seen = drawn
    plan = plan_one_way(pair, FIELDS, seen)
    values = dict(pair.receiver.values) | {key: write.value for key, write in plan.receiver_writes.items()}
    values["emails"] = plan.receiver_emails.applied_to(emails_of(pair.receiver))
    kept = {key: value for key, value in values.items() if value is not None and value != ()}
    again = Pair(pair.sender, Record(TWO, kept), False, email_base=plan.email_base, receiver_taken=pair.receiver_taken)
    rest = plan_one_way(again, FIELDS, seen_of(pair.sender, FIELDS))
    assert not rest.receiver_writes
    assert not rest.receiver_emails
