"""A small world to tell stories in: nations, people, tags and shares, on a real database, with jobs worked off on demand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from actions.archiving import archive_profiles, restore_profiles
from actions.conflicts import apply_conflicts, skip_conflicts
from actions.groups import add_group_members, create_group
from actions.merging import merge_profiles
from actions.nations import create_nation, create_network
from actions.post import Job
from actions.profiles import create_profile, delete_profile, update_profile
from actions.shares import create_tag_shares
from actions.tags import add_taggings, create_tag, remove_taggings
from actions.unit import Unit, unit_of_work
from models import nation as nations
from models.custom_field import CustomField
from models.network import Network
from models.profile import Profile
from models.records import load_records
from models.share import Share
from models.tag import Tag, Tagging
from sharing.coverage import Settings
from sharing.customs import CustomKind
from sharing.fields import FIELDS
from sharing.kinds import Group
from sharing.lifecycle import ShareStatus
from sharing.records import Record
from sharing.visibility import Caller, Plan, Role
from tests.shared_tag import SharedTag
from workers.jobs import JOBS

_numbers = count(1)


class Basket:
    """A post that keeps what it is given."""

    def __init__(self) -> None:
        self.jobs: dict[Job, None] = {}
        self.woken: set[int] = set()

    async def send(self, jobs: Collection[Job], nations: Collection[int]) -> None:
        """Keep it."""
        self.jobs.update(dict.fromkeys(jobs))
        self.woken.update(nations)


@dataclass
class World:
    """Nations of this test alone, and the work that waits."""

    post: Basket = field(default_factory=Basket)
    number: int = field(default_factory=lambda: next(_numbers))

    def unit(self, caller: Caller) -> AbstractAsyncContextManager[Unit]:
        """Open a unit of work."""
        return unit_of_work(self.post, caller)

    async def network(self, *, shares_customs: bool = False) -> str:
        """Found a network, whose HQ may share its custom field settings; gives its slug."""
        slug = f"network-{self.number}-{next(_numbers)}"
        async with self.unit(Caller()) as unit:
            await create_network(unit, slug, "A network")
        await Network.filter(slug=slug).update(shares_custom_fields=shares_customs)
        return slug

    async def nation(self, name: str, plan: Plan = Plan.ENTERPRISE, **options: Any) -> Nation:
        """Found a nation."""
        slug = f"{name}-{self.number}-{next(_numbers)}"
        async with self.unit(Caller()) as unit:
            nation_id = await create_nation(unit, slug, name, plan, **options)
        return Nation(self, nation_id, slug)

    async def nations(self, *names: str, **options: Any) -> list[Nation]:
        """Found several nations alike."""
        return [await self.nation(name, **options) for name in names]

    async def work(self) -> None:
        """Work off every job that waits, and those that follow from them."""
        while self.post.jobs:
            job = next(iter(self.post.jobs))
            del self.post.jobs[job]
            await JOBS[job.name](self.post, UUID(job.subject))


@dataclass
class Nation:
    """A nation, and what its admin does."""

    world: World
    id: int
    slug: str

    @property
    def admin(self) -> Caller:
        """Its admin."""
        return Caller(token_id=UUID(int=self.id), roles={self.id: Role.ADMIN})

    @property
    def member(self) -> Caller:
        """One of its members."""
        return Caller(token_id=UUID(int=self.id), roles={self.id: Role.MEMBER})

    async def become(self, **columns: Any) -> None:
        """Change the nation itself: its plan, its network, what it has enabled."""
        await nations.Nation.filter(id=self.id).update(**columns)

    async def define(self, slug: str, kind: CustomKind = CustomKind.TEXT, options: Iterable[str] = ()) -> None:
        """Define a custom field."""
        await CustomField.create(nation_id=self.id, slug=slug, label=slug.title(), kind=kind, options=list(options))

    async def person(self, **fields: Any) -> UUID:
        """Make a profile."""
        async with self.world.unit(self.admin) as unit:
            return await create_profile(unit, self.id, fields)

    async def people(self) -> list[Profile]:
        """Return its profiles, oldest first."""
        return await Profile.filter(nation_id=self.id).order_by("created_at", "id")

    async def edit(self, profile_id: UUID, *, clear: Collection[str] = (), **fields: Any) -> None:
        """Edit a profile."""
        async with self.world.unit(self.admin) as unit:
            await update_profile(unit, profile_id, fields, clear=list(clear))

    async def delete(self, profile_id: UUID) -> None:
        """Delete a profile."""
        async with self.world.unit(self.admin) as unit:
            await delete_profile(unit, profile_id)

    async def archive(self, *profile_ids: UUID) -> int:
        """Archive profiles; gives how many were not archived before."""
        async with self.world.unit(self.member) as unit:
            return await archive_profiles(unit, self.id, profile_ids)

    async def restore(self, *profile_ids: UUID) -> int:
        """Restore archived profiles; gives how many were archived."""
        async with self.world.unit(self.member) as unit:
            return await restore_profiles(unit, self.id, profile_ids)

    async def merge(self, profile_id: UUID, *duplicate_ids: UUID) -> UUID:
        """Merge duplicates into a profile."""
        async with self.world.unit(self.member) as unit:
            return await merge_profiles(unit, profile_id, duplicate_ids)

    async def record(self, profile_id: UUID) -> Record:
        """Return a profile as the rules see it."""
        async with self.world.unit(self.admin) as unit:
            return (await load_records(unit.pg, [profile_id], FIELDS))[profile_id]

    async def values(self, profile_id: UUID) -> dict[str, Any]:
        """Return what a profile holds, blanks left out."""
        return dict((await self.record(profile_id)).values)

    async def value(self, profile_id: UUID, key: str) -> Any:
        """Return what a profile holds in a field, None where it is blank."""
        return (await self.record(profile_id)).value(key)

    async def tag(self, name: str, profile_ids: Iterable[UUID] = ()) -> UUID:
        """Make a tag, and put it on profiles."""
        async with self.world.unit(self.admin) as unit:
            tag_id = await create_tag(unit, self.id, name)
            await add_taggings(unit, tag_id, list(profile_ids))
        return tag_id

    async def group(self, name: str, profile_ids: Iterable[UUID] = ()) -> UUID:
        """Make a group, and put profiles into it."""
        async with self.world.unit(self.member) as unit:
            group_id = await create_group(unit, self.id, name)
            await add_group_members(unit, group_id, list(profile_ids))
        return group_id

    async def put_on(self, tag_id: UUID, *profile_ids: UUID) -> None:
        """Put a tag on profiles."""
        async with self.world.unit(self.admin) as unit:
            await add_taggings(unit, tag_id, profile_ids)

    async def take_off(self, tag_id: UUID, *profile_ids: UUID) -> None:
        """Take a tag off profiles."""
        async with self.world.unit(self.admin) as unit:
            await remove_taggings(unit, tag_id, profile_ids)

    async def bearers(self, tag_id: UUID) -> set[UUID]:
        """Return who bears a tag; its kept count is checked against a recount."""
        found = {tagging.profile_id for tagging in await Tagging.filter(tag_id=tag_id)}
        assert (await Tag.get(id=tag_id)).taggings == len(found)
        return found

    async def share(self, tag_id: UUID, receiver: Nation, *groups: Group, **settings: Any) -> SharedTag:
        """Ask a nation to share in a tag, profiles synced."""
        settings = {"sync_profiles": True, "groups": groups, **settings}
        async with self.world.unit(self.admin) as unit:
            (share_id,) = await create_tag_shares(unit, tag_id, [receiver.slug], Settings(**settings))
        return SharedTag(self.world, share_id, self, receiver)

    async def live_shares(self) -> list[SharedTag]:
        """Return the shares under way that it sends."""
        rows = await Share.filter(sender_id=self.id, status=ShareStatus.APPROVED).prefetch_related("receiver")
        return [
            SharedTag(self.world, row.id, self, Nation(self.world, row.receiver_id, row.receiver.slug)) for row in rows
        ]

    async def apply(self, *conflict_ids: UUID) -> None:
        """Take the other side's values."""
        async with self.world.unit(self.admin) as unit:
            await apply_conflicts(unit, self.id, conflict_ids)

    async def skip(self, *conflict_ids: UUID) -> None:
        """Leave conflicts be."""
        async with self.world.unit(self.admin) as unit:
            await skip_conflicts(unit, self.id, conflict_ids)
