"""A whole share matched at once comes to what each of its people comes to alone."""

from collections import defaultdict
from datetime import date
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings, strategies

from sharing.matching.bulk.meeting import Meeting
from sharing.matching.bulk.reading import BETWEEN_EMAILS, fields_of, read
from sharing.matching.bulk.vocabulary import unescaped
from sharing.matching.decide import decide
from sharing.matching.keys import MAX_HOLDERS, keys_of, kinds_of
from sharing.matching.learning import learn
from sharing.matching.quality import USUAL
from sharing.matching.rules import MatchRules
from sharing.matching.verdicts import evidence_as_rows
from sharing.records import Record
from tests.sharing.matching.people import BORN, ELSEWHERE, EVERYTHING, HOUSE, LANDLINE, LATER, MOBILE, TAG_ONLY, TOWN

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def escaped(text):
    """Write a value as PostgreSQL's text format has it."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def _cell(values, key):
    value = values.get(key)
    if value is None:
        return "\\N"
    if key == "emails":
        return escaped(BETWEEN_EMAILS.join(value))
    return escaped(orjson.dumps(value).decode() if isinstance(value, dict) else str(value))


def copied(records, rules):
    """Write records as a database would give them."""
    rows = sorted(records.values(), key=lambda record: record.id.int)
    lines = ["\t".join([str(r.id), *(_cell(r.values, key) for key in fields_of(rules))]) + "\n" for r in rows]
    return "".join(lines).encode()


def candidates(senders, receivers, rules):
    kinds = kinds_of(rules)
    holders = defaultdict(list)
    for receiver, record in receivers.items():
        for key in keys_of(record):
            holders[key].append(receiver)
    return {
        (sender, receiver)
        for sender, record in senders.items()
        for key in keys_of(record)
        if key[0] in kinds and len(holders[key]) <= MAX_HOLDERS
        for receiver in holders[key]
    }


def meeting(senders, receivers, rules, vetoed=(), slices=1):
    def sliced(records):
        ids = sorted(records, key=lambda profile: profile.int)
        cuts = [ids[n * len(ids) // slices : (n + 1) * len(ids) // slices] for n in range(slices)]
        return [read(copied({profile: records[profile] for profile in cut}, rules), rules) for cut in cuts]

    pairs = [(one.bytes, other.bytes) for one, other in vetoed]
    return Meeting(sliced(senders), sliced(receivers), rules, TOWN, pairs)


def rows_of(found):
    """Outcomes as they are written, by sender."""
    rows = {}
    for block in found:
        for place, row in enumerate(block.rows):
            state, receiver, *rest, evidence, others = row.split("\t")
            profile = UUID(bytes=block.ids[16 * place : 16 * place + 16])
            rows[profile] = (state, receiver, *rest, orjson.loads(evidence), orjson.loads(others))
            assert block.states[place] == state
            assert (block.receivers[place] or "\\N") == receiver
            assert (block.ambiguities[place] or "\\N") == rest[2]
    return rows


def as_row(outcome):
    others = [
        {"profile": str(c.receiver), "stage": c.stage, "score": c.score, "evidence": evidence_as_rows(c.evidence)}
        for c in outcome.candidates
    ]
    receiver, stage, ambiguity = (str(x) if x else "\\N" for x in (outcome.receiver, outcome.stage, outcome.ambiguity))
    score = repr(outcome.score) if outcome.stage else "0"
    return (outcome.state, receiver, stage, score, ambiguity, evidence_as_rows(outcome.evidence), others)


FIRST, LAST = UUID(int=0).bytes, UUID(int=2**128 - 1).bytes

_WORDS = strategies.text(max_size=12)
_NAMES = strategies.sampled_from(
    [
        "Jane",
        "Janet",
        "J",
        "Bill",
        "William",
        "Mary Ann",
        "Ann",
        "Наталья",
        "José",
        "Smith",
        "7",
        "Dr. Jane",
        "a\\b\tc\n",
    ]
)
_LASTS = strategies.sampled_from(["Smith", "Smith Jr", "Kowalski", "Kowalsky", "Novak-Kowalski", "Jane", "De La Cruz"])
_PHONES = strategies.sampled_from([LANDLINE, MOBILE, "+12175550199", "+12175550143 x5", "n/a", "0000000000"])
_HOMES = strategies.sampled_from(
    [
        HOUSE,
        ELSEWHERE,
        {**HOUSE, "unit_number": "4"},
        {"address1": "12 Main St", "address2": 'The "Old" Mill\\', "city": "Springfeild"},
        {"zip5": "62701"},
        {"city": "Portland"},
        {"state": "CA", "county": "Kings"},
        {"state": "NY", "county": "Kings"},
    ]
)
_PEOPLE = strategies.fixed_dictionaries(
    {},
    optional={
        "first_name": _NAMES | _WORDS,
        "last_name": _LASTS | _WORDS,
        "middle_name": strategies.sampled_from(["Q", "Quinn", "Rose", "Jane"]),
        "legal_name": strategies.sampled_from(["Smith, Jane A.", "Jane A. Smith Jr", "Smith", "Kowalski, Jr"]) | _WORDS,
        "suffix": strategies.sampled_from(["Jr", "Sr", "III", "?"]),
        "birthdate": strategies.sampled_from([BORN, LATER, date(1980, 4, 3), date(1980, 1, 1), date(1900, 1, 1)]),
        "sex": strategies.sampled_from("MFO"),
        "phone": _PHONES,
        "mobile": _PHONES,
        "work_phone": _PHONES,
        **dict.fromkeys(("home_address", "registered_address", "mailing_address", "work_address"), _HOMES),
        "emails": strategies.sampled_from([("a@b.org",), ("a@b.org", "c@d.org"), ("C@d.org",)]),
        "van_id": strategies.sampled_from(["1", "2", " 1"]),
        "voter_guid": strategies.sampled_from(["1", "2"]),
        "state_file_id": strategies.sampled_from(["1", "2"]),
    },
)
_NATION = strategies.lists(_PEOPLE, min_size=1, max_size=8)


def nation(people, start):
    return {record.id: record for record in (Record(UUID(int=start + n), values) for n, values in enumerate(people))}


@settings(deadline=None, max_examples=300)
@given(_NATION, _NATION, strategies.sampled_from([TAG_ONLY, EVERYTHING]), strategies.integers(1, 3))
def test_all_at_once_come_to_what_each_comes_to_alone(ours, theirs, rules, slices):
    senders, receivers = nation(ours, 1), nation(theirs, 1 << 100)
    pairs = candidates(senders, receivers, rules)
    vetoed = set(sorted(pairs)[::5])
    met = meeting(senders, receivers, rules, vetoed, slices)
    expected = decide(senders, receivers, sorted(pairs), rules, TOWN, vetoed=vetoed)
    assert rows_of(met.outcomes(FIRST, LAST, USUAL)) == {sender: as_row(found) for sender, found in expected.items()}
    learnt = learn(senders, receivers, sorted(pairs - vetoed), rules, TOWN)
    assert met.learnt([sender.bytes for sender in senders]) == learnt


def test_only_the_senders_between_two_ids_are_decided():
    senders = nation([{"first_name": "Jane", "last_name": "Kowalski", "birthdate": BORN}] * 5, 10)
    met = meeting(senders, nation([], 0), TAG_ONLY, slices=2)
    between = rows_of(met.outcomes(UUID(int=11).bytes, UUID(int=13).bytes, USUAL))
    assert [profile.int for profile in between] == [11, 12, 13]
    assert rows_of(met.outcomes(UUID(int=20).bytes, UUID(int=30).bytes, USUAL)) == {}


@pytest.mark.parametrize("rules", [TAG_ONLY, EVERYTHING, MatchRules(emails=True)])
def test_nations_of_nobody_come_to_nothing(rules):
    assert rows_of(meeting({}, {}, rules).outcomes(FIRST, LAST, USUAL)) == {}
    assert meeting({}, {}, rules).learnt([FIRST]) == USUAL


@given(strategies.text(strategies.sampled_from("\\ntbN\n\t\r\b\v\f.x"), max_size=12))
def test_a_value_is_read_as_it_was_written(text):
    assert unescaped(escaped(text)) == text
