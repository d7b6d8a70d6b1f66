"""Whether rules of an audience are read, compared and refused as they should be."""

from uuid import UUID

import pytest

from sharing.audiences.difference import difference
from sharing.audiences.fields import carried
from sharing.audiences.rules import AudienceRules, Surroundings, TargetRule, check_rules, rules_from_json
from sharing.errors import InvalidInputs

ONE, TWO, AWAY = UUID(int=1), UUID(int=2), UUID(int=3)
KNOWN = Surroundings(
    1, {2: "east", 3: "west"}, {ONE: False, TWO: False, AWAY: True}, frozenset({"shoe"}), frozenset({1, 2})
)
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
