"""What subscribers are told: the log of a nation, as rows to be written."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Topic(StrEnum):
    """What an event is about."""

    SHARES = "SHARES"
    MATCHES = "MATCHES"
    CONFLICTS = "CONFLICTS"
    RUNS = "RUNS"
    PROFILES = "PROFILES"
    TAGS = "TAGS"
    GROUPS = "GROUPS"
    CUSTOM_FIELDS = "CUSTOM_FIELDS"
    SEGMENTS = "SEGMENTS"
    AUTOMATIONS = "AUTOMATIONS"


class EventKind(StrEnum):
    """What happened to the subjects."""

    CHANGED = "CHANGED"
    DELETED = "DELETED"
    STATUS = "STATUS"
    PROGRESS = "PROGRESS"
    STATS = "STATS"
    FIRED = "FIRED"


class Noun(StrEnum):
    """What kind of thing the subjects are: the GraphQL type of their nodes."""

    PROFILE = "Profile"
    TAG = "Tag"
    GROUP = "Group"
    TAG_SHARE = "TagShare"
    AUDIENCE_SHARE = "AudienceShare"
    AUDIENCE_MATCH = "AudienceMatch"
    AUDIENCE_RUN = "AudienceRun"
    MATCH = "Match"
    CONFLICT = "Conflict"
    SYNC_RUN = "SyncRun"
    IMPORT_RUN = "ImportRun"
    CUSTOM_FIELD = "CustomField"
    SEGMENT = "Segment"
    AUDIENCE = "Audience"
    AUTOMATION = "Automation"
    WEBHOOK_DELIVERY = "WebhookDelivery"


TOPIC_OF: dict[Noun, Topic] = {
    Noun.PROFILE: Topic.PROFILES,
    Noun.TAG: Topic.TAGS,
    Noun.GROUP: Topic.GROUPS,
    Noun.TAG_SHARE: Topic.SHARES,
    Noun.AUDIENCE_SHARE: Topic.SHARES,
    Noun.AUDIENCE_MATCH: Topic.MATCHES,
    Noun.AUDIENCE_RUN: Topic.RUNS,
    Noun.MATCH: Topic.MATCHES,
    Noun.CONFLICT: Topic.CONFLICTS,
    Noun.SYNC_RUN: Topic.RUNS,
    Noun.IMPORT_RUN: Topic.RUNS,
    Noun.CUSTOM_FIELD: Topic.CUSTOM_FIELDS,
    Noun.SEGMENT: Topic.SEGMENTS,
    Noun.AUDIENCE: Topic.SHARES,
    Noun.AUTOMATION: Topic.AUTOMATIONS,
    Noun.WEBHOOK_DELIVERY: Topic.AUTOMATIONS,
}


# What the same thing is called where the share that it belongs to is an audience's.
OF_AUDIENCES: dict[Noun, Noun] = {
    Noun.TAG_SHARE: Noun.AUDIENCE_SHARE,
    Noun.MATCH: Noun.AUDIENCE_MATCH,
    Noun.SYNC_RUN: Noun.AUDIENCE_RUN,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Subjects of one nation's log that changed alike.

    Attributes:
        kind: what happened.
        noun: what the subjects are.
        subjects: their ids, in order; each takes one position in the log.
        share_id: the share that it belongs to, if any.
        detail: what cannot be read again later (the statuses passed, the counts at that moment).
    """

    kind: EventKind
    noun: Noun
    subjects: tuple[UUID, ...]
    share_id: UUID | None = None
    detail: dict[str, Any] | None = None

    @property
    def topic(self) -> Topic:
        """The topic under which subscribers ask for it."""
        return Topic.AUTOMATIONS if self.kind is EventKind.FIRED else TOPIC_OF[self.noun]
