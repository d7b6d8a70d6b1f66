"""The roots of the API, put together from the nouns, and what the types read with."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from resolvers.accounts import AccountMutations, AccountQueries, AccountReads
from resolvers.archiving import ArchiveMutations
from resolvers.audience_brakes import AudienceBrakeMutations
from resolvers.audience_rules import AudienceMutations
from resolvers.audiences import AudienceReads
from resolvers.automations import AutomationMutations, AutomationReads
from resolvers.brakes import BrakeMutations
from resolvers.conflicts import ConflictMutations, ConflictReads
from resolvers.custom_fields import CustomFieldMutations, CustomFieldReads
from resolvers.errors import errors_as_data
from resolvers.explaining import ExplanationQueries
from resolvers.groups import GroupMutations, GroupReads
from resolvers.live import LiveQueries, Subscription
from resolvers.matches import MatchMutations, MatchReads
from resolvers.nations import NationMutations, NationQueries, NationReads
from resolvers.networks import NetworkMutations, NetworkQueries, NetworkReads
from resolvers.nodes import NodeQueries, NodeReads
from resolvers.profiles import ProfileMutations, ProfileReads
from resolvers.rates import RateQueries
from resolvers.runs import RunReads
from resolvers.segments import SegmentMutations, SegmentReads
from resolvers.shares import ShareMutations, ShareReads
from resolvers.tags import TagMutations, TagReads
from schema.accounts import User
from schema.audiences import AudienceMatch, AudienceRun, AudienceShare
from schema.runs import ImportRun, SyncRun
from schema.scalars import SCALARS
from schema.shares import TagShare

# What is only ever met behind an interface.
TYPES: tuple[type, ...] = (TagShare, SyncRun, ImportRun, User, AudienceShare, AudienceMatch, AudienceRun)


class Reads(
    NodeReads,
    NationReads,
    NetworkReads,
    CustomFieldReads,
    SegmentReads,
    ProfileReads,
    TagReads,
    GroupReads,
    ShareReads,
    MatchReads,
    ConflictReads,
    RunReads,
    AudienceReads,
    AutomationReads,
    AccountReads,
):
    """All that the types read with."""


@strawberry.type(description="Where reading begins.")
class Query(NodeQueries, AccountQueries, NationQueries, NetworkQueries, ExplanationQueries, LiveQueries, RateQueries):
    """Where reading begins."""


@errors_as_data
@strawberry.type(description="Where writing begins. Each field is one transaction, and answers an error as data.")
class Mutation(
    AccountMutations,
    NationMutations,
    NetworkMutations,
    CustomFieldMutations,
    SegmentMutations,
    ProfileMutations,
    ArchiveMutations,
    TagMutations,
    GroupMutations,
    ShareMutations,
    MatchMutations,
    ConflictMutations,
    BrakeMutations,
    AudienceMutations,
    AudienceBrakeMutations,
    AutomationMutations,
):
    """Where writing begins."""


def print_sdl() -> str:
    """The schema in GraphQL's own language, sorted."""
    config = StrawberryConfig(scalar_map=dict(SCALARS), sort_schema=True)
    return strawberry.Schema(Query, Mutation, Subscription, types=TYPES, config=config).as_str() + "\n"
