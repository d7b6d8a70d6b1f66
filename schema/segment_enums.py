"""The enums that segments and audiences are built with."""

from enum import StrEnum

from schema.telling import tell
from sharing.segments.criteria import Attribute, Operator
from sharing.states import AudienceState


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


tell(
    Operator,
    "How a condition of a segment compares what a profile holds. Days are those of UTC.",
    EQUALS="It is this; a tag: it bears it; a group: it is in it; emails: one of them is this.",
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
tell(
    Attribute,
    "What a segment can ask of a profile besides its fields.",
    TAG="The tags that it bears.",
    GROUP="The groups that it is in, those that are archived left out.",
    CREATED_AT="When it was made.",
    UPDATED_AT="When it was last written.",
    IS_SUPPORTER="Whether it counts as a supporter.",
    IS_PROSPECT="Whether it is a prospect.",
)
tell(
    SegmentJoin,
    "How a part of a segment's criteria is put together.",
    ALL="All parts that name it as their parent hold.",
    ANY="At least one part that names it as its parent holds.",
    NOT="The part that names it as its parent does not hold.",
    CLAUSE="One condition.",
)
tell(
    AudienceState,
    "Where the rules of an audience stand.",
    DRAFT="Being made up: nothing is shared.",
    ACTIVE="Every target is synced when it is due.",
    PAUSED="Nothing is synced until they are resumed.",
)
tell(
    TargetFilter,
    "Which nations to list beside what an audience gives them.",
    ALL="All that could be targets.",
    WITH_RULES="Those that the rules give something.",
    WITHOUT_RULES="Those that the rules give nothing.",
)
