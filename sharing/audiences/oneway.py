"""The plan that brings one contact of a target into step with the source: one way, field by field."""

from collections.abc import Collection, Mapping, Set

from sharing.audiences.fields import REFERENCE
from sharing.fields import MAX_EMAILS, OPT_OUTS
from sharing.mailboxes import EmailChange, EmailHindrance, EmailNote, emails_of
from sharing.records import Record, Value
from sharing.syncing import NO_CHANGE, Counts, Pair, PairPlan
from sharing.writes import Side, Write

Seen = Mapping[str, int]


def seen_of(source: Record, fields: Collection[str]) -> dict[str, int]:
    """When each of the fields of a source's contact last changed, of those that changed since it was made.

    A sync keeps what it saw: a field of which the next one sees something else was changed in between, in whatever
    order the transactions came.
    """
    return {key: source.times[key] for key in source.times if key in fields}


def plan_one_way(pair: Pair, fields: Collection[str], seen: Seen, noted: Collection[str] = ()) -> PairPlan:
    """What the target's contact gets.

    A field that the source changed since the last sync overwrites the target's, be it with a blank; any other is left
    as the target has it. At the first sync, of a pair or of a field, whatever the source has is written, and its blanks
    erase nothing. Whoever opted out in the target stays so. Nothing is ever written to the source.

    An address that could not be given stays noted, and is given by the first sync that can.

    Args:
        pair: the source's contact as the sender, the target's as the receiver; ``out_of_step`` names the fields that
            travel for the first time.
        fields: what travels.
        seen: what ``seen_of`` gave at the last sync.
        noted: the addresses that the last sync could not give.
    """
    source, target = pair.sender, pair.receiver
    writes: dict[str, Write] = {}
    for key in fields:
        anew = pair.first or key in pair.out_of_step
        if key == "emails" or not (anew or source.times.get(key) != seen.get(key)):
            continue
        wanted, held = source.value(key), target.value(key)
        if wanted == held or (wanted is None and anew) or _opted_out(key, held):
            continue
        writes[key] = Write(wanted, source.time(key))
    filled = sum(target.value(key) is None for key in writes)
    if pair.first and target.value(REFERENCE) != str(source.id):
        writes[REFERENCE] = Write(str(source.id), source.created)
    change, notes = _emails(pair, "emails" in fields, seen, noted)
    return PairPlan(
        sender_writes={},
        receiver_writes=writes,
        sender_emails=NO_CHANGE,
        receiver_emails=change,
        conflicts=(),
        out_of_step=frozenset(),
        email_base=_base(pair, change, "emails" in fields),
        notes=notes,
        open_conflicts=0,
        counts=Counts(filled + len(change.add), len(writes) - (REFERENCE in writes) - filled + len(change.remove), 0),
    )


def _opted_out(key: str, held: Value) -> bool:
    return key in OPT_OUTS and held is OPT_OUTS[key]


def _emails(pair: Pair, travel: bool, seen: Seen, noted: Collection[str]) -> tuple[EmailChange, tuple[EmailNote, ...]]:
    """The addresses that the target's contact gains and loses, and those that it cannot be given."""
    if not travel:
        return NO_CHANGE, ()
    source, target = emails_of(pair.sender), emails_of(pair.receiver)
    anew = pair.first or "emails" in pair.out_of_step
    if not anew and pair.sender.times.get("emails") == seen.get("emails"):
        return _gained([address for address in source if address in noted], target, (), pair.receiver_taken)
    base = () if anew else pair.email_base
    remove = tuple(address for address in target if address in base and address not in source)
    return _gained(source, target, remove, pair.receiver_taken)


def _gained(
    source: Collection[str], target: Collection[str], remove: tuple[str, ...], taken: Set[str]
) -> tuple[EmailChange, tuple[EmailNote, ...]]:
    free = MAX_EMAILS - (len(target) - len(remove))
    add: list[str] = []
    notes: list[EmailNote] = []
    for address in source:
        if address in target:
            continue
        if address in taken:
            notes.append(EmailNote(Side.RECEIVER, address, EmailHindrance.BELONGS_TO_ANOTHER))
        elif len(add) >= free:
            notes.append(EmailNote(Side.RECEIVER, address, EmailHindrance.NO_FREE_SLOT))
        else:
            add.append(address)
    return EmailChange(tuple(add), remove), tuple(notes)


def _base(pair: Pair, change: EmailChange, travel: bool) -> tuple[str, ...]:
    if not travel:
        return pair.email_base
    held = set(change.applied_to(emails_of(pair.receiver)))
    return tuple(sorted(held.intersection(emails_of(pair.sender))))
