"""How carefully two nations keep their profiles: how often two profiles of one person disagree, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from sharing.matching.features import LEVELS, OVERLAP, TWICE, Feature, PairKind

# What is learnt; suffixes, sexes, emails and ids are too rarely wrong to learn it from one share.
LEARNT: tuple[Feature, ...] = (
    Feature.FIRST,
    Feature.LAST,
    Feature.MIDDLE,
    Feature.BIRTHDAY,
    Feature.PHONE,
    Feature.ADDRESS,
)
_NONE: Mapping[Feature, tuple[float, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Quality:
    """What the evidence table leaves to be learnt from a share's own people.

    Attributes:
        overlap: the share of the sender's people who are in the receiving nation.
        twice: how many profiles besides one of the sender's people has there who has one.
        kin: how often people of one house who are not one person are met, of how often the table expects it: lists
            without households mislead less.
        shares: instead of the table's, how often one person's two profiles show each level: by feature a share for each
            of its levels, the blank one first. A feature left out keeps the table's.
    """

    overlap: float = OVERLAP
    twice: float = TWICE
    kin: float = 1.0
    shares: Mapping[Feature, tuple[float, ...]] = field(default_factory=lambda: _NONE)

    def as_json(self) -> dict[str, list[float]]:
        """The same as plain lists, by the feature's name; what is no feature's stands under OVERLAP, TWICE and KIN."""
        return {
            "OVERLAP": [self.overlap],
            "TWICE": [self.twice],
            "KIN": [self.kin],
            **{feature.name: list(shares) for feature, shares in self.shares.items()},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Sequence[float]]) -> Self:
        """Reads what ``as_json`` wrote; what no longer fits the table (another release's levels) is left out."""
        shares = {
            feature: tuple(document[feature.name])
            for feature in LEARNT
            if len(document.get(feature.name, ())) == len(LEVELS[feature])
        }
        usual = USUAL.as_json()
        overlap, twice, kin = (document.get(name, usual[name])[0] for name in ("OVERLAP", "TWICE", "KIN"))
        return cls(overlap, twice, kin, MappingProxyType(shares))


USUAL = Quality()


def usual_shares(feature: Feature) -> tuple[float, ...]:
    """The evidence table's shares of one person's pairs, by level."""
    return tuple(level.shares[PairKind.SAME] for level in LEVELS[feature])
