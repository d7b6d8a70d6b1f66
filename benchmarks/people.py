"""Made-up people as CSV files, as a nation would upload them."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmarks.filling import fill
from server.demo.people import Person, generate
from sharing.fields import ADDRESS_COMPONENTS, COLUMNS, FIELDS
from sharing.kinds import Kind
from sharing.values import text

SEED = 20_261_121
EMAILS = ("email1", "email2", "email3", "email4")


def files(people: int, *, filled: bool = False) -> tuple[bytes, bytes]:
    """Two nations' people, of whom 60 % are in both; those of the first bear the tag ``shared``.

    Args:
        people: profiles of each nation.
        filled: whether half of the fields that every share carries are filled, with a tenth of the values in conflict.
    """
    nations: list[list[Person]] = [[], []]
    for person in islice(generate(people, 2, SEED), 2 * people):
        if filled:
            fill(person)
        nations[person.nation].append(person)
    return _file(nations[0], "shared"), _file(nations[1], "")


def _columns(people: Sequence[Person]) -> list[str]:
    used = {key for person in people for key in person.values}
    return [key for key in COLUMNS if key in used]


def _file(people: Sequence[Person], tag: str) -> bytes:
    columns = _columns(people)
    addresses = [key for key in columns if FIELDS[key].kind is Kind.ADDRESS]
    simple = [key for key in columns if key not in addresses]
    parts = [
        (key, component)
        for key in addresses
        for component in ADDRESS_COMPONENTS
        if any(component in (person.values.get(key) or ()) for person in people)  # type: ignore[operator]
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    heads = [f"{key.removesuffix('_address')}_{component}" for key, component in parts]
    writer.writerow([*simple, *heads, *EMAILS, "tag_list"])
    writer.writerows(_row(person, simple, parts, tag) for person in people)
    return out.getvalue().encode()


def _row(person: Person, simple: Sequence[str], parts: Sequence[tuple[str, str]], tag: str) -> Iterator[str]:
    values = person.values
    for key in simple:
        yield text(values.get(key)) or ""
    for key, component in parts:
        address = values.get(key) or {}
        yield address.get(component, "") if isinstance(address, dict) else ""
    emails = values.get("emails") or ()
    for place in range(len(EMAILS)):
        yield emails[place] if isinstance(emails, tuple) and place < len(emails) else ""
    yield tag
