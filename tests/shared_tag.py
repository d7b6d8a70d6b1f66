"""A tag share, as tests tell of it: what both sides do about it, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from actions.resolving import choose_candidate, reject_candidates, unlink_match
from actions.shares import (
    accept_tag_share,
    reject_tag_share,
    request_tag_share,
    stop_tag_share,
    sync_share_now,
    update_tag_share,
)
from actions.unit import BOXES
from models.conflict import Conflict
from models.match import Match
from models.run import SyncRun
from models.share import Share, ShareStats
from models.tag import Tag, Tagging
from sharing.coverage import Settings
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import MatchState

if TYPE_CHECKING:
    from tests.world import Nation, World


@dataclass
class SharedTag:
    """A tag share."""

    world: World
    id: UUID
    sender: Nation
    receiver: Nation

    async def accept(
        self, mode: SyncMode | None = SyncMode.ACCEPT_ALL, *, create: bool = False, prospects: bool = False
    ) -> SharedTag:
        """Have the receiver accept it."""
        async with self.world.unit(self.receiver.admin) as unit:
            await accept_tag_share(unit, self.id, mode, create, prospects)
        return self

    async def reject(self) -> None:
        """Have the receiver reject it."""
        async with self.world.unit(self.receiver.admin) as unit:
            await reject_tag_share(unit, self.id)

    async def stop(self, by: Nation) -> None:
        """Stop it."""
        async with self.world.unit(by.admin) as unit:
            await stop_tag_share(unit, self.id)

    async def update(self, *groups: Group, **settings: Any) -> None:
        """Have the sender change its settings."""
        async with self.world.unit(self.sender.admin) as unit:
            await update_tag_share(unit, self.id, Settings(**{"sync_profiles": True, "groups": groups, **settings}))

    async def request(self) -> None:
        """Have the sender ask again."""
        async with self.world.unit(self.sender.admin) as unit:
            await request_tag_share(unit, self.id)

    async def sync(self) -> SyncRun:
        """Have the sender start a run, and work it off."""
        async with self.world.unit(self.sender.admin) as unit:
            run_id = await sync_share_now(unit, self.id)
        await self.world.work()
        return await SyncRun.get(id=run_id)

    async def choose(self, profile_id: UUID, candidate_id: UUID) -> None:
        """Have the receiver say who a sender's profile is."""
        match = await self.match_of(profile_id)
        async with self.world.unit(self.receiver.admin) as unit:
            await choose_candidate(unit, match.id, candidate_id)

    async def turn_down(self, profile_id: UUID) -> None:
        """Have the receiver say that a sender's profile is none of the candidates."""
        match = await self.match_of(profile_id)
        async with self.world.unit(self.receiver.admin) as unit:
            await reject_candidates(unit, match.id)

    async def unlink(self, profile_id: UUID, by: Nation | None = None) -> None:
        """Have one side, the receiver if none is named, say that the match of a sender's profile is wrong."""
        match = await self.match_of(profile_id)
        async with self.world.unit((by or self.receiver).admin) as unit:
            await unlink_match(unit, match.id)

    async def link(self, profile_id: UUID) -> UUID | None:
        """Return whom a sender's profile is linked to, once all work is done; the boxes are right."""
        await self.world.work()
        await self.boxes()
        return (await self.match_of(profile_id)).receiver_profile_id

    async def row(self) -> Share:
        """Return the share as it stands."""
        return await Share.get(id=self.id)

    async def twin(self) -> Tag:
        """Return the tag as the receiver has it."""
        return await Tag.get(share_id=self.id)

    async def matches(self) -> list[Match]:
        """Return the matches that are not over."""
        return await Match.filter(share_id=self.id).exclude(state=MatchState.ENDED).order_by("id")

    async def match_of(self, profile_id: UUID) -> Match:
        """Return the match of a sender's profile."""
        return await Match.get(share_id=self.id, sender_profile_id=profile_id, state__not=MatchState.ENDED)

    async def conflicts(self) -> list[Conflict]:
        """Return its conflicts."""
        return await Conflict.filter(share_id=self.id).order_by("field")

    async def conflict(self, key: str) -> Conflict:
        """Return its one conflict on a field."""
        return await Conflict.get(share_id=self.id, field=key)

    async def boxes(self) -> dict[str, int]:
        """Return the kept counts, those that are not 0; they are checked against a recount."""
        stats = await ShareStats.get(share_id=self.id)
        kept = {box: getattr(stats, box) for box in BOXES}
        recount = dict.fromkeys(BOXES, 0)
        names = {"CONFLICTED": "unreviewed_changes"}
        for match in await self.matches():
            recount[names.get(match.state, match.state.value.lower())] += 1
        assert kept == recount
        return {box: number for box, number in kept.items() if number}

    async def tagged(self) -> set[UUID]:
        """Return the receiver's profiles that bear the tag; its kept count is checked against a recount."""
        tag = await Tag.get_or_none(share_id=self.id)
        if tag is None:
            return set()
        found = {tagging.profile_id for tagging in await Tagging.filter(tag_id=tag.id)}
        assert tag.taggings == len(found)
        return found
