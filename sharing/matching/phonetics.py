"""How a name sounds: a short code that spellings of one sound share."""

import re
from functools import lru_cache

from sharing.matching.names import CACHE, compact

MAX_CODE = 8

# In order: later rules see what earlier ones left. X stands for the "sh/ch" sounds. The letter is what a rule needs,
# where it needs one: without it the rule is not tried.
_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (letter, re.compile(pattern), sound)
    for letter, pattern, sound in (
        ("n", r"^(?:kn|gn|pn)", "n"),
        ("w", r"^wr", "r"),
        ("p", r"^ps", "s"),
        ("m", r"^mac(?=[bcdfgklmnpqrst])", "mk"),
        ("m", r"^mc", "mk"),
        ("w", r"^wh", "w"),
        ("x", r"^x", "s"),
        ("j", r"^j(?=[aeiou])", "j"),
        ("p", r"ph", "f"),
        ("c", r"chr", "kr"),
        ("", r"tsch|tch|sch|sh|ch|cz|sz", "X"),
        ("c", r"sc(?=[eiy])", "s"),
        ("k", r"ck", "k"),
        ("g", r"dg(?=[eiy])", "j"),
        ("g", r"gh(?=[^aeiou]|$)", ""),
        ("g", r"gh", "g"),
        ("b", r"mb$", "m"),
        ("c", r"c(?=[eiy])", "s"),
        ("", r"[cq]", "k"),
        ("x", r"x", "ks"),
        ("z", r"z", "s"),
        ("", r"[vw]", "f"),
        ("", r"th|dt|d", "t"),
        ("g", r"g(?=[eiy])", "j"),
        ("", r"^[aeiouy]+", "A"),
        ("", r"(?<=.)[aeiouyh]", ""),
        ("", r"(.)\1+", r"\1"),
    )
)


@lru_cache(CACHE)
def sound(words: str) -> str:
    """The sound code of a folded name, at most 8 signs; empty for an empty name."""
    code = compact(words)
    for letter, pattern, replacement in _RULES:
        if letter in code:
            code = pattern.sub(replacement, code)
    return code[:MAX_CODE]
