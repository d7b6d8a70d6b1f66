"""The life of a conflict: one field of one match on which both nations hold different values, under review."""

from dataclasses import dataclass
from enum import StrEnum

from sharing.records import Value
from sharing.states import ConflictState
from sharing.values import text
from sharing.writes import Side, Write


class ConflictStep(StrEnum):
    """What happens to a conflict."""

    OPENED = "OPENED"
    UPDATED = "UPDATED"
    SKIPPED = "SKIPPED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


# The steps that put a conflict into the queue.
QUEUED: frozenset[ConflictStep] = frozenset({ConflictStep.OPENED, ConflictStep.REOPENED})


@dataclass(frozen=True, slots=True)
class KnownConflict:
    """A conflict as it was last recorded.

    Attributes:
        state: whether it waits for a person.
        sender_text: the sender's value then, as canonical text; None where blank.
        receiver_text: the receiver's value then, likewise.
    """

    state: ConflictState
    sender_text: str | None
    receiver_text: str | None

    @property
    def texts(self) -> tuple[str | None, str | None]:
        """Both values, the sender's first."""
        return self.sender_text, self.receiver_text


@dataclass(frozen=True, slots=True)
class ConflictChange:
    """A step to record, with the values that it is about.

    Attributes:
        key: the field.
        step: what happens.
        sender_text: the sender's value to record, as canonical text; None where blank.
        receiver_text: the receiver's value to record, likewise.
    """

    key: str
    step: ConflictStep
    sender_text: str | None
    receiver_text: str | None

    @property
    def state(self) -> ConflictState:
        """The state that the conflict is in after the step."""
        if self.step is ConflictStep.SKIPPED:
            return ConflictState.SKIPPED
        return ConflictState.RESOLVED if self.step is ConflictStep.CLOSED else ConflictState.OPEN


def contest(key: str, known: KnownConflict | None, sender: Value, receiver: Value) -> ConflictChange | None:
    """The step where the two values differ and the mode asks for review; None where nothing is to be recorded.

    A new conflict opens. An open one follows the values. A skipped one stays out of the queue until a value changes. A
    resolved one reopens, since the two came apart again.
    """
    texts = text(sender), text(receiver)
    if known is None:
        return ConflictChange(key, ConflictStep.OPENED, *texts)
    if known.state is ConflictState.RESOLVED:
        return ConflictChange(key, ConflictStep.REOPENED, *texts)
    if known.texts == texts:
        return None
    step = ConflictStep.UPDATED if known.state is ConflictState.OPEN else ConflictStep.REOPENED
    return ConflictChange(key, step, *texts)


def close(key: str, known: KnownConflict) -> ConflictChange | None:
    """The step where a conflict is one no longer: the two agree, one was filled, or no review is asked for; else None.

    It keeps the values that it was about.
    """
    if known.state is ConflictState.RESOLVED:
        return None
    return ConflictChange(key, ConflictStep.CLOSED, *known.texts)


def skip(key: str, known: KnownConflict) -> ConflictChange | None:
    """The step that takes an open conflict out of the queue; None where it is not in it."""
    if known.state is not ConflictState.OPEN:
        return None
    return ConflictChange(key, ConflictStep.SKIPPED, *known.texts)


def is_stale(seen: KnownConflict, sender: Value, receiver: Value) -> bool:
    """Whether either value is no longer the one that a person saw and decided on: then nothing may be written."""
    return seen.texts != (text(sender), text(receiver))


def accept(side: Side, sender: Value, receiver: Value, time: int) -> Write:
    """What a nation writes to its own field when it applies the other's value; it never writes into the other nation.

    Deciding is an edit by a person. It therefore bears the time of the decision and not that of the value taken, or a
    third nation's later value would undo it; and it may weaken an opt-out.

    Args:
        side: the nation that decides, whose field is written.
        sender: the sender's present value.
        receiver: the receiver's present value.
        time: when it was decided, in microseconds since 1970, UTC.
    """
    return Write(receiver if side is Side.SENDER else sender, time)
