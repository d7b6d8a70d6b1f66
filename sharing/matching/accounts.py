"""The account of a match or of a non-match: what was tried, what was found, what it weighs, and what came of it."""

from collections.abc import Collection
from enum import StrEnum
from math import log
from typing import NamedTuple
from uuid import UUID

import numpy as np

from sharing.matching.columns import columns_of
from sharing.matching.comparing import compare
from sharing.matching.decide import decide
from sharing.matching.evidence import evidence_of
from sharing.matching.explain import explain
from sharing.matching.features import PairKind
from sharing.matching.frequencies import Frequencies
from sharing.matching.keys import KeyKind, keys_of, kinds_of
from sharing.matching.persons import person_of
from sharing.matching.quality import USUAL, Quality
from sharing.matching.rules import MatchRules
from sharing.matching.stages import ACCEPTED, corroborates
from sharing.matching.verdicts import Evidence, Outcome
from sharing.records import Record
from sharing.states import AmbiguityReason, MatchState


class MatchStep(StrEnum):
    """A step of matching, in their order."""

    UNIQUE_IDS = "UNIQUE_IDS"
    EMAILS = "EMAILS"
    LIKENESS = "LIKENESS"


class StepFinding(StrEnum):
    """What a step came to."""

    LEFT_OUT = "LEFT_OUT"
    BLANK = "BLANK"
    HIT = "HIT"
    NO_HIT = "NO_HIT"
    NOT_REACHED = "NOT_REACHED"


class MatchRuling(StrEnum):
    """Why two profiles are linked, or are not."""

    LINKED = "LINKED"
    WOULD_LINK = "WOULD_LINK"
    ENDED = "ENDED"
    NOBODY = "NOBODY"
    TOLD_APART = "TOLD_APART"
    NO_KEY = "NO_KEY"
    ONLY_CROWDED_KEYS = "ONLY_CROWDED_KEYS"
    NAMES_ALONE = "NAMES_ALONE"
    UNLIKELY = "UNLIKELY"
    ID_CONFLICT = "ID_CONFLICT"
    CONTRADICTED = "CONTRADICTED"
    SEVERAL_FIT = "SEVERAL_FIT"
    ANOTHER_FITS = "ANOTHER_FITS"
    LOST_TO_ANOTHER = "LOST_TO_ANOTHER"
    WITHHELD = "WITHHELD"


class StepAccount(NamedTuple):
    """What a step found."""

    step: MatchStep
    finding: StepFinding


class KeyAccount(NamedTuple):
    """A key that both profiles have.

    Attributes:
        kind: what it is made of.
        crowded: whether so many of the receiver's profiles have it that nobody is searched by it.
    """

    kind: KeyKind
    crowded: bool


class Piece(NamedTuple):
    """What one feature adds.

    Attributes:
        feature: what was compared.
        finding: what was seen.
        bits: binary logarithm of the odds of one person against the next best reading; below 0 it speaks against.
        reason: why it weighs so.
    """

    feature: str
    finding: str
    bits: float
    reason: str


class Account(NamedTuple):
    """All that speaks for and against two profiles being one person.

    Attributes:
        steps: what each step found, as far as these two are concerned.
        keys: the keys that both have, of the kinds that are searched by in the share.
        probability: how sure it is that they are one person, 0 to 1.
        against: what else they most likely are.
        prior: the bits before anything is compared.
        pieces: the bits of each feature that both hold, the weightiest first; with the prior they add up to the odds of
            one person against ``against``.
        evidence: the fields that both hold.
        alone: what would come of it if the receiver had no other profile that fits.
    """

    steps: tuple[StepAccount, ...]
    keys: tuple[KeyAccount, ...]
    probability: float
    against: PairKind
    prior: float
    pieces: tuple[Piece, ...]
    evidence: tuple[Evidence, ...]
    alone: MatchRuling


def shared_keys(sender: Record, receiver: Record, rules: MatchRules) -> list[tuple[int, int]]:
    """The keys that two profiles share, of the kinds by which a share with these rules searches."""
    kinds = {int(kind) for kind in kinds_of(rules)}
    theirs = set(keys_of(receiver))
    return [key for key in keys_of(sender) if key[0] in kinds and key in theirs]


def account(
    sender: Record,
    receiver: Record,
    rules: MatchRules,
    frequencies: Frequencies,
    quality: Quality = USUAL,
    crowded: Collection[tuple[int, int]] = (),
) -> Account:
    """Gives account of one pair, under the rules, frequencies and quality by which it is decided.

    Args:
        sender, receiver: the two profiles.
        rules: which ids take part, and whether emails do.
        frequencies: how common names are in the receiving nation.
        quality: how carefully the two nations keep their profiles.
        crowded: the shared keys that more of the receiver's profiles have than are searched by.
    """
    pair = [(sender.id, receiver.id)]
    outcome = decide({sender.id: sender}, {receiver.id: receiver}, pair, rules, frequencies, quality=quality)[sender.id]
    people = columns_of([person_of(sender, rules), person_of(receiver, rules)], frequencies)
    comparison = compare(people, np.array([0]), np.array([1]), rules)
    corroborated = bool(corroborates(comparison.levels)[0])
    places, known = evidence_of(comparison, np.array([0]), rules.ids)
    evidence = known[int(places[0])]
    explanation = explain(sender, receiver, rules, frequencies, quality)
    prior, *found = explanation.contributions
    keys = shared_keys(sender, receiver, rules)
    steps = _steps(rules, evidence, explanation.score, corroborated=corroborated)
    return Account(
        steps,
        tuple(dict.fromkeys(KeyAccount(KeyKind(key[0]), key in crowded) for key in keys)),
        explanation.score,
        explanation.against,
        _bits(prior.weight),
        tuple(Piece(one.feature, one.finding, _bits(one.weight), one.reason) for one in found),
        evidence,
        _alone(outcome, keys, crowded, corroborated=corroborated),
    )


