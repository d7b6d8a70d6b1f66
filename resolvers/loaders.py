"""All that one operation reads in batches."""

from resolvers.dealings import ShareBatches
from resolvers.people import NationBatches, ProfileBatches, TagBatches


class Loaders(NationBatches, ProfileBatches, TagBatches, ShareBatches):
    """What one operation has read so far, and how it reads more: every noun's rows, in batches."""
