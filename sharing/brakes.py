"""Brakes: how many people a share may make and how many values it may overwrite before somebody has to say so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from sharing.errors import InvalidInput
from sharing.mailboxes import EmailChange
from sharing.records import Record
from sharing.syncing import PairPlan
from sharing.writes import Side, Write

# What fits the column that a limit is sent as.
MOST = 2_147_483_647


class Limit(StrEnum):
    """What a nation may limit of what a share writes into it."""

    CREATED_PEOPLE = "CREATED_PEOPLE"
    OVERWRITTEN_VALUES = "OVERWRITTEN_VALUES"


class Brake(StrEnum):
    """A limit of one side: people are made in the receiver alone."""

    SENDER_OVERWRITTEN = "SENDER_OVERWRITTEN"
    RECEIVER_OVERWRITTEN = "RECEIVER_OVERWRITTEN"
    RECEIVER_CREATED = "RECEIVER_CREATED"

    @property
    def side(self) -> Side:
        """Whose limit it is."""
        return Side.SENDER if self is Brake.SENDER_OVERWRITTEN else Side.RECEIVER

    @property
    def limit(self) -> Limit:
        """What it limits."""
        return Limit.CREATED_PEOPLE if self is Brake.RECEIVER_CREATED else Limit.OVERWRITTEN_VALUES


BRAKE_OF: Mapping[tuple[Side, Limit], Brake] = MappingProxyType({(brake.side, brake.limit): brake for brake in Brake})

# How many, by brake. Of limits: what is not among them is not limited.
Amounts: TypeAlias = Mapping[Brake, int]
NOTHING: Amounts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hold:
    """A limit that something stands before.

    Attributes:
        brake: which limit.
        allowed: how many it allows.
        wanted: how many there would be with what comes next.
    """

    brake: Brake
    allowed: int
    wanted: int


class LimitReached(Exception):
    """What comes next would go past a limit; nothing of it may be written. ``holds`` says which."""

    def __init__(self, holds: tuple[Hold, ...]) -> None:
        super().__init__()
        self.holds = holds


def holds(limits: Amounts, lifted: Collection[Brake], before: Amounts, wanted: Amounts) -> tuple[Hold, ...]:
    """The limits that the next writes would go past.

    Who wants nothing of a kind is not held by its limit, even where that was lowered below what is written already.

    Args:
        limits: the limits that are set; 0 allows nothing.
        lifted: those of which somebody said that they may be passed.
        before: what has been written.
        wanted: what comes next.
    """
    return tuple(
        Hold(brake, limits[brake], before.get(brake, 0) + wanted[brake])
        for brake in Brake
        if brake in limits
        and brake not in lifted
        and wanted.get(brake, 0) > 0
        and before.get(brake, 0) + wanted[brake] > limits[brake]
    )


def still(found: Collection[Hold], limits: Amounts) -> tuple[Hold, ...]:
    """What goes on holding once limits have changed: those that were raised or cleared far enough do not."""
    return tuple(
        Hold(hold.brake, limits[hold.brake], hold.wanted)
        for hold in found
        if hold.brake in limits and hold.wanted > limits[hold.brake]
    )


def with_limits(limits: Amounts, side: Side, asked: Mapping[Limit, int | None]) -> Amounts:
    """The limits of a share once one side has set some of its own; None clears one.

    Raises:
        InvalidInput: none is named, one is no number that can be, or people are to be limited where none are made.
    """
    if not asked:
        raise InvalidInput("Give at least one limit, or null to clear it.")
    changed = dict(limits)
    for limit, number in asked.items():
        brake = BRAKE_OF.get((side, limit))
        if brake is None and number is not None:
            raise InvalidInput(
                "A share makes people in the receiving nation alone: only that one limits them.", "createdPeople"
            )
        if number is not None and not 0 <= number <= MOST:
            raise InvalidInput(f"A limit is a number from 0 to {MOST:,}, or null for none.", PATHS[limit])
        if brake is not None:
            changed.pop(brake, None)
            if number is not None:
                changed[brake] = number
    return changed


# What the limits are called where they are set.
PATHS = {Limit.CREATED_PEOPLE: "createdPeople", Limit.OVERWRITTEN_VALUES: "overwrittenValues"}


def overwritten(plan: PairPlan, sender: Record, receiver: Record) -> tuple[int, int]:
    """How many values a plan replaces, clears or, of email addresses, removes in the sender and in the receiver."""
    if not plan.counts.overwritten:
        return 0, 0
    return (
        _overwritten(plan.sender_writes, plan.sender_emails, sender),
        _overwritten(plan.receiver_writes, plan.receiver_emails, receiver),
    )


def _overwritten(writes: Mapping[str, Write], emails: EmailChange, own: Record) -> int:
    return sum(own.values.get(key) is not None for key in writes) + len(emails.remove)


def amounts_from_json(document: Mapping[str, int] | None) -> Amounts:
    """Amounts as they are stored; none where nothing is."""
    return {Brake(key): number for key, number in (document or {}).items()}


def holds_from_json(items: Collection[Mapping[str, Any]] | None) -> tuple[Hold, ...]:
    """What holds a run, as it is stored with it."""
    return tuple(Hold(Brake(item["brake"]), item["allowed"], item["wanted"]) for item in items or ())


def holds_as_json(found: Collection[Hold]) -> list[dict[str, Any]]:
    """What holds a run, to be stored with it."""
    return [{"brake": hold.brake.value, "allowed": hold.allowed, "wanted": hold.wanted} for hold in found]
