"""Links judged by the truth."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Verdict:
    """How good links are.

    Attributes:
        precision: over all links made.
        recall: over the people who stand once in each nation.
        links: how many were made.
        wrong: how many of them are wrong.
    """

    precision: float
    recall: float
    links: int
    wrong: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def in_words(self) -> str:
        """As it is printed."""
        return f"precision {self.precision:.4f}, F1 {self.f1:.4f}, {self.wrong:,} of {self.links:,} links wrong"


class Promise(NamedTuple):
    """Pairs of about one probability: their mean, the share of them that are one person, and how many they are."""

    said: float
    true: float
    pairs: int


class Truth:
    """Who is who: by nation, the person behind each profile, in order."""

    def __init__(self, ours: Sequence[int], theirs: Sequence[int]) -> None:
        self.ours, self.theirs = ours, theirs
        one, two = Counter(ours), Counter(theirs)
        self.once = {person for person in one.keys() & two.keys() if one[person] == two[person] == 1}
        self.twice = {person for person in one.keys() & two.keys() if one[person] + two[person] > 2}

    def judge(self, links: Iterable[tuple[int, int]]) -> Verdict:
        """Judges links, given as places in both nations."""
        found = [(self.ours[left], self.theirs[right]) for left, right in links]
        right = [one for one, two in found if one == two]
        recalled = len(self.once.intersection(right))
        return Verdict(
            len(right) / len(found) if found else 1.0,
            recalled / len(self.once) if self.once else 1.0,
            len(found),
            len(found) - len(right),
        )

    def doubted(self, places: Collection[int]) -> tuple[float, float]:
        """Of the people who stand twice in a nation, and of our other profiles, the share that ended in doubt."""
        doubted = set(places)
        people = {self.ours[place] for place in doubted}
        others = [place for place, person in enumerate(self.ours) if person not in self.twice]
        return (
            len(people & self.twice) / max(len(self.twice), 1),
            sum(place in doubted for place in others) / max(len(others), 1),
        )

    def kept(self, pairs: Iterable[tuple[float, int, int]]) -> list[Promise]:
        """Of pairs with their probabilities: by tenth, what was promised and how far it was kept."""
        tenths: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for probability, left, other in pairs:
            tenths[min(int(probability * 10), 9)].append((probability, self.ours[left] == self.theirs[other]))
        return [
            Promise(fmean(p for p, _ in some), fmean(t for _, t in some), len(some))
            for _, some in sorted(tenths.items())
        ]

    def best(self, pairs: Iterable[tuple[float, int, int]]) -> tuple[Verdict, float]:
        """Of pairs with their probabilities, assigned one to one, the best first: the best F1 at any threshold.

        Returns:
            How good the links are at that threshold, and the threshold.
        """
        taken: tuple[set[int], set[int]] = (set(), set())
        right = recalled = count = 0
        best, threshold = Verdict(1.0, 0.0, 0, 0), 1.0
        for probability, left, other in sorted(pairs, reverse=True):
            if left in taken[0] or other in taken[1]:
                continue
            taken[0].add(left)
            taken[1].add(other)
            count += 1
            same = self.ours[left] == self.theirs[other]
            right += same
            recalled += same and self.ours[left] in self.once
            found = Verdict(right / count, recalled / max(len(self.once), 1), count, count - right)
            if found.f1 > best.f1:
                best, threshold = found, probability
        return best, threshold
