"""The table of evidence: each feature, its levels, and how often each of five kinds of pair shows that level.

A pair of profiles is one person (SAME), two of one household (MATE), father and son of one name (NAMESAKE), twins
(TWIN), or two strangers (OTHER). A level's shares are how often a pair of each kind shows it among pairs on which both
sides hold a value; what a level says is the ratio of its shares, so only ratios within a row matter. A feature on which
one side is blank says nothing. The shares of the rare kinds come from demography, never from the data being matched:
learnt, they swallow true pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType


class PairKind(IntEnum):
    """What two profiles may be to each other."""

    SAME = 0
    MATE = 1
    NAMESAKE = 2
    TWIN = 3
    OTHER = 4


class Feature(IntEnum):
    """What is compared."""

    FIRST = 0
    LAST = 1
    MIDDLE = 2
    GENERATION = 3
    BIRTHDAY = 4
    SEX = 5
    PHONE = 6
    ADDRESS = 7
    EMAIL = 8
    ID = 9


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison.

    Attributes:
        name: what was seen.
        agrees: whether it counts as agreement where the evidence is shown.
        similarity: 0 to 1, shown where the comparison measures none itself.
        shares: by PairKind, how often a pair of that kind shows it.
        reason: why the shares stand as they do.
        common: the strangers' share is the value's own frequency plus what stands in shares: a shared Smith says
            little, a shared Zbigniew much.
        corroborates: whether it can carry a match that has no more than a name besides.
        supports: whether it can where no birthday speaks against it: which then takes a rare name.
    """

    name: str
    agrees: bool
    similarity: float
    shares: tuple[float, float, float, float, float]
    reason: str
    common: bool = False
    corroborates: bool = False
    supports: bool = False


# How many such profiles somebody has in a nation that holds everybody; a stranger is everybody else there. SAME is
# multiplied by the overlap, the share of the sender's people who are in the receiving nation. The others mislead only
# where neither of the two has a profile of its own in the other nation: where one has, it stands above them, and the
# rules of doubt decide. For strangers these are two misses, each as likely as what the overlap leaves. A household a
# nation often knows whole or not at all, so that mates count as one and a half; kin in whom most agrees, as one.
PRIORS: Mapping[PairKind, tuple[float, str]] = MappingProxyType(
    {
        PairKind.SAME: (1.0, "everybody is one person"),
        PairKind.MATE: (0.8, "a household has one or two other adults, half of whom are in the other nation"),
        PairKind.NAMESAKE: (0.006, "one in fifty is or has a father of the whole same name; not all of them live"),
        PairKind.TWIN: (0.010, "two adults in a hundred are twins, half of whom are in the other nation"),
    }
)
MISSES: Mapping[PairKind, float] = MappingProxyType(
    {PairKind.MATE: 1.5, PairKind.NAMESAKE: 1.0, PairKind.TWIN: 1.0, PairKind.OTHER: 2.0}
)
# How many profiles besides somebody has in a nation that holds him: in lists of people two in a hundred stand twice.
TWICE = 0.02
# The overlap of two nations that share people, as long as it is not learnt.
OVERLAP = 0.5
# A smaller nation is no safer: its people are drawn from a population at least this large.
FEWEST_PEOPLE = 5_000

BLANK = 0  # the level of every feature on which one side holds nothing

