"""Evidence as a person reads it: which fields both profiles hold, and how far they agree."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from sharing.matching.comparing import AGREE, Comparison
from sharing.matching.dialling import PHONES
from sharing.matching.features import LEVELS, Feature
from sharing.matching.pairing import Ints
from sharing.matching.persons import ADDRESSES
from sharing.matching.verdicts import Evidence

_FIELDS: dict[Feature, str] = {
    Feature.FIRST: "first_name",
    Feature.LAST: "last_name",
    Feature.MIDDLE: "middle_name",
    Feature.GENERATION: "suffix",
    Feature.BIRTHDAY: "birthdate",
    Feature.SEX: "sex",
    Feature.EMAIL: "emails",
}
_MEASURED: Mapping[Feature, int] = {Feature.FIRST: 0, Feature.LAST: 1, Feature.MIDDLE: 2}
_TOLD: Mapping[Feature, tuple[int, tuple[str, ...]]] = {Feature.PHONE: (0, PHONES), Feature.ADDRESS: (1, ADDRESSES)}

_evidence = lru_cache(1 << 14)(Evidence)


def evidence_of(comparison: Comparison, rows: Ints, ids: Sequence[str]) -> tuple[Ints, list[tuple[Evidence, ...]]]:
    """The fields that both profiles of some pairs hold, in a fixed order.

    Args:
        comparison: what comparing the pairs found.
        rows: which of them.
        ids: catalogue keys of the ids that take part.

    Returns:
        Each distinct evidence once, and for each row its place among these.
    """
    chosen = comparison.only(rows)
    hundredths = np.rint(chosen.similarities * 100).astype(np.int8)
    for feature, place in _MEASURED.items():
        hundredths[chosen.levels[:, feature] <= AGREE, place] = 0
    told = chosen.told.copy()
    for feature, (place, _) in _TOLD.items():
        told[chosen.levels[:, feature] == 0, place] = 0
    table = np.ascontiguousarray(np.column_stack((chosen.levels, hundredths, told, chosen.ids)))
    _, first, places = np.unique(
        table.view(np.dtype((np.void, table.shape[1])))[:, 0], return_index=True, return_inverse=True
    )
    levels, told_rows = chosen.levels[first].tolist(), chosen.told[first].tolist()
    similarities, id_rows = chosen.similarities[first].tolist(), chosen.ids[first].tolist()
    return places, [_written(*row, ids) for row in zip(levels, similarities, told_rows, id_rows, strict=True)]


def _written(
    levels: list[int], similarities: list[float], told: list[int], states: list[int], ids: Sequence[str]
) -> tuple[Evidence, ...]:
    found: list[Evidence] = []
    for feature in Feature:
        if feature is Feature.ID:
            pairs = zip(ids, states, strict=True)
            found.extend(_evidence(key, state == AGREE, float(state == AGREE)) for key, state in pairs if state)
        elif code := levels[feature]:
            level = LEVELS[feature][code]
            score = similarities[_MEASURED[feature]] if feature in _MEASURED and code > AGREE else level.similarity
            found.append(_evidence(_field(feature, told), level.agrees, score))
    return tuple(found)


def _field(feature: Feature, told: list[int]) -> str:
    if feature not in _TOLD:
        return _FIELDS[feature]
    place, keys = _TOLD[feature]
    return keys[told[place]]
