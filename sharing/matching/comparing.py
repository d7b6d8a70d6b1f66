"""Pairs of persons compared in every feature at once, a column for each."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sharing.matching import birthdays, contacts, likeness
from sharing.matching.features import Feature, Generation
from sharing.matching.frequencies import Frequencies
from sharing.matching.identifiers import SCOPES, differ
from sharing.matching.lexicon import Lexicon
from sharing.matching.pairing import Floats, Ints, chosen, coded
from sharing.matching.persons import Person
from sharing.matching.rules import MatchRules


class Comparison(NamedTuple):
    """What comparing pairs found.

    Attributes:
        levels: by pair and Feature, the level of the evidence table; 0 where one side is blank.
        similarities: by pair, of first, last and middle name: 0 to 1.
        shares: by pair, of first and last name: the share of strangers who agree as well.
        ids: by pair and id of the rules, in their order: 1 agree, 2 both known and not the same, 0 one side is blank.
    """

    levels: Ints
    similarities: Floats
    shares: Floats
    ids: Ints


def compare(
    people: Sequence[Person], left: Ints, right: Ints, rules: MatchRules, frequencies: Frequencies
) -> Comparison:
    """Compares people pairwise: the one at left[i] with the one at right[i].

    Args:
        people: everybody who stands in a pair.
        left, right: places in people.
        rules: which ids take part, and whether emails do.
        frequencies: how common names are in the receiving nation.
    """
    lexicon = Lexicon(people, frequencies)
    first, last = likeness.first_names(lexicon, left, right), likeness.last_names(lexicon, left, right)
    likeness.swap(lexicon, left, right, first, last)
    middle = likeness.middle_names(lexicon, left, right)
    levels = np.zeros((len(left), len(Feature)), np.int64)
    levels[:, Feature.FIRST], levels[:, Feature.LAST], levels[:, Feature.MIDDLE] = first[0], last[0], middle[0]
    levels[:, Feature.GENERATION] = _generations(people, left, right)
    born = np.array([p.born for p in people], np.int64)
    levels[:, Feature.BIRTHDAY] = birthdays.compare(born[left], born[right])
    sexes = coded([p.sex for p in people])[1]
    one, two = sexes[left], sexes[right]
    levels[:, Feature.SEX] = chosen(len(left), ((one == 0) | (two == 0), 0), (one == two, 1), otherwise=2)
    levels[:, Feature.PHONE] = contacts.compare_phones(people, left, right)
    levels[:, Feature.ADDRESS] = contacts.compare_places(people, left, right)
    if rules.emails:
        levels[:, Feature.EMAIL] = contacts.compare_sets([p.emails for p in people], left, right)
    ids = _ids(people, left, right, rules)
    levels[:, Feature.ID] = (ids == 1).any(axis=1)
    return Comparison(
        levels,
        np.column_stack((first.similarities, last.similarities, middle.similarities)),
        np.column_stack((first.shares, last.shares)),
        ids,
    )


def _generations(people: Sequence[Person], left: Ints, right: Ints) -> Ints:
    told = np.fromiter((p.generation for p in people), np.int64, len(people))
    one, two = told[left], told[right]
    return chosen(
        len(left),
        ((one == 0) & (two == 0), 0),
        ((one == 0) | (two == 0), Generation.ONE_SIDED),
        (one == two, Generation.SAME),
        otherwise=Generation.OTHER,
    )


def _ids(people: Sequence[Person], left: Ints, right: Ints, rules: MatchRules) -> Ints:
    found = np.zeros((len(left), len(rules.ids)), np.int64)
    for place, key in enumerate(rules.ids):
        texts = [p.ids[place] for p in people]
        codes = coded(texts)[1]
        one, two = codes[left], codes[right]
        known = (one > 0) & (two > 0)
        found[:, place] = chosen(len(left), (~known, 0), (one == two, 1), otherwise=2)
        if key in SCOPES:
            for row in np.flatnonzero(found[:, place] == 2).tolist():
                found[row, place] = 2 if differ(texts[left[row]], texts[right[row]]) else 0
    return found
