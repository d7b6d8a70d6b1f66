"""What the types need to reach nested data: the vocabulary names it, the resolvers bring it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import strawberry

from sharing.events import Noun
from sharing.lifecycle import ShareAction, ShareStatus
from sharing.states import ConflictState, MatchState

if TYPE_CHECKING:
    from schema.accounts import Membership, User, Viewer
    from schema.audience_rules import AudienceDifference, AudienceRulesInput
    from schema.audiences import Audience, AudienceMatch, AudienceRun, AudienceShare, AudienceTarget
    from schema.automations import Automation, WebhookDelivery
    from schema.cards import NationCard
    from schema.conflicts import Conflict
    from schema.custom_fields import CustomField
    from schema.enums import ShareDirection
    from schema.groups import Group
    from schema.matches import Candidate, Match
    from schema.nations import Nation
    from schema.networks import Network, NetworkManager
    from schema.nodes import Node
    from schema.paging import Connection, Page
    from schema.profiles import Profile, ProfileFilter
    from schema.runs import ImportRejection, ImportRun, Run, SyncRun
    from schema.segment_enums import TargetFilter
    from schema.segments import Segment, SegmentCriterionInput, SegmentPreview
    from schema.shares import Share, TagShare
    from schema.tags import Tag


class Reads(Protocol):
    """Nested data, read in batches, as far as the caller may see it. One of these lives no longer than one operation.

    ``info`` tells what is selected below the field, so that no more is read.
    """

    def node(self, info: Info, noun: Noun, subject: UUID) -> Awaitable[Node | None]:
        """A thing by its kind and id; None where the caller may not see it."""
        ...

    def nation(self, info: Info, nation_id: int) -> Awaitable[Nation | None]:
        """A nation that the caller belongs to."""
        ...

    def network(self, info: Info, number: int) -> Awaitable[Network | None]:
        """A network of one of the caller's nations, or one that the caller manages."""
        ...

    def nations_of_network(self, info: Info, network: Network, page: Page) -> Awaitable[Connection[NationCard]]:
        """The nations of a network that the caller may see, as others see them."""
        ...

    def managers(self, network: Network) -> Awaitable[list[NetworkManager] | None]:
        """Who manages a network; None for whoever may not know."""
        ...

    def custom_fields(self, info: Info, nation: Nation, archived: bool) -> Awaitable[list[CustomField]]:
        """The custom fields of a nation, archived ones too where asked for."""
        ...

    def locker(self, share_id: UUID) -> Awaitable[NationCard | None]:
        """The nation whose audience share locks something."""
        ...

    def segments(self, info: Info, nation: Nation, page: Page, archived: bool) -> Awaitable[Connection[Segment]]:
        """The segments of a nation, those that are archived or those that are not."""
        ...

    def count_segment(self, nation_id: int, criteria: dict[str, object]) -> Awaitable[int]:
        """How many profiles of a nation meet criteria."""
        ...

    def profiles_of_segment(
        self, info: Info, nation_id: int, criteria: dict[str, object], page: Page
    ) -> Awaitable[Connection[Profile]]:
        """The profiles of a nation that meet criteria."""
        ...

    def preview_segment(self, nation: Nation, criteria: SegmentCriterionInput) -> Awaitable[SegmentPreview]:
        """Who meets criteria that are not saved."""
        ...

    def segments_by_id(self, segment_ids: list[UUID]) -> Awaitable[list[Segment]]:
        """Segments that the caller may see, of those with these ids, by name."""
        ...

    def audience_of_nation(self, nation: Nation) -> Awaitable[Audience | None]:
        """The rules by which a nation shares its audience."""
        ...

    def audience_targets(
        self, info: Info, audience: Audience, page: Page, filter: TargetFilter
    ) -> Awaitable[Connection[AudienceTarget]]:
        """The nations that an audience may be shared with."""
        ...

    def audience_difference(self, audience: Audience, rules: AudienceRulesInput) -> Awaitable[AudienceDifference]:
        """What changing the rules of an audience would change."""
        ...

    def audience_share(self, info: Info, share_id: UUID) -> Awaitable[AudienceShare | None]:
        """An audience share that the caller may see."""
        ...

    def share_with_target(self, target: AudienceTarget) -> Awaitable[AudienceShare | None]:
        """The live share by which a target is given an audience."""
        ...

    def audience_shares(self, info: Info, nation: Nation, page: Page) -> Awaitable[Connection[AudienceShare]]:
        """The audience shares that a nation sends or receives."""
        ...

    def group_of_audience(self, share: AudienceShare) -> Awaitable[Group | None]:
        """The target's group of an audience share, for the target's own people."""
        ...

    def segments_of_audience(self, share: AudienceShare) -> Awaitable[list[Segment]]:
        """The segments that an audience share carries, as the caller's nation has them."""
        ...

    def audience_matches(
        self, info: Info, share: AudienceShare, page: Page, state: list[MatchState] | None
    ) -> Awaitable[Connection[AudienceMatch]]:
        """The matches of an audience share."""
        ...

    def audience_runs(self, info: Info, share: AudienceShare, page: Page) -> Awaitable[Connection[AudienceRun]]:
        """The runs of an audience share."""
        ...

    def automations(self, info: Info, nation: Nation, page: Page) -> Awaitable[Connection[Automation] | None]:
        """The automations of a nation; None for whoever may not change them."""
        ...

    def deliveries(self, info: Info, automation: Automation, page: Page) -> Awaitable[Connection[WebhookDelivery]]:
        """The webhooks of an automation."""
        ...

    def profile(self, info: Info, profile_id: UUID | None) -> Awaitable[Profile | None]:
        """A profile of a nation that the caller belongs to."""
        ...

    def find_profile(
        self, info: Info, nation: Nation, node_id: str | None, email: str | None, external_id: str | None
    ) -> Awaitable[Profile | None]:
        """A nation's profile by exactly one of its id, an email address or its external id."""
        ...

    def profiles(
        self, info: Info, nation: Nation, page: Page, filter: ProfileFilter | None, archived: bool
    ) -> Awaitable[Connection[Profile]]:
        """The profiles of a nation, those that are archived or those that are not."""
        ...

    def tags(self, info: Info, nation: Nation, page: Page, shared: ShareDirection | None) -> Awaitable[Connection[Tag]]:
        """The tags of a nation."""
        ...

    def tags_of_profile(self, info: Info, profile: Profile, page: Page) -> Awaitable[Connection[Tag]]:
        """The tags that a profile bears."""
        ...

    def groups(self, info: Info, nation: Nation, page: Page, archived: bool) -> Awaitable[Connection[Group]]:
        """The groups of a nation, those that are archived or those that are not."""
        ...

    def groups_of_profile(self, info: Info, profile: Profile, page: Page) -> Awaitable[Connection[Group]]:
        """The live groups that a profile is in."""
        ...

    def profiles_of_group(self, info: Info, group: Group, page: Page) -> Awaitable[Connection[Profile]]:
        """The profiles that are in a group."""
        ...

    def tag_of_share(self, info: Info, share: TagShare) -> Awaitable[Tag | None]:
        """The tag of a share, as the viewer's nation has it."""
        ...

    def share(self, info: Info, share_id: UUID) -> Awaitable[TagShare | None]:
        """A share."""
        ...

    def shares(
        self,
        info: Info,
        nation: Nation,
        page: Page,
        direction: ShareDirection | None,
        status: list[ShareStatus] | None,
    ) -> Awaitable[Connection[Share]]:
        """The shares of a nation."""
        ...

    def direction(self, share: TagShare, nation: str) -> ShareDirection:
        """On which side of a share a nation is."""
        ...

    def allowed_actions(self, share: TagShare, nation: str) -> list[ShareAction]:
        """What a nation can do to a share now."""
        ...

    def match(self, info: Info, match_id: UUID) -> Awaitable[Match | None]:
        """A match."""
        ...

    def matches(
        self, info: Info, share: TagShare, page: Page, state: list[MatchState] | None
    ) -> Awaitable[Connection[Match]]:
        """The matches of a share."""
        ...

    def candidates(self, info: Info, match: Match) -> Awaitable[list[Candidate]]:
        """Whom an ambiguous match may be; empty for whoever does not belong to the receiver."""
        ...

    def conflicts(
        self, info: Info, share: TagShare, page: Page, state: list[ConflictState] | None
    ) -> Awaitable[Connection[Conflict]]:
        """The conflicts of a share."""
        ...

    def conflicts_of_match(
        self, info: Info, match: Match, state: list[ConflictState] | None
    ) -> Awaitable[list[Conflict]]:
        """The conflicts of a match."""
        ...

    def runs(self, info: Info, share: TagShare, page: Page) -> Awaitable[Connection[SyncRun]]:
        """The sync runs of a share."""
        ...

    def imports(self, info: Info, nation: Nation, page: Page) -> Awaitable[Connection[ImportRun]]:
        """The imports of a nation."""
        ...

    def run(self, info: Info, noun: Noun, run_id: UUID) -> Awaitable[Run | None]:
        """A sync run or an import."""
        ...

    def rejections(self, info: Info, run: ImportRun, page: Page) -> Awaitable[Connection[ImportRejection]]:
        """The rows that an import could not take."""
        ...

    def user(self, viewer: Viewer) -> Awaitable[User | None]:
        """The user behind a viewer; None for a token of a nation."""
        ...

    def memberships(self, info: Info, viewer: Viewer) -> Awaitable[list[Membership]]:
        """The nations that a viewer belongs to."""
        ...

    def managed_networks(self, viewer: Viewer) -> Awaitable[list[Network]]:
        """The networks that a viewer manages."""
        ...


class Context(Protocol):
    """What an operation carries with it, as far as the types need it."""

    @property
    def reads(self) -> Reads:
        """Nested data."""
        ...


Info = strawberry.Info[Context, None]
