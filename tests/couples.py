"""One person whom two nations know, and a share between them: what most stories of syncing begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from actions.post import Job
from actions.running import step_run
from actions.shares import sync_share_now
from models.match import Match
from models.run import SyncRun
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import RunState
from sharing.visibility import Caller
from tests.world import Nation, SharedTag, World

ANN = {"first_name": "Ann", "last_name": "Okonkwo", "birthdate": "1980-02-03", "phone": "+14155550101"}
BEN = {"first_name": "Ben", "last_name": "Zamora", "birthdate": "1971-11-30", "phone": "+14155550102"}
CLEO = {"first_name": "Cleo", "last_name": "Lindqvist", "birthdate": "1964-06-17", "phone": "+14155550103"}


@dataclass
class Couple:
    """A person of the sender, the receiver's profile of the same one, and the share that links them."""

    world: World
    share: SharedTag
    tag: UUID
    ours: UUID
    theirs: UUID

    @property
    def sender(self) -> Nation:
        """The nation that shares."""
        return self.share.sender

    @property
    def receiver(self) -> Nation:
        """The nation that it shares with."""
        return self.share.receiver

    async def both(self, key: str) -> tuple[Any, Any]:
        """Return what both hold in a field, the sender first."""
        return await self.sender.value(self.ours, key), await self.receiver.value(self.theirs, key)

    async def match(self) -> Match:
        """Return their match."""
        return await self.share.match_of(self.ours)

    async def send(self, **fields: Any) -> None:
        """Edit the sender's profile, and let the share work."""
        await self.sender.edit(self.ours, **fields)
        await self.world.work()

    async def answer(self, **fields: Any) -> None:
        """Edit the receiver's profile, and let the share work."""
        await self.receiver.edit(self.theirs, **fields)
        await self.world.work()


async def couple(
    world: World,
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    mode: SyncMode = SyncMode.ACCEPT_ALL,
    *groups: Group,
    sender: Nation | None = None,
    receiver: Nation | None = None,
    **settings: Any,
) -> Couple:
    """Make Ann in both nations, a bit different, and have the sender share her; the first sync is done.

    Args:
        world: where it happens.
        ours: what the sender knows of her besides.
        theirs: what the receiver knows of her besides.
        mode: how the receiver accepts.
        groups: optional groups that are shared.
        sender: the nation that shares; None founds one.
        receiver: the nation that it shares with; None founds one.
        settings: further settings of the share.
    """
    north, south = sender or await world.nation("north"), receiver or await world.nation("south")
    here, there = await north.person(**{**ANN, **ours}), await south.person(**{**ANN, **theirs})
    tag = await north.tag("board", [here])
    share = await north.share(tag, south, *groups, **settings)
    await share.accept(mode)
    await world.work()
    return Couple(world, share, tag, here, there)


async def shared_people(
    world: World,
    ours: Sequence[Mapping[str, Any]],
    theirs: Sequence[Mapping[str, Any]],
    *groups: Group,
    mode: SyncMode = SyncMode.ACCEPT_ALL,
    create: bool = False,
) -> tuple[SharedTag, list[UUID], list[UUID]]:
    """Have a nation share people with another that has some of its own; the first sync is done.

    Args:
        world: where it happens.
        ours: whom the sender shares.
        theirs: whom the receiver knows.
        groups: optional groups that are shared.
        mode: how the receiver accepts.
        create: whether people whom the receiver lacks are made.

    Returns:
        The share, and the profiles of both sides.
    """
    north, south = await world.nations("north", "south")
    here, there = [await north.person(**who) for who in ours], [await south.person(**who) for who in theirs]
    share = await north.share(await north.tag("board", here), south, *groups, offer_new_profiles=create)
    await share.accept(mode, create=create)
    await world.work()
    return share, here, there


PHASES = ("QUEUED", "MATCHING", "SETTLING", "SYNCING")


async def under_way(share: SharedTag, phase: str) -> UUID:
    """Take a run of a share as far as a phase, one that waits or else a new one; gives it. Other work is forgotten."""
    async with share.world.unit(share.sender.admin) as unit:
        run_id = await sync_share_now(unit, share.id)
    while phase != await _phase(run_id):
        async with share.world.unit(Caller()) as unit:
            assert await step_run(unit, run_id)
    share.world.post.jobs.clear()
    share.world.post.jobs[Job("run_sync", str(run_id))] = None
    return run_id


async def _phase(run_id: UUID) -> str:
    run = await SyncRun.get(id=run_id)
    return "QUEUED" if run.state is RunState.QUEUED else run.phase
