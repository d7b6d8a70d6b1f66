"""Set-based SQL, kept as SQL: named, described queries in ``models/sql``, each called by its name."""

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def all_queries() -> dict[str, str]:
    """Every query by its name; the comment lines under the name say what it takes and gives."""
    queries: dict[str, str] = {}
    for path in sorted(_FOLDER.glob("*.sql")):
        _, *parts = _NAME.split(path.read_text())
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            if name in queries:
                raise ValueError(f"{path.name} defines {name} a second time")
            queries[name] = text.strip()
    return queries


def query(name: str) -> str:
    """The text of a query.

    Raises:
        KeyError: no query bears the name.
    """
    return all_queries()[name]
