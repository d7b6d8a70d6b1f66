"""The rules of an audience, as clients give them, and what changing them does."""

from uuid import UUID

import strawberry

import schema.enums  # noqa: F401 an enum has to be told before a type names it
from schema.cards import NationCard
from schema.context import Info
from schema.enums import ProfileField
from schema.repeats import RepeatableInput
from schema.segments import Segment

SEGMENTS = "The source's segments that are shared, by their ids."
FIELDS = "The fields that travel; `CUSTOM_FIELDS` is none: see `customFields`."
CUSTOMS = "The custom fields that travel, by slug."


@strawberry.input(description="A target, and what it gets where that is not what all get.")
class AudienceTargetInput:
    """A target."""

    nation: str = strawberry.field(description="The target's slug: another nation of the network.")
    segments: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"{SEGMENTS} Null gives it those that all get."
    )
    fields: list[ProfileField] | None = strawberry.field(
        default=None, description="The fields that travel to it. Null gives it those that all get."
    )
    custom_fields: list[str] | None = strawberry.field(
        default=None, description="The custom fields that travel to it. Null gives it those that all get."
    )


@strawberry.input(description="The rules by which a source shares its audience, as a whole.")
class AudienceRulesInput:
    """The rules by which a source shares its audience."""

    group_name: str = strawberry.field(
        description="What the group is to be called in each target that holds everybody shared to it."
    )
    targets: list[AudienceTargetInput] = strawberry.field(description="The nations that get anything.")
    segments: list[strawberry.ID] = strawberry.field(default_factory=list, description=SEGMENTS)
    fields: list[ProfileField] = strawberry.field(default_factory=list, description=FIELDS)
    custom_fields: list[str] = strawberry.field(default_factory=list, description=CUSTOMS)
    fires_automations: bool = strawberry.field(
        default=False, description="Whether a sync may fire the field-change automations of targets."
    )
    sync_every_hours: int = strawberry.field(
        default=6, description="How many hours after a sync the next one is due: 1 to 168."
    )


@strawberry.input(description="Rules to be made up. Nothing is shared before they are activated.")
class CreateAudienceInput(RepeatableInput):
    """Rules to be made up."""

    nation_id: strawberry.ID = strawberry.field(description="The source.")
    rules: AudienceRulesInput = strawberry.field(description="What is to be shared, with whom.")


@strawberry.input(description="Rules to take the place of those that an audience has.")
class UpdateAudienceInput(RepeatableInput):
    """Rules to take the place of others."""

    audience_id: strawberry.ID = strawberry.field(description="The audience.")
    rules: AudienceRulesInput = strawberry.field(description="What is to be shared from now on, with whom.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the edit was made from: refused where it has changed since."
    )


@strawberry.input(description="Rules to be activated, under the terms.")
class ActivateAudienceInput(RepeatableInput):
    """Rules to be activated."""

    audience_id: strawberry.ID = strawberry.field(description="The audience.")
    accepted_terms: str = strawberry.field(description="The version of the terms that you accept: `currentTerms`.")


@strawberry.input(description="An audience to do something to.")
class AudienceActionInput(RepeatableInput):
    """An audience to do something to."""

    audience_id: strawberry.ID = strawberry.field(description="The audience.")


@strawberry.input(description="A network in which audience sharing is to be enabled.")
class EnableAudienceSharingInput(RepeatableInput):
    """A network in which audience sharing is to be enabled."""

    network_id: strawberry.ID = strawberry.field(description="The network.")
    source_slug: str = strawberry.field(description="The slug of the nation that is to share its audience.")


@strawberry.type(description="What changes for one target.")
class AudienceTargetChange:
    """What changes for one target."""

    added_ids: strawberry.Private[list[UUID]]
    removed_ids: strawberry.Private[list[UUID]]
    nation: NationCard = strawberry.field(description="The target.")
    is_new: bool = strawberry.field(description="Whether it gets nothing yet: a group is made there.")
    is_removed: bool = strawberry.field(
        description="Whether it gets nothing any more: what the sharing made there is archived."
    )
    added_fields: list[ProfileField] = strawberry.field(description="Fields that begin to travel.")
    removed_fields: list[ProfileField] = strawberry.field(description="Fields that travel no longer; values stay.")
    added_custom_fields: list[str] = strawberry.field(
        description="Custom fields that begin to travel, by slug: they are made there, or locked."
    )
    removed_custom_fields: list[str] = strawberry.field(
        description="Custom fields that travel no longer, by slug: archived where the sharing made them, else unlocked."
    )

    @strawberry.field(description="Segments that it begins to get.")
    async def added_segments(self, info: Info) -> list[Segment]:
        """Segments that it begins to get."""
        return await info.context.reads.segments_by_id(self.added_ids)

    @strawberry.field(
        description="Segments that it gets no longer: they are archived there, with the contacts made that are in no "
        "other."
    )
    async def removed_segments(self, info: Info) -> list[Segment]:
        """Segments that it gets no longer."""
        return await info.context.reads.segments_by_id(self.removed_ids)


@strawberry.type(description="What changing the rules of an audience changes.")
class AudienceDifference:
    """What changing the rules of an audience changes."""

    is_empty: bool = strawberry.field(description="Whether nothing changes in any target.")
    old_group_name: str | None = strawberry.field(
        description="What the group was called; null where that stays, or there was none."
    )
    fires_automations: bool | None = strawberry.field(
        name="newFiresAutomations",
        description="Whether syncs may fire automations from then on; null where that stays.",
    )
    changes: list[AudienceTargetChange] = strawberry.field(
        description="What changes, by target; those for whom nothing does are left out."
    )
