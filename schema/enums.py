"""Enums: those of the rules, told to clients, and those derived from the catalogue."""

from enum import StrEnum

from schema.telling import tell
from sharing.brakes import Limit
from sharing.customs import CustomKind
from sharing.events import Topic
from sharing.fields import FIELDS
from sharing.kinds import OPTIONAL_GROUPS
from sharing.lifecycle import ShareAction, ShareStatus
from sharing.mailboxes import EmailHindrance
from sharing.matching.accounts import SENTENCES, MatchRuling, MatchStep, StepFinding
from sharing.modes import SyncMode
from sharing.states import AmbiguityReason, ConflictState, DeliveryState, MatchStage, MatchState, RunState, RunTrigger
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


tell(
    Plan,
    "What a nation pays for, and so may do.",
    LEADER="Accepts what others share; shares nothing itself.",
    ORGANIZATION="Shares and accepts.",
    ENTERPRISE="Shares and accepts.",
    NETWORK="Shares and accepts, within a family of nations and beyond.",
)
tell(
    Role,
    "A user's role in a nation.",
    ADMIN="May do everything that the nation's plan includes.",
    MEMBER="Reads and edits profiles and tags and reviews conflicts; creates, accepts and stops no share.",
)
tell(
    ShareStatus,
    "Where a share stands.",
    PENDING="Asked for; the receiver has not answered.",
    APPROVED="Accepted, and live.",
    DENIED="Rejected by the receiver. The sender may change its settings and ask again.",
    STOPPED="Stopped by either side. The receiver no longer sees it; the sender may change its settings and ask again.",
)
tell(
    ShareAction,
    "What a nation can do to a share that exists.",
    ACCEPT="Accept it, as its receiver.",
    REJECT="Reject it, as its receiver.",
    STOP="Stop it, from either side.",
    UPDATE="Change its settings, as its sender.",
    REQUEST="Ask again, as its sender.",
    SYNC="Sync it now, from either side.",
)
tell(
    SyncMode,
    "What happens to a field on which both nations hold different values. The receiver chooses; both are bound.",
    ALWAYS_REVIEW="Every difference waits for a person.",
    ACCEPT_ALL="The sender's value wins at first, later the most recent one.",
    ACCEPT_BLANK_ONLY="Only blank fields are filled; once both agree, the most recent value wins.",
)
tell(
    MatchState,
    "What became of a profile that a share carries.",
    MATCHED="Linked to a person in the receiver, waiting to be synced.",
    SYNCED="Linked, and all covered fields are as the mode wants them.",
    CONFLICTED="Linked, and at least one field waits for review.",
    NOT_FOUND="Nobody in the receiver matches.",
    AMBIGUOUS="Somebody may match, but not for sure.",
    ENDED="Over: the tag was taken off, a profile deleted or merged, the link undone, or the share stopped.",
)
tell(
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
tell(
    AmbiguityReason,
    "Why a profile could not be matched to one person for sure.",
    MULTIPLE_CANDIDATES="Several people fit, or the best two fit equally well.",
    ID_CONFLICT="The one who fits holds another value in a unique id.",
    CONTRADICTED="An id or email agrees, but name and birthday say another person.",
    ALREADY_LINKED="Another of the sender's profiles matches the same person as surely.",
)
tell(
    MatchStep,
    "A step of matching, in their order.",
    UNIQUE_IDS="Unique ids, all that take part looked at together.",
    EMAILS="Email addresses, any against any.",
    LIKENESS="Names, birthday, sex, phones and addresses, weighed.",
)
tell(
    StepFinding,
    "What a step of matching came to.",
    LEFT_OUT="It takes no part in the share.",
    BLANK="There is nothing to compare: one side holds none.",
    HIT="It hit, and decides.",
    NO_HIT="It hit nobody.",
    NOT_REACHED="An earlier step decides.",
)
tell(
    MatchRuling,
    "Why two profiles are linked, or are not.",
    **{ruling.name: sentence for ruling, sentence in SENTENCES.items()},
)
tell(
    ConflictState,
    "Whether a conflict waits for a person.",
    OPEN="It waits.",
    SKIPPED="Somebody skipped it; it stays out of sync until a value changes.",
    RESOLVED="It is one no longer.",
)
tell(
    Side,
    "One of the two nations of a share.",
    SENDER="The nation that shares.",
    RECEIVER="The nation that it is shared with.",
)
tell(
    EmailHindrance,
    "Why an email address could not be added to a profile.",
    NO_FREE_SLOT="The profile has four addresses already.",
    BELONGS_TO_ANOTHER="Another profile of that nation has it.",
)
tell(
    RunState,
    "How far a run has come.",
    QUEUED="It waits for a worker.",
    RUNNING="A worker is on it.",
    SUCCEEDED="It is done.",
    FAILED="It broke off; `error` says why.",
    HELD="It stands before a limit, and waits for somebody to say that it may go on: `heldBy` says which.",
    CANCELLED="It was given up before it was done.",
)
tell(
    Limit,
    "What a nation may limit of what a share writes into it.",
    CREATED_PEOPLE="People whom the share makes.",
    OVERWRITTEN_VALUES="Values that it replaces, clears or, of email addresses, removes.",
)
tell(
    RunTrigger,
    "What started a run.",
    ACCEPTED="The share was accepted.",
    ASKED="Somebody asked for it.",
    DAILY="The daily sweep.",
    SCHEDULED="The rules of the audience say that it was time.",
    SETTINGS="A nation's settings, its network or its custom fields changed, and with that what travels.",
    CHANGES="More changed between two runs than a limit lets be written without one.",
)
tell(
    Topic,
    "What an event is about.",
    SHARES="Shares: their status, settings and figures; and the rules of the nation's audience.",
    MATCHES="Matches of shares.",
    CONFLICTS="Conflicts under review.",
    RUNS="Sync runs and imports.",
    PROFILES="Profiles of the nation.",
    TAGS="Tags of the nation.",
    GROUPS="Groups of the nation: their names, and how many are in them.",
    CUSTOM_FIELDS="Custom fields of the nation.",
    SEGMENTS="Segments of the nation: their names and criteria. Who is in one follows from PROFILES, TAGS and GROUPS.",
    AUTOMATIONS="Automations of the nation: that they fired, and, for its admins, how they are set.",
)
tell(
    DeliveryState,
    "How far a webhook has come.",
    PENDING="It is still tried, or will be.",
    DELIVERED="It was taken: the receiver answered with a status from 200 to 299.",
    GIVEN_UP="It is tried no more: see `lastError`. It can be tried again by `retryWebhookDelivery`.",
)
tell(
    CustomKind,
    "What a custom field holds.",
    TEXT="Text.",
    NUMBER="A decimal number.",
    CHECKBOX="True or false.",
    CHOICE="One of its options.",
)


tell(
    ShareDirection,
    "From where one looks at a share.",
    SENT="The nation shares with another.",
    RECEIVED="Another nation shares with it.",
)
tell(
    ResetReason,
    "Why a stream of events cannot go on without a gap.",
    RETENTION="The events asked for are too old: they are no longer kept.",
    EPOCH="The log was begun anew, and the cursor is of an earlier one.",
    LAGGED="The subscriber took events more slowly than they came.",
    PERMISSIONS_CHANGED="What the subscriber may see has changed.",
)
tell(
    ProfileField,
    "A field of a profile.",
    **{key.upper(): f"{field.label}." for key, field in FIELDS.items()},
)
tell(
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
