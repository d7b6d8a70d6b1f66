"""What people decide on: who is whom, and which value holds; the inputs, the payloads and the results."""

from typing import Annotated, TypeAlias

import strawberry

from schema.conflicts import Conflict
from schema.errors import ForbiddenError, IllegalTransitionError, InvalidInputError, NotFoundError, StaleVersionError
from schema.matches import Match
from schema.payloads import WritePayload
from schema.repeats import RepeatableInput


@strawberry.input(description="An ambiguous match, and who it is.")
class ChooseCandidateInput(RepeatableInput):
    """An ambiguous match, and who it is."""

    match_id: strawberry.ID = strawberry.field(description="The match.")
    profile_id: strawberry.ID = strawberry.field(description="One of its candidates.")


@strawberry.input(description="A match to do something to.")
class MatchActionInput(RepeatableInput):
    """A match to do something to."""

    match_id: strawberry.ID = strawberry.field(description="The match.")


@strawberry.input(description="The values of a conflict as they were shown to whoever decided on it.")
class SeenConflictInput:
    """The values of a conflict as they were shown."""

    conflict_id: strawberry.ID = strawberry.field(description="The conflict.")
    sender_value: str | None = strawberry.field(default=None, description="Its senderValue as shown.")
    receiver_value: str | None = strawberry.field(default=None, description="Its receiverValue as shown.")


@strawberry.input(description="Conflicts that a nation decides on.")
class ConflictsInput(RepeatableInput):
    """Conflicts that a nation decides on."""

    nation_id: strawberry.ID = strawberry.field(description="The nation whose profiles are meant.")
    conflict_ids: list[strawberry.ID] = strawberry.field(description="The conflicts.")
    seen: list[SeenConflictInput] | None = strawberry.field(
        default=None,
        description="What was shown of them: where a value has changed since, nothing is done, and the answer says so.",
    )


@strawberry.input(description="People of whom a nation takes the other nation's values, whole.")
class ApplyMatchesInput(RepeatableInput):
    """People of whom a nation takes the other nation's values."""

    nation_id: strawberry.ID = strawberry.field(description="The nation whose profiles are meant.")
    match_ids: list[strawberry.ID] = strawberry.field(
        description="The people, by their matches, each with at least one open conflict."
    )
    seen: list[SeenConflictInput] = strawberry.field(
        description="What was shown of every open conflict of theirs: where another is open by now, or a value has "
        "changed since, nothing is done, and the answer says so. Those no longer open do no harm."
    )


@strawberry.input(description="People whom a nation takes out of the queue, whole.")
class SkipMatchesInput(RepeatableInput):
    """People whom a nation takes out of the queue."""

    nation_id: strawberry.ID = strawberry.field(description="The nation that decides.")
    match_ids: list[strawberry.ID] = strawberry.field(
        description="The people, by their matches, each with at least one open conflict."
    )
    seen: list[SeenConflictInput] | None = strawberry.field(
        default=None,
        description="What was shown of every open conflict of theirs: where another is open by now, or a value has "
        "changed since, nothing is done, and the answer says so. Left out, whatever is open is skipped.",
    )


@strawberry.type(description="The match was decided on.")
class MatchPayload(WritePayload):
    """The match was decided on."""

    match: Match | None = strawberry.field(
        description="The match as it is now; null where the share is no longer shown."
    )


@strawberry.type(description="The link was undone.")
class UnlinkMatchPayload(WritePayload):
    """The link was undone."""

    match: Match | None = strawberry.field(
        description="The match that has ended; null where the share is no longer shown."
    )
    renewed: Match | None = strawberry.field(
        description="The match that the sender's profile has instead; null where it is yet to be made: while a run is "
        "matching, or once the profile is no longer shared."
    )


@strawberry.type(description="The conflicts were decided on.")
class ConflictsPayload(WritePayload):
    """The conflicts were decided on."""

    conflicts: list[Conflict] = strawberry.field(description="The conflicts as they are now, in the order asked for.")


@strawberry.type(description="Whole people were decided on.")
class MatchesPayload(WritePayload):
    """Whole people were decided on."""

    matches: list[Match] = strawberry.field(description="The matches as they are now, in the order asked for.")
    conflicts: list[Conflict] = strawberry.field(
        description="The conflicts that were decided on, as they are now, those of a person together."
    )


MatchResult: TypeAlias = Annotated[
    MatchPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("MatchResult", description="The match was decided on, or not."),
]
UnlinkMatchResult: TypeAlias = Annotated[
    UnlinkMatchPayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("UnlinkMatchResult", description="The link was undone, or not."),
]
ConflictsResult: TypeAlias = Annotated[
    ConflictsPayload | InvalidInputError | NotFoundError | ForbiddenError | IllegalTransitionError | StaleVersionError,
    strawberry.union("ConflictsResult", description="The conflicts were decided on, all of them, or none."),
]
MatchesResult: TypeAlias = Annotated[
    MatchesPayload | InvalidInputError | NotFoundError | ForbiddenError | StaleVersionError,
    strawberry.union("MatchesResult", description="Whole people were decided on, all of them, or none."),
]
