"""Profiles: listed, found, made, edited, deleted."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.utils.str_converters import to_camel_case
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from actions.merging import merge_profiles
from actions.profiles import create_profile, delete_profile, update_profile
from models.profile import Profile as ProfileRow
from resolvers.batches import fetch
from resolvers.context import Info
from resolvers.ids import new_uuid, number_of, uuid_of, uuids_of
from resolvers.keyset import Ordering, connect, read_slice, window
from resolvers.people import profile_columns
from resolvers.present import field_of
from resolvers.reading import Reading
from resolvers.selection import Selection
from schema.context import Info as ReadInfo
from schema.inputs import CreateProfileInput, DeleteProfileInput, MergeProfilesInput, UpdateProfileInput
from schema.nations import Nation
from schema.paging import Connection, Edge, Page
from schema.payloads import (
    CreateProfilePayload,
    CreateProfileResult,
    DeleteProfilePayload,
    DeleteProfileResult,
    DroppedValue,
    MergeProfilesPayload,
    MergeProfilesResult,
    UpdateProfilePayload,
    UpdateProfileResult,
)
from schema.profiles import AddressInput, Profile, ProfileFilter, ProfileInput
from sharing.emails import email as parse_email
from sharing.errors import InvalidInput, NotFound, Refused
from sharing.fields import ADDRESS_COMPONENTS, COLUMNS, CUSTOM_PREFIX
from sharing.matching.keys import keys_of
from sharing.records import Record
from sharing.texts import identifier, line

ORDER = Ordering("profiles")
_MOST_WORDS = 5
_FLAGS = ("is_supporter", "is_prospect")
_NOBODY = UUID(int=0)


class ProfileReads(Reading):
    """Profiles."""

    async def profile(self, info: ReadInfo, profile_id: UUID | None) -> Profile | None:
        """A profile of a nation that the caller belongs to."""
        return await self.loaders.profile_row(profile_id, Selection.below(info)) if profile_id else None

    async def profiles(
        self, info: ReadInfo, nation: Nation, page: Page, filter: ProfileFilter | None, archived: bool
    ) -> Connection[Profile]:
        """The profiles of a nation, in the order in which they were made."""
        selection = Selection.below(info)
        part = self.window(page, ORDER, f"{nation.number} archived" if archived else nation.number)
        source = ProfileRow.of(self.caller).filter(nation_id=nation.number, archived_at__isnull=not archived)
        if filter is not None:
            source = _filtered(source, filter)
        node = selection.under("edges", "node")
        found = await read_slice(source, part, profile_columns(node), selection)
        return await connect(found, part, selection, node, self.loaders.present_profiles)

    async def find_profile(
        self, info: ReadInfo, nation: Nation, node_id: str | None, email: str | None, external_id: str | None
    ) -> Profile | None:
        """A nation's profile by exactly one of its id, an email address or its external id."""
        if [node_id, email, external_id].count(None) != 2:
            raise InvalidInput("Give exactly one of id, email and externalId.")
        source = ProfileRow.of(self.caller).filter(nation_id=nation.number, archived_at=None)
        try:
            if node_id is not None:
                source = source.filter(id=uuid_of("Profile", node_id, "id"))
            elif email is not None:
                source = source.filter(emails__address=parse_email(email))
            else:
                source = await _with_external_id(source, nation.number, external_id)
        except (NotFound, Refused):
            return None
        selection = Selection.below(info)
        rows = await source.order_by("id").limit(1).values(*profile_columns(selection))
        return (await self.loaders.present_profiles(rows, selection))[0] if rows else None


async def _with_external_id(
    source: QuerySet[ProfileRow], nation_id: int, external_id: str | None
) -> QuerySet[ProfileRow]:
    """Those that have an external id, by way of their match keys: the column has no index."""
    wanted = identifier(external_id)
    keys = keys_of(Record(_NOBODY, {"external_id": wanted})) if wanted else []
    holders = [row["profile_id"] for key in keys for row in await fetch("profiles_by_key", nation_id, *key)]
    return source.filter(id__in=holders, external_id__iexact=wanted)


def _filtered(source: QuerySet[ProfileRow], filter: ProfileFilter) -> QuerySet[ProfileRow]:
    if filter.tag is not None:
        source = source.filter(taggings__tag_id=uuid_of("Tag", filter.tag, "filter", "tag"))
    if filter.search is not None:
        source = source.filter(_named(filter.search))
    if filter.email is not None:
        try:
            source = source.filter(emails__address=parse_email(filter.email))
        except Refused as refused:
            raise InvalidInput(f"The email address: {refused}.", "filter", "email") from None
    if filter.is_supporter is not None:
        source = source.filter(is_supporter=filter.is_supporter)
    if filter.is_prospect is not None:
        source = source.filter(is_prospect=filter.is_prospect)
    if filter.updated_since is not None:
        source = source.filter(updated_at__gte=filter.updated_since)
    return source