_FIRST = (
    Level(
        "the same",
        True,
        1.0,
        (0.80, 0.002, 0.92, 0.004, 0.0),
        "kin seldom share it, but for fathers and sons",
        common=True,
    ),
    Level("a nickname of it", True, 0.9, (0.06, 0.003, 0.03, 0.006, 0.0), "one in fifteen goes by one", common=True),
    Level("initial only", True, 0.6, (0.03, 0.06, 0.03, 0.06, 0.07), "any of some fifteen common letters fits"),
    Level(
        "part of it", True, 0.8, (0.03, 0.006, 0.03, 0.01, 0.002), "Mary Ann, or the middle name in use", common=True
    ),
    Level("a typo apart", True, 0.9, (0.05, 0.004, 0.02, 0.02, 0.004), "kin may be Jon and Joan", common=True),
    Level("alike", True, 0.7, (0.015, 0.02, 0.005, 0.05, 0.015), "heard, misspelt, or only similar"),
    Level(
        "swapped with the last", True, 0.9, (0.008, 0.0002, 0.008, 0.0002, 0.0), "forms filled in wrongly", common=True
    ),
    Level("another", False, 0.0, (0.012, 0.90, 0.004, 0.85, 0.92), "a wrong or changed first name is rare"),
)
_LAST = (
    Level("the same", True, 1.0, (0.87, 0.72, 0.96, 0.80, 0.0), "households mostly share it", common=True),
    Level("part of it", True, 0.8, (0.03, 0.05, 0.01, 0.02, 0.0005), "hyphenated or doubled names", common=True),
    Level("a typo apart", True, 0.9, (0.05, 0.04, 0.02, 0.03, 0.001), "typing errors", common=True),
    Level("alike", True, 0.7, (0.015, 0.02, 0.005, 0.01, 0.006), "heard, misspelt, or only similar"),
    Level("initial only", True, 0.5, (0.01, 0.01, 0.01, 0.01, 0.07), "a list that keeps initials"),
    Level(
        "swapped with the first", True, 0.9, (0.90, 0.75, 0.96, 0.93, 0.0), "follows from the first name", common=True
    ),
    Level("another", False, 0.0, (0.035, 0.18, 0.003, 0.13, 0.97), "marriage changes it, for women above all"),
)
_MIDDLE = (
    Level("the same", True, 1.0, (0.50, 0.02, 0.60, 0.02, 0.015), "common middle names are few"),
    Level("initial only", True, 0.7, (0.38, 0.08, 0.28, 0.08, 0.08), "often kept as a letter"),
    Level("alike", True, 0.8, (0.05, 0.02, 0.03, 0.02, 0.015), "typing errors"),
    Level("another", False, 0.0, (0.05, 0.88, 0.09, 0.88, 0.89), "seldom wrong"),
)
# A suffix is evidence by being there: its shares are relative to pairs in which neither side has one.
_GENERATION = (
    Level("the same", True, 1.0, (0.012, 0.001, 0.06, 0.001, 0.0004), "a son bears another suffix than his father"),
    Level("another", False, 0.0, (0.0003, 0.001, 0.40, 0.001, 0.0006), "Jr is not Sr"),
    Level("on one side only", False, 0.5, (0.012, 0.03, 1.0, 0.03, 0.04), "a Jr has a father, who often bears none"),
)
_BIRTHDAY = (
    Level("the same", True, 1.0, (0.90, 4e-4, 1e-5, 0.94, 4.6e-5), "of 60 years of days one", corroborates=True),
    Level(
        "the same first of January",
        True,
        0.8,
        (0.02, 2e-4, 1e-4, 0.02, 4e-4),
        "often stands for a year alone",
        corroborates=True,
    ),
    Level("the same default", False, 0.5, (0.01, 5e-3, 5e-3, 0.01, 5e-3), "1900-01-01 means that nobody asked"),
    Level(
        "day and month swapped",
        True,
        0.9,
        (0.012, 2e-5, 1e-5, 0.01, 1.6e-5),
        "two ways to write a date",
        corroborates=True,
    ),
    Level("one figure apart", True, 0.8, (0.03, 3e-3, 4e-4, 0.02, 1.3e-3), "one part mistyped", corroborates=True),
    Level("two parts of three", False, 0.6, (0.012, 4e-3, 2e-3, 0.008, 3.4e-3), "one part wrong", corroborates=True),
    Level("one side a default", False, 0.5, (0.02, 0.02, 0.02, 0.02, 0.02), "says nothing"),
    Level("the same year", False, 0.3, (0.006, 0.03, 1e-4, 0.005, 0.016), "seldom that wrong"),
    Level(
        "the same day, a generation apart",
        False,
        0.4,
        (0.003, 1.2e-3, 2.7e-3, 0.002, 1.5e-3),
        "the decade mistyped; one in 365 shares a parent's day",
        corroborates=True,
    ),
    Level("a generation apart", False, 0.0, (0.004, 0.42, 0.97, 0.002, 0.55), "parents and children: 16 to 45 years"),
    Level("another", False, 0.0, (0.006, 0.52, 0.03, 0.005, 0.43), "seldom that wrong"),
)
_SEX = (
    Level("the same", True, 1.0, (0.992, 0.35, 0.999, 0.60, 0.80), "goes with the first name, so it adds little"),
    Level("another", False, 0.0, (0.008, 0.65, 0.001, 0.40, 0.20), "most households are couples"),
)
_PHONE = (
    Level("the same mobile", True, 1.0, (0.45, 0.05, 0.03, 0.03, 1e-6), "mostly one person's", corroborates=True),
    Level(
        "the same number", True, 0.9, (0.35, 0.50, 0.32, 0.30, 2e-6), "a landline is the household's", corroborates=True
    ),
    Level("another", False, 0.0, (0.22, 0.45, 0.65, 0.67, 1.0), "people keep several, and change them"),
)
_ADDRESS = (
    Level(
        "the same house",
        True,
        1.0,
        (0.66, 0.84, 0.42, 0.36, 3e-5),
        "a household is one house; grown kin leave it, the young ones late",
        corroborates=True,
    ),
    Level("nearly the same house", True, 0.8, (0.12, 0.08, 0.06, 0.05, 5e-4), "one part misread", corroborates=True),
    Level("the same postcode", True, 0.5, (0.06, 0.03, 0.12, 0.12, 0.012), "moves are mostly short", supports=True),
    Level("the same city", True, 0.3, (0.05, 0.02, 0.12, 0.12, 0.04), "a city is many people"),
    Level("elsewhere", False, 0.0, (0.11, 0.03, 0.28, 0.35, 0.95), "one in ten has moved away"),
)
_EMAIL = (
    Level("the same", True, 1.0, (0.60, 0.05, 0.03, 0.02, 2e-8), "couples share one at times", corroborates=True),
    Level("another", False, 0.0, (0.40, 0.95, 0.97, 0.98, 1.0), "people have several"),
)
_ID = (Level("the same", True, 1.0, (0.95, 2e-4, 2e-4, 2e-4, 2e-8), "mistyped once in thousands", corroborates=True),)

