"""Columns of candidate pairs: which persons meet, and each distinct pair of values once."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
# Whole numbers of any width: what is kept of millions is kept narrow.
Codes = npt.NDArray[Any]


def coded(values: Iterable[str]) -> tuple[list[str], Ints]:
    """Distinct values, the empty one first, and for each value its place among them."""
    places: dict[str, int] = {"": 0}
    codes = [places.setdefault(value, len(places)) for value in values]
    return list(places), np.array(codes, np.int64)


def distinct_pairs(left: Codes, right: Codes) -> tuple[Ints, Ints, Ints]:
    """Each pair of codes once, the lower code first so that the order of the two sides tells nothing.

    Returns:
        The lower codes, the higher codes, and for each pair given its place among these.
    """
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    width = int(high.max(initial=0)) + 1
    packed, places = np.unique(low * width + high, return_inverse=True)
    return packed // width, packed % width, places


def padded(rows: Iterable[Sequence[int]], width: int) -> Ints:
    """Rows of differing lengths as one array, cut at the width and filled with 0 behind."""
    filler = (0,) * width
    return np.array([(*row, *filler)[:width] for row in rows], np.int64).reshape(-1, width)


def meets(left: Codes, right: Codes) -> Bools:
    """For each pair of rows, which of the left row's values are which of the right row's; 0 is no value."""
    both: Bools = (left[:, :, None] == right[:, None, :]) & (left[:, :, None] != 0)
    return both


def chosen(size: int, *choices: tuple[Any, Any], otherwise: int) -> Ints:
    """The first choice whose condition holds, by row."""
    levels: Ints = np.full(size, otherwise, np.int64)
    for condition, level in reversed(choices):
        levels[condition] = level
    return levels
