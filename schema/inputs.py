"""What mutations take: one input each."""

import strawberry

from schema.enums import OptionalGroup, ProfileField
from schema.profiles import ProfileInput
from schema.repeats import RepeatableInput
from sharing.customs import CustomKind
from sharing.modes import SyncMode

NEW_ID = (
    "The id that it is to have, for a client that shows it before the answer is there: base64 of the type's name, a "
    "colon and a fresh UUID of version 4 or 7. Left out, the server makes one."
)


@strawberry.input(description="Credentials of a user.")
class SignInInput:
    """Credentials of a user."""

    email: str = strawberry.field(description="The user's email address.")
    password: str = strawberry.field(description="The user's password.")


@strawberry.input(description="New settings for a nation. What is left out or null stays as it is.")
class UpdateNationInput(RepeatableInput):
    """New settings for a nation."""

    nation_id: strawberry.ID = strawberry.field(description="The nation.")
    name: str | None = strawberry.field(default=None, description="Its name.")
    country: str | None = strawberry.field(
        default=None,
        description="The ISO 3166 code of the country by which phones and postcodes are read that name none.",
    )
    voters_enabled: bool | None = strawberry.field(
        default=None,
        description="Whether it works with voter data: voter fields and districts travel only where both nations do.",
    )
    auto_districting: bool | None = strawberry.field(
        default=None,
        description="Whether its districts follow from addresses by themselves: shared districts then overwrite.",
    )


@strawberry.input(description="A nation to do something to.")
class NationActionInput(RepeatableInput):
    """A nation to do something to."""

    nation_id: strawberry.ID = strawberry.field(description="The nation.")


@strawberry.input(description="A network to do something to.")
class NetworkActionInput(RepeatableInput):
    """A network to do something to."""

    network_id: strawberry.ID = strawberry.field(description="The network.")


@strawberry.input(description="A network, and a user who is to manage it, or is to manage it no longer.")
class NetworkManagerInput(RepeatableInput):
    """A network, and a user who is to manage it or not."""

    network_id: strawberry.ID = strawberry.field(description="The network.")
    email: str = strawberry.field(description="The address that the user signs in with.")


@strawberry.input(description="A custom field to be made.")
class CreateCustomFieldInput(RepeatableInput):
    """A custom field to be made."""

    id: strawberry.ID | None = strawberry.field(default=None, description=NEW_ID)
    nation_id: strawberry.ID = strawberry.field(description="The nation to make it in.")
    slug: str = strawberry.field(
        description="What it is called by, for good: 1 to 63 lower-case letters, digits and underscores."
    )
    label: str = strawberry.field(description="The name that a person reads.")
    kind: CustomKind = strawberry.field(description="What it holds, for good.")
    options: list[str] | None = strawberry.field(
        default=None, description="What a choice may be, at least one; no other kind takes any."
    )


@strawberry.input(description="An edit of a custom field. What is left out or null stays as it is.")
class UpdateCustomFieldInput(RepeatableInput):
    """An edit of a custom field."""

    custom_field_id: strawberry.ID = strawberry.field(description="The custom field.")
    label: str | None = strawberry.field(default=None, description="The name that a person reads.")
    options: list[str] | None = strawberry.field(
        default=None, description="What a choice may be from now on: all of its options anew."
    )


@strawberry.input(description="A custom field to do something to.")
class CustomFieldActionInput(RepeatableInput):
    """A custom field to do something to."""

    custom_field_id: strawberry.ID = strawberry.field(description="The custom field.")


@strawberry.input(description="A profile to be made.")
class CreateProfileInput(RepeatableInput):
    """A profile to be made."""

    id: strawberry.ID | None = strawberry.field(default=None, description=NEW_ID)
    nation_id: strawberry.ID = strawberry.field(description="The nation to make it in.")
    fields: ProfileInput = strawberry.field(description="What it holds: at least one field.")


@strawberry.input(description="An edit of a profile. Only fields whose value really changes get a new time of change.")
class UpdateProfileInput(RepeatableInput):
    """An edit of a profile."""

    profile_id: strawberry.ID = strawberry.field(description="The profile.")
    fields: ProfileInput | None = strawberry.field(
        default=None, description="What to write. What is left out stays as it is; null blanks."
    )
    clear_fields: list[ProfileField] | None = strawberry.field(
        default=None,
        description="Fields to blank on purpose: a share may carry that on, where a mere null would be filled again.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the edit is made from: if another stands, nothing is written."
    )


@strawberry.input(description="A profile to be deleted.")
class DeleteProfileInput(RepeatableInput):
    """A profile to be deleted."""

    profile_id: strawberry.ID = strawberry.field(description="The profile.")


