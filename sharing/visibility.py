"""Who may do what: plans, roles, and what a caller is to a nation."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sharing.errors import Forbidden


class Plan(StrEnum):
    """What a nation pays for, and so may do."""

    LEADER = "LEADER"
    ORGANIZATION = "ORGANIZATION"
    ENTERPRISE = "ENTERPRISE"
    NETWORK = "NETWORK"


class Role(StrEnum):
    """A user's role in a nation."""

    ADMIN = "ADMIN"
    MEMBER = "MEMBER"


class NetworkRole(StrEnum):
    """A user's role in a network."""

    MANAGER = "MANAGER"


class ShareKind(StrEnum):
    """What a share carries."""

    TAG = "TAG"
    AUDIENCE = "AUDIENCE"


class Deed(StrEnum):
    """What somebody may want to do in a nation."""

    READ = "READ"
    EDIT_PROFILES = "EDIT_PROFILES"
    EDIT_TAGS = "EDIT_TAGS"
    EDIT_GROUPS = "EDIT_GROUPS"
    EDIT_SEGMENTS = "EDIT_SEGMENTS"
    IMPORT = "IMPORT"
    REVIEW_CONFLICTS = "REVIEW_CONFLICTS"
    RESOLVE_MATCHES = "RESOLVE_MATCHES"
    CREATE_SHARE = "CREATE_SHARE"
    DECIDE_SHARE = "DECIDE_SHARE"
    STOP_SHARE = "STOP_SHARE"
    SYNC_SHARE = "SYNC_SHARE"
    SET_LIMITS = "SET_LIMITS"
    RESUME_RUN = "RESUME_RUN"
    CANCEL_RUN = "CANCEL_RUN"
    EDIT_CUSTOM_FIELDS = "EDIT_CUSTOM_FIELDS"
    SHARE_CUSTOM_FIELDS = "SHARE_CUSTOM_FIELDS"
    EDIT_NATION = "EDIT_NATION"
    LEAVE_NETWORK = "LEAVE_NETWORK"
    NAME_MANAGERS = "NAME_MANAGERS"
    ENABLE_AUDIENCES = "ENABLE_AUDIENCES"
    SHARE_AUDIENCE = "SHARE_AUDIENCE"
    EDIT_AUTOMATIONS = "EDIT_AUTOMATIONS"


_MEMBER = frozenset(
    {
        Deed.READ,
        Deed.EDIT_PROFILES,
        Deed.EDIT_TAGS,
        Deed.EDIT_GROUPS,
        Deed.EDIT_SEGMENTS,
        Deed.IMPORT,
        Deed.REVIEW_CONFLICTS,
    }
)

BY_ROLE: Mapping[Role, frozenset[Deed]] = {Role.ADMIN: frozenset(Deed), Role.MEMBER: _MEMBER}

# What a role in a network lets one do beside the admins of its HQ, whether or not one belongs to any of its nations.
BY_NETWORK_ROLE: Mapping[NetworkRole, frozenset[Deed]] = {
    NetworkRole.MANAGER: frozenset({Deed.SHARE_CUSTOM_FIELDS, Deed.NAME_MANAGERS, Deed.ENABLE_AUDIENCES})
}

# A leader plan accepts what others share and shares nothing itself.
BY_PLAN: Mapping[Plan, frozenset[Deed]] = {
    Plan.LEADER: frozenset(Deed) - {Deed.CREATE_SHARE, Deed.SHARE_AUDIENCE},
    Plan.ORGANIZATION: frozenset(Deed),
    Plan.ENTERPRISE: frozenset(Deed),
    Plan.NETWORK: frozenset(Deed),
}

_IN_WORDS = {
    Deed.READ: "read this nation",
    Deed.EDIT_PROFILES: "edit profiles",
    Deed.EDIT_TAGS: "edit tags",
    Deed.EDIT_GROUPS: "edit groups",
    Deed.EDIT_SEGMENTS: "edit segments",
    Deed.IMPORT: "import people",
    Deed.REVIEW_CONFLICTS: "review conflicts",
    Deed.RESOLVE_MATCHES: "say who is whom in a share",
    Deed.CREATE_SHARE: "share tags",
    Deed.DECIDE_SHARE: "accept or reject shares",
    Deed.STOP_SHARE: "stop shares",
    Deed.SYNC_SHARE: "start a sync",
    Deed.SET_LIMITS: "limit what a share writes",
    Deed.RESUME_RUN: "have a held sync go on",
    Deed.CANCEL_RUN: "cancel a sync",
    Deed.EDIT_CUSTOM_FIELDS: "change custom fields",
    Deed.SHARE_CUSTOM_FIELDS: "share custom field settings",
    Deed.EDIT_NATION: "change the nation's settings",
    Deed.LEAVE_NETWORK: "take the nation out of its network",
    Deed.NAME_MANAGERS: "name managers of the network",
    Deed.ENABLE_AUDIENCES: "enable or disable audience sharing",
    Deed.SHARE_AUDIENCE: "share the audience with other nations",
    Deed.EDIT_AUTOMATIONS: "change automations",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking.

    Attributes:
        user_id: the user, None for a nation's token.
        token_id: the API token, None for a user.
        roles: the nations that the caller belongs to, by their number, with the role in each.
        networks: the networks that the caller manages.
        expires_at: when the credentials run out, None for never.
    """

    user_id: UUID | None = None
    token_id: UUID | None = None
    roles: Mapping[int, Role] = field(default_factory=dict)
    networks: frozenset[int] = frozenset()
    expires_at: datetime | None = None

    @property
    def nations(self) -> frozenset[int]:
        """The numbers of the nations that the caller belongs to."""
        return frozenset(self.roles)

    @property
    def rights(self) -> Hashable:
        """What decides what the caller is shown: callers whose rights are equal are shown the same."""
        return (frozenset(self.roles.items()), self.networks)

    @property
    def known_by(self) -> UUID | None:
        """The user or the token behind the caller; None for a passer-by."""
        return self.user_id or self.token_id

    @property
    def is_known(self) -> bool:
        """Whether anybody is asking at all, rather than a passer-by without credentials."""
        return self.user_id is not None or self.token_id is not None


ANONYMOUS = Caller()


def role_may(role: Role, deed: Deed) -> bool:
    """Whether a role includes a deed."""
    return deed in BY_ROLE[role]


def plan_may(plan: Plan, deed: Deed) -> bool:
    """Whether a plan includes a deed."""
    return deed in BY_PLAN[plan]


def manages(caller: Caller, network_id: int, deed: Deed) -> bool:
    """Whether the caller's role in a network includes a deed."""
    return network_id in caller.networks and deed in BY_NETWORK_ROLE[NetworkRole.MANAGER]


def presides(caller: Caller, network_id: int, hq_id: int | None, deed: Deed) -> bool:
    """Whether the caller may do a deed for all of a network: as one of its managers, or by its role in its HQ."""
    role = caller.roles.get(hq_id) if hq_id is not None else None
    return manages(caller, network_id, deed) or (role is not None and role_may(role, deed))


def require(caller: Caller, nation_id: int, plan: Plan, deed: Deed) -> None:
    """Make sure that the caller may do something in a nation it belongs to.

    Raises:
        Forbidden: the caller's role or the nation's plan does not include it; the message says which.
    """
    role = caller.roles.get(nation_id)
    if role is None or not role_may(role, deed):
        raise Forbidden(f"Your role does not let you {_IN_WORDS[deed]}: ask an admin of the nation.")
    if not plan_may(plan, deed):
        raise Forbidden(f"The {plan.value.title()} plan does not let a nation {_IN_WORDS[deed]}.")
