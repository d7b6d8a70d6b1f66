"""Some people of one nation, read from PostgreSQL's text format into columns of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import orjson

from sharing.matching.bulk.vocabulary import NULL, Coded, Words, unescaped
from sharing.matching.columns import MOST_LINES
from sharing.matching.dialling import PHONES, line_of
from sharing.matching.identifiers import SCOPE_ADDRESS, SCOPES, identifier
from sharing.matching.keys import hashed
from sharing.matching.names import Family, family, generation, given, legal
from sharing.matching.pairing import Codes
from sharing.matching.persons import ADDRESSES, MOST_PLACES, mailbox
from sharing.matching.places import Place, place_of
from sharing.matching.rules import MatchRules

NAMES: tuple[str, ...] = ("first_name", "middle_name", "last_name", "legal_name", "suffix", "birthdate", "sex")
BETWEEN_EMAILS = "\x1f"
_GENERATIONS = 8  # more than there are
_BYTES = 16


def fields_of(rules: MatchRules) -> tuple[str, ...]:
    """The fields that are read, in the order in which their values stand behind the id of a row.

    ``emails`` are one text, ``BETWEEN_EMAILS`` between them; addresses are JSON; a birthday is written year-month-day.
    """
    return (*NAMES, *PHONES, *ADDRESSES, *(("emails",) if rules.emails else ()), *rules.ids)


@dataclass(frozen=True, slots=True)
class Slice:
    """People as ``columns.People`` has them, but with numbers of texts that hold in this slice alone.

    Attributes:
        ids: the profiles: 16 bytes a row.
        first, middle, last: numbers of ``names``; generation, born, sex, lines, line_keys, places, place_keys, emails,
            ids_known and scopes: as in ``People``, the sex a number of ``sexes``, emails and ids hashes.
        parts: by part of a ``Place``, its number for each address; row 0 is none.
        texts: for names, sexes and each part of a place, the texts in order of their numbers, a line each: thousands of
            small texts would take several times the memory. Second lines are among the streets.
    """

    ids: bytes
    first: Codes
    middle: Codes
    last: Codes
    generation: Codes
    born: Codes
    sex: Codes
    lines: Codes
    line_keys: Codes
    places: Codes
    place_keys: Codes
    emails: Codes
    ids_known: Codes
    scopes: Codes
    parts: Mapping[str, Codes]
    texts: Mapping[str, str]


def read(rows: bytes, rules: MatchRules) -> Slice:
    """Reads people.

    Args:
        rows: lines as ``COPY ... TO STDOUT`` writes them: the id, then the values of ``fields_of``.
        rules: which ids take part, and whether emails do.
    """
    lines = rows.decode().split("\n")[:-1]
    keys = ("id", *fields_of(rules))
    cells: Sequence[Sequence[str]] = list(zip(*(line.split("\t") for line in lines), strict=True))
    table = dict(zip(keys, cells or [()] * len(keys), strict=True))
    names, sexes = Words(), Words()
    first, middle, last, told = _named(table, names)
    numbers, number_keys = _lines([table[key] for key in PHONES])
    places, place_keys, known = _places([table[key] for key in ADDRESSES])
    parts, texts = _parts(known)
    identified, scopes = _identified(table, rules)
    return Slice(
        bytes.fromhex("".join(table["id"]).replace("-", "")),
        first,
        middle,
        last,
        told,
        _born(table["birthdate"]),
        Coded(sexes.__getitem__).column(table["sex"], np.int32),
        numbers,
        number_keys,
        places,
        place_keys,
        _emails(table.get("emails", ())) if rules.emails else np.zeros((len(lines), 1), np.int64),
        identified,
        scopes,
        parts,
        {"names": "\n".join(names), "sexes": "\n".join(sexes), **texts},
    )


def _named(table: Mapping[str, Sequence[str]], names: Words) -> tuple[Codes, Codes, Codes, Codes]:
    """First, middle and last names and generations, as ``persons.named`` and ``person_of`` find them."""

    def told(who: Family) -> int:
        return names[who.words] * _GENERATIONS + who.generation

    plain = Coded(lambda text: names[given(text)])
    first, middle = plain.column(table["first_name"]), plain.column(table["middle_name"])
    last = Coded(lambda text: told(family(text))).column(table["last_name"])
    pairs = enumerate(zip(table["first_name"], table["last_name"], table["legal_name"], strict=True))
    for row in [row for row, (one, two, whole) in pairs if one == two == NULL != whole]:
        one, between, who = legal(unescaped(table["legal_name"][row]))
        first[row], middle[row], last[row] = names[one], names[between], told(who)
    nameless = np.fromiter(
        (one == two == NULL for one, two in zip(table["first_name"], table["last_name"], strict=True)), np.bool_
    )
    middle[nameless & (first == 0)] = 0
    suffix = Coded(generation).column(table["suffix"])
    generations = np.where(suffix > 0, suffix, last % _GENERATIONS).astype(np.int8)
    return first, middle, last // _GENERATIONS, generations


def _day(text: str) -> int:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return 0
    return (born.year * 100 + born.month) * 100 + born.day


def _born(values: Sequence[str]) -> Codes:
    days = Coded(_day).column(values)
    return np.column_stack((days // 10_000, days // 100 % 100, days % 100)).astype(np.int16)


def _lines(columns: Sequence[Sequence[str]]) -> tuple[Codes, Codes]:
    """Phone numbers, each once, where it stands first."""
    lines = Coded(line_of)
    return _gathered(np.column_stack([lines.column(values, np.int64) for values in columns]), MOST_LINES)


def _gathered(table: Codes, most: int) -> tuple[Codes, Codes]:
    """By row, what is not 0, each once and gathered at the left; and in which column each stood. At most so many."""
    for place in range(1, table.shape[1]):
        again = (table[:, :place] == table[:, place, None]).any(axis=1)
        table[again, place] = 0
    order = np.argsort(table == 0, axis=1, kind="stable")[:, :most]
    found = np.take_along_axis(table, order, axis=1)
    return found, np.where(found == 0, 0, order).astype(np.int8)


def _places(columns: Sequence[Sequence[str]]) -> tuple[Codes, Codes, list[Place]]:
    """Addresses of each row, where they stand, and the distinct addresses behind an empty one."""
    known: dict[Place, int] = {Place("", "", "", "", "", ""): 0}
    table = np.zeros((len(columns[0]), len(columns)), np.int32)
    for column, values in enumerate(columns):
        for row, raw in enumerate(values):
            if raw != NULL and (address := orjson.loads(unescaped(raw))):
                # An address that says nothing is an address all the same: it must not become row 0.
                place = place_of(address)
                table[row, column] = known.setdefault(place, len(known)) or known.setdefault(_VAGUE, len(known))
    places, keys = _gathered(table, MOST_PLACES)
    return places, keys, [Place("", "", "", "", "", "") if place is _VAGUE else place for place in known]


_VAGUE = Place("?", "?", "?", "?", "?", "?")


def _parts(known: Sequence[Place]) -> tuple[dict[str, Codes], dict[str, str]]:
    """The parts of addresses told by number, and the texts of each part."""
    words = {part: Words() for part in Place._fields}
    words["second"] = words["street"]
    columns = zip(Place._fields, zip(*known, strict=True), strict=True)
    parts = {part: np.fromiter(map(words[part].__getitem__, column), np.int32) for part, column in columns}
    return parts, {part: "\n".join(numbers) for part, numbers in words.items() if part != "second"}


def _emails(values: Sequence[str]) -> Codes:
    rows = [
        [] if raw == NULL else [_marked(mailbox(email)) for email in unescaped(raw).split(BETWEEN_EMAILS)]
        for raw in values
    ]
    table = np.zeros((len(rows), max(map(len, rows), default=0) or 1), np.int64)
    for row, emails in enumerate(rows):
        table[row, : len(emails)] = emails
    return table


def _marked(text: str) -> int:
    """A hash that stands for a text; 0 for an empty one."""
    return hashed(text) if text else 0


def _identified(table: Mapping[str, Sequence[str]], rules: MatchRules) -> tuple[Codes, Codes]:
    """Ids that take part, and within which place each is unique."""
    size = len(table["id"])
    known = np.zeros((size, len(rules.ids)), np.int64)
    scopes = np.zeros(known.shape, np.int8 if SCOPES.keys().isdisjoint(rules.ids) else np.int64)
    for place, key in enumerate(rules.ids):
        if key not in SCOPES:
            code = Coded(partial(_id_of, key))
            known[:, place] = code.column(table[key], np.int64)
            continue
        for row, raw in enumerate(table[key]):
            address = table[SCOPE_ADDRESS][row]
            if raw != NULL and address != NULL:
                values = {key: unescaped(raw), SCOPE_ADDRESS: orjson.loads(unescaped(address))}
                text = identifier(values, key) or ""
                known[row, place], scopes[row, place] = _marked(text), _marked(text.partition("\n")[2])
    return known, scopes


def _id_of(key: str, text: str) -> int:
    return _marked(identifier({key: text}, key) or "")
