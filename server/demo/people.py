"""Made-up people for demonstrations and benchmarks: nations that know partly the same people, none perfectly."""

from collections import deque
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from server.demo.copies import Copyist
from server.demo.households import Truth, households
from sharing.records import Value

# Of a nation's profiles, how many at dirt 1 are of somebody whom it holds already.
_SECONDS = 0.05
# A second profile of one person comes so many profiles after the first.
_DELAY = 25


class Person(NamedTuple):
    """One profile of one nation.

    Attributes:
        nation: the nation that holds it, counted from 0.
        number: who it truly is; the same in every nation, and on both profiles of somebody whom a nation holds twice.
        values: catalogue key to value.
    """

    nation: int
    number: int
    values: dict[str, Value]


def generate(people: int, nations: int, seed: int, overlap: float = 0.6, dirt: float = 0.1) -> Iterator[Person]:
    """The profiles of several nations, in turns, one after another and never all at once.

    The first nation is the hub: it knows the same part of every other nation's people, so that nations 1 and 2 have in
    common whom chance gave to both. Emails are unique within a nation, ``external_id`` says nothing beyond it, and
    ``van_id`` is the same everywhere. No phone number can be in use: all have an exchange that begins with 0 or 1.

    Args:
        people: profiles of each nation, those of people whom it holds twice included.
        nations: how many.
        seed: equal seeds give equal people, on every machine.
        overlap: the part of each nation's people, from 0 to 1, whom the first nation knows too.
        dirt: how much is wrong, missing or out of date: 0 nothing, 0.1 what is usual.
    """
    rng = Random(seed)  # noqa: S311  # made-up people need no cryptographic randomness
    world = _World(people, nations, overlap, dirt, rng)
    for household in households(rng):
        yield from world.settle(household)
        if world.is_full:
            break
    yield from world.rest()


def by_nation(people: int, nations: int, seed: int, overlap: float = 0.6, dirt: float = 0.1) -> list[list[Person]]:
    """The same, gathered into one list for each nation."""
    lists: list[list[Person]] = [[] for _ in range(nations)]
    for person in generate(people, nations, seed, overlap, dirt):
        lists[person.nation].append(person)
    return lists


class _World:
    """Deals people out to nations until each has as many as it should, at random and yet exactly."""

    def __init__(self, people: int, nations: int, overlap: float, dirt: float, rng: Random) -> None:
        self._pick = rng.random
        self._copyist = Copyist(rng.random, dirt)
        seconds = round(people * min(dirt, 1) * _SECONDS)
        distinct = people - seconds
        common = round(distinct * overlap)
        self._hub_left = distinct
        self._common_left = [0] + [common] * (nations - 1)
        self._own_left = [0] + [distinct - common] * (nations - 1)
        self._left = distinct + sum(self._own_left)
        self._firsts_left = [distinct] * nations
        self._seconds_left = [seconds] * nations
        self._serials = [0] * nations
        self._waiting: deque[tuple[int, Truth]] = deque()

    @property
    def is_full(self) -> bool:
        return not self._left

    def settle(self, household: list[Truth]) -> Iterator[Person]:
        """The profiles that a household leaves in the nations that know somebody of it."""
        borrower = household[0]
        where = -1
        if borrower.partner is not None and self._copyist.borrows():
            where = int(self._pick() * len(self._serials))
        for truth in household:
            if not self._left:
                return
            for nation in self._nations():
                owner: Truth | None = truth
                if nation == where and truth is borrower:
                    owner = borrower.partner
                elif nation == where and truth is borrower.partner:
                    owner = None
                yield self._first(nation, truth, owner)
                if len(self._waiting) > _DELAY * len(self._serials):
                    yield self._second()

    def rest(self) -> Iterator[Person]:
        """The second profiles that still wait for their turn."""
        while self._waiting:
            yield self._second()

    def _nations(self) -> list[int]:
        """Which nations know the next person."""
        at = self._pick() * self._left
        self._left -= 1
        if at < self._hub_left:
            known = [0]
            for nation in range(1, len(self._serials)):
                if self._pick() * self._hub_left < self._common_left[nation]:
                    self._common_left[nation] -= 1
                    known.append(nation)
            self._hub_left -= 1
            return known
        at -= self._hub_left
        for nation, left in enumerate(self._own_left):
            if at < left:
                self._own_left[nation] -= 1
                return [nation]
            at -= left
        raise AssertionError("as many people are dealt out as are left")

    def _first(self, nation: int, truth: Truth, owner: Truth | None) -> Person:
        if self._pick() * self._firsts_left[nation] < self._seconds_left[nation]:
            self._seconds_left[nation] -= 1
            self._waiting.append((nation, truth))
        self._firsts_left[nation] -= 1
        return Person(nation, truth.number, self._copyist.copy(truth, self._serial(nation), owner))

    def _second(self) -> Person:
        nation, truth = self._waiting.popleft()
        return Person(nation, truth.number, self._copyist.again(truth, self._serial(nation)))

    def _serial(self, nation: int) -> int:
        self._serials[nation] += 1
        return self._serials[nation]
