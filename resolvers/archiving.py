"""People archived and restored."""

from typing import Annotated, TypeAlias

import strawberry

from actions.archiving import archive_profiles, restore_profiles
from resolvers.context import Info
from resolvers.ids import number_of, uuids_of
from schema.archiving import ArchiveProfilesInput, ArchiveProfilesPayload, ArchiveProfilesResult

Input: TypeAlias = Annotated[ArchiveProfilesInput, strawberry.argument(description="Of which nation, and who.")]


@strawberry.type
class ArchiveMutations:
    """Archiving people."""

    @strawberry.mutation(
        description="Archive people: they are in no list, search, segment, group or match, and can be restored for 18 "
        "months. Shares end their matches. Their emails stay theirs."
    )
    async def archive_profiles(self, info: Info, input: Input) -> ArchiveProfilesResult:
        """Archive people."""
        nation_id = number_of("Nation", input.nation_id, "nationId")
        profile_ids = uuids_of("Profile", input.profile_ids, "profileIds")
        done = await info.context.write(archive_profiles, nation_id, profile_ids)
        return ArchiveProfilesPayload(changed=done.result, cursor=info.context.cursor(done, nation_id))

    @strawberry.mutation(
        description="Bring archived people back, with their tags and groups. Shares look at them again."
    )
    async def restore_profiles(self, info: Info, input: Input) -> ArchiveProfilesResult:
        """Restore people."""
        nation_id = number_of("Nation", input.nation_id, "nationId")
        profile_ids = uuids_of("Profile", input.profile_ids, "profileIds")
        done = await info.context.write(restore_profiles, nation_id, profile_ids)
        return ArchiveProfilesPayload(changed=done.result, cursor=info.context.cursor(done, nation_id))
