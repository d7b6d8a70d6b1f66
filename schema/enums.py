"""Enums: those of the rules, told to clients, and those derived from the catalogue."""

from enum import Enum, StrEnum

import strawberry
from strawberry.types.enum import has_enum_definition

from sharing.brakes import Limit
from sharing.customs import CustomKind
from sharing.events import Topic
from sharing.fields import FIELDS
from sharing.kinds import OPTIONAL_GROUPS
from sharing.lifecycle import ShareAction, ShareStatus
from sharing.mailboxes import EmailHindrance
from sharing.matching.accounts import SENTENCES, MatchRuling, MatchStep, StepFinding
from sharing.modes import SyncMode
from sharing.segments.criteria import Attribute, Operator
from sharing.states import AmbiguityReason, AudienceState, ConflictState, MatchStage, MatchState, RunState, RunTrigger
from sharing.visibility import Plan, Role
from sharing.writes import Side


class ShareDirection(StrEnum):
    """From where one looks at a share."""

    SENT = "SENT"
    RECEIVED = "RECEIVED"


class ResetReason(StrEnum):
    """Why a stream of events cannot go on without a gap."""

    RETENTION = "RETENTION"
    EPOCH = "EPOCH"
    LAGGED = "LAGGED"
    PERMISSIONS_CHANGED = "PERMISSIONS_CHANGED"


class SegmentJoin(StrEnum):
    """How a part of a segment's criteria is put together."""

    ALL = "ALL"
    ANY = "ANY"
    NOT = "NOT"
    CLAUSE = "CLAUSE"


class TargetFilter(StrEnum):
    """Which nations of a network to list beside what an audience gives them."""

    ALL = "ALL"
    WITH_RULES = "WITH_RULES"
    WITHOUT_RULES = "WITHOUT_RULES"


class ProfileField(StrEnum):
    """One value for each field of the catalogue; the value is the catalogue key."""

    _ignore_ = "key"
    for key in FIELDS:
        vars()[key.upper()] = key


class OptionalGroup(StrEnum):
    """The groups of fields that a sender may choose; the values are those of ``Group``."""

    _ignore_ = "group"
    for group in OPTIONAL_GROUPS:
        vars()[group.name] = group.value


def _tell(enum: type[Enum], description: str, **values: str) -> None:
    """Make an enum of the rules known to GraphQL, with a description of itself and of every value."""
    strawberry.enum(enum, description=description)
    assert has_enum_definition(enum)
    for value in enum.__strawberry_definition__.values:
        value.description = values.pop(value.name)
    assert not values, f"{enum.__name__} has no {', '.join(values)}"


