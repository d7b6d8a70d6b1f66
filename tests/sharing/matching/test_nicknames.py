"""Formal names and what their bearers are called."""

import pytest

from sharing.matching.nicknames import ROOTS, roots
from sharing.matching.phonetics import sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bill", "william"),
        ("bob", "robert"),
        ("peggy", "margaret"),
        ("jack", "john"),
        ("katie", "kathleen"),
        ("liz", "beth"),
        ("chuck", "charles"),
        ("sasha", "alexandra"),
        ("larry", "lawrence"),
        ("jerzy", "george"),
        ("zbigniew", "zbigniew"),
    ],
)
def test_a_nickname_shares_a_root_with_its_formal_name(one, other):
    assert roots(one) & roots(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("john", "james"), ("mary", "mark"), ("brandon", "brendan"), ("sean", "john"), ("anna", "savannah"), ("", "bill")],
)
def test_other_names_share_none(one, other):
    assert not roots(one) & roots(other)


def test_the_table_holds_hundreds_of_formal_names_in_folded_form():
    assert len({formal for formals in ROOTS.values() for formal in formals}) > 350
    assert all(name.isalpha() and name.isascii() and name.islower() for name in ROOTS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("catherine", "kathryn"),
        ("philip", "filip"),
        ("schmidt", "schmitt"),
        ("stephen", "steven"),
        ("mcdonald", "macdonald"),
        ("wright", "right"),
        ("gerry", "jerry"),
        ("thompson", "tompson"),
    ],
)
def test_spellings_of_one_sound_share_a_code(one, other):
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("one", "other"), [("smith", "jones"), ("hanna", "anna"), ("miller", "muldoon")])
def test_other_sounds_do_not(one, other):
    assert sound(one) != sound(other)


def test_every_name_has_a_sound_and_none_has_a_long_one():
    assert all(1 <= len(sound(name)) <= 8 for name in ROOTS)
    assert sound("") == ""
