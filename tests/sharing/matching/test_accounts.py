"""The account of a match or of a non-match."""

from math import log2
from uuid import UUID

import pytest

from sharing.matching.accounts import (
    SENTENCES,
    MatchRuling,
    MatchStep,
    StepFinding,
    account,
    own_steps,
    ruling,
    shared_keys,
)
from sharing.matching.decide import decide
from sharing.matching.explain import explain
from sharing.matching.keys import KeyKind, kinds_of
from sharing.matching.rules import MatchRules
from tests.sharing.matching.people import (
    BORN,
    ELSEWHERE,
    EVERYTHING,
    HOUSE,
    LANDLINE,
    LATER,
    MOBILE,
    TAG_ONLY,
    TOWN,
    person,
)

JANE = {"first_name": "Jane", "last_name": "Kowalski", "birthdate": BORN, "home_address": HOUSE, "mobile": MOBILE}
LEFT, BLANK, HIT, MISS, LATE = StepFinding


def of(one, other, rules=TAG_ONLY, crowded=()):
    return account(person(1, **one), person(2, **other), rules, TOWN, crowded=crowded)


def among(sender, *receivers, rules=TAG_ONLY, told_apart=False, lost=False):
    """What is said of the first receiver, among all."""
    one = person(1_000, **sender)
    others = {record.id: record for record in (person(n, **values) for n, values in enumerate(receivers, 1))}
    whole = decide({one.id: one}, others, [(one.id, other) for other in others], rules, TOWN)[one.id]
    first = others[UUID(int=1)]
    return ruling(account(one, first, rules, TOWN), first.id, whole, told_apart=told_apart, lost=lost)


def test_prior_and_pieces_add_up_to_the_odds_in_bits():
    found = of(JANE, {**JANE, "birthdate": LATER})
    told = explain(person(1, **JANE), person(2, **{**JANE, "birthdate": LATER}), TAG_ONLY, TOWN)
    assert found.probability == told.score
    bits = found.prior + sum(piece.bits for piece in found.pieces)
    assert bits == pytest.approx(sum(one.weight for one in told.contributions) * log2(2.718281828), abs=0.05)
    assert log2(found.probability / (1 - found.probability)) <= bits + 0.05
    worst = min(found.pieces, key=lambda piece: piece.bits)
    assert (worst.feature, worst.finding, worst.bits < -5) == ("BIRTHDAY", "another", True)
    assert [abs(piece.bits) for piece in found.pieces] == sorted((abs(p.bits) for p in found.pieces), reverse=True)


def test_a_feature_that_one_side_lacks_says_nothing_and_every_piece_gives_its_reason():
    found = of(JANE, {"first_name": "Jane", "last_name": "Kowalski"})
    assert {piece.feature for piece in found.pieces} == {"FIRST", "LAST"}
    assert all(piece.finding and piece.reason for piece in found.pieces)
    assert {one.field for one in found.evidence} == {"first_name", "last_name"}


def test_the_keys_that_both_have_are_told_by_kind_of_those_that_the_share_searches_by():
    one, other = {**JANE, "emails": ("j@example.org",)}, {"emails": ("j@example.org",), "mobile": MOBILE}
    assert {key.kind for key in of(one, other).keys} == {KeyKind.PHONE}
    assert {key.kind for key in of(one, other, EVERYTHING).keys} == {KeyKind.PHONE, KeyKind.EMAIL}
    shared = shared_keys(person(1, **JANE), person(2, **JANE), TAG_ONLY)
    assert {KeyKind(kind) for kind, _ in shared} <= kinds_of(TAG_ONLY)
    assert len(shared) == len(set(shared)) > 3


def test_a_key_that_too_many_have_is_told_as_such_and_finds_nobody():
    one, other = {"first_name": "Jane", "phone": LANDLINE}, {"first_name": "Piotr", "phone": LANDLINE}
    crowded = shared_keys(person(1, **one), person(2, **other), TAG_ONLY)
    found = of(one, other, crowded=crowded)
    assert [(key.kind, key.crowded) for key in found.keys] == [(KeyKind.PHONE, True)]
    assert found.alone is MatchRuling.ONLY_CROWDED_KEYS


