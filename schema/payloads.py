"""What mutations answer: the things that changed, or an error as data."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry

from schema.accounts import Viewer
from schema.custom_fields import CustomField
from schema.enums import ProfileField
from schema.errors import (
    ForbiddenError,
    IllegalTransitionError,
    InvalidInputError,
    LockedError,
    NotFoundError,
    StaleVersionError,
)
from schema.nations import Nation
from schema.networks import Network
from schema.paging import Edge
from schema.profiles import Profile
from schema.runs import SyncRun
from schema.scalars import EventCursor
from schema.segments import Segment
from schema.shares import TagShare
from schema.tags import Tag


@strawberry.interface(description="What a mutation wrote.")
class WritePayload:
    """What a mutation wrote."""

    cursor: EventCursor | None = strawberry.field(
        description="Where the nation's log stands after it: events up to here tell of this write, or of earlier "
        "ones. Null where nothing changed."
    )


@strawberry.type(description="Signed in.")
class SignInPayload:
    """Signed in."""

    token: str = strawberry.field(description="The token to send as `Authorization: Bearer …`.")
    expires_at: datetime = strawberry.field(description="When the token expires.")
    viewer: Viewer = strawberry.field(description="Who signed in.")


@strawberry.type(description="The nation was changed.")
class NationPayload(WritePayload):
    """The nation was changed."""

    nation: Nation | None = strawberry.field(description="The nation as it is now; null where it is gone since.")


@strawberry.type(description="The network was changed.")
class NetworkPayload(WritePayload):
    """The network was changed."""

    network: Network | None = strawberry.field(
        description="The network as it is now; null where it is gone since, or the caller may see it no longer."
    )


@strawberry.type(description="The custom field was made or changed.")
class CustomFieldPayload(WritePayload):
    """The custom field was made or changed."""

    custom_field: CustomField | None = strawberry.field(
        description="The custom field as it is now; null where it is gone since."
    )


@strawberry.type(description="The segment was made or changed.")
class SegmentPayload(WritePayload):
    """The segment was made or changed."""

    segment: Segment | None = strawberry.field(description="The segment as it is now; null where it is gone since.")


@strawberry.type(description="The profile was made.")
class CreateProfilePayload(WritePayload):
    """The profile was made."""

    profile: Profile | None = strawberry.field(description="The profile; null where it is gone again.")
    edge: Edge[Profile] | None = strawberry.field(
        description="The profile with its place among the nation's, for a list that shows it."
    )


@strawberry.type(description="The profile was written.")
class UpdateProfilePayload(WritePayload):
    """The profile was written."""

    profile: Profile | None = strawberry.field(description="The profile as it is now; null where it is gone since.")


@strawberry.type(description="The profile was deleted.")
class DeleteProfilePayload(WritePayload):
    """The profile was deleted."""

    deleted_profile_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="A value that a merged profile held and the one that is left does not.")
class DroppedValue:
    """A value that was dropped by a merge."""

    field: ProfileField = strawberry.field(description="The field; `CUSTOM_FIELDS` for a custom field.")
    custom_field: str | None = strawberry.field(
        description="The custom field's slug; null for a field of the catalogue."
    )
    value: str = strawberry.field(description="The value as text.")


@strawberry.type(description="The profiles were merged.")
class MergeProfilesPayload(WritePayload):
    """The profiles were merged."""

    profile: Profile | None = strawberry.field(
        description="The profile that is left, as it is now; null where it is gone since."
    )
    deleted_profile_ids: list[strawberry.ID] = strawberry.field(description="The ids that the others had.")
    dropped: list[DroppedValue] = strawberry.field(
        description="The values that are lost to it, in order of the catalogue. They are kept with the merge."
    )


@strawberry.type(description="The tag was made.")
class CreateTagPayload(WritePayload):
    """The tag was made."""

    tag: Tag | None = strawberry.field(description="The tag; null where it is gone again.")
    edge: Edge[Tag] | None = strawberry.field(
        description="The tag with its place among the nation's, for a list that shows it."
    )


@strawberry.type(description="The tag has its new name.")
class RenameTagPayload(WritePayload):
    """The tag has its new name."""

    tag: Tag | None = strawberry.field(description="The tag as it is now; null where it is gone since.")


@strawberry.type(description="The tag was deleted.")
class DeleteTagPayload(WritePayload):
    """The tag was deleted."""

    deleted_tag_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The profiles were tagged, or bear the tag no longer.")
class TaggingsPayload(WritePayload):
    """The profiles were tagged, or bear the tag no longer."""

    tag: Tag | None = strawberry.field(description="The tag as it is now; null where it is gone since.")
    changed: int = strawberry.field(description="On how many profiles that changed anything.")


@strawberry.type(description="The shares were asked for.")
class CreateTagSharesPayload(WritePayload):
    """The shares were asked for."""

    shares: list[TagShare] = strawberry.field(description="The shares, in the order of the receivers.")


@strawberry.type(description="The settings were saved.")
class UpdateTagSharePayload(WritePayload):
    """The settings were saved."""

    share: TagShare | None = strawberry.field(description="The share as it is now; null where it is gone since.")


@strawberry.type(description="The share was asked for again, accepted, rejected or stopped.")
class TagSharePayload(WritePayload):
    """The share passed to another status."""

    share: TagShare | None = strawberry.field(
        description="The share as it is now; for a receiver that stopped it, its last sight of it. Null where it is "
        "gone since."
    )


@strawberry.type(description="A sync run is on its way.")
class SyncShareNowPayload(WritePayload):
    """A sync run is on its way."""

    run: SyncRun | None = strawberry.field(description="The run; null where the share is gone since.")


SignInResult: TypeAlias = Annotated[
    SignInPayload | InvalidInputError | ForbiddenError,
    strawberry.union("SignInResult", description="Signed in, or not."),
]
NationResult: TypeAlias = Annotated[
    NationPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("NationResult", description="The nation was changed, or not."),
]
NetworkResult: TypeAlias = Annotated[
    NetworkPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("NetworkResult", description="The network was changed, or not."),
]
CustomFieldResult: TypeAlias = Annotated[
    CustomFieldPayload | InvalidInputError | NotFoundError | ForbiddenError | LockedError,
    strawberry.union("CustomFieldResult", description="The custom field was made or changed, or not."),
]
CreateProfileResult: TypeAlias = Annotated[
    CreateProfilePayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("CreateProfileResult", description="The profile was made, or not."),
]
UpdateProfileResult: TypeAlias = Annotated[
    UpdateProfilePayload | InvalidInputError | NotFoundError | ForbiddenError | StaleVersionError,
    strawberry.union("UpdateProfileResult", description="The profile was written, or not."),
]
DeleteProfileResult: TypeAlias = Annotated[
    DeleteProfilePayload | InvalidInputError | NotFoundError | ForbiddenError | LockedError,
    strawberry.union("DeleteProfileResult", description="The profile was deleted, or not."),
]
MergeProfilesResult: TypeAlias = Annotated[
    MergeProfilesPayload | InvalidInputError | NotFoundError | ForbiddenError | StaleVersionError,
    strawberry.union("MergeProfilesResult", description="The profiles were merged, or not."),
]
CreateTagResult: TypeAlias = Annotated[
    CreateTagPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("CreateTagResult", description="The tag was made, or not."),
]
RenameTagResult: TypeAlias = Annotated[
    RenameTagPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("RenameTagResult", description="The tag has its new name, or not."),
]
DeleteTagResult: TypeAlias = Annotated[
    DeleteTagPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("DeleteTagResult", description="The tag was deleted, or not."),
]
TaggingsResult: TypeAlias = Annotated[
    TaggingsPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("TaggingsResult", description="The taggings changed, or not."),
]
CreateTagSharesResult: TypeAlias = Annotated[
    CreateTagSharesPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("CreateTagSharesResult", description="The shares were asked for, all of them, or none."),
]
UpdateTagShareResult: TypeAlias = Annotated[
    UpdateTagSharePayload | InvalidInputError | NotFoundError | ForbiddenError | IllegalTransitionError,
    strawberry.union("UpdateTagShareResult", description="The settings were saved, or not."),
]
TagShareResult: TypeAlias = Annotated[
    TagSharePayload | InvalidInputError | NotFoundError | ForbiddenError | IllegalTransitionError,
    strawberry.union("TagShareResult", description="The share passed to another status, or not."),
]
SyncShareNowResult: TypeAlias = Annotated[
    SyncShareNowPayload | InvalidInputError | NotFoundError | ForbiddenError | IllegalTransitionError,
    strawberry.union("SyncShareNowResult", description="A sync run is on its way, or not."),
]
SegmentResult: TypeAlias = Annotated[
    SegmentPayload | InvalidInputError | NotFoundError | ForbiddenError | LockedError | StaleVersionError,
    strawberry.union("SegmentResult", description="The segment was made or changed, or not."),
]
