"""Made-up people: the same every time, in the shapes that fields take, overlapping as asked."""

import hashlib
from collections import Counter
from itertools import islice

import pytest

from server.demo.first_names import FEMALE, MALE, NICKNAMES, ORIGINS
from server.demo.last_names import LAST
from server.demo.people import by_nation, generate
from server.demo.places import CITIES
from sharing.values import parse, text

PEOPLE = 2_000


@pytest.fixture(scope="module")
def nations():
    return by_nation(PEOPLE, 3, seed=7)


def _numbers(nation):
    return {person.number for person in nation}


def test_the_same_seed_gives_the_same_people(nations):
    """On every machine and in every version of Python."""
    assert by_nation(PEOPLE, 3, seed=7) == nations
    assert by_nation(PEOPLE, 3, seed=8) != nations
    shown = "\n".join(
        f"{person.nation} {person.number} "
        + " ".join(f"{key}={text(person.values[key])}" for key in sorted(person.values))
        for person in islice(generate(PEOPLE, 3, seed=7), 500)
    )
    assert hashlib.sha256(shown.encode()).hexdigest()[:16] == "0e3201d6072607c7"


def test_every_value_is_as_its_field_keeps_it(nations):
    """Whatever a nation holds could have been imported, and would look the same."""
    for nation in nations:
        for person in nation:
            for key, value in person.values.items():
                assert parse(key, value) == value
                assert type(parse(key, value)) is type(value)
                assert value is not None


@pytest.mark.parametrize("overlap", [0, 0.25, 0.6, 1])
@pytest.mark.parametrize("dirt", [0, 0.1, 0.5])
def test_nations_overlap_as_asked(overlap, dirt):
    """To the person: as many profiles as asked for, and as many people in common with the first nation."""
    hub, *others = by_nation(400, 3, seed=1, overlap=overlap, dirt=dirt)
    seconds = round(400 * dirt * 0.05)
    assert len(hub) == 400
    assert len(_numbers(hub)) == 400 - seconds
    for other in others:
        assert len(other) == 400
        assert len(_numbers(other)) == 400 - seconds
        assert len(_numbers(hub) & _numbers(other)) == round((400 - seconds) * overlap)


@pytest.mark.parametrize(("people", "nations"), [(0, 2), (1, 1), (1, 3), (50, 1)])
def test_few_people_and_few_nations(people, nations):
    """The smallest worlds are worlds."""
    assert [len(nation) for nation in by_nation(people, nations, seed=3)] == [people] * nations


def test_ids_and_emails_are_unique_within_a_nation(nations):
    """An address lives on one profile of a nation, and an id says who somebody is."""
    for nation in nations:
        for key in ("external_id", "van_id"):
            held = [person.values[key] for person in nation if key in person.values]
            assert len(held) == len(set(held))
        emails = [address for person in nation for address in person.values.get("emails", ())]
        assert len(emails) == len(set(emails))
        assert {address.rpartition("@")[2] for address in emails} <= {"example.org", "example.com", "example.net"}


def test_no_phone_can_be_in_use(nations):
    """No exchange begins with 0 or 1."""
    for nation in nations:
        for person in nation:
            for key in ("phone", "mobile"):
                number = person.values.get(key, "+12120000000")
                assert number.startswith("+1")
                assert len(number) == 12
                assert number[5] in "01"


def test_without_dirt_all_nations_know_the_same():
    """Then nobody is misspelt, missing anything, or held twice."""
    hub, other = by_nation(500, 2, seed=5, dirt=0)
    known = {person.number: person.values for person in hub}
    keys = (
        "first_name",
        "last_name",
        "middle_name",
        "birthdate",
        "phone",
        "mobile",
        "home_address",
        "emails",
        "van_id",
    )
    common = [person for person in other if person.number in known]
    assert len(common) == 300
    for person in common:
        assert {key: person.values.get(key) for key in keys} == {key: known[person.number].get(key) for key in keys}


def test_people_are_hard_to_tell_apart(nations):
    """Households share landlines, fathers and sons names, couples addresses, and one nation has whom another misspells."""
    hub = {person.number: person.values for person in nations[0]}
    landlines = Counter(values["phone"] for values in hub.values() if "phone" in values)
    names = Counter((values["first_name"], values["last_name"]) for values in hub.values())
    births = Counter((values["last_name"], values["birthdate"]) for values in hub.values() if "birthdate" in values)
    differing = Counter(
        key
        for person in nations[1]
        if person.number in hub
        for key in ("first_name", "last_name", "birthdate", "home_address", "emails")
        if key in person.values and hub[person.number].get(key, person.values[key]) != person.values[key]
    )
    assert sum(count > 1 for count in landlines.values()) > 100
    assert sum(count > 1 for count in names.values()) > 10
    assert sum(count > 1 for count in births.values()) > 1
    assert all(differing[key] > 20 for key in ("first_name", "last_name", "birthdate", "home_address", "emails"))


def test_people_come_one_by_one():
    """A million of them never stand in memory at once."""
    people = list(islice(generate(1_000_000, 2, seed=1), 100))
    assert {person.nation for person in people} == {0, 1}


def test_the_tables_of_names_hold_together():
    """Every origin has first and last names, no name stands twice, and short forms belong to names that occur."""
    first = {name for table in (FEMALE, MALE) for names in table.values() for name in names}
    for table in (FEMALE, MALE, LAST):
        assert set(table) == set(ORIGINS)
    assert len(first) > 500
    assert len({name for names in LAST.values() for name in names}) > 400
    assert set(NICKNAMES) <= first
    assert len(set(CITIES)) == len(CITIES)
    for table in (FEMALE, MALE, LAST):
        for names in table.values():
            assert len(names) == len(set(names))