@pytest.mark.parametrize(
    ("ours", "theirs", "rules", "findings"),
    [
        (JANE, JANE, TAG_ONLY, (LEFT, LEFT, HIT)),
        (JANE, JANE, EVERYTHING, (BLANK, BLANK, HIT)),
        (JANE, {**JANE, "birthdate": LATER, "mobile": None}, EVERYTHING, (BLANK, BLANK, MISS)),
        ({**JANE, "van_id": "7"}, {**JANE, "van_id": "7"}, EVERYTHING, (HIT, LATE, LATE)),
        ({**JANE, "van_id": "7"}, {**JANE, "van_id": "8"}, EVERYTHING, (MISS, BLANK, HIT)),
        ({**JANE, "emails": ("a@x.org",)}, {**JANE, "emails": ("a@x.org",)}, EVERYTHING, (BLANK, HIT, LATE)),
        ({**JANE, "emails": ("a@x.org",)}, {**JANE, "emails": ("b@x.org",)}, EVERYTHING, (BLANK, MISS, HIT)),
        ({**JANE, "emails": ("a@x.org",)}, {**JANE, "emails": ("a@x.org",)}, TAG_ONLY, (LEFT, LEFT, HIT)),
    ],
)
def test_each_step_says_what_it_came_to(ours, theirs, rules, findings):
    """The first with a hit decides, and the later ones are not reached."""
    steps = of({k: v for k, v in ours.items() if v}, {k: v for k, v in theirs.items() if v}, rules).steps
    assert tuple(one.step for one in steps) == tuple(MatchStep)
    assert tuple(one.finding for one in steps) == findings


NAMED = {"first_name": "Jane", "last_name": "Kowalski"}
NAMELESS = {key: value for key, value in JANE.items() if key != "first_name"}
WED = {**JANE, "emails": ("home@x.org",)}
HUSBAND = {"first_name": "Robert", "last_name": "Kowalski", "birthdate": LATER, "emails": ("home@x.org",)}


@pytest.mark.parametrize(
    ("receivers", "given", "expected"),
    [
        ([JANE], {}, MatchRuling.WOULD_LINK),
        ([JANE], {"told_apart": True}, MatchRuling.TOLD_APART),
        ([JANE], {"lost": True}, MatchRuling.LOST_TO_ANOTHER),
        ([JANE, JANE], {}, MatchRuling.SEVERAL_FIT),
        ([{**JANE, "van_id": "8"}], {"rules": EVERYTHING}, MatchRuling.ID_CONFLICT),
        ([HUSBAND], {"rules": EVERYTHING}, MatchRuling.CONTRADICTED),
        ([NAMED], {}, MatchRuling.NAMES_ALONE),
        ([{**HUSBAND, "home_address": HOUSE}], {}, MatchRuling.UNLIKELY),
        ([{"first_name": "Piotr", "home_address": ELSEWHERE}], {}, MatchRuling.NO_KEY),
        ([JANE, {**JANE, "van_id": "7"}], {"rules": EVERYTHING}, MatchRuling.SEVERAL_FIT),
        ([NAMELESS, {**JANE, "van_id": "7"}], {"rules": EVERYTHING}, MatchRuling.ANOTHER_FITS),
        (
            [NAMELESS, JANE],
            {},
            MatchRuling.SEVERAL_FIT,
        ),
    ],
)
def test_a_pair_that_is_not_linked_says_why(receivers, given, expected):
    assert among({**WED, "van_id": "7"}, *receivers, **given) is expected


def test_where_nobody_was_found_the_steps_tell_what_the_profile_itself_holds():
    rules = MatchRules(("van_id",), emails=True)
    assert [one.finding for one in own_steps(person(1, van_id="7", first_name="Jane"), rules)] == [MISS, BLANK, MISS]
    assert [one.finding for one in own_steps(person(1, bio="Paints."), TAG_ONLY)] == [LEFT, LEFT, BLANK]


def test_every_ruling_has_its_sentence():
    assert SENTENCES.keys() == set(MatchRuling)
    assert len(set(SENTENCES.values())) == len(SENTENCES)
