"""Whatever people say about who is whom, in whatever order: figures and tags are right, and nobody is linked wrongly."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random
from typing import Any
from uuid import UUID

import pytest

from models.match import Match
from sharing.errors import InvalidInput, NotFound
from sharing.kinds import Group
from sharing.states import LINKED, MatchState
from tests.couples import ANN, BEN, CLEO
from tests.tables import holdings
from tests.world import Nation, SharedTag, World

LOOKS = [
    ANN,
    {**ANN, "van_id": "7"},
    BEN,
    {**BEN, "phone": "+14155550188"},
    CLEO,
    {"last_name": "Okonkwo", "van_id": "7"},
]
DEEDS = ("choose", "turn down", "unlink", "merge", "merge", "come", "leave", "edit", "sync")


class Story:
    """Two nations that share with one another, and what their people do, drawn by lot."""

    def __init__(self, world: World, lot: Random) -> None:
        self.world, self.lot = world, lot

    async def begin(self) -> None:
        """Make the nations, people, and a share in either direction."""
        self.nations = await self.world.nations("north", "south")
        self.tags = [await nation.tag("board") for nation in self.nations]
        for nation in self.nations:
            for _ in range(4):
                await self.come(nation)
        self.shares: list[SharedTag] = []
        for giver, taker, tag in zip(self.nations, reversed(self.nations), self.tags, strict=True):
            share = await giver.share(tag, taker, Group.UNIQUE_IDS, offer_new_profiles=True)
            self.shares.append(await share.accept(create=self.lot.random() < 0.5))
        await self.world.work()

    async def come(self, nation: Nation) -> None:
        """Somebody comes, most often tagged."""
        person = await nation.person(**self.lot.choice(LOOKS), employer=self.lot.choice(["Mill", "Shop"]))
        if self.lot.random() < 0.7:
            await nation.put_on(self.tags[self.nations.index(nation)], person)

    async def go_on(self) -> None:
        """Do one thing."""
        share, nation, deed = self.lot.choice(self.shares), self.lot.choice(self.nations), self.lot.choice(DEEDS)
        people = [person.id for person in await nation.people()]
        matches = await share.matches()
        doubted = [match for match in matches if match.state is MatchState.AMBIGUOUS and match.candidates]
        linked = [match for match in matches if match.state in LINKED]
        if deed == "choose" and doubted:
            await self.choose(share, self.lot.choice(doubted))
        elif deed == "turn down" and doubted:
            await share.turn_down(self.lot.choice(doubted).sender_profile_id)
        elif deed == "unlink" and linked:
            await share.unlink(self.lot.choice(linked).sender_profile_id, nation)
        elif deed == "merge" and len(people) > 2:
            await nation.merge(*self.lot.sample(people, self.lot.choice([2, 3])))
        elif deed == "come":
            await self.come(nation)
        elif deed == "leave" and len(people) > 3:
            await nation.delete(self.lot.choice(people))
        elif deed == "edit" and people:
            await nation.edit(self.lot.choice(people), church=self.lot.choice(["St Ann", "St Ben"]))
        elif deed == "sync":
            await share.sync()

    async def choose(self, share: SharedTag, match: Match) -> None:
        """Choose any of the candidates; one may be gone since, be held for good, or be said to be somebody else."""
        with suppress(NotFound, InvalidInput):
            await share.choose(match.sender_profile_id, UUID(self.lot.choice(match.candidates)["profile"]))

    async def check(self) -> None:
        """Figures and tags are right; nobody is linked twice, nor with whom somebody said it is not."""
        rows: dict[str, Any] = await holdings([nation.id for nation in self.nations])
        apart = {frozenset((row["one"], row["other"])) for row in map(json.loads, rows["strangers"])}
        for share in self.shares:
            await share.boxes()
            linked = [match for match in await share.matches() if match.state in LINKED]
            receivers = [match.receiver_profile_id for match in linked]
            assert len(set(receivers)) == len(receivers)
            assert await share.tagged() == set(receivers)
            pairs = {frozenset((str(match.sender_profile_id), str(match.receiver_profile_id))) for match in linked}
            assert not pairs & apart
        for nation, tag in zip(self.nations, self.tags, strict=True):
            await nation.bearers(tag)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_said_all_is_right_once_the_work_is_done(world: World, seed: int) -> None:
    story = Story(world, Random(seed))
    await story.begin()
    for _ in range(12):
        await story.go_on()
        if story.lot.random() < 0.6:
            await world.work()
            await story.check()
    await world.work()
    for share in story.shares:
        await share.sync()
    await story.check()
    ids = [nation.id for nation in story.nations]
    before = await holdings(ids)
    for share in story.shares:
        await share.sync()
    assert await holdings(ids) == before
