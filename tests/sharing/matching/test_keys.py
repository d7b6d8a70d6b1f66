"""Keys under which candidates are found."""

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings, strategies

from sharing.fields import FIELDS
from sharing.matching.identifiers import IDS
from sharing.matching.keys import EVERY_SHARE, KIND_OF_ID, SOURCES, KeyKind, keys_of, kinds_of
from sharing.matching.rules import MatchRules
from tests.sharing.matching.people import BORN, HOUSE, LANDLINE, person


def _kinds(one, other):
    return {KeyKind(kind) for kind, _ in set(keys_of(person(1, **one))) & set(keys_of(person(2, **other)))}


JANE = {"first_name": "Jane", "last_name": "Kowalski", "birthdate": BORN}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ({"van_id": "Ab1"}, {"van_id": " aB1"}, KeyKind.VAN_ID),
        ({"emails": ("a@b.org", "c@d.org")}, {"emails": ("c@d.org",)}, KeyKind.EMAIL),
        ({"work_phone": LANDLINE}, {"mobile": LANDLINE}, KeyKind.PHONE),
        (
            {"first_name": "Bill", "last_name": "Gates"},
            {"first_name": "William", "last_name": "Gates"},
            KeyKind.FULL_NAME,
        ),
        (
            {"first_name": "Gates", "last_name": "William"},
            {"first_name": "Bill", "last_name": "Gates"},
            KeyKind.FULL_NAME,
        ),
        ({"legal_name": "Gates, Bill H."}, {"first_name": "Bill", "last_name": "Gates"}, KeyKind.FULL_NAME),
        (
            {"first_name": "Ann", "last_name": "Novak-Kowalski"},
            {"first_name": "Anne", "last_name": "Kowalski"},
            KeyKind.FULL_NAME,
        ),
        (JANE, {"last_name": "Kovalsky", "birthdate": date(1980, 4, 3)}, KeyKind.LAST_BIRTHDAY),
        (JANE, {"first_name": "Janie", "birthdate": BORN}, KeyKind.FIRST_BIRTHDAY),
        (JANE, {"first_name": "Jaine", "last_name": "Kxwalski", "birthdate": BORN}, KeyKind.INITIALS_BIRTHDAY),
        (JANE, {**JANE, "birthdate": date(1980, 3, 27)}, KeyKind.LAST_MONTH),
        (
            {"first_name": "Jane", "last_name": "Kowalski", "home_address": HOUSE},
            {"first_name": "J", "last_name": "Kowalsky", "mailing_address": HOUSE},
            KeyKind.LAST_POSTCODE,
        ),
        (
            {"first_name": "Jane", "home_address": HOUSE},
            {"first_name": "Joan", "home_address": {"street_number": "12", "zip5": "62701"}},
            KeyKind.HOUSE,
        ),
        (
            {"birthdate": BORN, "home_address": HOUSE},
            {"birthdate": BORN, "home_address": HOUSE},
            KeyKind.BIRTHDAY_POSTCODE,
        ),
        ({"home_address": HOUSE}, {"home_address": {"address1": "12 Main Street"}}, KeyKind.STREET),
    ],
)
def test_whoever_may_be_one_person_shares_a_key(one, other, kind):
    assert kind in _kinds(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"van_id": "1"}, {"ngp_id": "1"}),
        ({"fax": LANDLINE}, {"fax": LANDLINE}),
        ({"state_file_id": "1"}, {"state_file_id": "1"}),
        (
            {"state_file_id": "1", "registered_address": {"state": "CA"}},
            {"state_file_id": "1", "registered_address": {"state": "NY"}},
        ),
        ({"birthdate": date(1900, 1, 1), "last_name": "X"}, {"birthdate": date(1900, 1, 1), "last_name": "X"}),
        ({"first_name": "😀"}, {"first_name": "🎉"}),
        ({"first_name": "1"}, {"first_name": "1"}),
        ({"phone": "0000000000"}, {"phone": "0000000000"}),
    ],
)
def test_what_tells_nobody_apart_is_no_key(one, other):
    assert not _kinds(one, other)


def test_an_empty_profile_has_no_keys():
    assert keys_of(person(1)) == []


def test_keys_are_the_same_in_every_process_and_release():
    expected = int.from_bytes(hashlib.blake2b(b"ab1", digest_size=8).digest(), "big", signed=True)
    assert keys_of(person(1, van_id="AB1")) == [(16, expected)]
    assert {kind.name: kind.value for kind in KeyKind}["EMAIL"] == 30


def test_ids_and_emails_are_found_by_only_where_they_take_part():
    assert kinds_of(MatchRules()) == EVERY_SHARE
    assert kinds_of(MatchRules(("van_id",), emails=True)) == EVERY_SHARE | {KeyKind.VAN_ID, KeyKind.EMAIL}
    assert set(KIND_OF_ID) == set(IDS)


_TEXTS = strategies.text(max_size=30)
_VALUES = strategies.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("first_name", "last_name", "middle_name", "legal_name", "phone", "mobile", "van_id"), _TEXTS),
        "suffix": strategies.sampled_from(["Jr", "Sr", "III", "?"]),
        "birthdate": strategies.dates(date(1800, 1, 1), date(2100, 1, 1)),
        "sex": strategies.sampled_from("MFO"),
        "emails": strategies.lists(_TEXTS, min_size=1, max_size=4).map(tuple),
        "home_address": strategies.dictionaries(strategies.sampled_from(sorted(HOUSE)), _TEXTS, min_size=1),
    },
)


@settings(deadline=None)
@given(_VALUES)
def test_keys_depend_on_their_sources_alone_and_fit_the_column(values):
    keys = keys_of(person(1, **values))
    assert len(keys) == len(set(keys))
    assert all(-(2**63) <= key < 2**63 for _, key in keys)
    assert keys_of(person(2, **{key: value for key, value in values.items() if key in SOURCES})) == keys


def test_sources_are_fields_of_the_catalogue():
    assert set(FIELDS) >= SOURCES
    assert "fax" not in SOURCES


def test_a_name_of_five_thousand_letters_gives_few_short_keys():
    keys = keys_of(person(1, first_name="x" * 5_000, last_name="y z " * 1_250, birthdate=BORN, home_address=HOUSE))
    assert len(keys) < 30
