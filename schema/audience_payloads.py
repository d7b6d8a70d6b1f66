"""What writes to audiences answer."""

from typing import Annotated, TypeAlias

import strawberry

from schema.audiences import Audience
from schema.errors import ForbiddenError, InvalidInputError, NotFoundError, StaleVersionError
from schema.payloads import WritePayload


@strawberry.type(description="The audience was made or changed.")
class AudiencePayload(WritePayload):
    """The audience was made or changed."""

    audience: Audience | None = strawberry.field(description="The audience as it is now; null where it is gone since.")


@strawberry.type(description="The rules were deleted, and what they made is being archived.")
class DeleteAudiencePayload(WritePayload):
    """The rules were deleted."""

    deleted_audience_id: strawberry.ID = strawberry.field(description="The id that it had.")


AudienceResult: TypeAlias = Annotated[
    AudiencePayload | InvalidInputError | NotFoundError | ForbiddenError | StaleVersionError,
    strawberry.union("AudienceResult", description="The audience was made or changed, or not."),
]
DeleteAudienceResult: TypeAlias = Annotated[
    DeleteAudiencePayload | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("DeleteAudienceResult", description="The rules were deleted, or not."),
]