_tell(
    Plan,
    "What a nation pays for, and so may do.",
    LEADER="Accepts what others share; shares nothing itself.",
    ORGANIZATION="Shares and accepts.",
    ENTERPRISE="Shares and accepts.",
    NETWORK="Shares and accepts, within a family of nations and beyond.",
)
_tell(
    Role,
    "A user's role in a nation.",
    ADMIN="May do everything that the nation's plan includes.",
    MEMBER="Reads and edits profiles and tags and reviews conflicts; creates, accepts and stops no share.",
)
_tell(
    ShareStatus,
    "Where a share stands.",
    PENDING="Asked for; the receiver has not answered.",
    APPROVED="Accepted, and live.",
    DENIED="Rejected by the receiver. The sender may change its settings and ask again.",
    STOPPED="Stopped by either side. The receiver no longer sees it; the sender may change its settings and ask again.",
)
_tell(
    ShareAction,
    "What a nation can do to a share that exists.",
    ACCEPT="Accept it, as its receiver.",
    REJECT="Reject it, as its receiver.",
    STOP="Stop it, from either side.",
    UPDATE="Change its settings, as its sender.",
    REQUEST="Ask again, as its sender.",
    SYNC="Sync it now, from either side.",
)
_tell(
    SyncMode,
    "What happens to a field on which both nations hold different values. The receiver chooses; both are bound.",
    ALWAYS_REVIEW="Every difference waits for a person.",
    ACCEPT_ALL="The sender's value wins at first, later the most recent one.",
    ACCEPT_BLANK_ONLY="Only blank fields are filled; once both agree, the most recent value wins.",
)
_tell(
    MatchState,
    "What became of a profile that a share carries.",
    MATCHED="Linked to a person in the receiver, waiting to be synced.",
    SYNCED="Linked, and all covered fields are as the mode wants them.",
    CONFLICTED="Linked, and at least one field waits for review.",
    NOT_FOUND="Nobody in the receiver matches.",
    AMBIGUOUS="Somebody may match, but not for sure.",
    ENDED="Over: the tag was taken off, a profile deleted or merged, the link undone, or the share stopped.",
)
_tell(
    MatchStage,
    "The step that made a match; the earlier, the surer.",
    VOTER_GUID="The voter GUID agrees.",
    UNIQUE_ID="A unique id agrees.",
    EMAIL="An email address agrees.",
    HEURISTIC="Name, birthday, phones and addresses speak for it.",
    CREATED="The share created the receiver's profile.",
    CHOSEN="A person chose it.",
    REFERENCE="An audience shared the two before: the target's contact bears the source's reference.",
)
_tell(
    AmbiguityReason,
    "Why a profile could not be matched to one person for sure.",
    MULTIPLE_CANDIDATES="Several people fit, or the best two fit equally well.",
    ID_CONFLICT="The one who fits holds another value in a unique id.",
    CONTRADICTED="An id or email agrees, but name and birthday say another person.",
    ALREADY_LINKED="Another of the sender's profiles matches the same person as surely.",
)
_tell(
    MatchStep,
    "A step of matching, in their order.",
    UNIQUE_IDS="Unique ids, all that take part looked at together.",
    EMAILS="Email addresses, any against any.",
    LIKENESS="Names, birthday, sex, phones and addresses, weighed.",
)
_tell(
    StepFinding,
    "What a step of matching came to.",
    LEFT_OUT="It takes no part in the share.",
    BLANK="There is nothing to compare: one side holds none.",
    HIT="It hit, and decides.",
    NO_HIT="It hit nobody.",
    NOT_REACHED="An earlier step decides.",
)
_tell(
    MatchRuling,
    "Why two profiles are linked, or are not.",
    **{ruling.name: sentence for ruling, sentence in SENTENCES.items()},
)
_tell(
    ConflictState,
    "Whether a conflict waits for a person.",
    OPEN="It waits.",
    SKIPPED="Somebody skipped it; it stays out of sync until a value changes.",
    RESOLVED="It is one no longer.",
)
_tell(
    Side,
    "One of the two nations of a share.",
    SENDER="The nation that shares.",
    RECEIVER="The nation that it is shared with.",
)
_tell(
    EmailHindrance,
    "Why an email address could not be added to a profile.",
    NO_FREE_SLOT="The profile has four addresses already.",
    BELONGS_TO_ANOTHER="Another profile of that nation has it.",
)
_tell(
    RunState,
    "How far a run has come.",
    QUEUED="It waits for a worker.",
    RUNNING="A worker is on it.",
    SUCCEEDED="It is done.",
    FAILED="It broke off; `error` says why.",
    HELD="It stands before a limit, and waits for somebody to say that it may go on: `heldBy` says which.",
    CANCELLED="It was given up before it was done.",
)
_tell(
    Limit,
    "What a nation may limit of what a share writes into it.",
    CREATED_PEOPLE="People whom the share makes.",
    OVERWRITTEN_VALUES="Values that it replaces, clears or, of email addresses, removes.",
)
_tell(
    RunTrigger,
    "What started a run.",
    ACCEPTED="The share was accepted.",
    ASKED="Somebody asked for it.",
    DAILY="The daily sweep.",
    SCHEDULED="The rules of the audience say that it was time.",
    SETTINGS="A nation's settings, its network or its custom fields changed, and with that what travels.",
    CHANGES="More changed between two runs than a limit lets be written without one.",
)
_tell(
    Topic,
    "What an event is about.",
    SHARES="Shares: their status, settings and figures; and the rules of the nation's audience.",
    MATCHES="Matches of shares.",
    CONFLICTS="Conflicts under review.",
    RUNS="Sync runs and imports.",
    PROFILES="Profiles of the nation.",
    TAGS="Tags of the nation.",
    GROUPS="Groups of the nation.",
    CUSTOM_FIELDS="Custom fields of the nation.",
    SEGMENTS="Segments of the nation: their names and criteria. Who is in one follows from PROFILES and TAGS.",
)
_tell(
    Operator,
    "How a condition of a segment compares what a profile holds. Days are those of UTC.",
    EQUALS="It is this; a tag: it bears it; emails: one of them is this.",
    NOT_EQUALS="It is not this, or blank.",
    IN="It is one of these.",
    CONTAINS="This stands somewhere in it.",
    STARTS_WITH="It begins with this.",
    GLOB="It is like this pattern: `*` is any text, `?` any character. At most five asterisks.",
    LESS="It is less, or earlier.",
    GREATER="It is greater, or later.",
    BETWEEN="It is between the two, both included.",
    IS_BLANK="There is nothing.",
    IN_LAST_DAYS="It is today, or so many days ago at most.",
    IN_NEXT_DAYS="It is today, or so many days ahead at most.",
    ANNIVERSARY="Its month and day come today, or within so many days. 29 February is kept on the 28th in other years.",
)
_tell(
    Attribute,
    "What a segment can ask of a profile besides its fields.",
    TAG="The tags that it bears.",
    CREATED_AT="When it was made.",
    UPDATED_AT="When it was last written.",
    IS_SUPPORTER="Whether it counts as a supporter.",
    IS_PROSPECT="Whether it is a prospect.",
)
_tell(
    AudienceState,
    "Where the rules of an audience stand.",
    DRAFT="Being made up: nothing is shared.",
    ACTIVE="Every target is synced when it is due.",
    PAUSED="Nothing is synced until they are resumed.",
)
_tell(
    TargetFilter,
    "Which nations to list beside what an audience gives them.",
    ALL="All that could be targets.",
    WITH_RULES="Those that the rules give something.",
    WITHOUT_RULES="Those that the rules give nothing.",
)
_tell(
    SegmentJoin,
    "How a part of a segment's criteria is put together.",
    ALL="All parts that name it as their parent hold.",
    ANY="At least one part that names it as its parent holds.",
    NOT="The part that names it as its parent does not hold.",
    CLAUSE="One condition.",
)
_tell(
    CustomKind,
    "What a custom field holds.",
    TEXT="Text.",
    NUMBER="A decimal number.",
    CHECKBOX="True or false.",
    CHOICE="One of its options.",
)


