"""All that one operation reads in batches."""

from resolvers.audience_rows import AudienceBatches
from resolvers.automation_rows import AutomationBatches
from resolvers.dealings import ShareBatches
from resolvers.group_rows import GroupBatches
from resolvers.people import ProfileBatches, TagBatches
from resolvers.places import CustomFieldBatches, NationBatches, NetworkBatches, SegmentBatches


class Loaders(
    NationBatches,
    NetworkBatches,
    AutomationBatches,
    CustomFieldBatches,
    SegmentBatches,
    ProfileBatches,
    TagBatches,
    GroupBatches,
    ShareBatches,
    AudienceBatches,
):
    """What one operation has read so far, and how it reads more: every noun's rows, in batches."""
