"""People and what they bear, read in batches: profiles, tags."""

from __future__ import annotations

from asyncio import gather
from collections import defaultdict
from collections.abc import Awaitable, Collection, Mapping, Sequence
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case

from models.custom_field import CustomField
from models.email import ProfileEmail
from models.profile import Profile
from models.share import Share
from models.tag import Tag
from resolvers import present
from resolvers.batches import Batches, Row
from resolvers.selection import Selection
from schema import profiles, tags
from sharing.fields import COLUMNS
from sharing.lifecycle import ShareStatus

_OWN_COLUMNS = ("version", "created_at", "updated_at", "archived_at", "is_supporter", "is_prospect", "custom_fields")
# Selected field to column, for what is one column of a profile.
_PROFILE_COLUMNS: Mapping[str, str] = {
    to_camel_case(column): column
    for column in (
        "version",
        "created_at",
        "updated_at",
        "archived_at",
        "is_supporter",
        "is_prospect",
        "custom_fields",
        *COLUMNS,
    )
}
# What of a tag follows from its shares.
_OF_SHARES = frozenset({"label", "isShared", "sharedBy", "sharesProfiles", "createsProfiles"})
_LIVE = (ShareStatus.PENDING, ShareStatus.APPROVED)
_TAG_SHARE_COLUMNS = {
    "id": "id", "tag_id": "tag_id", "sync_profiles": "sync_profiles", "create_new_profiles": "create_new_profiles",
    "sender_slug": "sender__slug", "sender_name": "sender__name",
}  # fmt: skip


class ProfileBatches(Batches):
    """Profiles, with their emails and custom fields."""

    def profile_row(self, profile_id: UUID, selection: Selection) -> Awaitable[profiles.Profile | None]:
        """A profile of a nation that the caller belongs to, with what is selected of it."""
        wanted = frozenset(selection.fields)

        async def read(ids: list[UUID]) -> Mapping[UUID, profiles.Profile]:
            rows = await Profile.of(self.caller).filter(id__in=ids).values(*profile_columns(selection))
            found = [row["id"] for row in rows]
            return dict(zip(found, await self.present_profiles(rows, selection), strict=True))

        return self.load(("profile", wanted), profile_id, read)

    async def present_profiles(self, rows: Sequence[Row], selection: Selection) -> list[profiles.Profile]:
        """Rows of profiles, which are taken over, with what stands in tables of their own."""
        emails = await self._emails([row["id"] for row in rows]) if "emails" in selection else None
        customs = await self._customs({row["nation_id"] for row in rows}) if "customFields" in selection else None
        return [
            present.profile(
                row,
                emails.get(row["id"], ()) if emails is not None else None,
                customs.get(row["nation_id"], ()) if customs is not None else None,
            )
            for row in rows
        ]

    async def _emails(self, ids: Collection[UUID]) -> Mapping[UUID, list[Row]]:
        found: dict[UUID, list[Row]] = defaultdict(list)
        if ids:
            rows = ProfileEmail.filter(profile_id__in=list(ids)).order_by("position")
            for row in await rows.values("profile_id", "address", "is_bad", "is_primary"):
                found[row["profile_id"]].append(row)
        return found

    async def _customs(self, numbers: Collection[int]) -> Mapping[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        if numbers:
            rows = CustomField.filter(nation_id__in=list(numbers), archived_at=None).order_by("slug")
            for row in await rows.values("nation_id", "slug", "label", "kind"):
                found[row["nation_id"]].append(row)
        return found


class TagBatches(Batches):
    """Tags, with what follows from their shares."""

    def tag_row(self, tag_id: UUID, selection: Selection) -> Awaitable[tags.Tag | None]:
        """A tag of a nation that the caller belongs to."""

        async def read(ids: list[UUID]) -> Mapping[UUID, tags.Tag]:
            rows = await Tag.of(self.caller).filter(id__in=ids).values(*present.TAG_COLUMNS)
            return {tag.row_id: tag for tag in await self.present_tags(rows, selection)}

        return self.load(("tag", selection.any_of(_OF_SHARES)), tag_id, read)

    def twin_row(self, share_id: UUID, selection: Selection) -> Awaitable[tags.Tag | None]:
        """The tag that a share made in its receiver, where the caller belongs to that."""

        async def read(ids: list[UUID]) -> Mapping[UUID, tags.Tag]:
            rows = await Tag.of(self.caller).filter(share_id__in=ids).values(*present.TAG_COLUMNS)
            return {tag.share_id: tag for tag in await self.present_tags(rows, selection) if tag.share_id}

        return self.load(("twin", selection.any_of(_OF_SHARES)), share_id, read)

    async def tag_rows_of(self, profile_id: UUID) -> Sequence[Row]:
        """The rows of the tags that a profile of the caller's nations bears, by name; not to be taken over."""
        return await self.load("tags of profile", profile_id, self._read_tags_of) or ()

    async def _read_tags_of(self, ids: list[UUID]) -> Mapping[UUID, list[Row]]:
        found: dict[UUID, list[Row]] = defaultdict(list)
        columns = {column: column for column in present.TAG_COLUMNS}
        tagged = Tag.of(self.caller).filter(tagged__profile_id__in=ids)
        for row in await tagged.values(**columns, profile_id="tagged__profile_id"):
            found[row.pop("profile_id")].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row["name"], row["id"]))
        return found

    async def present_tags(self, rows: Sequence[Row], selection: Selection) -> list[tags.Tag]:
        """Rows of tags, which are taken over, with what follows from their shares where that is selected."""
        received: dict[UUID, Row | None] = {}
        sent: dict[UUID, Sequence[Row] | None] = {}
        if selection.any_of(_OF_SHARES):
            shared_in = [row["share_id"] for row in rows if row["share_id"]]
            own = [row["id"] for row in rows if not row["share_id"]]
            found = await gather(*(self.load("received", share_id, self._read_received) for share_id in shared_in))
            received = dict(zip(shared_in, found, strict=True))
            sent = dict(
                zip(own, await gather(*(self.load("sent", tag_id, self._read_sent) for tag_id in own)), strict=True)
            )
        return [present.tag(row, received.get(row["share_id"]), sent.get(row["id"]) or ()) for row in rows]

    async def _read_received(self, share_ids: list[UUID]) -> Mapping[UUID, Row]:
        rows = await Share.of(self.caller).filter(id__in=share_ids).values(**_TAG_SHARE_COLUMNS)
        return {row["id"]: row for row in rows}

    async def _read_sent(self, tag_ids: list[UUID]) -> Mapping[UUID, list[Row]]:
        found: dict[UUID, list[Row]] = defaultdict(list)
        shares = Share.of(self.caller).filter(tag_id__in=tag_ids, status__in=_LIVE)
        for row in await shares.values(**_TAG_SHARE_COLUMNS):
            found[row["tag_id"]].append(row)
        return found


def profile_columns(selection: Selection) -> list[str]:
    """The columns of a profile that are selected, and those that say which one it is."""
    return ["id", "nation_id", *(_PROFILE_COLUMNS[name] for name in selection.fields if name in _PROFILE_COLUMNS)]
