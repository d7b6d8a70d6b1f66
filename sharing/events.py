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
    CUSTOM_FIELDS = "CUSTOM_FIELDS"
    SEGMENTS = "SEGMENTS"


class EventKind(StrEnum):
    """What happened to the subjects."""

    CHANGED = "CHANGED"
    DELETED = "DELETED"
    STATUS = "STATUS"
    PROGRESS = "PROGRESS"
    STATS = "STATS"


class Noun(StrEnum):
    """What kind of thing the subjects are: the GraphQL type of their nodes."""

    PROFILE = "Profile"
    TAG = "Tag"
    TAG_SHARE = "TagShare"
    MATCH = "Match"
    CONFLICT = "Conflict"
    SYNC_RUN = "SyncRun"
    IMPORT_RUN = "ImportRun"
    CUSTOM_FIELD = "CustomField"
    SEGMENT = "Segment"


TOPIC_OF: dict[Noun, Topic] = {
    Noun.PROFILE: Topic.PROFILES,
    Noun.TAG: Topic.TAGS,
    Noun.TAG_SHARE: Topic.SHARES,
    Noun.MATCH: Topic.MATCHES,
    Noun.CONFLICT: Topic.CONFLICTS,
    Noun.SYNC_RUN: Topic.RUNS,
    Noun.IMPORT_RUN: Topic.RUNS,
    Noun.CUSTOM_FIELD: Topic.CUSTOM_FIELDS,
    Noun.SEGMENT: Topic.SEGMENTS,
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
        return TOPIC_OF[self.noun]
