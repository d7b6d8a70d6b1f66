"""Names in one form, whatever is written into them."""

import pytest
from hypothesis import given, strategies

from sharing.matching import names
from sharing.matching.names import Family


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Łukasz", "lukasz"),
        ("MÜLLER-Lüdenscheid", "muller ludenscheid"),
        ("O’Brien", "obrien"),
        ("d'Angelo", "dangelo"),
        ("e\u0301lise", "elise"),
        ("Наталья", "natalya"),
        ("Ἀλέξανδρος", "alexandros"),
        ("王小明", "wangxiaoming"),
        ("محمد", "mhmd"),
        ("\u202eגל\u202c", "gl"),
        ("😀 Bob 🎉", "bob"),
        ("12345", ""),
        ("", ""),
        ("…", ""),
        ("\ud800x", "x"),
    ],
)
def test_a_name_is_folded_to_latin_letters(written, folded):
    assert names.fold(written) == folded


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Dr. Jane", "jane"),
        ("Mr", "mr"),
        ("Robert Jr.", "robert"),
        ("Mary Ann", "mary ann"),
        ("Jane Ph.D.", "jane ph d"),
    ],
)
def test_titles_and_suffixes_are_no_part_of_a_first_name(written, words):
    assert names.given(written) == words


@pytest.mark.parametrize(
    ("written", "family"),
    [
        ("Smith", Family("smith", 0)),
        ("Smith, Jr.", Family("smith", 2)),
        ("Smith III", Family("smith", 3)),
        ("Smith Sr MD", Family("smith", 1)),
        ("Junior", Family("junior", 0)),
        ("", Family("", 0)),
    ],
)
def test_a_suffix_in_the_last_name_tells_the_generation(written, family):
    assert names.family(written) == family


@pytest.mark.parametrize(
    ("suffix", "generation"), [("Jr.", 2), ("SENIOR", 1), ("IV", 4), ("2nd", 2), ("Esq.", 0), ("", 0)]
)
def test_a_suffix_tells_the_generation(suffix, generation):
    assert names.generation(suffix) == generation


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("John A. Smith Jr", ("john", "a", Family("smith", 2))),
        ("Smith, John A.", ("john", "a", Family("smith", 0))),
        ("Smith, Jr.", ("", "", Family("smith", 2))),
        ("Madonna", ("", "", Family("madonna", 0))),
        ("", ("", "", Family("", 0))),
    ],
)
def test_a_whole_name_is_taken_apart(whole, parts):
    assert names.legal(whole) == parts


def test_names_are_counted_without_spaces_accents_titles_and_suffixes():
    assert names.frequency_key("De La Cruz Jr") == names.frequency_key("Délacruz") == "delacruz"


def test_particles_tell_nobody_apart_unless_there_is_nothing_else():
    assert names.significant("de la cruz") == ("cruz",)
    assert names.significant("van") == ("van",)


@given(strategies.text(max_size=200))
def test_folding_never_fails_and_is_idempotent(text):
    folded = names.fold(text)
    assert names.fold(folded) == folded
    assert len(folded) <= names.MAX_LETTERS
    names.family(text), names.given(text), names.generation(text), names.legal(text), names.frequency_key(text)
