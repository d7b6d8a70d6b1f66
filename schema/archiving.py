"""Archiving people: what is asked, and what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from schema.errors import ForbiddenError, InvalidInputError, LockedError, NotFoundError
from schema.payloads import WritePayload
from schema.repeats import RepeatableInput


@strawberry.input(description="People of a nation to be archived, or restored.")
class ArchiveProfilesInput(RepeatableInput):
    """People of a nation to be archived, or restored."""

    nation_id: strawberry.ID = strawberry.field(description="The nation.")
    profile_ids: list[strawberry.ID] = strawberry.field(description="The profiles, at most 10,000.")


@strawberry.type(description="The people were archived, or restored.")
class ArchiveProfilesPayload(WritePayload):
    """The people were archived, or restored."""

    changed: int = strawberry.field(description="Of how many profiles that changed anything.")


ArchiveProfilesResult: TypeAlias = Annotated[
    ArchiveProfilesPayload | InvalidInputError | NotFoundError | ForbiddenError | LockedError,
    strawberry.union("ArchiveProfilesResult", description="The people were archived or restored, or not."),
]
