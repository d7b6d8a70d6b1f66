"""Birthdays, and how far two may be from being one."""

from datetime import date

import numpy as np
import pytest

from sharing.matching.birthdays import compare
from sharing.matching.features import Birthday


def _compared(one, other):
    rows = [np.array([(day.year, day.month, day.day) if day else (0, 0, 0)]) for day in (one, other)]
    level, mirrored = compare(*rows), compare(*reversed(rows))
    assert level.tolist() == mirrored.tolist()
    return level[0]


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (date(1980, 3, 4), date(1980, 3, 4), Birthday.SAME),
        (date(1980, 1, 1), date(1980, 1, 1), Birthday.SAME_NEW_YEAR),
        (date(1900, 1, 1), date(1900, 1, 1), Birthday.SAME_DEFAULT),
        (date(1900, 1, 1), date(1980, 3, 4), Birthday.DEFAULT),
        (date(1980, 1, 1), date(1980, 3, 4), Birthday.DEFAULT),
        (date(1980, 3, 4), date(1980, 4, 3), Birthday.SWAPPED),
        (date(1980, 3, 4), date(1980, 3, 14), Birthday.NEAR),
        (date(1980, 3, 12), date(1980, 3, 21), Birthday.NEAR),
        (date(1980, 3, 4), date(1990, 3, 4), Birthday.NEAR),
        (date(1978, 3, 4), date(1987, 3, 4), Birthday.NEAR),
        (date(1980, 3, 4), date(1980, 8, 4), Birthday.NEAR),
        (date(1980, 3, 4), date(1980, 3, 27), Birthday.TWO_PARTS),
        (date(1980, 3, 4), date(1967, 3, 4), Birthday.TWO_PARTS),
        (date(1980, 3, 4), date(1950, 3, 4), Birthday.GENERATION_TO_THE_DAY),
        (date(1956, 3, 4), date(1983, 3, 4), Birthday.GENERATION_TO_THE_DAY),
        (date(1980, 3, 4), date(1980, 8, 27), Birthday.YEAR),
        (date(1980, 3, 4), date(1950, 8, 27), Birthday.GENERATION),
        (date(1980, 3, 4), date(1987, 8, 27), Birthday.OTHER),
        (date(1980, 3, 4), date(1920, 8, 27), Birthday.OTHER),
        (None, date(1980, 3, 4), 0),
        (None, None, 0),
    ],
)
def test_how_two_birthdays_compare(one, other, level):
    assert _compared(one, other) == level
