"""How a name sounds: a short code that spellings of one sound share."""

import re
from functools import lru_cache

from sharing.matching.names import CACHE, compact

MAX_CODE = 8

# In order: later rules see what earlier ones left. X stands for the "sh/ch" sounds.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^mac(?=[bcdfgklmnpqrst])", "mk"),
        (r"^mc", "mk"),
        (r"^wh", "w"),
        (r"^x", "s"),
        (r"^j(?=[aeiou])", "j"),
        (r"ph", "f"),
        (r"chr", "kr"),
        (r"tsch|tch|sch|sh|ch|cz|sz", "X"),
        (r"sc(?=[eiy])", "s"),
        (r"ck", "k"),
        (r"dg(?=[eiy])", "j"),
        (r"gh(?=[^aeiou]|$)", ""),
        (r"gh", "g"),
        (r"mb$", "m"),
        (r"c(?=[eiy])", "s"),
        (r"[cq]", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"[vw]", "f"),
        (r"th|dt|d", "t"),
        (r"g(?=[eiy])", "j"),
        (r"^[aeiouy]+", "A"),
        (r"(?<=.)[aeiouyh]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(CACHE)
def sound(words: str) -> str:
    """The sound code of a folded name, at most 8 signs; empty for an empty name."""
    code = compact(words)
    for pattern, replacement in _RULES:
        code = pattern.sub(replacement, code)
    return code[:MAX_CODE]
