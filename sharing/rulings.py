"""What becomes of one field on which two matched profiles differ."""

from dataclasses import dataclass
from enum import Enum, auto

from sharing.fields import OPT_OUTS, field_of
from sharing.kinds import Group, Kind
from sharing.modes import SyncMode
from sharing.records import Record, Value
from sharing.values import text


class Ruling(Enum):
    """The answers there are."""

    LEFT = auto()
    APART = auto()
    CONFLICT = auto()
    TO_RECEIVER = auto()
    TO_SENDER = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is synced.

    Attributes:
        key: the field.
        mode: the mode that governs it.
        fill_only: it is filled where blank, and never overwritten, cleared or reviewed.
        held: the value that no sync takes away from whoever holds it, for an opt-out.
    """

    key: str
    mode: SyncMode
    fill_only: bool = False
    held: Value = None


def rule_of(key: str, mode: SyncMode, overwrite_districts: bool) -> Rule:
    """How a field is synced where a mode governs it.

    Args:
        key: a catalogue key or ``custom:slug``; not emails, which are a set and have no rule of this kind.
        mode: the mode that governs the field for this pair.
        overwrite_districts: either nation has auto-districting on.

    Raises:
        KeyError: no field bears this key.
        ValueError: the key names no single value.
    """
    field = field_of(key)
    if field.kind is Kind.EMAILS or key == "custom_fields":
        raise ValueError(f"{key} is no single value")
    if field.kind is Kind.ADDRESS or (overwrite_districts and field.group is Group.DISTRICTS):
        mode = SyncMode.ACCEPT_ALL
    return Rule(key, mode, field.group is Group.VOTER_KEY, OPT_OUTS.get(key))


def ruling(rule: Rule, sender: Record, receiver: Record, first: bool, in_step: bool) -> Ruling:
    """What becomes of a field on which sender and receiver differ.

    A blank is filled, in every mode. A field that a person cleared is blank like any other at the first sync and
    against a value no older than the clearing; otherwise the clearing stands: it travels where everything is accepted,
    is a conflict under review, and where only blanks are accepted it stays where it was made. Equal times are decided
    by the canonical text, the greater one winning, whichever side it is on.

    An opt-out is never weakened on the side that holds it. Where its opposite would win, both keep what they have: the
    opt-out does not travel against a more recent word either, or nobody could ever take one back. Where the sender's
    value is barred that way at the first sync, the most recent decides at once, so that the next sync finds nothing
    left to do.

    Args:
        rule: how the field is synced.
        sender: the sender's profile.
        receiver: the receiver's profile; its value is another one.
        first: the pair is synced for the first time in this share.
        in_step: the two were equal, or one was filled from the other, at some sync before this one.
    """
    key = rule.key
    given, present = sender.values.get(key), receiver.values.get(key)
    if given is None:
        if first or not _clearing_stands(key, sender, receiver):
            return Ruling.TO_SENDER
        return _withheld(rule, in_step=False) or _unless_held(rule, present, Ruling.TO_RECEIVER)
    if present is None:
        if first or not _clearing_stands(key, receiver, sender):
            return Ruling.TO_RECEIVER
        return _withheld(rule, in_step=False) or _unless_held(rule, given, Ruling.TO_SENDER)
    if withheld := _withheld(rule, in_step and not first):
        return withheld
    if (first and present != rule.held) or _rank(sender, key) > _rank(receiver, key):
        return _unless_held(rule, present, Ruling.TO_RECEIVER)
    return _unless_held(rule, given, Ruling.TO_SENDER)


def _clearing_stands(key: str, blank: Record, filled: Record) -> bool:
    return key in blank.cleared and blank.time(key) > filled.time(key)


def _withheld(rule: Rule, in_step: bool) -> Ruling | None:
    if rule.fill_only:
        return Ruling.LEFT
    if rule.mode is SyncMode.ALWAYS_REVIEW:
        return Ruling.CONFLICT
    if rule.mode is SyncMode.ACCEPT_BLANK_ONLY and not in_step:
        return Ruling.APART
    return None


def _unless_held(rule: Rule, overwritten: Value, answer: Ruling) -> Ruling:
    return Ruling.LEFT if overwritten == rule.held else answer


def _rank(record: Record, key: str) -> tuple[int, str]:
    return record.time(key), text(record.values[key]) or ""
