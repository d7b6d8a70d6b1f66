"""Random stories of an audience: at rest each target holds what the rules say, and what was there before is untouched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest

from models.match import Match
from models.profile import Profile
from sharing.states import LINKED
from tests.audience import Audience, active, who
from tests.world import Nation, World

MILLS = ("Acme", "Bolt", "Cog")
TOWNS = ("East", "West")
FIELDS = ("last_name", "employer", "occupation")
STEPS = 45
OWN = "https://own.example/"


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
    paused: bool = False
    met: int = 0

    async def step(self) -> None:
        """Do something."""
        often = [self.meet, self.edit, self.edit_there, self.sync] * 2
        doing = self.dice.choice([*often, self.edit, self.sync, self.part, self.choose, self.rule, self.pause])
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
        if not self.people:
            return
        person, key = self.dice.choice(list(self.people)), self.dice.choice(FIELDS)
        value = self.value(key)
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
        names, fields = self.names.get(target, ()), self.fields.get(target, ())
        carried = {person for person in self.people if any(self.holds(name, person) for name in names)}
        for known in [key for key in self.seen if key[0] == target and (key[1] not in carried or key[2] not in fields)]:
            del self.seen[known]  # who comes back, and what travels again, is synced for the first time
        for person in carried:
            for key in fields:
                place, now, value = (target, person, key), self.edits[person, key], self.people[person][key]
                if (place not in self.seen and value is not None) or self.seen.get(place, now) != now:
                    self.held[place] = value
                self.seen[place] = now

    async def look(self, target: Nation) -> None:
        """Compare a target with the model."""
        names = self.names.get(target.id, ())
        carried = {person for person in self.people if any(self.holds(name, person) for name in names)}
        linked = await self.links(target)
        assert linked.keys() == carried
        known = {f"P{number}" for number in range(2)}
        assert {one.first_name for one in await active(target)} == known | {
            self.people[person]["first_name"] for person in carried
        }
        for person, contact in linked.items():
            for key in FIELDS:
                assert getattr(contact, key) == self.held.get((target.id, person, key)), (contact.first_name, key)
            assert contact.website == (OWN if contact.first_name in known else None)
        if not names:
            return
        assert await self.audience.members(target) == {self.people[person]["first_name"] for person in carried}
        for name in names:
            inside = {self.people[person]["first_name"] for person in carried if self.holds(name, person)}
            assert await self.audience.in_segment(target, self.segments[name]) == inside


@pytest.mark.parametrize("seed", [11, 24, 27])
async def test_at_rest_each_target_holds_what_the_rules_say(world: World, seed: int):
    audience = await Audience.among(world, "east", "west")
    story = Story(audience, Random(seed))
    for target in audience.targets:
        for number in range(2):
            mail = [f"p{number}@example.org"]
            await target.person(first_name=f"P{number}", website=OWN, emails=mail)
    for name in ("mill one", "mill two", "town"):
        story.wanted[name] = MILLS[0] if name.startswith("mill") else TOWNS[0]
        story.segments[name] = await audience.segment(name, story.criteria(name))
    for _ in range(4):
        await story.meet()
    story.draw()
    await audience.create(story.rules())
    await audience.activate()
    for _ in range(STEPS):
        await story.step()
    await story.sync()
    await audience.delete()
    for target in audience.targets:
        assert {person.first_name for person in await active(target)} == {"P0", "P1"}
