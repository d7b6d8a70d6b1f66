"""Tags: listed, made, renamed, deleted, put on profiles and taken off."""

from typing import Annotated
from uuid import UUID

import strawberry
from tortoise.expressions import Subquery

from actions.tags import add_taggings, create_tag, delete_tag, remove_taggings, rename_tag
from models.share import Share as ShareRow
from models.tag import Tag as TagRow
from resolvers.context import Context, Info
from resolvers.ids import new_uuid, number_of, uuid_of, uuids_of
from resolvers.keyset import Ordering, connect, cut_slice, read_slice, window
from resolvers.present import TAG_COLUMNS
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.context import Info as ReadInfo
from schema.enums import ShareDirection
from schema.inputs import CreateTagInput, DeleteTagInput, RenameTagInput, TaggingsInput
from schema.nations import Nation
from schema.paging import Connection, Edge, Page
from schema.payloads import (
    CreateTagPayload,
    CreateTagResult,
    DeleteTagPayload,
    DeleteTagResult,
    RenameTagPayload,
    RenameTagResult,
    TaggingsPayload,
    TaggingsResult,
)
from schema.profiles import Profile
from schema.shares import TagShare
from schema.tags import Tag
from sharing.lifecycle import ShareStatus

BY_NAME = Ordering("tags", (("name", str), ("id", UUID)))
OF_PROFILE = Ordering("tags of a profile", (("name", str), ("id", UUID)))
_SENT = (ShareStatus.PENDING, ShareStatus.APPROVED)


class TagReads(Reading):
    """Tags."""

    async def tags(self, info: ReadInfo, nation: Nation, page: Page, shared: ShareDirection | None) -> Connection[Tag]:
        """The tags of a nation, by name."""
        selection = Selection.below(info)
        part = self.window(page, BY_NAME, nation.number)
        source = TagRow.of(self.caller).filter(nation_id=nation.number)
        if shared is ShareDirection.RECEIVED:
            source = source.filter(share_id__isnull=False)
        elif shared is ShareDirection.SENT:
            sent = ShareRow.of(self.caller).filter(sender_id=nation.number, status__in=_SENT)
            source = source.filter(id__in=Subquery(sent.values("tag_id")))
        found = await read_slice(source, part, TAG_COLUMNS, selection)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_tags)

    async def tags_of_profile(self, info: ReadInfo, profile: Profile, page: Page) -> Connection[Tag]:
        """The tags that a profile bears, by name."""
        selection = Selection.below(info)
        part = self.window(page, OF_PROFILE, profile.row_id)
        rows = await self.loaders.tag_rows_of(profile.row_id)
        found = cut_slice([dict(row) for row in rows], part)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_tags)

    async def tag_of_share(self, info: ReadInfo, share: TagShare) -> Tag | None:
        """The sender's tag for the sender, the receiver's own for the receiver."""
        selection = Selection.below(info)
        if share.sender_id in self.caller.nations:
            return await self.loaders.tag_row(share.tag_id, selection) if share.tag_id else None
        return await self.loaders.twin_row(share.row_id, selection)


async def _tagged(info: Info, tag_id: UUID) -> Tag | None:
    return await info.context.loaders.tag_row(tag_id, Selection.below(info).under("tag"))


@strawberry.type
class TagMutations:
    """Edits of tags."""

    @strawberry.mutation(description="Make a tag.")
    async def create_tag(
        self, info: Info, input: Annotated[CreateTagInput, strawberry.argument(description="What to make.")]
    ) -> CreateTagResult:
        """Make a tag."""
        context = info.context
        nation_id = number_of("Nation", input.nation_id, "nationId")
        tag_id = new_uuid("Tag", input.id, "id")
        done = await context.write(create_tag, nation_id, input.name, tag_id=tag_id)
        tag_id = done.result
        tag = await context.loaders.tag_row(tag_id, Selection.below(info).merged(("tag",), ("edge", "node")))
        return CreateTagPayload(tag=tag, edge=_edge(context, nation_id, tag), cursor=context.cursor(done, nation_id))

    @strawberry.mutation(description="Give a tag another name. Receivers of its shares see the new one.")
    async def rename_tag(
        self, info: Info, input: Annotated[RenameTagInput, strawberry.argument(description="Which, and how.")]
    ) -> RenameTagResult:
        """Give a tag another name."""
        tag_id = uuid_of("Tag", input.tag_id, "tagId")
        done = await info.context.write(rename_tag, tag_id, input.name)
        return RenameTagPayload(tag=await _tagged(info, tag_id), cursor=info.context.cursor(done, *done.positions))

    @strawberry.mutation(description="Delete a tag, taking it off its profiles.")
    async def delete_tag(
        self, info: Info, input: Annotated[DeleteTagInput, strawberry.argument(description="What to delete.")]
    ) -> DeleteTagResult:
        """Delete a tag."""
        tag_id = uuid_of("Tag", input.tag_id, "tagId")
        done = await info.context.write(delete_tag, tag_id)
        return DeleteTagPayload(deleted_tag_id=input.tag_id, cursor=info.context.cursor(done, *done.positions))

    @strawberry.mutation(description="Put a tag on profiles. Those that bear it already stay as they are.")
    async def add_taggings(
        self, info: Info, input: Annotated[TaggingsInput, strawberry.argument(description="Which tag, on whom.")]
    ) -> TaggingsResult:
        """Put a tag on profiles."""
        tag_id, profile_ids = (
            uuid_of("Tag", input.tag_id, "tagId"),
            uuids_of("Profile", input.profile_ids, "profileIds"),
        )
        done = await info.context.write(add_taggings, tag_id, profile_ids)
        changed = done.result
        cursor = info.context.cursor(done, *done.positions)
        return TaggingsPayload(tag=await _tagged(info, tag_id), changed=changed, cursor=cursor)

    @strawberry.mutation(description="Take a tag off profiles. Where it is shared, their matches end.")
    async def remove_taggings(
        self, info: Info, input: Annotated[TaggingsInput, strawberry.argument(description="Which tag, off whom.")]
    ) -> TaggingsResult:
        """Take a tag off profiles."""
        tag_id, profile_ids = (
            uuid_of("Tag", input.tag_id, "tagId"),
            uuids_of("Profile", input.profile_ids, "profileIds"),
        )
        done = await info.context.write(remove_taggings, tag_id, profile_ids)
        changed = done.result
        cursor = info.context.cursor(done, *done.positions)
        return TaggingsPayload(tag=await _tagged(info, tag_id), changed=changed, cursor=cursor)


def _edge(context: Context, nation_id: int, tag: Tag | None) -> Edge[Tag] | None:
    if tag is None:
        return None
    place = window(Page(), BY_NAME, nation_id, context.seal).cursor((tag.name, tag.row_id))
    return Edge(cursor=place, node=tag)
