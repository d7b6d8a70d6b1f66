"""Writes that a client may ask for again without having them done twice."""

import strawberry


@strawberry.input
class RepeatableInput:
    """What every write takes besides."""

    idempotency_key: str | None = strawberry.field(
        default=None,
        description="A name that the client makes up for this write, such as a random UUID. Sent again with the same "
        "input within a day, nothing is done again: the answer is that of the first time, its nodes as they are now.",
    )
