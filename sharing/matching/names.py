"""Names of people brought to one form: Latin letters, lower case, no titles, generation told apart."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

# Longer texts are no names; cutting them bounds every comparison.
MAX_LETTERS = 80
CACHE = 1 << 15

_NOT_LETTERS = re.compile(r"[^a-z]+")
_APOSTROPHES = re.compile(r"['`\u2018\u2019\u02bc\u02bb\u00b4\u2032]")
_TITLE_WORDS = "mr mrs ms miss mx dr prof professor rev reverend hon sir dame lady lord madam mme herr frau"
_TITLES = frozenset(_TITLE_WORDS.split())
_DEGREE_WORDS = "md phd esq esquire cpa dds dvm jd rn ret"
_DEGREES = frozenset(_DEGREE_WORDS.split())
_GENERATIONS = {"sr": 1, "senior": 1, "jr": 2, "junior": 2, "ii": 2, "nd": 2, "iii": 3, "rd": 3, "iv": 4, "th": 4}
_PARTICLE_WORDS = (
    "de del della di da do dos das du des la le los las van von der den ter zu af av bin ibn al el abu san y e"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())


class Family(NamedTuple):
    """A last name: its words, and the generation its suffix tells (1 senior, 2 junior, 3 the third …; 0 unknown)."""

    words: str
    generation: int


@lru_cache(CACHE)
def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:MAX_LETTERS]
        text = _APOSTROPHES.sub("", text)
        text = anyascii("".join(letter if unicodedata.category(letter)[0] in "LMZ" else " " for letter in text))
    text = _APOSTROPHES.sub("", text.lower())
    return _NOT_LETTERS.sub(" ", text).strip()[:MAX_LETTERS].strip()


def fold(text: str) -> str:
    """Lower-case Latin words of a name, one space apart; accents, digits, signs and emoji fall away. May be empty."""
    return _folded(text[:MAX_LETTERS])


@lru_cache(CACHE)
def _given(text: str) -> str:
    words = _folded(text).split()
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    while len(words) > 1 and (words[-1] in _GENERATIONS or words[-1] in _DEGREES):
        del words[-1]
    return " ".join(words)


def given(text: str) -> str:
    """The words of a first or middle name, without a leading title or a trailing suffix."""
    return _given(text[:MAX_LETTERS])


@lru_cache(CACHE)
def _family(text: str) -> Family:
    words = _folded(text).split()
    number = 0
    while len(words) > 1 and (words[-1] in _GENERATIONS or words[-1] in _DEGREES):
        number = _GENERATIONS.get(words.pop(), number)
    return Family(" ".join(words), number)


def family(text: str) -> Family:
    """The words of a last name, and the generation that stands behind it ("Smith Jr.")."""
    return _family(text[:MAX_LETTERS])


@lru_cache(4096)
def _generation(text: str) -> int:
    return next((_GENERATIONS[word] for word in _folded(text).split() if word in _GENERATIONS), 0)


def generation(suffix: str) -> int:
    """The generation that a suffix tells: 1 senior, 2 junior, 3 the third, 4 the fourth; 0 where it tells none."""
    return _generation(suffix[:MAX_LETTERS])


@lru_cache(CACHE)
def _legal(text: str) -> tuple[str, str, Family]:
    if "," in text:
        last, _, rest = text.partition(",")
        if fold(rest) and not generation(rest):
            first, _, middle = given(rest).partition(" ")
            return first, middle, family(last)
    whole = family(text)
    words = given(whole.words).split()
    if len(words) < 2:
        return "", "", Family(" ".join(words), whole.generation)
    return words[0], " ".join(words[1:-1]), Family(words[-1], whole.generation)


def legal(text: str) -> tuple[str, str, Family]:
    """First, middle and last name read from a whole one: "Smith, John A." or "John A. Smith Jr"."""
    return _legal(text[:MAX_LETTERS])


@lru_cache(CACHE)
def significant(words: str) -> tuple[str, ...]:
    """The words of a compound name that tell people apart: no "de la" or "van" unless there is nothing else."""
    parts = tuple(word for word in words.split() if len(word) > 1 and word not in _PARTICLES)
    return parts or tuple(words.split())


def compact(words: str) -> str:
    """A folded name without its spaces, so that "De La Cruz" and "Delacruz" are one."""
    return words.replace(" ", "") if " " in words else words


def frequency_key(name: str) -> str:
    """The form under which a first or last name is counted: folded, without title, suffix and spaces. May be empty."""
    return compact(given(name))
