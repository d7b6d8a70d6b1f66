"""How the email addresses of two matched profiles are kept in step: as a set, of at most four a profile."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from sharing.fields import MAX_EMAILS
from sharing.records import Record
from sharing.writes import Side


class EmailHindrance(StrEnum):
    """Why an address could not be added."""

    NO_FREE_SLOT = "NO_FREE_SLOT"
    BELONGS_TO_ANOTHER = "BELONGS_TO_ANOTHER"


@dataclass(frozen=True, slots=True)
class EmailNote:
    """An address that one side lacks and cannot be given, to be shown on the match.

    Attributes:
        side: the nation that lacks it.
        address: the address.
        hindrance: why it was not added.
    """

    side: Side
    address: str
    hindrance: EmailHindrance


@dataclass(frozen=True, slots=True)
class EmailChange:
    """The addresses that one profile gains and loses, in the order in which they stood."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)

    def applied_to(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """The addresses after the change: those that stay keep their order, those gained follow."""
        return (*(address for address in addresses if address not in self.remove), *self.add)


@dataclass(frozen=True, slots=True)
class EmailMerge:
    """What keeps the addresses of two profiles in step.

    Attributes:
        sender: what the sender's profile gains and loses.
        receiver: what the receiver's profile gains and loses.
        base: the addresses that both hold afterwards, sorted.
        notes: every address that one side holds and the other cannot be given, whether or not it was noted before.
    """

    sender: EmailChange
    receiver: EmailChange
    base: tuple[str, ...]
    notes: tuple[EmailNote, ...]


def emails_of(record: Record) -> tuple[str, ...]:
    """The addresses of a profile, in their order."""
    addresses = record.values.get("emails")
    return addresses if isinstance(addresses, tuple) else ()


def merge(
    sender: Sequence[str],
    receiver: Sequence[str],
    base: Sequence[str],
    sender_taken: Set[str] = frozenset(),
    receiver_taken: Set[str] = frozenset(),
) -> EmailMerge:
    """Bring two sets of addresses together.

    An address that one side lacks is added there while a slot is free and nobody else in that nation has it, in the
    order of the side that has it; one that both had after the last sync and one has since removed is removed from the
    other, and gives its slot free at once. Never a conflict.

    Args:
        sender: the sender's addresses.
        receiver: the receiver's addresses.
        base: the addresses that both held after the last sync; empty at the first.
        sender_taken: addresses that somebody else in the sender's nation holds.
        receiver_taken: addresses that somebody else in the receiver's nation holds.
    """
    to_sender, sender_notes = _bring(Side.SENDER, sender, receiver, base, sender_taken)
    to_receiver, receiver_notes = _bring(Side.RECEIVER, receiver, sender, base, receiver_taken)
    both = {address for address in sender if address in receiver}
    held_by_both = tuple(sorted(both.union(to_sender.add, to_receiver.add)))
    return EmailMerge(to_sender, to_receiver, held_by_both, (*sender_notes, *receiver_notes))


def _bring(
    side: Side, own: Sequence[str], others: Sequence[str], base: Sequence[str], taken: Set[str]
) -> tuple[EmailChange, list[EmailNote]]:
    remove = tuple(address for address in own if address in base and address not in others)
    free = MAX_EMAILS - (len(own) - len(remove))
    add: list[str] = []
    notes: list[EmailNote] = []
    for address in others:
        if address in own or address in base:
            continue
        if address in taken:
            notes.append(EmailNote(side, address, EmailHindrance.BELONGS_TO_ANOTHER))
        elif len(add) >= free:
            notes.append(EmailNote(side, address, EmailHindrance.NO_FREE_SLOT))
        else:
            add.append(address)
    return EmailChange(tuple(add), remove), notes
