"""The steps of matching (unique ids together, then emails, then the heuristic) and their doubts, each with near misses."""

from datetime import date
from uuid import UUID

import pytest

from sharing.matching.decide import decide
from sharing.matching.rules import MatchRules
from sharing.matching.verdicts import NOT_FOUND, Evidence
from sharing.states import AmbiguityReason, MatchStage, MatchState
from tests.sharing.matching.people import (
    BORN,
    ELSEWHERE,
    EVERYTHING,
    HOUSE,
    LATER,
    MOBILE,
    TAG_ONLY,
    TOWN,
    numbers,
    outcome,
    person,
)

JANE = {"first_name": "Jane", "last_name": "Kowalski", "birthdate": BORN}
ROBERT = {"first_name": "Robert", "last_name": "Underhill", "birthdate": LATER}
EMAIL = {"emails": ("jane@example.org",)}


def _ended(found):
    return found.state, found.stage, found.ambiguity


MATCHED = MatchState.MATCHED
AMBIGUOUS = MatchState.AMBIGUOUS


@pytest.mark.parametrize(
    ("sender", "receiver", "stage"),
    [
        ({"voter_guid": "G1"}, {"voter_guid": "g1"}, MatchStage.VOTER_GUID),
        ({"van_id": "1", "voter_guid": "G1"}, {"van_id": "1", "voter_guid": "G1"}, MatchStage.VOTER_GUID),
        ({"van_id": "1", "voter_guid": "G1"}, {"van_id": "1"}, MatchStage.UNIQUE_ID),
        ({"twitter_login": "@jane"}, {"twitter_login": "Jane"}, MatchStage.UNIQUE_ID),
        ({**JANE, "van_id": "1"}, {**JANE, "first_name": "Robert", "van_id": "1"}, MatchStage.UNIQUE_ID),
        ({**JANE, "van_id": "1"}, {**ROBERT, "birthdate": None, "van_id": "1"}, MatchStage.UNIQUE_ID),
        (EMAIL, EMAIL, MatchStage.EMAIL),
        ({**JANE, **EMAIL}, EMAIL, MatchStage.EMAIL),
        ({**JANE, **EMAIL}, {**JANE, "last_name": "Underhill", **EMAIL}, MatchStage.EMAIL),
        ({**JANE, **EMAIL, "van_id": "1"}, {**EMAIL}, MatchStage.EMAIL),
        (JANE, JANE, MatchStage.HEURISTIC),
        ({**JANE, **EMAIL}, {**JANE, "emails": ("other@example.org",)}, MatchStage.HEURISTIC),
    ],
)
def test_the_first_step_with_a_hit_decides(sender, receiver, stage):
    assert _ended(outcome(sender, receiver, rules=EVERYTHING)) == (MATCHED, stage, None)


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ({"van_id": "1"}, {"van_id": "2"}),
        ({"ngp_id": "1"}, {"ngp_id": "1"}),
        ({"van_id": "1"}, {"ngp_id": "1"}),
        ({"state_file_id": "1"}, {"state_file_id": "1"}),
        (EMAIL, {"emails": ("other@example.org",)}),
        ({}, {}),
    ],
)
def test_what_takes_no_part_or_differs_finds_nobody(sender, receiver):
    assert outcome(sender, receiver, rules=EVERYTHING) is NOT_FOUND


@pytest.mark.parametrize("shared", [{"van_id": "1"}, EMAIL])
def test_ids_and_emails_that_take_no_part_say_nothing(shared):
    assert outcome(shared, shared, rules=TAG_ONLY) is NOT_FOUND


def test_a_later_step_is_not_asked_when_an_earlier_one_hits():
    found = outcome({"van_id": "1", **EMAIL}, {"van_id": "1"}, EMAIL, rules=EVERYTHING)
    assert (found.receiver, found.stage) == (UUID(int=1), MatchStage.UNIQUE_ID)


