"""Learning how carefully two nations keep their profiles."""

import json
from datetime import date, timedelta
from itertools import product

from sharing.matching.decide import decide
from sharing.matching.features import Feature, First
from sharing.matching.learning import KINS, MOST, OVERLAPS, learn
from sharing.matching.quality import USUAL, Quality, usual_shares
from sharing.states import MatchState
from tests.sharing.matching.people import TAG_ONLY, TOWN, person

FIRSTS = ("Zbigniew", "Ottoline", "Hjalmar", "Perpetua", "Caspian", "Isolde", "Leocadia", "Thorkild")
SYLLABLES = ("bra", "cle", "dro", "fli", "gun", "hol", "kre", "lum", "mor", "nas", "pel", "quo", "rit", "sto", "tul")
LASTS = ["".join(parts).title() for parts in product(SYLLABLES, repeat=3)]


def _nations(people, careless):
    """Two nations of the same people; one first name in so many is another name altogether in the second."""
    senders, receivers, pairs = {}, {}, []
    for number in range(people):
        values = {
            "first_name": FIRSTS[number % 8],
            "last_name": LASTS[number],
            "birthdate": date(1940, 1, 1) + timedelta(days=11 * number),
            "home_address": {"address1": f"{number + 1} {LASTS[-number]} St", "city": "X", "zip5": f"{number % 90:05}"},
        }
        other = dict(values)
        if careless and number % careless == 0:
            other["first_name"] = FIRSTS[(number + 3) % 8]
        one, two = person(number + 1, **values), person(number + 1_000_001, **other)
        senders[one.id], receivers[two.id] = one, two
        pairs.append((one.id, two.id))
    return senders, receivers, pairs


def _matched(nations, quality):
    outcomes = decide(*nations, TAG_ONLY, TOWN, quality=quality)
    return sum(outcome.state is MatchState.MATCHED for outcome in outcomes.values())


def test_careless_nations_are_judged_by_their_own_habits():
    """Where one person in ten bears another first name, it no longer says "a twin"."""
    nations = _nations(2_000, careless=10)
    quality = learn(*nations, TAG_ONLY, TOWN)
    assert 0.9 < quality.overlap <= OVERLAPS[1]
    assert 0.05 < quality.shares[Feature.FIRST][First.OTHER] < 0.15
    assert _matched(nations, USUAL) == 1_800
    assert _matched(nations, quality) == 2_000


def test_careful_nations_keep_the_table():
    quality = learn(*_nations(2_000, careless=0), TAG_ONLY, TOWN)
    assert quality.shares[Feature.FIRST][First.OTHER] <= usual_shares(Feature.FIRST)[First.OTHER]


def test_few_people_teach_little():
    quality = learn(*_nations(20, careless=2), TAG_ONLY, TOWN)
    assert quality.shares[Feature.FIRST][First.OTHER] < 0.05
    assert quality.overlap < 0.6


def test_nobody_teaches_nothing():
    assert learn({}, {}, [], TAG_ONLY, TOWN) == USUAL


def test_no_share_moves_past_its_bounds():
    quality = learn(*_nations(2_000, careless=1), TAG_ONLY, TOWN)
    for feature, shares in quality.shares.items():
        for share, usual in zip(shares, usual_shares(feature), strict=True):
            assert share <= usual * MOST * 1.000001


def test_the_order_of_pairs_teaches_the_same():
    senders, receivers, pairs = _nations(300, careless=5)
    assert learn(senders, receivers, pairs[::-1], TAG_ONLY, TOWN) == learn(senders, receivers, pairs, TAG_ONLY, TOWN)


def test_what_was_learnt_is_kept_as_json():
    quality = learn(*_nations(300, careless=5), TAG_ONLY, TOWN)
    assert Quality.from_json(json.loads(json.dumps(quality.as_json()))) == quality
    assert Quality.from_json({}) == USUAL
    assert Quality.from_json({"FIRST": [1.0], "GONE": [1.0]}) == USUAL
    assert Quality.from_json({"OVERLAP": [0.7]}) == Quality(overlap=0.7), "as an earlier release kept it"


def test_as_many_other_names_as_there_are_twins_teach_nothing():
    """Where one in forty bears another first name, each may be a twin: it is no sign of carelessness."""
    quality = learn(*_nations(2_000, careless=40), TAG_ONLY, TOWN)
    assert quality.shares[Feature.FIRST][First.OTHER] <= usual_shares(Feature.FIRST)[First.OTHER]


def _with_mates(nations, share):
    """The same nations, where so many of ten people have somebody else in their house."""
    senders, receivers, pairs = nations
    others = dict(receivers)
    for sender, record in senders.items():
        if sender.int % 10 < share:
            mate = {**record.values, "first_name": "Bartholomew", "birthdate": date(1931, 5, 17)}
            other = person(sender.int + 2_000_000, **mate)
            others[other.id] = other
            pairs = [*pairs, (sender, other.id)]
    return senders, others, pairs


def test_where_no_two_people_of_one_house_are_met_kin_mislead_less():
    alone, together = (learn(*_with_mates(_nations(2_000, careless=0), share), TAG_ONLY, TOWN) for share in (0, 9))
    assert KINS[0] < alone.kin < 0.2
    assert together.kin == 1.0, "never more than the table says"


def test_how_many_stand_twice_is_learnt():
    senders, receivers, pairs = _nations(2_000, careless=0)
    for (sender, _), number in zip(pairs[::5], range(3_000_000, 4_000_000), strict=False):
        again = person(number, **senders[sender].values)
        receivers = {**receivers, again.id: again}
        pairs = [*pairs, (sender, again.id)]
    once = learn(*_nations(2_000, careless=0), TAG_ONLY, TOWN)
    twice = learn(senders, receivers, pairs, TAG_ONLY, TOWN)
    assert once.twice < 0.01
    assert 0.15 < twice.twice < 0.2
    assert round(twice.overlap, 4) == round(once.overlap, 4), "whoever stands twice counts once"


def test_habits_are_learnt_of_all_who_are_likely_the_same_not_of_the_most_alike_alone():
    """Whoever has a faultless second profile there teaches with the faulty one as well."""
    senders, receivers, pairs = _nations(2_000, careless=3)
    for (sender, _), number in zip(list(pairs), range(3_000_000, 4_000_000), strict=False):
        again = person(number, **senders[sender].values)
        receivers[again.id] = again
        pairs.append((sender, again.id))
    quality = learn(senders, receivers, pairs, TAG_ONLY, TOWN)
    assert 0.1 < quality.shares[Feature.FIRST][First.OTHER] < 0.2
