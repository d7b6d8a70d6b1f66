"""How carefully two nations keep their profiles: how often two profiles of one person disagree, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from sharing.matching.features import LEVELS, OVERLAP, Feature, PairKind

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
        shares: instead of the table's, how often one person's two profiles show each level: by feature a share for each
            of its levels, the blank one first. A feature left out keeps the table's.
    """

    overlap: float = OVERLAP
    shares: Mapping[Feature, tuple[float, ...]] = field(default_factory=lambda: _NONE)

    def as_json(self) -> dict[str, list[float]]:
        """The same as plain lists, by the feature's name; the overlap stands under OVERLAP."""
        return {"OVERLAP": [self.overlap], **{feature.name: list(shares) for feature, shares in self.shares.items()}}

    @classmethod
    def from_json(cls, document: Mapping[str, Sequence[float]]) -> Self:
        """Reads what ``as_json`` wrote; what no longer fits the table (another release's levels) is left out."""
        shares = {
            feature: tuple(document[feature.name])
            for feature in LEARNT
            if len(document.get(feature.name, ())) == len(LEVELS[feature])
        }
        return cls(next(iter(document.get("OVERLAP", ())), OVERLAP), MappingProxyType(shares))


USUAL = Quality()


def usual_shares(feature: Feature) -> tuple[float, ...]:
    """The evidence table's shares of one person's pairs, by level."""
    return tuple(level.shares[PairKind.SAME] for level in LEVELS[feature])