_NOTHING = Level("not on both sides", False, 0.0, (1.0, 1.0, 1.0, 1.0, 1.0), "a blank says nothing")

# By feature, its levels; the first is BLANK.
LEVELS: Mapping[Feature, tuple[Level, ...]] = MappingProxyType(
    {
        feature: (_NOTHING, *levels)
        for feature, levels in (
            (Feature.FIRST, _FIRST),
            (Feature.LAST, _LAST),
            (Feature.MIDDLE, _MIDDLE),
            (Feature.GENERATION, _GENERATION),
            (Feature.BIRTHDAY, _BIRTHDAY),
            (Feature.SEX, _SEX),
            (Feature.PHONE, _PHONE),
            (Feature.ADDRESS, _ADDRESS),
            (Feature.EMAIL, _EMAIL),
            (Feature.ID, _ID),
        )
    }
)


class First(IntEnum):
    """Levels of the first name."""

    SAME = 1
    NICKNAME = 2
    INITIAL = 3
    PART = 4
    TYPO = 5
    ALIKE = 6
    SWAPPED = 7
    OTHER = 8


class Last(IntEnum):
    """Levels of the last name."""

    SAME = 1
    PART = 2
    TYPO = 3
    ALIKE = 4
    INITIAL = 5
    SWAPPED = 6
    OTHER = 7


class Middle(IntEnum):
    """Levels of the middle name."""

    SAME = 1
    INITIAL = 2
    ALIKE = 3
    OTHER = 4


class Generation(IntEnum):
    """Levels of the suffix."""

    SAME = 1
    OTHER = 2
    ONE_SIDED = 3


class Birthday(IntEnum):
    """Levels of the birthday."""

    SAME = 1
    SAME_NEW_YEAR = 2
    SAME_DEFAULT = 3
    SWAPPED = 4
    NEAR = 5
    TWO_PARTS = 6
    DEFAULT = 7
    YEAR = 8
    GENERATION_TO_THE_DAY = 9
    GENERATION = 10
    OTHER = 11


class Phone(IntEnum):
    """Levels of the phones."""

    SAME_MOBILE = 1
    SAME = 2
    OTHER = 3


class Home(IntEnum):
    """Levels of the addresses."""

    SAME = 1
    NEAR = 2
    POSTCODE = 3
    CITY = 4
    OTHER = 5