def _bits(weight: float) -> float:
    return round(weight / log(2), 2)


def _steps(
    rules: MatchRules, evidence: Collection[Evidence], probability: float, *, corroborated: bool
) -> tuple[StepAccount, ...]:
    ids = [one.agrees for one in evidence if one.field in rules.ids]
    emails = [one.agrees for one in evidence if one.field == "emails"]
    by_id = _finding(bool(rules.ids), ids)
    by_email = StepFinding.NOT_REACHED if by_id is StepFinding.HIT else _finding(rules.emails, emails)
    if StepFinding.HIT in (by_id, by_email):
        likeness = StepFinding.NOT_REACHED
    else:
        likeness = StepFinding.HIT if corroborated and probability >= ACCEPTED else StepFinding.NO_HIT
    return tuple(map(StepAccount, MatchStep, (by_id, by_email, likeness)))


def _finding(takes_part: bool, agree: Collection[bool]) -> StepFinding:
    if not takes_part:
        return StepFinding.LEFT_OUT
    if not agree:
        return StepFinding.BLANK
    return StepFinding.HIT if any(agree) else StepFinding.NO_HIT


def _alone(
    outcome: Outcome, keys: Collection[tuple[int, int]], crowded: Collection[tuple[int, int]], *, corroborated: bool
) -> MatchRuling:
    """What would come of a pair if there were nobody else."""
    if all(key in crowded for key in keys):
        return MatchRuling.ONLY_CROWDED_KEYS if keys else MatchRuling.NO_KEY
    if outcome.state is MatchState.MATCHED:
        return MatchRuling.WOULD_LINK
    if outcome.state is MatchState.NOT_FOUND:
        return MatchRuling.UNLIKELY if corroborated else MatchRuling.NAMES_ALONE
    if outcome.ambiguity is AmbiguityReason.ID_CONFLICT:
        return MatchRuling.ID_CONFLICT
    return MatchRuling.CONTRADICTED if outcome.ambiguity is AmbiguityReason.CONTRADICTED else MatchRuling.SEVERAL_FIT


def ruling(pair: Account, receiver: UUID, whole: Outcome, *, told_apart: bool, lost: bool) -> MatchRuling:
    """Why two profiles that are not linked are not, or that they will be.

    Args:
        pair: the account of the two.
        receiver: the receiver's profile.
        whole: what matching says of the sender's profile among all candidates.
        told_apart: whether a person said that the two are not one.
        lost: whether another of the sender's profiles has, or claims as surely, the receiver's.
    """
    if told_apart:
        return MatchRuling.TOLD_APART
    if pair.alone is not MatchRuling.WOULD_LINK:
        return pair.alone
    if whole.state is MatchState.MATCHED and whole.receiver != receiver:
        return MatchRuling.ANOTHER_FITS
    if whole.state is not MatchState.MATCHED:
        return MatchRuling.SEVERAL_FIT
    return MatchRuling.LOST_TO_ANOTHER if lost else MatchRuling.WOULD_LINK


def own_steps(sender: Record, rules: MatchRules) -> tuple[StepAccount, ...]:
    """What the steps came to for a profile for which they found nobody, as far as its own nation may know."""
    person = person_of(sender, rules)
    found = (
        _without(bool(rules.ids), any(person.ids)),
        _without(rules.emails, bool(person.emails)),
        _without(True, bool(keys_of(sender))),
    )
    return tuple(map(StepAccount, MatchStep, found))


def _without(takes_part: bool, holds: bool) -> StepFinding:
    if not takes_part:
        return StepFinding.LEFT_OUT
    return StepFinding.NO_HIT if holds else StepFinding.BLANK


SENTENCES: dict[MatchRuling, str] = {
    MatchRuling.LINKED: "The two are linked.",
    MatchRuling.WOULD_LINK: "As things stand now the two are one person: they are linked as soon as it is tried again.",
    MatchRuling.ENDED: "The match is over.",
    MatchRuling.NOBODY: "Nobody of the receiver comes near enough to be taken for the person.",
    MatchRuling.TOLD_APART: "A person said that the two are not one.",
    MatchRuling.NO_KEY: "The two have nothing in common by which anybody is searched, and so were never compared.",
    MatchRuling.ONLY_CROWDED_KEYS: "All that the two have in common to search by, too many others have as well.",
    MatchRuling.NAMES_ALONE: "Nothing agrees besides names, and nobody is matched on a name alone.",
    MatchRuling.UNLIKELY: "What agrees does not make it sure enough, or something speaks against it.",
    MatchRuling.ID_CONFLICT: "The two hold different values in a unique id.",
    MatchRuling.CONTRADICTED: "An id or email agrees, but name and birthday say another person.",
    MatchRuling.SEVERAL_FIT: "Several of the receiver's profiles fit, and none of them surely enough.",
    MatchRuling.ANOTHER_FITS: "Another of the receiver's profiles fits better.",
    MatchRuling.LOST_TO_ANOTHER: "Another of the sender's profiles claims the same person, more surely or as surely.",
    MatchRuling.WITHHELD: "The two are not linked, nor is one a candidate. Who sees one of them alone is not told why.",
}
