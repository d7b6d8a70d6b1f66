"""Made-up people for the tests of matching."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sharing.matching.decide import decide
from sharing.matching.explain import explain
from sharing.matching.frequencies import Frequencies
from sharing.matching.rules import MatchRules
from sharing.matching.verdicts import Outcome
from sharing.records import Record, Value

TOWN = Frequencies(people=100_000)
TAG_ONLY = MatchRules()
EVERYTHING = MatchRules(("voter_guid", "twitter_id", "twitter_login", "van_id", "state_file_id"), emails=True)

HOUSE = {"address1": "12 Main St", "city": "Springfield", "state": "IL", "zip5": "62701"}
ELSEWHERE = {"address1": "840 Oak Ave", "city": "Portland", "state": "OR", "zip5": "97201"}
LANDLINE, MOBILE, OTHER_MOBILE = "+12175550143", "+12175550188", "+12175550199"
BORN, LATER = date(1980, 3, 4), date(1987, 11, 23)

Values = Mapping[str, Value]


def person(number: int, **values: Value) -> Record:
    """A profile whose id follows from a number."""
    return Record(UUID(int=number), values)


def outcome(
    sender: Values, *receivers: Values, rules: MatchRules = TAG_ONLY, frequencies: Frequencies = TOWN
) -> Outcome:
    """What is decided for one sender among candidates, numbered from 1 on."""
    one = person(1_000, **sender)
    others = {record.id: record for record in (person(n, **values) for n, values in enumerate(receivers, 1))}
    pairs = [(one.id, receiver) for receiver in others]
    return decide({one.id: one}, others, pairs, rules, frequencies)[one.id]


def probability(one: Values, other: Values, rules: MatchRules = TAG_ONLY, frequencies: Frequencies = TOWN) -> float:
    """How sure it is that two profiles are one person."""
    return explain(person(1, **one), person(2, **other), rules, frequencies).score


def numbers(candidates: Sequence[object]) -> list[int]:
    """The numbers of the receivers among candidates, in their order."""
    return [candidate.receiver.int for candidate in candidates]  # type: ignore[attr-defined]
