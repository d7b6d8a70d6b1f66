"""What leaves after a commit: hints to workers and subscribers. Losing one loses no truth, only time."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A job for a worker: its name, and the id it works on."""

    name: str
    subject: str


class Post(Protocol):
    """Carries hints. Best effort: it may drop any, and never raises."""

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Enqueue the jobs, and wake whoever watches the nations."""
        ...
