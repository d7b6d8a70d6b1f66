"""Shares: listed, asked for, accepted, rejected, stopped, changed and asked for again."""

from asyncio import gather
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry
from tortoise.expressions import Q

from actions.shares import (
    accept_tag_share,
    create_tag_shares,
    reject_tag_share,
    request_tag_share,
    stop_tag_share,
    sync_share_now,
    update_tag_share,
)
from actions.unit import Unit
from models.share import Share as ShareRow
from resolvers import present
from resolvers.context import Info
from resolvers.ids import number_of, uuid_of
from resolvers.keyset import Ordering, connect, read_slice
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.context import Info as ReadInfo
from schema.enums import ShareDirection
from schema.inputs import AcceptTagShareInput, CreateTagSharesInput, ShareActionInput, UpdateTagShareInput
from schema.nations import Nation
from schema.paging import Connection, Page
from schema.payloads import (
    CreateTagSharesPayload,
    CreateTagSharesResult,
    SyncShareNowPayload,
    SyncShareNowResult,
    TagSharePayload,
    TagShareResult,
    UpdateTagSharePayload,
    UpdateTagShareResult,
)
from schema.shares import Share, TagShare
from sharing.coverage import Settings
from sharing.errors import InvalidInput
from sharing.kinds import Group
from sharing.lifecycle import RECEIVER_SEES, Party, ShareAction, ShareStatus, allowed_actions
from sharing.visibility import Caller, ShareKind

LATEST_FIRST = Ordering("shares", descending=True)

Action: TypeAlias = Annotated[ShareActionInput, strawberry.argument(description="Which share.")]


class ShareReads(Reading):
    """Shares."""

    async def share(self, info: ReadInfo, share_id: UUID) -> TagShare | None:
        """A share that the caller may see."""
        return await self.loaders.share_row(share_id, Selection.below(info))

    async def shares(
        self,
        info: ReadInfo,
        nation: Nation,
        page: Page,
        direction: ShareDirection | None,
        status: list[ShareStatus] | None,
    ) -> Connection[Share]:
        """The shares of a nation, the latest first."""
        selection = Selection.below(info)
        part = self.window(page, LATEST_FIRST, nation.number)
        sent = Q(sender_id=nation.number)
        received = Q(receiver_id=nation.number, status__in=list(RECEIVER_SEES))
        sides = {ShareDirection.SENT: sent, ShareDirection.RECEIVED: received, None: sent | received}
        source = ShareRow.of(self.caller).filter(sides[direction], kind=ShareKind.TAG)
        if status is not None:
            source = source.filter(status__in=status)
        found = await read_slice(source, part, present.SHARE_COLUMNS, selection)
        return await connect(found, part, selection, selection.under("edges", "node"), self.loaders.present_shares)

    def direction(self, share: TagShare, nation: str) -> ShareDirection:
        """On which side of a share a nation of the caller's is."""
        return ShareDirection.SENT if self._party(share, nation) is Party.SENDER else ShareDirection.RECEIVED

    def allowed_actions(self, share: TagShare, nation: str) -> list[ShareAction]:
        """What a nation of the caller's can do to a share now."""
        return list(allowed_actions(share.status, self._party(share, nation)))

    def _party(self, share: TagShare, nation: str) -> Party:
        number = number_of("Nation", nation, "nation")
        if number in self.caller.nations:  # which nation has which id is for its own people to know
            if number == share.sender_id:
                return Party.SENDER
            if number == share.receiver_id:
                return Party.RECEIVER
        raise InvalidInput("No nation of yours with this id sends or receives the share: give one that does.", "nation")


async def _seen(info: Info, share_id: UUID) -> TagShare | None:
    """A share as the payload that is being answered selects it."""
    return await info.context.loaders.share_row(share_id, Selection.below(info).under("share"))


def _settings(input: CreateTagSharesInput | UpdateTagShareInput, saved: Settings) -> Settings:
    """The settings asked for; those left out are as saved."""
    return Settings(
        saved.sync_profiles if input.sync_profiles is None else input.sync_profiles,
        saved.groups if input.optional_groups is None else tuple(Group(group.value) for group in input.optional_groups),
        saved.fields if input.optional_fields is None else tuple(field.value for field in input.optional_fields),
        saved.customs if input.custom_fields is None else tuple(input.custom_fields),
        saved.offer_new_profiles if input.offer_new_profiles is None else input.offer_new_profiles,
    )


async def _saved(share_id: UUID, caller: Caller) -> Settings:
    rows = await ShareRow.of(caller).filter(id=share_id).values(**present.SHARE_COLUMNS)
    return present.settings(rows[0]) if rows else Settings()


