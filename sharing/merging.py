"""Merging duplicates: one profile of a nation takes in others that are the same person."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sharing.errors import Refused
from sharing.fields import FIELDS, MAX_EMAILS, OPT_OUTS, field_of
from sharing.mailboxes import emails_of
from sharing.matching.identifiers import SCOPE_ADDRESS, SCOPES
from sharing.records import Record, Value
from sharing.values import text
from sharing.writes import Write

MAX_DUPLICATES = 10

_PLACES = {key: place for place, key in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A value that one of the profiles held, and the one that is left does not.

    Attributes:
        key: the catalogue key, ``custom:slug`` for a custom field.
        value: the value as canonical text.
    """

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Merger:
    """What becomes of the profile that is left.

    Attributes:
        writes: the fields that it gets, emails aside, each with the time at which the value came about.
        emails: its addresses anew, None where it gets none.
        dropped: what is lost to it, in order of the catalogue; each value once.
    """

    writes: Mapping[str, Write]
    emails: Write | None
    dropped: tuple[Dropped, ...]


def merger(survivor: Record, duplicates: Collection[Record], time: int) -> Merger:
    """What one profile takes in from its duplicates, in whatever order these are given.

    Its own values stay. A blank is filled with the value that came about last, unless a person cleared the field on
    purpose after that. An id that is unique within a place is filled only where the place is the same. An opt-out that
    anybody holds is held: against the survivor's own word it counts as an edit of now, or it would travel to nobody.

    Args:
        survivor: the profile that is left, with every field.
        duplicates: the others, likewise.
        time: the moment of merging, in microseconds since 1970, UTC.

    Raises:
        Refused: together they have more addresses than a profile has room for.
    """
    writes: dict[str, Write] = {}
    # The place comes first: it decides which of the ids that are unique within one may come along.
    keys = {key for record in duplicates for key in record.values if key != "emails"}
    for key in sorted(keys, key=lambda key: (key != SCOPE_ADDRESS, key)):
        if write := _taken(key, survivor, duplicates, writes.get(SCOPE_ADDRESS), time):
            writes[key] = write
    return Merger(writes, _mailboxes(survivor, duplicates), tuple(_dropped(survivor, duplicates, writes)))


def _taken(
    key: str, survivor: Record, duplicates: Collection[Record], address: Write | None, time: int
) -> Write | None:
    own, held = survivor.value(key), OPT_OUTS.get(key)
    holders = [record for record in duplicates if record.value(key) is not None]
    if held is not None and own != held and any(record.value(key) == held for record in holders):
        latest = max(record.time(key) for record in holders if record.value(key) == held)
        return Write(held, latest if own is None else time)
    if own is not None:
        return None
    if key in SCOPES:
        place = address.value if address else survivor.value(SCOPE_ADDRESS)
        holders = [record for record in holders if _within(key, record.value(SCOPE_ADDRESS)) == _within(key, place)]
    if key in survivor.cleared:
        holders = [record for record in holders if record.time(key) >= survivor.time(key)]
    if not holders:
        return None
    best = max(holders, key=lambda record: (record.time(key), text(record.value(key)) or ""))
    return Write(best.value(key), best.time(key))


def _within(key: str, address: Value) -> list[str]:
    """The place within which an id is unique, as ids are compared."""
    known = address if isinstance(address, Mapping) else {}
    return [str(known.get(part, "")).strip().casefold() for part in SCOPES[key]]


def _mailboxes(survivor: Record, duplicates: Collection[Record]) -> Write | None:
    """All addresses: the survivor's first, then those of whoever had theirs last."""
    own = emails_of(survivor)
    others = sorted((record for record in duplicates if emails_of(record)), key=lambda r: (-r.time("emails"), r.id))
    union = tuple(dict.fromkeys([*own, *(address for record in others for address in emails_of(record))]))
    if len(union) > MAX_EMAILS:
        raise Refused(
            f"Together they have {len(union)} email addresses, and a profile has room for {MAX_EMAILS}: "
            f"{', '.join(union)}. Remove {len(union) - MAX_EMAILS} of them first."
        )
    if union == own:
        return None
    return Write(union, max(record.time("emails") for record in [*others, *([survivor] if own else [])]))


def _dropped(survivor: Record, duplicates: Collection[Record], writes: Mapping[str, Write]) -> Iterator[Dropped]:
    everybody: Sequence[Record] = [survivor, *duplicates]
    keys = {key for record in everybody for key in record.values if key != "emails"}
    for key in sorted(keys, key=lambda key: (_PLACES[field_of(key).key], key)):
        left = text(writes[key].value if key in writes else survivor.value(key))
        held = {value for record in everybody if (value := text(record.value(key))) is not None}
        yield from (Dropped(key, value) for value in sorted(held - {left}))
