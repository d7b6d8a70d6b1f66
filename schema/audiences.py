"""Audiences: what a source nation shares with targets of its network, by rules."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from schema.audience_rules import AudienceDifference, AudienceRulesInput
from schema.brakes import RunHold, SideLimits
from schema.cards import NationCard
from schema.context import Info
from schema.enums import ProfileField
from schema.groups import Group
from schema.nodes import Node, still_there
from schema.paging import After, Before, Connection, First, Last, Page
from schema.profiles import Profile
from schema.runs import Run
from schema.segment_enums import TargetFilter
from schema.segments import Segment
from schema.shares import Share
from sharing.states import AmbiguityReason, AudienceState, MatchStage, MatchState, RunTrigger


@strawberry.type(description="One execution of an audience share: who is shared now, and what changed of them.")
class AudienceRun(Run):
    """One execution of an audience share."""

    share_id: strawberry.Private[UUID]
    trigger: RunTrigger = strawberry.field(description="What started it.")
    contacts_created: int = strawberry.field(description="How many contacts it made in the target.")
    contacts_synced: int = strawberry.field(description="How many contacts it looked at: those that had changed.")
    held_by: list[RunHold] = strawberry.field(description="The limits that hold it; empty unless it is held.")
    values_written: int = strawberry.field(description="How many values it filled, replaced or cleared.")
    opted_out: int | None = strawberry.field(
        description="How many of all contacts that are shared opted out, in the target, of what the source says they "
        "want: they stay so. Null before its end."
    )

    @strawberry.field(description="The share that it syncs.")
    async def audience_share(self, info: Info) -> "AudienceShare":
        """The share that it syncs."""
        return still_there(await info.context.reads.audience_share(info, self.share_id))


@strawberry.type(description="What became of one contact that an audience share carries.")
class AudienceMatch(Node):
    """What became of one contact that an audience share carries."""

    row_id: strawberry.Private[UUID]
    share_id: strawberry.Private[UUID]
    sender_profile_id: strawberry.Private[UUID]
    receiver_profile_id: strawberry.Private[UUID | None]
    match_state: MatchState = strawberry.field(description="What became of it.")
    stage: MatchStage | None = strawberry.field(
        description="The step that made the match, or came closest; null where none did."
    )
    score: float | None = strawberry.field(description="How sure it is, from 0 to 1; null where nobody was found.")
    ambiguity: AmbiguityReason | None = strawberry.field(description="Why it is not sure; null unless it is ambiguous.")
    created_at: datetime = strawberry.field(description="When the share first carried the contact.")
    first_synced_at: datetime | None = strawberry.field(description="When the pair was first synced; null before.")
    ended_at: datetime | None = strawberry.field(description="When it ended; null while it has not.")

    @strawberry.field(description="The share that carries it.")
    async def audience_share(self, info: Info) -> "AudienceShare":
        """The share that carries it."""
        return still_there(await info.context.reads.audience_share(info, self.share_id))

    @strawberry.field(description="The source's contact; null where the viewer may not see it, or it is gone.")
    async def source_profile(self, info: Info) -> Profile | None:
        """The source's contact."""
        return await info.context.reads.profile(info, self.sender_profile_id)

    @strawberry.field(
        description="The target's contact; null where there is none, the viewer may not see it, or it is gone."
    )
    async def target_profile(self, info: Info) -> Profile | None:
        """The target's contact."""
        return await info.context.reads.profile(info, self.receiver_profile_id)


@strawberry.type(description="What a source shares with one target, while the rules say so.")
class AudienceShare(Share):
    """What a source shares with one target."""

    row_id: strawberry.Private[UUID]
    sender_id: strawberry.Private[int]
    receiver_id: strawberry.Private[int]
    group_id: strawberry.Private[UUID | None]
    group_name: str | None = strawberry.field(
        description="What the target's group is called that holds every contact shared to it; null once it is over."
    )
    covered_fields: list[ProfileField] = strawberry.field(
        description="The fields that travel; custom ones are named in `customFieldSlugs`."
    )
    custom_field_slugs: list[str] = strawberry.field(description="The custom fields that travel, by slug.")
    target_limits: SideLimits = strawberry.field(description="What the target lets it write into its own contacts.")
    stopped_at: datetime | None = strawberry.field(description="When it ended; null while it has not.")
    last_sync_at: datetime | None = strawberry.field(description="When its last sync ended; null before the first.")
    next_sync_at: datetime | None = strawberry.field(
        description="When the next sync is due; null while syncing is paused, and once it is over."
    )

    @strawberry.field(
        description="The target's group that holds every contact shared to it, for the target's own people; else null."
    )
    async def group(self, info: Info) -> Group | None:
        """The target's group."""
        return await info.context.reads.group_of_audience(self)

    @strawberry.field(
        description="The segments that it carries, by name: the source's own for the source, the locked ones that the "
        "sharing made for the target."
    )
    async def shared_segments(self, info: Info) -> list[Segment]:
        """The segments that it carries."""
        return await info.context.reads.segments_of_audience(self)

    @strawberry.field(description="What became of each contact that it carries; ended ones only where asked for.")
    async def audience_matches(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        state: Annotated[
            list[MatchState] | None, strawberry.argument(description="Only those in one of these states.")
        ] = None,
    ) -> Connection[AudienceMatch]:
        """What became of each contact that it carries."""
        return await info.context.reads.audience_matches(info, self, Page(first, after, last, before), state)

    @strawberry.field(description="Its runs, the latest first.")
    async def audience_runs(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AudienceRun]:
        """Its runs."""
        return await info.context.reads.audience_runs(info, self, Page(first, after, last, before))


