"""People of whom much is known: half of the fields that every share carries, a tenth of what both know in conflict."""

from random import Random

from server.demo.people import Person
from sharing.fields import ALWAYS, FIELDS
from sharing.kinds import Kind, Matching
from sharing.records import Value

FILLED, DIFFERENT = 0.5, 0.1
WORDS = (
    "amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jetty", "knoll", "larch", "mill",
    "north", "orchard", "prairie", "quarry", "ridge", "summit", "timber", "union", "valley", "willow", "yarrow",
)  # fmt: skip


def fill(person: Person) -> None:
    """Fill half of a person's fields: with the truth about them, or in one case of ten with something else.

    Fields by which people are matched are filled with the truth only: who is whom is not what this is for.
    """
    own = Random(f"{person.nation} {person.number}")
    for key in ALWAYS:
        if key in person.values or own.random() >= FILLED or FIELDS[key].matching is Matching.ID:
            continue
        if FIELDS[key].matching is not Matching.NONE and FIELDS[key].kind is not Kind.ADDRESS:
            continue
        different = own.random() < DIFFERENT
        person.values[key] = _value(key, Random(f"{person.number} {key} {person.nation if different else ''}"))


def _value(key: str, dice: Random) -> Value:
    kind = FIELDS[key].kind
    words = " ".join(dice.choices(WORDS, k=3))
    if kind is Kind.BOOLEAN:
        return dice.random() < 0.1
    if kind is Kind.ADDRESS:
        street = f"{dice.randint(1, 999)} {words.title()} Street"
        return {
            "address1": street,
            "city": dice.choice(WORDS).title(),
            "zip5": str(dice.randint(10_000, 99_999)),
            "country_code": "US",
        }
    if kind is Kind.URL:
        return f"https://{words.replace(' ', '-')}.example.org/"
    if kind is Kind.PHONE:
        return f"+1415{dice.randint(2_000_000, 9_999_999)}"
    return dice.choice(sorted(FIELDS[key].choices)) if kind is Kind.CHOICE else words