_tell(
    ShareDirection,
    "From where one looks at a share.",
    SENT="The nation shares with another.",
    RECEIVED="Another nation shares with it.",
)
_tell(
    ResetReason,
    "Why a stream of events cannot go on without a gap.",
    RETENTION="The events asked for are too old: they are no longer kept.",
    EPOCH="The log was begun anew, and the cursor is of an earlier one.",
    LAGGED="The subscriber took events more slowly than they came.",
    PERMISSIONS_CHANGED="What the subscriber may see has changed.",
)
_tell(
    ProfileField,
    "A field of a profile.",
    **{key.upper(): f"{field.label}." for key, field in FIELDS.items()},
)
_tell(
    OptionalGroup,
    "A group of fields that a sender may choose for a share.",
    UNIQUE_IDS="Ids of other systems: choosing one matches on it and, where profiles are synced, syncs it.",
    DEMO="The census category.",
    DISTRICTS="The fifteen districts. Only between nations that both have voters enabled.",
    EMAILS="Email addresses, up to four a profile: matched on and, where profiles are synced, synced.",
    FACEBOOK_UID="The Facebook user id. Only within a network.",
    FEDERAL_DO_NOT_CALL="Whether the person is on the federal do-not-call list.",
    FUNDRAISER="Whether the person raises funds.",
    VOLUNTEER="Whether the person volunteers.",
    CUSTOM_FIELDS="The custom fields that both nations have. Only within a network whose HQ shares its custom fields.",
    NATION_SPECIFIC="Consent to calls, texts and emails, priority and support level.",
)
