"""The plan that brings one matched pair of profiles into step."""

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from sharing.conflicts import QUEUED, ConflictChange, KnownConflict, close, contest
from sharing.mailboxes import EmailChange, EmailNote, emails_of, merge
from sharing.modes import SyncMode, Terms, effective_modes
from sharing.records import Record
from sharing.rulings import Rule, Ruling, rule_of, ruling
from sharing.states import ConflictState, MatchState
from sharing.writes import Write

NO_CONFLICTS: Mapping[str, KnownConflict] = MappingProxyType({})
NO_CHANGE = EmailChange()


class Pair(NamedTuple):
    """Two matched profiles, and what is known of them from earlier syncs in this share.

    Attributes:
        sender: the sender's profile.
        receiver: the receiver's profile; one without values for a profile that is about to be created.
        first: the pair is synced for the first time in this share.
        out_of_step: fields that differed at the first sync and have been neither equal nor filled since.
        email_base: the addresses that both held after the last sync.
        conflicts: the conflicts ever recorded for the match, by field.
        sender_taken: those of the receiver's addresses that somebody else in the sender's nation holds.
        receiver_taken: those of the sender's addresses that somebody else in the receiver's nation holds.
    """

    sender: Record
    receiver: Record
    first: bool
    out_of_step: frozenset[str] = frozenset()
    email_base: tuple[str, ...] = ()
    conflicts: Mapping[str, KnownConflict] = NO_CONFLICTS
    sender_taken: Set[str] = frozenset()
    receiver_taken: Set[str] = frozenset()


class Counts(NamedTuple):
    """What a plan amounts to, for previews, progress and brakes.

    Attributes:
        filled: blank fields that get a value, and email addresses added.
        overwritten: values replaced or cleared, and email addresses removed.
        conflicts: conflicts opened or reopened.
    """

    filled: int
    overwritten: int
    conflicts: int


class PairPlan(NamedTuple):
    """What is to be done to bring a pair into step; once done, planning again asks for nothing.

    Attributes:
        sender_writes: what the sender's profile gets, by field, emails aside.
        receiver_writes: what the receiver's profile gets, likewise.
        sender_emails: the addresses that the sender's profile gains and loses.
        receiver_emails: the addresses that the receiver's profile gains and loses.
        conflicts: the steps to record.
        out_of_step: the fields that are out of step afterwards, replacing those known.
        email_base: the addresses that both hold afterwards, sorted, replacing those known.
        notes: every address that cannot be given to the side that lacks it, replacing those noted.
        open_conflicts: how many conflicts are open afterwards.
        counts: what it amounts to.
    """

    sender_writes: Mapping[str, Write]
    receiver_writes: Mapping[str, Write]
    sender_emails: EmailChange
    receiver_emails: EmailChange
    conflicts: tuple[ConflictChange, ...]
    out_of_step: frozenset[str]
    email_base: tuple[str, ...]
    notes: tuple[EmailNote, ...]
    open_conflicts: int
    counts: Counts

    @property
    def state(self) -> MatchState:
        """What the match is afterwards: a skipped conflict does not count, an open one does."""
        return MatchState.CONFLICTED if self.open_conflicts else MatchState.SYNCED


class Planner:
    """Plans the pairs of one share that are under the same modes.

    Args:
        fields: the covered fields by catalogue key, ``custom:slug`` for a custom field.
        modes: the mode that governs each, the strictest where several live shares link the pair; emails need none.
        overwrite_districts: either nation has auto-districting on.

    Raises:
        KeyError: a field is not in the catalogue, or has no mode.
        ValueError: ``custom_fields`` is given, which stands for no single field.
    """

    __slots__ = ("_emails", "_rules")

    def __init__(self, fields: Sequence[str], modes: Mapping[str, SyncMode], overwrite_districts: bool) -> None:
        self._emails = "emails" in fields
        rules = (rule_of(key, modes[key], overwrite_districts) for key in dict.fromkeys(fields) if key != "emails")
        self._rules: Mapping[str, tuple[int, Rule]] = {rule.key: (place, rule) for place, rule in enumerate(rules)}

    def plan(self, pair: Pair) -> PairPlan:
        """What brings the pair into step.

        Fields that are not covered are neither written nor read; what is known of their step stays as it is, and their
        conflicts close, since neither side may see the other's value any more.
        """
        sent, received = pair.sender.values.get, pair.receiver.values.get
        draft = _Draft(pair)
        known = {**pair.sender.values, **pair.receiver.values}
        apart = [self._rules[key] for key in known if sent(key) != received(key) and key in self._rules]
        for _, rule in sorted(apart, key=itemgetter(0)):
            draft.settle(rule)
        if pair.conflicts:
            draft.close_conflicts()
        if pair.out_of_step:
            draft.apart.update(pair.out_of_step - self._rules.keys())
        if self._emails:
            draft.merge_emails()
        return draft.finished()


