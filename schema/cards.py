"""The card of a nation: what anybody on the other side of a share may see of it."""

import strawberry


@strawberry.type(description="What anybody on the other side of a share may see of a nation.")
class NationCard:
    """A nation's slug and name."""

    slug: str = strawberry.field(description="The slug by which it is named.")
    name: str = strawberry.field(description="Its name.")
