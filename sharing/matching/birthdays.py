"""Birthdays compared: how far two dates are from being one date written twice."""

import numpy as np

from sharing.matching.features import Birthday
from sharing.matching.pairing import Bools, Ints, chosen

GENERATION = (16, 45)  # years that lie between a father and a son, but for one in thirty
_UNKNOWN_YEAR = 1900


def _one_figure(left: Ints, right: Ints, figures: int) -> Bools:
    """Whether two numbers differ in one figure, or by two neighbouring figures changing places."""
    powers = 10 ** np.arange(figures)
    one, two = left[:, None] // powers % 10, right[:, None] // powers % 10
    differing = (one != two).sum(axis=1)
    moved = (one[:, 1:] == two[:, :-1]) & (one[:, :-1] == two[:, 1:]) & (one[:, 1:] != one[:, :-1])
    return np.asarray((differing == 1) | ((differing == 2) & moved.any(axis=1)))


def compare(left: Ints, right: Ints) -> Ints:
    """Levels of pairs of birthdays, given as rows of year, month and day; a row of zeros is not known."""
    year, month, day = (left == right).T
    gap = np.abs(left[:, 0] - right[:, 0])
    new_year = [(side[:, 1:] == 1).all(axis=1) for side in (left, right)]
    nothing = [first & (side[:, 0] == _UNKNOWN_YEAR) for first, side in zip(new_year, (left, right), strict=True)]
    two = (month & day) | (year & day) | (year & month)
    near = (
        (month & day & _one_figure(left[:, 0], right[:, 0], 4))
        | (year & day & _one_figure(left[:, 1], right[:, 1], 2))
        | (year & month & _one_figure(left[:, 2], right[:, 2], 2))
    )
    apart = (gap >= GENERATION[0]) & (gap <= GENERATION[1])
    same = year & month & day
    swapped = year & (left[:, 1] == right[:, 2]) & (left[:, 2] == right[:, 1])
    return chosen(
        len(left),
        ((left[:, 0] == 0) | (right[:, 0] == 0), 0),
        (same & nothing[0], Birthday.SAME_DEFAULT),
        (same & new_year[0], Birthday.SAME_NEW_YEAR),
        (same, Birthday.SAME),
        (nothing[0] | nothing[1] | (year & (new_year[0] | new_year[1])), Birthday.DEFAULT),
        (swapped, Birthday.SWAPPED),
        (apart & month & day, Birthday.GENERATION_TO_THE_DAY),
        (apart, Birthday.GENERATION),
        (near, Birthday.NEAR),
        (two, Birthday.TWO_PARTS),
        (year, Birthday.YEAR),
        otherwise=Birthday.OTHER,
    )