@strawberry.type(description="A nation that the source may share with, and what the rules give it.")
class AudienceTarget:
    """A nation that the source may share with."""

    number: strawberry.Private[int]
    source_id: strawberry.Private[int]
    segment_ids: strawberry.Private[list[UUID]]
    nation: NationCard = strawberry.field(description="The nation.")
    has_rules: bool = strawberry.field(description="Whether the rules give it anything.")
    covered_fields: list[ProfileField] = strawberry.field(
        description="The fields that it is given; custom ones are named in `customFieldSlugs`."
    )
    custom_field_slugs: list[str] = strawberry.field(description="The custom fields that it is given, by slug.")

    @strawberry.field(description="The source's segments that it is given.")
    async def shared_segments(self, info: Info) -> list[Segment]:
        """The source's segments that it is given."""
        return await info.context.reads.segments_by_id(self.segment_ids)

    @strawberry.field(description="The share that carries this out; null before the rules are active.")
    async def audience_share(self, info: Info) -> AudienceShare | None:
        """The share that carries this out."""
        return await info.context.reads.share_with_target(self)


@strawberry.type(description="The terms under which contacts are shared, as they were accepted.")
class AcceptedTerms:
    """The terms as they were accepted."""

    version: str = strawberry.field(name="termsVersion", description="Which version.")
    accepted_at: datetime = strawberry.field(description="When.")


@strawberry.type(description="The rules by which a source shares its audience. Only the source's own people see them.")
class Audience(Node):
    """The rules by which a source shares its audience."""

    row_id: strawberry.Private[UUID]
    nation_id: strawberry.Private[int]
    rules: strawberry.Private[dict[str, object]]
    rules_state: AudienceState = strawberry.field(description="Where they stand.")
    group_name: str | None = strawberry.field(
        description="What the group is called in each target that holds everybody shared to it."
    )
    fires_automations: bool = strawberry.field(
        description="Whether a sync may fire the field-change automations of targets."
    )
    sync_every_hours: int = strawberry.field(description="How many hours after a sync the next one is due.")
    version: int = strawberry.field(description="Counts its changes; see `expectedVersion`.")
    accepted_terms: AcceptedTerms | None = strawberry.field(description="The terms as accepted; null before.")
    current_terms: str = strawberry.field(description="The version of the terms that stands: activating accepts it.")
    created_at: datetime = strawberry.field(description="When they were made.")
    updated_at: datetime = strawberry.field(description="When they were last changed.")

    @strawberry.field(description="The other nations of the network, by slug, with what the rules give each.")
    async def targets(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[
            TargetFilter, strawberry.argument(description="Whether to give those with rules, without, or all.")
        ] = TargetFilter.ALL,
    ) -> Connection[AudienceTarget]:
        """The other nations of the network."""
        return await info.context.reads.audience_targets(info, self, Page(first, after, last, before), filter)

    @strawberry.field(
        description="What changing the rules to these would add, change and archive; nothing is changed. Before they "
        "are active that is all that activating them would do. An error where they cannot be: see the message."
    )
    async def difference(
        self,
        info: Info,
        rules: Annotated[AudienceRulesInput, strawberry.argument(description="The rules that are to be.")],
    ) -> AudienceDifference:
        """What changing the rules would change."""
        return await info.context.reads.audience_difference(self, rules)


@strawberry.type(description="Whether audience sharing is enabled in a network, and from where.")
class AudienceSharing:
    """Whether audience sharing is enabled in a network."""

    is_enabled: bool = strawberry.field(description="Whether it is on.")
    source: NationCard | None = strawberry.field(description="The nation that shares its audience; null where none.")
    enabled_at: datetime | None = strawberry.field(description="Since when; null where it is not on.")
