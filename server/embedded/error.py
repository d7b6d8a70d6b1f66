"""What is said when a service of our own does not start."""

from pathlib import Path

from server.refusal import Refusal

LAST_LINES = 5


class EmbeddedError(Refusal):
    """Comity's own PostgreSQL or Redis cannot be had."""


def tail(log: Path) -> str:
    """Return the last lines of a service's log, to stand below an error's sentence."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "".join(f"\n  {line}" for line in lines[-LAST_LINES:])
