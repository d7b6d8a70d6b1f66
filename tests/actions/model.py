"""Tag sharing in plain Python: what must come of a story, one person and one field after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

ALWAYS = ("employer", "church", "home_address", "is_deceased", "twitter_id")
OPTIONAL = {
    "NATION_SPECIFIC": ("do_not_call", "email_opt_in", "mobile_opt_in", "support_level"),
    "VOLUNTEER": ("is_volunteer",),
    "EMAILS": ("emails",),
}
HELD = {"is_deceased": True, "do_not_call": True, "email_opt_in": False, "mobile_opt_in": False}
STAGES = ("UNIQUE_ID", "EMAIL", "HEURISTIC")
STRICTEST = ("ALWAYS_REVIEW", "ACCEPT_BLANK_ONLY", "ACCEPT_ALL")


@dataclass(eq=False)
class Person:
    """A profile: who it really is (``kin``), what it holds, when each field last changed."""

    nation: int
    kin: int
    born: int
    values: dict[str, Any] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)
    supporter: bool = False
    prospect: bool = False

    def time(self, key: str) -> int:
        """When a field last changed."""
        return self.times.get(key, self.born)

    def write(self, key: str, value: Any, time: int, *, clearing: bool = True) -> None:
        """Give a field a value; None blanks it, deliberately unless said otherwise."""
        self.values.pop(key, None)
        self.cleared.discard(key)
        if value not in (None, ()):
            self.values[key] = value
        elif clearing and key != "emails":
            self.cleared.add(key)
        self.times[key] = time


@dataclass(eq=False)
class Link:
    """What became of one of the sender's people: ``to`` is the receiver's profile, None where there is none for sure."""

    to: Person | None = None
    stage: str | None = None
    doubt: str | None = None
    first: bool = True
    met: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    base: set[str] = field(default_factory=set)
    notes: set[tuple[str, str, str]] = field(default_factory=set)
    conflicts: dict[str, tuple[str, Any, Any]] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The state of the match."""
        if self.to is None:
            return "AMBIGUOUS" if self.doubt else "NOT_FOUND"
        waits = any(state == "OPEN" for state, *_ in self.conflicts.values())
        return "MATCHED" if self.first else "CONFLICTED" if waits else "SYNCED"


@dataclass(eq=False)
class Share:
    """A tag of one nation, shared with another."""

    sender: int
    receiver: int
    tag: int
    syncs: bool
    groups: frozenset[str]
    offers: bool
    status: str = "PENDING"
    mode: str | None = None
    creates: bool = False
    prospects: bool = False
    links: dict[Person, Link] = field(default_factory=dict)


