"""Groups: listed, made, renamed, archived, restored, filled and emptied."""

from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from actions.groups import (
    add_group_members,
    archive_group,
    create_group,
    remove_group_members,
    rename_group,
    restore_group,
)
from actions.repeats import Done
from models.profile import Profile as ProfileRow
from models.tag import Tag as TagRow
from resolvers.context import Info
from resolvers.group_rows import GROUP_COLUMNS
from resolvers.ids import new_uuid, number_of, uuid_of, uuids_of
from resolvers.keyset import Ordering, connect, cut_slice, read_slice
from resolvers.people import profile_columns
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.cards import NationCard
from schema.context import Info as ReadInfo
from schema.grouping import GroupMembersPayload, GroupMembersResult, GroupPayload, GroupResult
from schema.groups import CreateGroupInput, Group, GroupActionInput, GroupMembersInput, RenameGroupInput
from schema.nations import Nation
from schema.paging import Connection, Page
from schema.profiles import Profile

BY_NAME = Ordering("groups", (("name", str), ("id", UUID)))
OF_PROFILE = Ordering("groups of a profile", (("name", str), ("id", UUID)))
MEMBERS = Ordering("profiles of a group")

Members: TypeAlias = Annotated[GroupMembersInput, strawberry.argument(description="Which group, and who.")]


class GroupReads(Reading):
    """Groups, and who is in them."""

    async def groups(self, info: ReadInfo, nation: Nation, page: Page, archived: bool) -> Connection[Group]:
        """The groups of a nation, by name."""
        selection = Selection.below(info)
        part = self.window(page, BY_NAME, f"{nation.number} {archived}")
        source = TagRow.groups_of(self.caller).filter(nation_id=nation.number, archived_at__isnull=not archived)
        found = await read_slice(source, part, GROUP_COLUMNS, selection)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_groups)

    async def groups_of_profile(self, info: ReadInfo, profile: Profile, page: Page) -> Connection[Group]:
        """The live groups that a profile is in, by name."""
        selection = Selection.below(info)
        part = self.window(page, OF_PROFILE, profile.row_id)
        rows = await self.loaders.group_rows_of(profile.row_id)
        found = cut_slice([dict(row) for row in rows], part)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_groups)

    async def profiles_of_group(self, info: ReadInfo, group: Group, page: Page) -> Connection[Profile]:
        """The profiles that are in a group, in the order in which they were made."""
        selection = Selection.below(info)
        part = self.window(page, MEMBERS, group.row_id)
        source = ProfileRow.of(self.caller).filter(taggings__tag_id=group.row_id)
        node = selection.under("edges", "node")
        found = await read_slice(source, part, profile_columns(node), selection)
        return await connect(found, part, selection, node, self.loaders.present_profiles)

    async def locker(self, share_id: UUID) -> NationCard | None:
        """The nation whose audience share locks something that the caller sees."""
        return await self.loaders.locker(share_id)


async def _payload(info: Info, done: Done[UUID]) -> GroupPayload:
    group = await info.context.loaders.group_row(done.result)
    return GroupPayload(group=group, cursor=info.context.cursor(done, *done.positions))


async def _counted(info: Info, done: Done[int], group_id: UUID) -> GroupMembersPayload:
    group = await info.context.loaders.group_row(group_id)
    cursor = info.context.cursor(done, *done.positions)
    return GroupMembersPayload(group=group, changed=done.result, cursor=cursor)


@strawberry.type
class GroupMutations:
    """Edits of groups."""

    @strawberry.mutation(description="Make a group.")
    async def create_group(
        self, info: Info, input: Annotated[CreateGroupInput, strawberry.argument(description="What to make.")]
    ) -> GroupResult:
        """Make a group."""
        nation_id, chosen = number_of("Nation", input.nation_id, "nationId"), new_uuid("Group", input.id, "id")
        return await _payload(info, await info.context.write(create_group, nation_id, input.name, group_id=chosen))

    @strawberry.mutation(description="Give a group another name.")
    async def rename_group(
        self, info: Info, input: Annotated[RenameGroupInput, strawberry.argument(description="Which, and how.")]
    ) -> GroupResult:
        """Give a group another name."""
        group_id = uuid_of("Group", input.group_id, "groupId")
        return await _payload(info, await info.context.write(rename_group, group_id, input.name))

    @strawberry.mutation(
        description="Archive a group: it is out of lists, its name is free, and it can be restored for 18 months with "
        "who is in it."
    )
    async def archive_group(
        self, info: Info, input: Annotated[GroupActionInput, strawberry.argument(description="Which.")]
    ) -> GroupResult:
        """Archive a group."""
        group_id = uuid_of("Group", input.group_id, "groupId")
        return await _payload(info, await info.context.write(archive_group, group_id))

    @strawberry.mutation(description="Bring an archived group back, with who was in it.")
    async def restore_group(
        self, info: Info, input: Annotated[GroupActionInput, strawberry.argument(description="Which.")]
    ) -> GroupResult:
        """Restore a group."""
        group_id = uuid_of("Group", input.group_id, "groupId")
        return await _payload(info, await info.context.write(restore_group, group_id))

    @strawberry.mutation(description="Put profiles into a group. Those that are in it already stay as they are.")
    async def add_group_members(self, info: Info, input: Members) -> GroupMembersResult:
        """Put profiles into a group."""
        group_id = uuid_of("Group", input.group_id, "groupId")
        profile_ids = uuids_of("Profile", input.profile_ids, "profileIds")
        return await _counted(info, await info.context.write(add_group_members, group_id, profile_ids), group_id)

    @strawberry.mutation(description="Take profiles out of a group.")
    async def remove_group_members(self, info: Info, input: Members) -> GroupMembersResult:
        """Take profiles out of a group."""
        group_id = uuid_of("Group", input.group_id, "groupId")
        profile_ids = uuids_of("Profile", input.profile_ids, "profileIds")
        return await _counted(info, await info.context.write(remove_group_members, group_id, profile_ids), group_id)