@pytest.mark.parametrize(
    ("sender", "receivers", "stage"),
    [
        ({"van_id": "1"}, [{"van_id": "1"}, {"van_id": "1"}], MatchStage.UNIQUE_ID),
        ({"van_id": "1", "twitter_id": "2"}, [{"van_id": "1"}, {"twitter_id": "2"}], MatchStage.UNIQUE_ID),
        ({"emails": ("a@b.org", "c@d.org")}, [{"emails": ("a@b.org",)}, {"emails": ("c@d.org",)}], MatchStage.EMAIL),
        (JANE, [JANE, JANE], MatchStage.HEURISTIC),
        (JANE, [{**JANE, "mobile": MOBILE}, {**JANE, "first_name": "Jayne"}], MatchStage.HEURISTIC),
    ],
)
def test_two_who_hit_one_step_are_ambiguous(sender, receivers, stage):
    found = outcome(sender, *receivers, rules=EVERYTHING)
    assert _ended(found) == (AMBIGUOUS, stage, AmbiguityReason.MULTIPLE_CANDIDATES)
    assert found.receiver is None
    assert sorted(numbers(found.candidates)) == [1, 2]


@pytest.mark.parametrize(
    "other", [ROBERT, {**JANE, "first_name": "Robert", "birthdate": LATER}, {"first_name": "Jane"}]
)
def test_somebody_unlike_beside_the_best_is_no_rival(other):
    found = outcome(JANE, JANE, other)
    assert (found.state, found.receiver) == (MATCHED, UUID(int=1))


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ({"voter_guid": "1", "van_id": "1"}, {"voter_guid": "1", "van_id": "2"}),
        ({"voter_guid": "2", "van_id": "1"}, {"voter_guid": "1", "van_id": "1"}),
        ({**EMAIL, "van_id": "1"}, {**EMAIL, "van_id": "2"}),
        ({**JANE, "van_id": "1"}, {**JANE, "van_id": "2"}),
    ],
)
def test_another_value_in_an_id_that_takes_part_is_a_conflict(sender, receiver):
    found = outcome(sender, receiver, rules=EVERYTHING)
    assert (found.state, found.ambiguity) == (AMBIGUOUS, AmbiguityReason.ID_CONFLICT)
    assert numbers(found.candidates) == [1]
    assert Evidence("van_id", False, 0.0) in found.evidence or Evidence("voter_guid", False, 0.0) in found.evidence


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ({**JANE, "ngp_id": "1"}, {**JANE, "ngp_id": "2"}),
        ({**JANE, "van_id": "1"}, JANE),
        (
            {**JANE, "state_file_id": "1", "registered_address": {"state": "CA"}},
            {**JANE, "state_file_id": "2", "registered_address": {"state": "NY"}},
        ),
    ],
)
def test_ids_that_take_no_part_or_are_blank_or_of_another_state_are_none(sender, receiver):
    assert outcome(sender, receiver, rules=EVERYTHING).state is MATCHED


@pytest.mark.parametrize("shared", [{"van_id": "1"}, EMAIL])
@pytest.mark.parametrize(
    ("other", "ambiguity"),
    [
        (ROBERT, AmbiguityReason.CONTRADICTED),
        ({**JANE, "first_name": "Robert", "birthdate": LATER}, AmbiguityReason.CONTRADICTED),
        ({**JANE, "last_name": "Underhill", "birthdate": LATER}, AmbiguityReason.CONTRADICTED),
        ({**ROBERT, "birthdate": BORN}, None),
        ({**JANE, "birthdate": LATER}, None),
        ({**JANE, "first_name": "Janey", "birthdate": LATER}, None),
        ({**ROBERT, "birthdate": date(1980, 4, 3)}, None),
        ({"birthdate": LATER}, None),
    ],
)
def test_name_and_birthday_together_deny_an_id_or_an_email_and_neither_alone(shared, other, ambiguity):
    found = outcome({**JANE, **shared}, {**other, **shared}, rules=EVERYTHING)
    assert (found.state, found.ambiguity) == (AMBIGUOUS if ambiguity else MATCHED, ambiguity)


@pytest.mark.parametrize(
    ("other", "state"),
    [
        ({"first_name": "Robert", "last_name": "Kowalski"}, AMBIGUOUS),
        ({"last_name": "Kowalski", "sex": "M"}, AMBIGUOUS),
        ({"first_name": "Jane", "last_name": "Underhill"}, MATCHED),
        ({"first_name": "Jenny", "last_name": "Kowalski"}, MATCHED),
    ],
)
def test_an_email_whose_names_say_a_spouse_needs_a_birthday(other, state):
    """A couple shares an email at times, and nobody shares an id: where no birthday tells, the score decides."""
    sender = {"first_name": "Jane", "last_name": "Kowalski", "sex": "F", **EMAIL}
    found = outcome(sender, {**other, **EMAIL}, rules=EVERYTHING)
    assert found.state is state
    assert (found.ambiguity is AmbiguityReason.CONTRADICTED) == (state is AMBIGUOUS)


