"""The states that matches, conflicts and runs pass through, and the words for how a match came about."""

from enum import StrEnum


class MatchState(StrEnum):
    """What became of a profile that a share carries."""

    MATCHED = "MATCHED"
    SYNCED = "SYNCED"
    CONFLICTED = "CONFLICTED"
    NOT_FOUND = "NOT_FOUND"
    AMBIGUOUS = "AMBIGUOUS"
    ENDED = "ENDED"


LINKED: frozenset[MatchState] = frozenset({MatchState.MATCHED, MatchState.SYNCED, MatchState.CONFLICTED})
UNLINKED: frozenset[MatchState] = frozenset({MatchState.NOT_FOUND, MatchState.AMBIGUOUS})


class MatchStage(StrEnum):
    """The step that made a match; the earlier, the surer."""

    VOTER_GUID = "VOTER_GUID"
    UNIQUE_ID = "UNIQUE_ID"
    EMAIL = "EMAIL"
    HEURISTIC = "HEURISTIC"
    CREATED = "CREATED"
    CHOSEN = "CHOSEN"
    REFERENCE = "REFERENCE"


class AmbiguityReason(StrEnum):
    """Why a profile could not be matched to one person for sure."""

    MULTIPLE_CANDIDATES = "MULTIPLE_CANDIDATES"
    ID_CONFLICT = "ID_CONFLICT"
    CONTRADICTED = "CONTRADICTED"
    ALREADY_LINKED = "ALREADY_LINKED"


class ConflictState(StrEnum):
    """Whether a conflict waits for a person."""

    OPEN = "OPEN"
    SKIPPED = "SKIPPED"
    RESOLVED = "RESOLVED"


class RunState(StrEnum):
    """How far a run has come."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"


UNFINISHED: frozenset[RunState] = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.HELD})


class RunPhase(StrEnum):
    """What a sync run is busy with. GATHERING, CHANGES and PLACING are an audience's."""

    GATHERING = "GATHERING"
    MATCHING = "MATCHING"
    SETTLING = "SETTLING"
    SYNCING = "SYNCING"
    CHANGES = "CHANGES"
    PLACING = "PLACING"


class AudienceState(StrEnum):
    """Where the rules of an audience stand: being made up, syncing, or paused."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"


class DeliveryState(StrEnum):
    """How far a webhook has come: it is still tried, it was taken, or it is tried no more."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    GIVEN_UP = "GIVEN_UP"


class RunTrigger(StrEnum):
    """What started a run."""

    ACCEPTED = "ACCEPTED"
    ASKED = "ASKED"
    DAILY = "DAILY"
    SCHEDULED = "SCHEDULED"
    SETTINGS = "SETTINGS"
    CHANGES = "CHANGES"
