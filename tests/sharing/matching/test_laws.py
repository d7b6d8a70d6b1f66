"""Laws of matching under random people."""

from datetime import date
from uuid import UUID

from hypothesis import given, settings, strategies

from sharing.matching.decide import decide
from sharing.matching.explain import explain
from sharing.matching.stages import ACCEPTED
from sharing.records import Record
from sharing.states import MatchStage, MatchState
from tests.sharing.matching.people import (
    BORN,
    ELSEWHERE,
    EVERYTHING,
    HOUSE,
    LANDLINE,
    LATER,
    MOBILE,
    OTHER_MOBILE,
    TOWN,
)

_FIRSTS = strategies.sampled_from(
    ["Jane", "Janet", "J", "Bill", "William", "Mary Ann", "Ann", "Наталья", "José", "Smith", "7"]
)
_LASTS = strategies.sampled_from(["Smith", "Smith Jr", "Kowalski", "Kowalsky", "Novak-Kowalski", "Jane", "De La Cruz"])
_PHONES = strategies.sampled_from([LANDLINE, MOBILE, OTHER_MOBILE, "+12175550143 x5", "n/a"])
_HOMES = strategies.sampled_from(
    [HOUSE, ELSEWHERE, {**HOUSE, "unit_number": "4"}, {"zip5": "62701"}, {"city": "Portland"}]
)
_PEOPLE = strategies.fixed_dictionaries(
    {},
    optional={
        "first_name": _FIRSTS | strategies.text(max_size=12),
        "last_name": _LASTS | strategies.text(max_size=12),
        "middle_name": strategies.sampled_from(["Q", "Quinn", "Rose"]),
        "suffix": strategies.sampled_from(["Jr", "Sr", "III"]),
        "birthdate": strategies.sampled_from([BORN, LATER, date(1980, 4, 3), date(1980, 1, 1), date(1900, 1, 1)]),
        "sex": strategies.sampled_from("MF"),
        "phone": _PHONES,
        "mobile": _PHONES,
        "work_phone": _PHONES,
        "home_address": _HOMES,
        "work_address": _HOMES,
        "emails": strategies.sampled_from([("a@b.org",), ("a@b.org", "c@d.org"), ("c@d.org",)]),
        "van_id": strategies.sampled_from(["1", "2"]),
        "voter_guid": strategies.sampled_from(["1", "2"]),
    },
)
_NATION = strategies.lists(_PEOPLE, min_size=1, max_size=6)


def _nation(people, start):
    return {record.id: record for record in (Record(UUID(int=start + n), values) for n, values in enumerate(people))}


@settings(deadline=None)
@given(_PEOPLE, _PEOPLE)
def test_a_score_is_the_same_from_either_side(one, other):
    records = Record(UUID(int=1), one), Record(UUID(int=2), other)
    found = explain(*records, EVERYTHING, TOWN)
    assert found == explain(*records[::-1], EVERYTHING, TOWN)
    assert 0.0 <= found.score <= 1.0


@settings(deadline=None)
@given(_NATION, _NATION, strategies.randoms(use_true_random=False))
def test_the_order_and_the_repetition_of_pairs_change_nothing(ours, theirs, shuffler):
    senders, receivers = _nation(ours, 1), _nation(theirs, 100)
    pairs = [(sender, receiver) for sender in senders for receiver in receivers]
    found = decide(senders, receivers, pairs, EVERYTHING, TOWN)
    shuffled = pairs + pairs[:2]
    shuffler.shuffle(shuffled)
    assert decide(dict(reversed(senders.items())), receivers, shuffled, EVERYTHING, TOWN) == found


@settings(deadline=None)
@given(_NATION, _NATION)
def test_each_sender_is_decided_as_if_alone(ours, theirs):
    senders, receivers = _nation(ours, 1), _nation(theirs, 100)
    pairs = [(sender, receiver) for sender in senders for receiver in receivers]
    found = decide(senders, receivers, pairs, EVERYTHING, TOWN)
    for sender, record in senders.items():
        own = [pair for pair in pairs if pair[0] == sender]
        assert decide({sender: record}, receivers, own, EVERYTHING, TOWN)[sender] == found[sender]


@settings(deadline=None)
@given(_NATION, _NATION)
def test_outcomes_hold_together(ours, theirs):
    senders, receivers = _nation(ours, 1), _nation(theirs, 100)
    pairs = [(sender, receiver) for sender in senders for receiver in receivers]
    for found in decide(senders, receivers, pairs, EVERYTHING, TOWN).values():
        assert (found.receiver is not None) == (found.state is MatchState.MATCHED)
        assert (found.ambiguity is not None) == (found.state is MatchState.AMBIGUOUS)
        assert (found.stage is None) == (found.state is MatchState.NOT_FOUND)
        if found.state is MatchState.MATCHED and found.stage is MatchStage.HEURISTIC:
            assert found.score >= ACCEPTED
            assert any(e.agrees for e in found.evidence if e.field not in ("first_name", "last_name", "middle_name"))
        if found.state is MatchState.AMBIGUOUS:
            assert found.candidates
            assert found.evidence == found.candidates[0].evidence
        assert len(set(found.candidates)) == len(found.candidates) <= 10
