"""A random story of an audience, and a plain model of what its targets hold of it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest

from actions.audiences.rules import sync_audience_now
from actions.running import step_run
from models.match import Match
from models.profile import Profile
from models.run import SyncRun
from sharing.errors import Locked
from sharing.states import LINKED, RunState
from sharing.visibility import ANONYMOUS
from tests.audience import Audience, active, who
from tests.world import Nation
from workers.sweep import sweep

MILLS = ("Acme", "Bolt", "Cog")
TOWNS = ("East", "West")
FIELDS = ("last_name", "employer", "occupation")
OWN = "https://own.example/"
KNOWN = {"P0", "P1"}


class Killed(Exception):
    """The worker is gone."""


@dataclass
class Story:
    """What is done at random, and what a plain model of the rules holds that the targets have.

    Attributes:
        people: what the source holds of each person.
        edits: how often each field of each person was edited.
        held: by target, person and field, what the target's contact is to hold.
        seen: by target, person and field, the edits that the last sync saw.
        names: the names of the segments that each target gets, by its number.
        fields: what travels to each.
        archived: who is archived in the source.
        own: by target and person, the name of the contact that the target restored itself, and so keeps.
        put_away: of those, whom the target archived.
    """

    audience: Audience
    dice: Random
    segments: dict[str, UUID] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    people: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    edits: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    held: dict[tuple[int, UUID, str], Any] = field(default_factory=dict)
    seen: dict[tuple[int, UUID, str], int] = field(default_factory=dict)
    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    fields: dict[int, tuple[str, ...]] = field(default_factory=dict)
    archived: set[UUID] = field(default_factory=set)
    own: dict[tuple[int, UUID], str] = field(default_factory=dict)
    put_away: set[tuple[int, UUID]] = field(default_factory=set)
    paused: bool = False
    met: int = 0

    async def step(self) -> None:
        """Do something."""
        often = [self.meet, self.edit, self.edit_there, self.sync] * 2
        sometimes = [self.part, self.choose, self.rule, self.pause, self.archive, self.archive_there, self.die]
        doing = self.dice.choice([*often, self.edit, self.sync, *sometimes])
        await doing()

    async def meet(self) -> None:
        """Somebody new comes to the source."""
        number, self.met = self.met, self.met + 1
        values = {key: self.value(key) for key in FIELDS}
        given = {key: value for key, value in values.items() if value is not None}
        person = await self.audience.source.person(first_name=f"P{number}", emails=[f"p{number}@example.org"], **given)
        self.people[person] = values | {"first_name": f"P{number}"}

    def value(self, key: str) -> str | None:
        """Return what a field may hold."""
        if key == "employer":
            return self.dice.choice(MILLS)
        return self.dice.choice(TOWNS) if key == "occupation" else self.dice.choice([None, "Ames", "Bell", "Cole"])

    async def edit(self) -> None:
        """The source edits somebody."""
        if not self.present():
            return
        person, key = self.dice.choice(self.present()), self.dice.choice(FIELDS)
        await self.write(person, key, self.value(key))

    async def write(self, person: UUID, key: str, value: str | None) -> None:
        """The source gives somebody a value, or takes one away."""
        if value == self.people[person][key]:
            return
        self.people[person][key] = value
        self.edits[person, key] += 1
        await self.audience.source.edit(person, **({key: value} if value else {}), clear=() if value else [key])

    async def edit_there(self) -> None:
        """A target edits one of its contacts."""
        target = self.dice.choice(self.audience.targets)
        linked = await self.links(target)
        if not linked:
            return
        person, contact = self.dice.choice(sorted(linked.items()))
        key, value = self.dice.choice(FIELDS), self.dice.choice(["Own", "Other"])
        await target.edit(contact.id, **{key: value})
        self.held[target.id, person, key] = value

    async def part(self) -> None:
        """The source deletes somebody."""
        if len(self.people) > 3:
            person = self.dice.choice(list(self.people))
            await self.audience.source.delete(person)
            del self.people[person]
            self.archived.discard(person)

    def present(self) -> list[UUID]:
        """Return who is in the source and not archived."""
        return [person for person in self.people if person not in self.archived]

    async def archive(self) -> None:
        """The source archives somebody, or restores whom it archived."""
        if self.archived and self.dice.random() < 0.6:
            person = self.dice.choice(sorted(self.archived))
            await self.audience.source.restore(person)
            self.archived.remove(person)
        elif self.present():
            person = self.dice.choice(self.present())
            await self.audience.source.archive(person)
            self.archived.add(person)

    async def archive_there(self) -> None:
        """A target archives a contact: one in the locked group it may not. Or it restores one, which is its own then."""
        target = self.dice.choice(self.audience.targets)
        linked = await self.links(target)
        if linked and self.dice.random() < 0.3:
            with pytest.raises(Locked):
                await target.archive(self.dice.choice([linked[person] for person in sorted(linked)]).id)
            return
        known = {UUID(reference): contact for contact in await target.people() if (reference := referred(contact))}
        free = [person for person in sorted(known.keys() - linked.keys()) if known[person].first_name not in KNOWN]
        if not free:
            return
        person = self.dice.choice(free)
        if known[person].archived_at:
            await target.restore(known[person].id)
            self.own[target.id, person] = str(known[person].first_name)
            self.put_away.discard((target.id, person))
        else:
            await target.archive(known[person].id)
            self.put_away.add((target.id, person))

    async def die(self) -> None:
        """A sync is broken off within a step; the source goes on; whatever was left is taken up again."""
        if self.paused:
            await self.pause()
        world = self.audience.world
        async with world.unit(self.audience.source.admin) as unit:
            await sync_audience_now(unit, self.audience.id)
        for run in await SyncRun.filter(state=RunState.QUEUED, share__sender_id=self.audience.source.id).order_by("id"):
            for _ in range(self.dice.randint(0, 7)):
                async with world.unit(ANONYMOUS) as unit:
                    if not await step_run(unit, run.id):
                        break
            with suppress(Killed):
                async with world.unit(ANONYMOUS) as unit:
                    await step_run(unit, run.id)
                    raise Killed
        world.post.jobs.clear()
        await self.meet()
        for person in self.dice.sample(self.present(), min(2, len(self.present()))):
            await self.write(person, "last_name", self.dice.choice(["Dunn", "Eads"]))
        await sweep(world.post)
        await world.work()
        await self.sync()

    async def choose(self) -> None:
        """A segment is to hold others."""
        name = self.dice.choice(sorted(self.segments))
        self.wanted[name] = self.dice.choice(MILLS if name.startswith("mill") else TOWNS)
        await self.audience.change_segment(self.segments[name], self.criteria(name))

    def criteria(self, name: str) -> dict[str, Any]:
        """Return the criteria of a segment."""
        return who("employer" if name.startswith("mill") else "occupation", self.wanted[name])

    def holds(self, name: str, person: UUID) -> bool:
        """Return whether a segment holds somebody."""
        key = "employer" if name.startswith("mill") else "occupation"
        return self.people[person][key] == self.wanted[name]

    async def rule(self) -> None:
        """The rules are edited."""
        self.draw()
        for known in [key for key in self.seen if key[0] not in self.names]:
            del self.seen[known]  # with a target that is left out it ends at once, not with the next sync
        await self.audience.update(self.rules())

    def draw(self) -> None:
        """Make rules up: at least one target, each with segments and fields of its own."""
        self.names, self.fields = {}, {}
        for target in self.dice.sample(self.audience.targets, self.dice.randint(1, len(self.audience.targets))):
            some = self.dice.sample(sorted(self.segments), self.dice.randint(1, len(self.segments)))
            self.names[target.id] = tuple(sorted(some))
            self.fields[target.id] = ("first_name", *sorted(self.dice.sample(FIELDS, self.dice.randint(1, 3))))

    def rules(self) -> Any:
        """Return the rules as drawn."""
        found = []
        for target in self.audience.targets:
            if target.id in self.names:
                segments = [self.segments[name] for name in self.names[target.id]]
                rules = self.audience.rules(*segments, targets=[target], fields=self.fields[target.id])
                found += rules.targets
        return type(rules)("Group", tuple(found))

    async def pause(self) -> None:
        """It is paused, or goes on."""
        await (self.audience.resume() if self.paused else self.audience.pause())
        self.paused = not self.paused

    async def links(self, target: Nation) -> dict[UUID, Profile]:
        """Return the contacts of a target, by the source's person."""
        share = {"share__receiver_id": target.id, "share__sender_id": self.audience.source.id}
        rows = await Match.filter(**share, state__in=list(LINKED))
        contacts = await Profile.in_bulk([row.receiver_profile_id for row in rows], "id")
        return {row.sender_profile_id: contacts[row.receiver_profile_id] for row in rows if row.receiver_profile_id}

    async def sync(self) -> None:
        """Sync to the end, and look."""
        if self.paused:
            await self.pause()
        await self.audience.sync()
        for target in self.audience.targets:
            self.carry(target.id)
            await self.look(target)

    def carry(self, target: int) -> None:
        """Do in the model what a sync does to a target."""
        fields = self.fields.get(target, ())
        carried = self.carried(target)
        self.put_away -= {(target, person) for person in carried}
        for known in [key for key in self.seen if key[0] == target and (key[1] not in carried or key[2] not in fields)]:
            del self.seen[known]  # who comes back, and what travels again, is synced for the first time
        for person in carried:
            for key in fields:
                place, now, value = (target, person, key), self.edits[person, key], self.people[person][key]
                if (place not in self.seen and value is not None) or self.seen.get(place, now) != now:
                    self.held[place] = value
                self.seen[place] = now

    def carried(self, target: int) -> set[UUID]:
        """Return who is shared with a target."""
        names = self.names.get(target, ())
        return {person for person in self.present() if any(self.holds(name, person) for name in names)}

    def kept(self, target: int) -> set[str]:
        """Return the names of those whom a target keeps whatever is shared with it."""
        return {name for place, name in self.own.items() if place[0] == target and place not in self.put_away}

    async def look(self, target: Nation) -> None:
        """Compare a target with the model."""
        names, carried = self.names.get(target.id, ()), self.carried(target.id)
        linked = await self.links(target)
        assert linked.keys() == carried
        shared = {self.people[person]["first_name"] for person in carried}
        assert await names_in(target) == KNOWN | self.kept(target.id) | shared
        for person, contact in linked.items():
            for key in FIELDS:
                assert getattr(contact, key) == self.held.get((target.id, person, key)), (contact.first_name, key)
            assert contact.website == (OWN if contact.first_name in KNOWN else None)
        if not names:
            return
        assert await self.audience.members(target) == shared
        for name in names:
            inside = {self.people[person]["first_name"] for person in carried if self.holds(name, person)}
            assert await self.audience.in_segment(target, self.segments[name]) == inside


async def names_in(target: Nation) -> set[str]:
    """Return the first names of a target's contacts, of whom none has the name of another."""
    names = [str(contact.first_name) for contact in await active(target)]
    assert len(set(names)) == len(names)
    return set(names)


def referred(contact: Profile) -> str | None:
    """Return whom of the source a contact says that it is."""
    return contact.custom_fields.get("audience_sharing_reference_ids")