@dataclass
class Model:
    """Nations by number, their people and shares; ``clock`` counts what people do."""

    voters: list[bool]
    people: list[Person] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    clock: Iterator[int] = field(default_factory=count)

    def edit(self, person: Person, key: str, value: Any, *, clearing: bool) -> None:
        """Somebody of the nation edits a field; what stands already is no change."""
        marks = clearing and value is None and key not in person.cleared and key != "emails"
        if value != person.values.get(key) or marks:
            person.write(key, value, next(self.clock), clearing=clearing)

    def taken(self, person: Person, address: str) -> bool:
        """Whether somebody else in a person's nation has an address."""
        others = (p for p in self.people if p.nation == person.nation and p is not person)
        return any(address in p.values.get("emails", ()) for p in others)

    def decide(self, share: Share, person: Person, key: str, taker: Person | None) -> bool:
        """Somebody applies a conflict that is still as it was shown, or (taker None) skips it; False where refused."""
        link, other = share.links[person], share.links[person].to
        values = (person.values.get(key), other.values.get(key))
        if not {person, other} <= set(self.people) or share.tag not in person.tags:
            return False
        if taker is None:
            link.conflicts[key] = ("SKIPPED", *link.conflicts[key][1:])
        elif link.conflicts[key][1:] != values or key not in self.covered(share):
            return False
        else:
            taker.write(key, values[taker is person], next(self.clock))
        self.sync(share, person)
        return True

    def covered(self, share: Share) -> tuple[str, ...]:
        """Return what travels."""
        voters = ("precinct_name",) if self.voters[share.sender] and self.voters[share.receiver] else ()
        chosen = (key for group in sorted(share.groups) for key in OPTIONAL[group])
        return (*ALWAYS, *voters, *chosen) if share.syncs else ()

    def work(self, share: Share) -> None:
        """Bring a share up to date: end, find, contest, make, sync."""
        tagged = [p for p in self.people if p.nation == share.sender and share.tag in p.tags]
        there = {None, *self.people}
        share.links = {p: link for p, link in share.links.items() if p in tagged and link.to in there}
        searching = [p for p in tagged if p not in share.links or share.links[p].to is None]
        share.links |= {p: self.found(share, p) for p in searching}
        contest(share)
        for person in searching:
            if share.creates and share.links[person].state == "NOT_FOUND":
                share.links[person] = Link(self.made(share, person), "CREATED")
        for person in tagged:
            if share.links[person].to:
                self.sync(share, person)

    def found(self, share: Share, person: Person) -> Link:
        """Look for a person in the receiver: unique ids, then emails, then likeness; the first with a hit decides.

        Whoever stands there twice is in doubt, whatever points at one of both, unless the other has another id.
        """
        theirs = [p for p in self.people if p.nation == share.receiver]
        number, emails = person.values.get("twitter_id"), set(person.values.get("emails", ()))
        steps = (
            [p for p in theirs if number and p.values.get("twitter_id") == number],
            [p for p in theirs if "EMAILS" in share.groups and emails & set(p.values.get("emails", ()))],
            [p for p in theirs if p.kin == person.kin],
        )
        stage, hits = next(((s, h) for s, h in zip(STAGES, steps, strict=True) if h), (None, []))
        held = [p.values.get("twitter_id") for p in (*hits[:1], *(p for p in steps[-1] if p not in hits))]
        doubts = (
            ("MULTIPLE_CANDIDATES", len(hits) > 1),
            ("ID_CONFLICT", number and held[:1] not in ([], [None], [number])),
            ("CONTRADICTED", hits and hits[0].kin != person.kin),
            ("MULTIPLE_CANDIDATES", any(None in (number, id) or id == number for id in held[1:])),
        )
        doubt = next((doubt for doubt, holds in doubts if holds), None)
        return Link(doubt=doubt) if doubt or not hits else Link(hits[0], stage)

    def made(self, share: Share, origin: Person) -> Person:
        """Make a person whom the receiver lacks."""
        new = Person(share.receiver, origin.kin, next(self.clock), prospect=share.prospects)
        keys = self.covered(share)
        for key in origin.values.keys() & set(keys):
            new.write(key, origin.values[key], origin.time(key))
        if "emails" in new.values:
            new.write("emails", tuple(a for a in new.values["emails"] if not self.taken(new, a)), 0)
        new.values |= {key: False for key in ("email_opt_in", "mobile_opt_in") if key not in keys}
        level = new.values.get("support_level")
        signs = any(new.values.get(key) is True for key in ("email_opt_in", "mobile_opt_in", "is_volunteer"))
        new.supporter = not new.prospect and (level <= 2 if level else signs)
        self.people.append(new)
        return new

    def sync(self, share: Share, person: Person) -> None:
        """Bring a pair into step, field by field."""
        link = share.links[person]
        other, keys = link.to, self.covered(share)
        pair = {person, other}
        ties = [(f, tie) for f in self.shares if f.syncs for p, tie in f.links.items() if {p, tie.to} == pair]
        for key in keys:
            mode = min((f.mode for f, _ in ties if f.mode and key in self.covered(f)), key=STRICTEST.index)
            in_step = not link.first and key in link.met and not any(key in tie.apart for _, tie in ties)
            if key == "emails":
                self.bring_emails(link, person, other)
            else:
                settle(link, person, other, key, mode, in_step)
        for key in link.conflicts.keys() - set(keys):
            close(link, key)
        link.first, link.met = False, set(keys)

    def bring_emails(self, link: Link, one: Person, other: Person) -> None:
        """Bring two sets of addresses together: what either removed goes, what either lacks comes, if it may."""
        sides = (("SENDER", one, other), ("RECEIVER", other, one))
        before = {person: person.values.get("emails", ()) for person in (one, other)}
        link.notes = set()
        for side, person, across in sides:
            own = [a for a in before[person] if a in before[across] or a not in link.base]
            for address in (a for a in before[across] if a not in before[person] and a not in link.base):
                taken = self.taken(person, address)
                if taken or len(own) >= 4:
                    link.notes.add((side, address, "BELONGS_TO_ANOTHER" if taken else "NO_FREE_SLOT"))
                else:
                    own.append(address)
            if tuple(own) != before[person]:
                person.write("emails", tuple(own), across.time("emails"))
        link.base = set(one.values.get("emails", ())) & set(other.values.get("emails", ()))


def contest(share: Share) -> None:
    """Let the surest of those who claim one person have it; whom the share made belongs to who it was made from."""
    order, claims = ("CREATED", *STAGES), {p: link for p, link in share.links.items() if link.to}
    for person, claim in claims.items():
        rivals = [order.index(link.stage) for p, link in claims.items() if link.to is claim.to and p is not person]
        if min(rivals, default=len(order)) <= order.index(claim.stage):
            share.links[person] = Link(doubt="ALREADY_LINKED")


def settle(link: Link, one: Person, other: Person, key: str, mode: str, in_step: bool) -> None:
    """Settle one field of a pair by the table of modes."""
    ours, theirs = one.values.get(key), other.values.get(key)
    mode = "ACCEPT_ALL" if key == "home_address" else mode
    apart = key in link.apart or not in_step
    link.apart.discard(key)
    newer, older = (one, other) if one.time(key) > other.time(key) else (other, one)
    if ours == theirs:
        return close(link, key)
    if ours is None or theirs is None:
        blank, filled = (one, other) if ours is None else (other, one)
        if link.first or key not in blank.cleared or blank is not newer:
            blank.write(key, filled.values[key], filled.time(key))
            return close(link, key)
    elif link.first and mode == "ACCEPT_ALL" and theirs != HELD.get(key, ours):
        newer, older = one, other
    if mode == "ALWAYS_REVIEW":
        link.apart |= {key} if apart else set()
        state, *values = link.conflicts.get(key, ("RESOLVED",))
        if state == "RESOLVED" or values != [ours, theirs]:
            link.conflicts[key] = ("OPEN", ours, theirs)
        return None
    close(link, key)
    if mode == "ACCEPT_BLANK_ONLY" and (apart or ours is None or theirs is None):
        link.apart.add(key)
    elif older.values.get(key) != HELD.get(key, newer.values.get(key)):
        older.write(key, newer.values.get(key), newer.time(key))
    return None


def close(link: Link, key: str) -> None:
    """Close a conflict that is one no longer; it keeps the values that it was about."""
    if key in link.conflicts:
        link.conflicts[key] = ("RESOLVED", *link.conflicts[key][1:])