@strawberry.type
class ShareMutations:
    """What nations do about shares."""

    @strawberry.mutation(description="Ask nations to share in a tag, one share each. All are made, or none.")
    async def create_tag_shares(
        self, info: Info, input: Annotated[CreateTagSharesInput, strawberry.argument(description="What, with whom.")]
    ) -> CreateTagSharesResult:
        """Ask nations to share in a tag."""
        context = info.context
        tag_id = uuid_of("Tag", input.tag_id, "tagId")
        done = await context.write(create_tag_shares, tag_id, input.receiver_slugs, _settings(input, Settings()))
        share_ids = done.result
        selection = Selection.below(info).under("shares")
        found = await gather(*(context.loaders.share_row(share_id, selection) for share_id in share_ids))
        shares = [share for share in found if share is not None]
        senders = (share.sender_id for share in shares)
        return CreateTagSharesPayload(shares=shares, cursor=context.cursor(done, *senders))

    @strawberry.mutation(
        description="Change the settings of a stopped or denied share; they count once it is requested again."
    )
    async def update_tag_share(
        self, info: Info, input: Annotated[UpdateTagShareInput, strawberry.argument(description="Which, and how.")]
    ) -> UpdateTagShareResult:
        """Change the settings of a share."""
        share_id = uuid_of("TagShare", input.share_id, "shareId")

        async def update(unit: Unit) -> None:
            await update_tag_share(unit, share_id, _settings(input, await _saved(share_id, unit.caller)))

        done = await info.context.write(update)
        share = await _seen(info, share_id)
        return UpdateTagSharePayload(share=share, cursor=info.context.cursor(done, *_sides(share)))

    @strawberry.mutation(description="Ask again for a stopped or denied share, on the settings as they were saved.")
    async def request_tag_share(self, info: Info, input: Action) -> TagShareResult:
        """Ask again for a share."""
        share_id = uuid_of("TagShare", input.share_id, "shareId")
        done = await info.context.write(request_tag_share, share_id)
        share = await _seen(info, share_id)
        return TagSharePayload(share=share, cursor=info.context.cursor(done, *_sides(share)))

    @strawberry.mutation(description="Accept a pending share, on the receiver's terms. Its first sync begins at once.")
    async def accept_tag_share(
        self, info: Info, input: Annotated[AcceptTagShareInput, strawberry.argument(description="Which, and how.")]
    ) -> TagShareResult:
        """Accept a pending share."""
        share_id = uuid_of("TagShare", input.share_id, "shareId")
        done = await info.context.write(
            accept_tag_share,
            share_id,
            input.sync_mode,
            bool(input.create_new_profiles),
            bool(input.import_as_prospects),
        )
        share = await _seen(info, share_id)
        return TagSharePayload(share=share, cursor=info.context.cursor(done, *reversed(_sides(share))))

    @strawberry.mutation(description="Reject a pending share.")
    async def reject_tag_share(self, info: Info, input: Action) -> TagShareResult:
        """Reject a pending share."""
        share_id = uuid_of("TagShare", input.share_id, "shareId")
        done = await info.context.write(reject_tag_share, share_id)
        share = await _seen(info, share_id)
        return TagSharePayload(share=share, cursor=info.context.cursor(done, *reversed(_sides(share))))

    @strawberry.mutation(
        description="Stop a pending or approved share, from either side. The receiver loses the tag; all else stays."
    )
    async def stop_tag_share(self, info: Info, input: Action) -> TagShareResult:
        """Stop a share from either side."""
        share_id = uuid_of("TagShare", input.share_id, "shareId")
        before = await _seen(info, share_id)

        async def stop(unit: Unit) -> datetime:
            await stop_tag_share(unit, share_id)
            return await unit.now()

        done = await info.context.write(stop)
        share = await _seen(info, share_id)
        if share is None and before is not None:
            share = _last_sight(before, done.result)
        return TagSharePayload(share=share, cursor=info.context.cursor(done, *_sides(share)))

    @strawberry.mutation(description="Start a sync run of an approved share at once, or join the one under way.")
    async def sync_share_now(self, info: Info, input: Action) -> SyncShareNowResult:
        """Start a sync run of a share."""
        share_id = uuid_of("TagShare", input.share_id, "shareId")
        done = await info.context.write(sync_share_now, share_id)
        run_id = done.result
        run = await info.context.loaders.sync_run_row(run_id)
        return SyncShareNowPayload(run=run, cursor=info.context.cursor(done, *done.positions))


def _sides(share: TagShare | None) -> tuple[int, ...]:
    return (share.sender_id, share.receiver_id) if share else ()


def _last_sight(share: TagShare, now: datetime) -> TagShare:
    """What a receiver that has just stopped a share may still see of it: that it is over, and none of its figures."""
    share.status = ShareStatus.STOPPED
    share.stopped_at = now
    share.stopped_by = share.receiver
    share.next_sync_at = None
    share.version += 1
    share.stats = present.stats({})
    return share
