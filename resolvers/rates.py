"""What the caller may still ask for."""

import strawberry

from resolvers.context import Info
from schema.rates import RateLimit


@strawberry.type
class RateQueries:
    """Where an operation may begin."""

    @strawberry.field(description="The points that the caller has; null where nobody's are counted.")
    def rate_limit(self, info: Info) -> RateLimit | None:
        """The points that the caller has."""
        return info.context.rate_limit