def test_an_email_on_the_spouse_does_not_hide_the_person_beside():
    sender = {**JANE, **EMAIL}
    spouse = {"first_name": "Robert", "last_name": "Kowalski", "home_address": HOUSE, **EMAIL}
    found = outcome(sender, spouse, JANE, rules=EVERYTHING)
    assert found.state is AMBIGUOUS
    assert numbers(found.candidates) == [1, 2]


@pytest.mark.parametrize("shared", [{"van_id": "1"}, EMAIL])
@pytest.mark.parametrize(
    ("second", "doubt"),
    [
        (JANE, True),
        ({**JANE, "first_name": "Jayne"}, True),
        ({**JANE, "first_name": "Robert"}, False),
        ({"first_name": "Jane", "birthdate": LATER}, False),
    ],
)
def test_an_id_or_email_on_one_of_two_profiles_that_may_be_the_person_decides_nothing(shared, second, doubt):
    """Whoever stands twice in a nation is in doubt, whichever of both bears the id."""
    found = outcome({**JANE, **shared}, {**JANE, **shared}, second, rules=EVERYTHING)
    if not doubt:
        assert (found.state, found.receiver) == (MATCHED, UUID(int=1))
        return
    assert (found.state, found.ambiguity) == (AMBIGUOUS, AmbiguityReason.MULTIPLE_CANDIDATES)
    assert numbers(found.candidates) == [1, 2]


def test_a_second_profile_that_bears_another_id_is_another_persons():
    found = outcome({**JANE, "van_id": "1"}, {**JANE, "van_id": "1"}, {**JANE, "van_id": "2"}, rules=EVERYTHING)
    assert (found.state, found.receiver, numbers(found.candidates)) == (MATCHED, UUID(int=1), [2])


def test_a_vetoed_pair_is_as_if_it_had_not_been_found():
    one, two, three = person(9, **JANE), person(1, **JANE), person(2, **JANE)
    receivers = {two.id: two, three.id: three}
    pairs = [(one.id, two.id), (one.id, three.id)]
    found = decide({one.id: one}, receivers, pairs, TAG_ONLY, TOWN, vetoed={pairs[0]})[one.id]
    assert (found.state, found.receiver, found.candidates) == (MATCHED, three.id, ())
    assert decide({one.id: one}, receivers, pairs, TAG_ONLY, TOWN, vetoed=set(pairs)) == {one.id: NOT_FOUND}


def test_every_sender_has_an_outcome_and_unknown_profiles_are_left_out():
    one, two = person(1, **JANE), person(2, **ROBERT)
    found = decide({one.id: one, two.id: two}, {}, [(one.id, UUID(int=5)), (UUID(int=6), UUID(int=5))], TAG_ONLY, TOWN)
    assert found == {one.id: NOT_FOUND, two.id: NOT_FOUND}
    assert decide({}, {}, [], TAG_ONLY, TOWN) == {}


def test_a_match_shows_its_evidence_and_the_runners_up_that_count():
    sender = {**JANE, "mobile": MOBILE, "home_address": HOUSE, "middle_name": "Q", "van_id": "1"}
    receiver = {**JANE, "first_name": "Jayne", "phone": MOBILE, "home_address": ELSEWHERE, "middle_name": "Quinn"}
    found = outcome(sender, receiver, {**JANE, "first_name": "Piotr"}, rules=EVERYTHING)
    assert found.receiver == UUID(int=1)
    assert [(e.field, e.agrees) for e in found.evidence] == [
        ("first_name", True),
        ("last_name", True),
        ("middle_name", True),
        ("birthdate", True),
        ("mobile", True),
        ("home_address", False),
    ]
    assert 0.8 < found.evidence[0].score < 1.0
    assert found.evidence[1].score == 1.0
    assert numbers(found.candidates) == [2]
    assert 0 < found.candidates[0].score < 0.1 < found.score, (
        "by himself he might be a twin; beside the other he is none"
    )


def test_at_most_ten_candidates_are_shown_best_first():
    found = outcome(JANE, *[JANE] * 12, {**JANE, "mobile": MOBILE}, rules=MatchRules())
    assert found.ambiguity is AmbiguityReason.MULTIPLE_CANDIDATES
    assert len(found.candidates) == 10
    assert [c.score for c in found.candidates] == sorted((c.score for c in found.candidates), reverse=True)
