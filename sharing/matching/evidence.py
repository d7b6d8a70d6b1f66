"""Evidence as a person reads it: which fields both profiles hold, and how far they agree."""

from functools import lru_cache

from sharing.matching.features import LEVELS, Feature, Home
from sharing.matching.persons import Person
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
_MEASURED: dict[Feature, int] = {Feature.FIRST: 0, Feature.LAST: 1, Feature.MIDDLE: 2}
_AGREE = 1

_evidence = lru_cache(1 << 14)(Evidence)


def evidence_of(
    sender: Person, receiver: Person, levels: list[int], similarities: list[float], ids: dict[str, int]
) -> tuple[Evidence, ...]:
    """The fields that both profiles of a pair hold, in a fixed order.

    Args:
        sender, receiver: the pair.
        levels: by Feature, the level found.
        similarities: of first, last and middle name.
        ids: by catalogue key, 1 where the ids agree, 2 where both are known and differ.
    """
    found: list[Evidence] = []
    for feature in Feature:
        if feature is Feature.ID:
            found.extend(_evidence(key, state == _AGREE, float(state == _AGREE)) for key, state in ids.items() if state)
        elif code := levels[feature]:
            level = LEVELS[feature][code]
            field = _FIELDS.get(feature) or _field(feature, sender, receiver, code)
            measured = feature in _MEASURED and code > _AGREE
            score = round(similarities[_MEASURED[feature]], 2) if measured else level.similarity
            found.append(_evidence(field, level.agrees, score))
    return tuple(found)


def _field(feature: Feature, sender: Person, receiver: Person, code: int) -> str:
    """Which of the sender's phones or addresses tells."""
    if feature is Feature.PHONE:
        lines = {line for line, _ in receiver.lines}
        return next((key for line, key in sender.lines if line in lines), sender.lines[0][1])
    places = {place for place, _ in receiver.places} if code == Home.SAME else set()
    return next((key for place, key in sender.places if place in places), sender.places[0][1])
