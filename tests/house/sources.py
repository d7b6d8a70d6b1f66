"""Which files are ours, for the rules of the house."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("schema", "models", "resolvers", "workers", "actions", "sharing", "server")

# Made by tools, or data of the person who works here.
NOT_OURS = {
    ".git", ".venv", ".comity", "node_modules", "__pycache__", "build", "dist",
    ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache",
}  # fmt: skip


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """Yield our files below these folders of the checkout, or below all."""
    for start in folders or (".",):
        for folder, names, found in os.walk(ROOT / start):
            names[:] = sorted(set(names) - NOT_OURS)
            yield from (Path(folder, name) for name in sorted(found) if name.endswith(suffix))


def name_of(path: Path) -> str:
    """Return a path as one writes it in the checkout."""
    return path.relative_to(ROOT).as_posix()
