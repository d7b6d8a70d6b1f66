"""Who hears a subscription: whoever asked for it, or all who asked for the same with the same rights."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from sharing.visibility import Caller


@dataclass(slots=True)
class Place:
    """Where a subscription stands.

    Attributes:
        nation_id: whose log it follows.
        position: what stands up to here was told, or is not wanted; None where only the latest counts.
        head: how far the log had come when it was last read.
        telling: the position of the event that is being told.
        resets: whether what is being told is that some events cannot be.
        is_live: whether it ever stood at the end of the log.
        lagging: whether it fell back from there, because its listener did not take what it was told.
    """

    nation_id: int
    position: int | None = None
    head: int = -1
    telling: int = -1
    resets: bool = False
    is_live: bool = False
    lagging: bool = False


class Listeners(Protocol):
    """Who hears a subscription."""

    def goes_on(self, place: Place) -> bool:
        """Whether anybody hears it from here; asked at its beginning, and whenever all that there is has been told."""
        ...

    async def renewed(self, caller: Caller) -> Caller:
        """The caller on whose behalf it goes on, with the rights of now.

        Raises:
            Unauthenticated: it has none any more.
        """
        ...


class Alone:
    """Nobody but whoever asked.

    Args:
        renewed: gives a caller with the rights of now.
    """

    def __init__(self, renewed: Callable[[Caller], Awaitable[Caller]]) -> None:
        self._renewed = renewed

    def goes_on(self, place: Place) -> bool:
        """For as long as anybody pulls, somebody hears."""
        return True

    async def renewed(self, caller: Caller) -> Caller:
        """The caller with the rights of now."""
        return await self._renewed(caller)
