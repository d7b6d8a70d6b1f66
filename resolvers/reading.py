"""What every noun's lists are read with."""

from resolvers.keyset import Ordering, Window, window
from resolvers.loaders import Loaders
from schema.paging import Page


class Reading:
    """Nested data of one noun, for the types that ask. The nouns together make up what a type may ask for.

    Args:
        loaders: what the operation has read so far, on whose behalf.
    """

    def __init__(self, loaders: Loaders) -> None:
        self.loaders = loaders
        self.caller = loaders.caller

    def window(self, page: Page, ordering: Ordering, parent: object) -> Window:
        """Which part of a list is asked for, checked.

        Raises:
            InvalidInput: the page cannot be had.
        """
        return window(page, ordering, parent, self.loaders.seal)