def _named(search: str) -> Q:
    """Whose first or last name begins with the whole, or with each of the words."""
    try:
        whole = line(search)
    except Refused as refused:
        raise InvalidInput(f"The search: {refused}.", "filter", "search") from None
    words = whole.split() if whole else []
    if len(words) > _MOST_WORDS:
        raise InvalidInput(f"The search has {len(words)} words: give at most {_MOST_WORDS}.", "filter", "search")
    return _begins(whole or "") | Q(*(_begins(word) for word in words))


def _begins(start: str) -> Q:
    return Q(first_name__istartswith=start) | Q(last_name__istartswith=start)


def _raw(fields: ProfileInput | None) -> dict[str, object]:
    """What a client wants written, by catalogue key, not yet checked; what it left out is missing."""
    raw: dict[str, object] = {}
    if fields is None:
        return raw
    for key in (*COLUMNS, "emails", *_FLAGS):
        value = getattr(fields, key)
        if value is strawberry.UNSET:
            continue
        if key in _FLAGS and value is None:
            raise InvalidInput(f"{to_camel_case(key)} is true or false: it cannot be blank.", key)
        raw[key] = _components(value) if isinstance(value, AddressInput) else value
    for custom in fields.custom_fields or ():
        raw[CUSTOM_PREFIX + custom.slug] = custom.value
    return raw


def _components(address: AddressInput) -> dict[str, str]:
    return {key: value for key in ADDRESS_COMPONENTS if (value := getattr(address, key)) is not None}


@strawberry.type
class ProfileMutations:
    """Edits of profiles."""

    @strawberry.mutation(description="Make a profile.")
    async def create_profile(
        self, info: Info, input: Annotated[CreateProfileInput, strawberry.argument(description="What to make.")]
    ) -> CreateProfileResult:
        """Make a profile."""
        context = info.context
        nation_id = number_of("Nation", input.nation_id, "nationId")
        chosen = new_uuid("Profile", input.id, "id")
        done = await context.write(create_profile, nation_id, _raw(input.fields), profile_id=chosen)
        profile_id = done.result
        selection = Selection.below(info)
        both = selection.merged(("profile",), ("edge", "node"))
        profile = await context.loaders.profile_row(profile_id, both)
        place = window(Page(), ORDER, nation_id, context.seal).cursor((profile_id,))
        return CreateProfilePayload(
            profile=profile,
            edge=Edge(cursor=place, node=profile) if profile else None,
            cursor=context.cursor(done, nation_id),
        )

    @strawberry.mutation(description="Edit a profile.")
    async def update_profile(
        self, info: Info, input: Annotated[UpdateProfileInput, strawberry.argument(description="What to write.")]
    ) -> UpdateProfileResult:
        """Edit a profile."""
        context = info.context
        profile_id = uuid_of("Profile", input.profile_id, "profileId")
        cleared = [field.value for field in input.clear_fields or ()]
        done = await context.write(
            update_profile, profile_id, _raw(input.fields), clear=cleared, expected_version=input.expected_version
        )
        profile = await context.loaders.profile_row(profile_id, Selection.below(info).under("profile"))
        return UpdateProfilePayload(profile=profile, cursor=context.cursor(done, *done.positions))

    @strawberry.mutation(description="Delete a profile. Shares that carried it end its match.")
    async def delete_profile(
        self, info: Info, input: Annotated[DeleteProfileInput, strawberry.argument(description="What to delete.")]
    ) -> DeleteProfileResult:
        """Delete a profile."""
        profile_id = uuid_of("Profile", input.profile_id, "profileId")
        done = await info.context.write(delete_profile, profile_id)
        return DeleteProfilePayload(
            deleted_profile_id=input.profile_id, cursor=info.context.cursor(done, *done.positions)
        )

    @strawberry.mutation(
        description="Merge duplicates into one profile. Its own values stay, blanks are filled, opt-outs hold, emails "
        "and tags are united; a link of a duplicate passes to it where it has none in the share."
    )
    async def merge_profiles(
        self,
        info: Info,
        input: Annotated[MergeProfilesInput, strawberry.argument(description="Which is left, and who.")],
    ) -> MergeProfilesResult:
        """Merge duplicates into one profile."""
        context = info.context
        profile_id = uuid_of("Profile", input.profile_id, "profileId")
        duplicate_ids = uuids_of("Profile", input.duplicate_ids, "duplicateIds")
        done = await context.write(merge_profiles, profile_id, duplicate_ids, expected_version=input.expected_version)
        dropped = await fetch("dropped_in", done.result, list(context.caller.nations))
        profile = await context.loaders.profile_row(profile_id, Selection.below(info).under("profile"))
        return MergeProfilesPayload(
            profile=profile,
            deleted_profile_ids=list(input.duplicate_ids),
            dropped=[DroppedValue(**field_of(row["key"]), value=row["value"]) for row in dropped],
            cursor=context.cursor(done, *done.positions),
        )