@lru_cache(maxsize=1024)
def planner_for(own: Terms, others: frozenset[Terms], overwrite_districts: bool) -> Planner:
    """The planner for pairs that one share links, and other live shares too.

    Args:
        own: the terms of the share that is synced.
        others: the terms of every other live share that links the pair, in either direction.
        overwrite_districts: either nation has auto-districting on.
    """
    return Planner(own.fields, effective_modes(own, others), overwrite_districts)


class _Draft:
    """A plan in the making."""

    __slots__ = (
        "apart",
        "base",
        "contested",
        "filled",
        "notes",
        "open_conflicts",
        "overwritten",
        "pair",
        "receiver_emails",
        "receiver_writes",
        "sender_emails",
        "sender_writes",
        "steps",
    )

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.sender_writes: dict[str, Write] = {}
        self.receiver_writes: dict[str, Write] = {}
        self.sender_emails = self.receiver_emails = NO_CHANGE
        self.steps: list[ConflictChange] = []
        self.contested: set[str] = set()
        self.apart: set[str] = set()
        self.base = pair.email_base
        self.notes: tuple[EmailNote, ...] = ()
        self.filled = self.overwritten = self.open_conflicts = 0

    def settle(self, rule: Rule) -> None:
        """Decide on a field on which the two differ."""
        pair, key = self.pair, rule.key
        decided = ruling(rule, pair.sender, pair.receiver, pair.first, key not in pair.out_of_step)
        if decided is Ruling.TO_RECEIVER:
            self._write(self.receiver_writes, key, pair.sender, pair.receiver)
        elif decided is Ruling.TO_SENDER:
            self._write(self.sender_writes, key, pair.receiver, pair.sender)
        elif decided is Ruling.APART:
            self.apart.add(key)
        elif decided is Ruling.CONFLICT:
            self._contest(key)

    def _write(self, writes: dict[str, Write], key: str, origin: Record, target: Record) -> None:
        writes[key] = Write(origin.values.get(key), origin.time(key))
        if target.values.get(key) is None:
            self.filled += 1
        else:
            self.overwritten += 1

    def _contest(self, key: str) -> None:
        pair, known = self.pair, self.pair.conflicts.get(key)
        self.contested.add(key)
        if pair.first or key in pair.out_of_step:
            self.apart.add(key)
        step = contest(key, known, pair.sender.value(key), pair.receiver.value(key))
        if step:
            self.steps.append(step)
        if step or (known and known.state is ConflictState.OPEN):
            self.open_conflicts += 1

    def close_conflicts(self) -> None:
        """Close every conflict that is one no longer."""
        for key, known in self.pair.conflicts.items():
            if key not in self.contested and (step := close(key, known)):
                self.steps.append(step)

    def merge_emails(self) -> None:
        """Bring the email addresses together."""
        pair = self.pair
        merged = merge(
            emails_of(pair.sender),
            emails_of(pair.receiver),
            () if pair.first else pair.email_base,
            pair.sender_taken,
            pair.receiver_taken,
        )
        self.sender_emails, self.receiver_emails = merged.sender, merged.receiver
        self.base, self.notes = merged.base, merged.notes
        self.filled += len(merged.sender.add) + len(merged.receiver.add)
        self.overwritten += len(merged.sender.remove) + len(merged.receiver.remove)

    def finished(self) -> PairPlan:
        """The plan."""
        return PairPlan(
            sender_writes=self.sender_writes,
            receiver_writes=self.receiver_writes,
            sender_emails=self.sender_emails,
            receiver_emails=self.receiver_emails,
            conflicts=tuple(self.steps),
            out_of_step=frozenset(self.apart),
            email_base=self.base,
            notes=self.notes,
            open_conflicts=self.open_conflicts,
            counts=Counts(self.filled, self.overwritten, sum(step.step in QUEUED for step in self.steps)),
        )
