"""What is left of the points that a caller may spend."""

from datetime import datetime

import strawberry


@strawberry.type(description="The points that the caller has for its operations. They come back with time.")
class RateLimit:
    """The points that a caller has."""

    limit: int = strawberry.field(description="The most that there can be at once.")
    remaining: int = strawberry.field(description="Those left, this operation paid.")
    per_second: int = strawberry.field(description="Those that come back each second.")
    cost: int = strawberry.field(description="What this operation costs.")
    reset_at: datetime = strawberry.field(description="When all have come back, if nothing else is asked for.")
