"""How common names are."""

from sharing.matching.frequencies import Frequencies


def test_without_counts_the_shipped_shares_stand():
    shipped = Frequencies()
    assert shipped.last("smith") > 20 * shipped.last("brzeczyszczykiewicz") > 0
    assert shipped.first("james") > 10 * shipped.first("zbigniew") > 0


def test_counts_of_many_people_speak_for_themselves():
    counted = Frequencies.of([("José", 600), ("Jose", 400)], [("Kowalski", 5_000)], counted=100_000)
    assert 0.009 < counted.first("jose") < 0.0101
    assert 0.045 < counted.last("kowalski") < 0.0501
    assert counted.people == 100_000


def test_counts_of_few_people_hardly_move_what_is_believed():
    assert Frequencies.of([], [("Kowalski", 2)], counted=10).last("kowalski") < 0.001


def test_who_is_counted_alone_does_not_make_his_own_name_common():
    assert Frequencies({}, {"novak": 1}, 100_000).last("novak") == Frequencies({}, {}, 100_000).last("novak")


def test_nobody_is_rarer_than_belief_allows():
    assert Frequencies({}, {}, 10_000_000).last("xyzzy") == 5e-6
    assert Frequencies({}, {}, 10_000_000).first("") == 5e-6