@strawberry.input(description="Profiles of one nation that are the same person: one is left, and takes in the others.")
class MergeProfilesInput(RepeatableInput):
    """Profiles of one nation that are the same person."""

    profile_id: strawberry.ID = strawberry.field(description="The profile that is left.")
    duplicate_ids: list[strawberry.ID] = strawberry.field(
        description="The others, 1 to 10, which are deleted once they are taken in."
    )
    expected_version: int | None = strawberry.field(
        default=None,
        description="The version of the profile that is left, as it was seen: if another stands, nothing is merged.",
    )


@strawberry.input(description="A tag to be made.")
class CreateTagInput(RepeatableInput):
    """A tag to be made."""

    id: strawberry.ID | None = strawberry.field(default=None, description=NEW_ID)
    nation_id: strawberry.ID = strawberry.field(description="The nation to make it in.")
    name: str = strawberry.field(description="Its name, which no other tag of the nation has, in whatever case.")


@strawberry.input(description="Another name for a tag.")
class RenameTagInput(RepeatableInput):
    """Another name for a tag."""

    tag_id: strawberry.ID = strawberry.field(description="The tag, one of the nation's own.")
    name: str = strawberry.field(description="Its new name, which no other tag of the nation has, in whatever case.")


@strawberry.input(description="A tag to be deleted.")
class DeleteTagInput(RepeatableInput):
    """A tag to be deleted."""

    tag_id: strawberry.ID = strawberry.field(
        description="The tag, one of the nation's own that no pending or approved share shares."
    )


@strawberry.input(description="A tag, and profiles of the same nation.")
class TaggingsInput(RepeatableInput):
    """A tag, and profiles of the same nation."""

    tag_id: strawberry.ID = strawberry.field(description="The tag, one of the nation's own.")
    profile_ids: list[strawberry.ID] = strawberry.field(description="The profiles.")


@strawberry.input(description="A tag to be shared, with whom, and how much goes along with it.")
class CreateTagSharesInput(RepeatableInput):
    """A tag to be shared, one share a receiver: all are made, or none."""

    tag_id: strawberry.ID = strawberry.field(description="The tag, one of the nation's own.")
    receiver_slugs: list[str] = strawberry.field(description="The nations to share it with, by slug.")
    sync_profiles: bool | None = strawberry.field(
        default=None, description="Whether profile data travels with the tag."
    )
    optional_groups: list[OptionalGroup] | None = strawberry.field(
        default=None, description="Optional groups of fields, chosen whole."
    )
    optional_fields: list[ProfileField] | None = strawberry.field(
        default=None, description="Optional fields, chosen one by one."
    )
    custom_fields: list[str] | None = strawberry.field(
        default=None, description="Custom fields, chosen one by one, by slug."
    )
    offer_new_profiles: bool | None = strawberry.field(
        default=None, description="Whether people whom the receiver lacks are offered to it."
    )


@strawberry.input(description="New settings for a stopped or denied share. What is left out stays as it is.")
class UpdateTagShareInput(RepeatableInput):
    """New settings for a stopped or denied share: unset or null ones stay."""

    share_id: strawberry.ID = strawberry.field(description="The share.")
    sync_profiles: bool | None = strawberry.field(
        default=None, description="Whether profile data travels with the tag."
    )
    optional_groups: list[OptionalGroup] | None = strawberry.field(
        default=None, description="Optional groups of fields, chosen whole: all of them anew."
    )
    optional_fields: list[ProfileField] | None = strawberry.field(
        default=None, description="Optional fields, chosen one by one: all of them anew."
    )
    custom_fields: list[str] | None = strawberry.field(
        default=None, description="Custom fields, chosen one by one, by slug: all of them anew."
    )
    offer_new_profiles: bool | None = strawberry.field(
        default=None, description="Whether people whom the receiver lacks are offered to it."
    )


@strawberry.input(description="A share to do something to.")
class ShareActionInput(RepeatableInput):
    """A share to do something to."""

    share_id: strawberry.ID = strawberry.field(description="The share.")


@strawberry.input(
    description="A pending share to be accepted, and on which terms. A share of the tag alone takes no terms."
)
class AcceptTagShareInput(RepeatableInput):
    """A pending share to be accepted, and on which terms."""

    share_id: strawberry.ID = strawberry.field(description="The share.")
    sync_mode: SyncMode | None = strawberry.field(
        default=None, description="What happens to values that differ: required where the share syncs profiles."
    )
    create_new_profiles: bool | None = strawberry.field(
        default=None, description="Whether to take people whom the nation lacks, where they are offered."
    )
    import_as_prospects: bool | None = strawberry.field(
        default=None, description="Whether those become prospects; only together with `createNewProfiles`."
    )
