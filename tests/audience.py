"""A network with a source and targets, as tests tell of it: the rules, what is done about them, and what stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from actions.audiences.networks import disable_audience_sharing, enable_audience_sharing
from actions.audiences.rules import (
    activate_audience,
    create_audience,
    delete_audience,
    pause_audience,
    resume_audience,
    sync_audience_now,
    update_audience,
)
from actions.segments import create_segment, update_segment
from models.audience import Audience as AudienceRow
from models.audience import AudienceSegment
from models.custom_field import CustomField
from models.network import Network
from models.profile import Profile
from models.run import SyncRun
from models.segment import Segment
from models.share import Share
from models.tag import Tag, Tagging, TagKind
from sharing.audiences.rules import TERMS_VERSION, AudienceRules, TargetRule
from tests.world import Nation, World

NAMES = ("first_name", "last_name", "emails")


def who(field_name: str, value: str) -> dict[str, Any]:
    """Criteria: whoever has exactly this in a field."""
    return {"clause": {"field": field_name, "operator": "EQUALS", "values": [value]}}


@dataclass
class Audience:
    """A source, its targets, and the rules between them."""

    world: World
    network: int
    source: Nation
    targets: list[Nation]
    id: UUID = field(default_factory=lambda: UUID(int=0))

    @classmethod
    async def among(cls, world: World, *names: str, enable: bool = True, **options: Any) -> Audience:
        """Found a network whose HQ is the source, with targets of these names."""
        slug = await world.network(**options)
        source = await world.nation("source", network_slug=slug)
        targets = [await world.nation(name, network_slug=slug) for name in names or ("target",)]
        network = await Network.get(slug=slug)
        audience = cls(world, network.id, source, targets)
        if enable:
            await audience.enable()
        return audience

    async def enable(self, nation: Nation | None = None) -> None:
        """Name the source."""
        async with self.world.unit(self.source.admin) as unit:
            await enable_audience_sharing(unit, self.network, (nation or self.source).slug)

    async def disable(self) -> None:
        """Disable audience sharing."""
        async with self.world.unit(self.source.admin) as unit:
            await disable_audience_sharing(unit, self.network)

    async def segment(self, name: str, criteria: Mapping[str, Any]) -> UUID:
        """Make a segment in the source."""
        async with self.world.unit(self.source.admin) as unit:
            return await create_segment(unit, self.source.id, name, criteria)

    async def change_segment(self, segment_id: UUID, criteria: Mapping[str, Any]) -> None:
        """Change whom a segment holds."""
        async with self.world.unit(self.source.admin) as unit:
            await update_segment(unit, segment_id, criteria=criteria)

    def rules(
        self,
        *segments: UUID,
        fields: Sequence[str] = NAMES,
        customs: Sequence[str] = (),
        targets: Sequence[Nation] | None = None,
        **more: Any,
    ) -> AudienceRules:
        """Rules that give every target the same."""
        rules = [
            TargetRule(target.id, segments, tuple(fields), tuple(customs))
            for target in (self.targets if targets is None else targets)
        ]
        return AudienceRules(more.pop("group_name", "From the source"), tuple(rules), **more)

    async def create(self, rules: AudienceRules) -> UUID:
        """Make the rules up."""
        async with self.world.unit(self.source.admin) as unit:
            self.id = await create_audience(unit, self.source.id, rules)
        return self.id

    async def update(self, rules: AudienceRules) -> None:
        """Change the rules."""
        async with self.world.unit(self.source.admin) as unit:
            await update_audience(unit, self.id, rules)

    async def activate(self, terms: str = TERMS_VERSION) -> None:
        """Accept the terms and activate the rules."""
        async with self.world.unit(self.source.admin) as unit:
            await activate_audience(unit, self.id, terms)

    async def begin(self, rules: AudienceRules) -> None:
        """Make rules up, activate them, and sync."""
        await self.create(rules)
        await self.activate()
        await self.sync()

    async def sync(self) -> None:
        """Sync now, to the end."""
        async with self.world.unit(self.source.admin) as unit:
            await sync_audience_now(unit, self.id)
        await self.world.work()

    async def pause(self) -> None:
        """Pause syncing."""
        async with self.world.unit(self.source.admin) as unit:
            await pause_audience(unit, self.id)

    async def resume(self) -> None:
        """Resume syncing."""
        async with self.world.unit(self.source.admin) as unit:
            await resume_audience(unit, self.id)

    async def delete(self) -> None:
        """Delete the rules, and work off what follows."""
        async with self.world.unit(self.source.admin) as unit:
            await delete_audience(unit, self.id)
        await self.world.work()

    async def row(self) -> AudienceRow:
        """Return the audience as it is stored."""
        return await AudienceRow.get(id=self.id)

    async def share(self, target: Nation) -> Share:
        """Return the share with a target."""
        return await Share.get(kind="AUDIENCE", sender_id=self.source.id, receiver_id=target.id)

    async def runs(self, target: Nation) -> list[SyncRun]:
        """Return the runs of a target's share, oldest first."""
        return await SyncRun.filter(share_id=(await self.share(target)).id).order_by("id")

    async def group(self, target: Nation) -> Tag | None:
        """Return the group that is locked in a target."""
        return await Tag.get_or_none(nation_id=target.id, kind=TagKind.GROUP, share_id__isnull=False)

    async def members(self, target: Nation) -> set[str]:
        """Return the first names of whom the target's group holds; its kept count is checked against a recount."""
        group = await self.group(target)
        assert group is not None
        bearers = await target.bearers(group.id)
        return {str(person.first_name) for person in await Profile.filter(id__in=list(bearers))}

    async def in_segment(self, target: Nation, segment_id: UUID) -> set[str]:
        """Return the first names of whom the target's twin of a segment holds."""
        row = await AudienceSegment.get(share__receiver_id=target.id, segment_id=segment_id)
        bearers = await Tagging.filter(tag_id=row.tag_id).values_list("profile_id", flat=True)
        return {str(person.first_name) for person in await Profile.filter(id__in=list(bearers))}

    async def twin(self, target: Nation, segment_id: UUID) -> Segment:
        """Return the target's segment for one of the source's."""
        row = await AudienceSegment.get(share__receiver_id=target.id, segment_id=segment_id)
        return await Segment.get(id=row.twin_id)


async def active(nation: Nation) -> list[Profile]:
    """Return the people of a nation who are not archived, oldest first."""
    return await Profile.filter(nation_id=nation.id, archived_at=None).order_by("created_at", "id")


async def field_of(nation: Nation, slug: str) -> CustomField | None:
    """Return a custom field of a nation, archived or not."""
    return await CustomField.get_or_none(nation_id=nation.id, slug=slug)
