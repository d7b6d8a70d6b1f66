"""Nations in the database beside what the model thinks of them, and the two compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from models.conflict import Conflict
from models.profile import Profile
from models.records import load_records
from sharing.fields import FIELDS
from sharing.values import text
from sharing.visibility import Caller
from tests.actions.model import Link, Model, Person, Share
from tests.couples import ANN, BEN, CLEO
from tests.world import Nation, SharedTag, World

KINDRED = (ANN, BEN, CLEO)


@dataclass
class Stage:
    """Nations, people and shares as the database has them and as the model has them."""

    world: World
    nations: list[Nation] = field(default_factory=list)
    tags: list[list[UUID]] = field(default_factory=list)
    model: Model = field(default_factory=lambda: Model([]))
    ids: dict[Person, UUID] = field(default_factory=dict)
    shares: dict[Share, SharedTag] = field(default_factory=dict)
    moments: dict[int, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def tell(self, *what: Any) -> None:
        """Note what happens, for whoever reads of a difference."""
        self.told.append(" ".join(str(word) for word in what))

    def name(self, person: Person) -> str:
        """Return how a person is called in what is told."""
        return f"{'abcde'[person.nation]}:{('Ann', 'Ben', 'Cleo')[person.kin]}#{list(self.ids).index(person)}"

    def some(self, dice: Random, *statuses: str) -> Share | None:
        """Return a share in one of some statuses."""
        shares = [share for share in self.model.shares if share.status in statuses]
        return dice.choice(shares) if shares else None

    def somebody(self, dice: Random) -> Person | None:
        """Return somebody."""
        return dice.choice(self.model.people) if self.model.people else None

    async def record(self, person: Person) -> Any:
        """Return a profile as it stands."""
        return await self.nations[person.nation].record(self.ids[person])

    def label(self, share: Share) -> str:
        """Return how a share is called in what is told."""
        return f"{'abcde'[share.sender]}>{'abcde'[share.receiver]}/{share.tag}"

    def conflicts(self) -> list[tuple[Share, Person, Link, str]]:
        """Return what waits for a person, or was skipped."""
        return [
            (share, person, link, key)
            for share in self.model.shares
            for person, link in share.links.items()
            for key, (state, *_) in sorted(link.conflicts.items())
            if state != "RESOLVED"
        ]

    def digest(self) -> list[Any]:
        """Return all that the model holds, to see whether it moved."""
        people = [(dict(p.values), dict(p.times), set(p.cleared)) for p in self.model.people]
        links = [
            (link.state, link.stage, link.doubt, set(link.apart), set(link.base), set(link.notes), dict(link.conflicts))
            for share in self.model.shares
            for link in share.links.values()
        ]
        return [people, links]

    async def compare(self) -> None:
        """Compare all that both hold."""
        for share in self.model.shares:
            await self.compare_share(share)
        await self.compare_people()

    async def compare_people(self) -> None:
        rows = {row.id: row for row in await Profile.filter(nation_id__in=[nation.id for nation in self.nations])}
        assert rows.keys() == {self.ids[person] for person in self.model.people}
        async with self.world.unit(Caller()) as unit:
            records = await load_records(unit.pg, list(rows), FIELDS)
        for person in self.model.people:
            record, row = records[self.ids[person]], rows[self.ids[person]]
            known = {key: value for key, value in record.values.items() if key not in KINDRED[person.kin]}
            assert known == person.values, f"{self.name(person)}: {known} is {person.values} in the model"
            assert record.cleared == person.cleared
            assert (row.is_supporter, row.is_prospect) == (person.supporter, person.prospect)
            for key in {*person.values, *person.cleared} - {"emails"}:
                expected = self.moments[person.time(key)]
                assert record.time(key) == expected, (
                    f"{self.name(person)} {key}: {record.time(key)} is {expected} in the model"
                )

    async def compare_share(self, share: Share) -> None:
        shared = self.shares[share]
        await shared.boxes()
        assert (await shared.row()).status == share.status
        matches = {match.sender_profile_id: match for match in await shared.matches()}
        assert matches.keys() == {self.ids[person] for person in share.links}
        for person, link in share.links.items():
            await self.compare_link(matches[self.ids[person]], link, f"{self.label(share)} {self.name(person)}")
        assert await shared.tagged() == {self.ids[link.to] for link in share.links.values() if link.to}

    async def compare_link(self, match: Any, link: Link, name: str) -> None:
        found = (match.state, match.ambiguity, match.receiver_profile_id)
        expected = (link.state, link.doubt, self.ids[link.to] if link.to else None)
        assert found == expected, f"{name}: {found} is {expected} in the model"
        if link.to is None:
            return
        assert match.stage == link.stage
        assert set(match.out_of_step) == link.apart
        assert set(match.email_base) == link.base
        assert {(n["side"], n["address"], n["hindrance"]) for n in match.notes} == link.notes
        conflicts = {
            c.field: (c.state, c.sender_value, c.receiver_value) for c in await Conflict.filter(match_id=match.id)
        }
        assert conflicts == {key: (state, text(a), text(b)) for key, (state, a, b) in link.conflicts.items()}
