"""Pairs of people compared in every feature at once, a column for each."""

from typing import NamedTuple

import numpy as np

from sharing.matching import birthdays, contacts, likeness
from sharing.matching.columns import People
from sharing.matching.features import Feature, Generation
from sharing.matching.pairing import Codes, Floats, Ints, chosen
from sharing.matching.rules import MatchRules

# Similarities are kept as they are shown.
_DECIMALS = 2
AGREE, DIFFER = 1, 2


class Comparison(NamedTuple):
    """What comparing pairs found.

    Attributes:
        levels: by pair and Feature, the level of the evidence table; 0 where one side is blank.
        similarities: by pair, of first, last and middle name: 0 to 1, in hundredths.
        shares: by pair, of first and last name: the share of strangers who agree as well.
        ids: by pair and id of the rules, in their order: 1 agree, 2 both known and not the same, 0 one side is blank.
        told: by pair, which of the sender's phones and which of its addresses tells: places among ``PHONES`` and
            ``ADDRESSES``.
    """

    levels: Codes
    similarities: Floats
    shares: Floats
    ids: Codes
    told: Codes

    def only(self, rows: Ints) -> "Comparison":
        """The same of some pairs."""
        return Comparison(*(column[rows] for column in self))


def compare(people: People, left: Ints, right: Ints, rules: MatchRules) -> Comparison:
    """Compares people pairwise: the one at left[i] with the one at right[i].

    Args:
        people: everybody who stands in a pair.
        left, right: rows of people.
        rules: which ids take part, and whether emails do.
    """
    lexicon = people.lexicon
    first, last = likeness.first_names(lexicon, left, right), likeness.last_names(lexicon, left, right)
    likeness.swap(lexicon, left, right, first, last)
    middle = likeness.middle_names(lexicon, left, right)
    levels = np.zeros((len(left), len(Feature)), np.int8)
    levels[:, Feature.FIRST], levels[:, Feature.LAST], levels[:, Feature.MIDDLE] = first[0], last[0], middle[0]
    levels[:, Feature.GENERATION] = _generations(people.generation[left], people.generation[right])
    levels[:, Feature.BIRTHDAY] = birthdays.compare(people.born[left], people.born[right])
    one, two = people.sex[left], people.sex[right]
    levels[:, Feature.SEX] = chosen(len(left), ((one == 0) | (two == 0), 0), (one == two, 1), otherwise=2)
    levels[:, Feature.PHONE], line = contacts.compare_phones(people, left, right)
    levels[:, Feature.ADDRESS], place = contacts.compare_places(people, left, right)
    if rules.emails:
        levels[:, Feature.EMAIL] = contacts.compare_sets(people.emails, left, right)
    ids = _ids(people, left, right)
    levels[:, Feature.ID] = (ids == AGREE).any(axis=1)
    return Comparison(
        levels,
        np.column_stack((first.similarities, last.similarities, middle.similarities)).round(_DECIMALS),
        np.column_stack((first.shares, last.shares)),
        ids,
        np.column_stack((line, place)).astype(np.int8),
    )


def _generations(one: Codes, two: Codes) -> Ints:
    return chosen(
        len(one),
        ((one == 0) & (two == 0), 0),
        ((one == 0) | (two == 0), Generation.ONE_SIDED),
        (one == two, Generation.SAME),
        otherwise=Generation.OTHER,
    )


def _ids(people: People, left: Ints, right: Ints) -> Codes:
    """Ids contradict each other where they are other ids of one place; ids of two places may both be right."""
    one, two = people.ids[left], people.ids[right]
    known = (one != 0) & (two != 0)
    found = np.zeros(one.shape, np.int8)
    found[known & (people.scopes[left] == people.scopes[right])] = DIFFER
    found[known & (one == two)] = AGREE
    return found
