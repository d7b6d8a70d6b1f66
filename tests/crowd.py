"""People who cannot be taken for one another, two nations that know some of them, and runs taken step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actions.brakes import set_share_limits
from actions.holding import cancel_run, resume_run
from actions.running import step_run
from actions.shares import sync_share_now
from models.profile import Profile
from models.run import SyncRun
from sharing.brakes import Limit
from sharing.modes import SyncMode
from sharing.states import RunState
from sharing.visibility import Caller
from tests.world import Nation, SharedTag, World

FIRST = ("Abiola", "Boris", "Chantal", "Dmitri", "Esperanza", "Fumiko", "Gwendolyn", "Hamza", "Ingrid", "Joaquin")
LAST = (
    "Oyelaran",
    "Petrov",
    "Quenneville",
    "Rasmussen",
    "Sandoval",
    "Takahashi",
    "Underhill",
    "Vasquez",
    "Wolff",
    "Xu",
)


class Killed(BaseException):
    """As a worker ends that is killed."""


def somebody(number: int) -> dict[str, Any]:
    """Return one of ten people whom nobody takes for another."""
    return {
        "first_name": FIRST[number],
        "last_name": LAST[number],
        "birthdate": f"19{50 + number}-0{number % 9 + 1}-1{number}",
        "phone": f"+1415555{1000 + 111 * number}",
    }


@dataclass
class Crowd:
    """People whom a nation shares: those that the other knows, and those that it lacks.

    Attributes:
        share: the share, accepted.
        tag: the sender's tag.
        ours: the sender's profiles: the known ones, then those that are lacking.
        theirs: the receiver's profiles of the known ones.
    """

    share: SharedTag
    tag: UUID
    ours: list[UUID]
    theirs: list[UUID]

    @property
    def world(self) -> World:
        """Where it happens."""
        return self.share.world

    @property
    def sender(self) -> Nation:
        """The nation that shares."""
        return self.share.sender

    @property
    def receiver(self) -> Nation:
        """The nation that it shares with."""
        return self.share.receiver

    @property
    def nations(self) -> list[int]:
        """Both nations, by number."""
        return [self.sender.id, self.receiver.id]

    async def limit(self, by: Nation, made: int | None = -1, overwritten: int | None = -1) -> None:
        """Set limits of a nation; -1 leaves one as it is."""
        given = {Limit.CREATED_PEOPLE: made, Limit.OVERWRITTEN_VALUES: overwritten}
        async with self.world.unit(by.admin) as unit:
            asked = {limit: number for limit, number in given.items() if number != -1}
            await set_share_limits(unit, self.share.id, by.id, asked)

    async def accept(self) -> UUID:
        """Have the share accepted; gives the run that waits, and forgets its job."""
        await self.share.accept(SyncMode.ACCEPT_ALL, create=True)
        self.world.post.jobs.clear()
        return (await self.latest()).id

    async def ask(self) -> UUID:
        """Ask for a run, whose job is forgotten like every other."""
        async with self.world.unit(self.sender.admin) as unit:
            run_id = await sync_share_now(unit, self.share.id)
        self.world.post.jobs.clear()
        return run_id

    async def resume(self, run_id: UUID, by: Nation) -> None:
        """Have a held run go on."""
        async with self.world.unit(by.admin) as unit:
            await resume_run(unit, run_id)

    async def cancel(self, run_id: UUID, by: Nation | None = None) -> None:
        """Give up a run, the sender if nobody is named."""
        async with self.world.unit((by or self.sender).admin) as unit:
            await cancel_run(unit, run_id)

    async def latest(self) -> SyncRun:
        """Return the run that was asked for last."""
        return (await SyncRun.filter(share_id=self.share.id).order_by("-id"))[0]

    async def run_off(self, run_id: UUID) -> SyncRun:
        """Take a run's steps while there are any; the figures are right after each. Gives the run."""
        while await step(self.world, run_id):
            await self.share.boxes()
        await self.share.boxes()
        return await SyncRun.get(id=run_id)

    async def made(self) -> int:
        """Return how many people of the receiver the share has made."""
        return await Profile.filter(nation_id=self.receiver.id).count() - len(self.theirs)

    async def employers(self, nation: Nation) -> list[Any]:
        """Return what the known ones hold as employer in a nation."""
        known = self.theirs if nation is self.receiver else self.ours[: len(self.theirs)]
        return [await nation.value(profile_id, "employer") for profile_id in known]


async def step(world: World, run_id: UUID, *, killed: bool = False) -> bool:
    """Take a run one step further, or be killed within it."""
    async with world.unit(Caller()) as unit:
        more = await step_run(unit, run_id)
        if killed:
            raise Killed
    return more


async def crowd(world: World, known: int = 0, lacking: int = 0, *, theirs: Mapping[str, Any] | None = None) -> Crowd:
    """Have a nation ask another to share in some people.

    Args:
        world: where it happens.
        known: how many the other knows too, by another employer.
        lacking: how many it lacks.
        theirs: what the other holds of those it knows instead.
    """
    north, south = await world.nations("north", "south")
    ours = [await north.person(**somebody(n), employer="Mill") for n in range(known + lacking)]
    there = [await south.person(**somebody(n), **(theirs or {"employer": "Shop"})) for n in range(known)]
    tag = await north.tag("board", ours)
    return Crowd(await north.share(tag, south, offer_new_profiles=True), tag, ours, there)


async def in_step(world: World, known: int) -> Crowd:
    """Have a nation share people whom the other knows; they are in step, and all work is done."""
    found = await crowd(world, known, theirs={})
    await found.accept()
    assert (await found.run_off((await found.latest()).id)).state is RunState.SUCCEEDED
    await world.work()
    return found
