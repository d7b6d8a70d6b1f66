"""The words in which the catalogue describes a field: kinds, groups, and what each decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, which decides how it is parsed, stored and compared."""

    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    IDENTIFIER = "IDENTIFIER"
    LOGIN = "LOGIN"
    URL = "URL"
    DATE = "DATE"
    BOOLEAN = "BOOLEAN"
    LEVEL = "LEVEL"
    CHOICE = "CHOICE"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    EMAILS = "EMAILS"
    CUSTOM = "CUSTOM"


class Group(StrEnum):
    """Which part of the catalogue a field belongs to."""

    NAMES = "NAMES"
    PERSONAL = "PERSONAL"
    SOCIAL = "SOCIAL"
    PHONES = "PHONES"
    ADDRESSES = "ADDRESSES"
    VOTER = "VOTER"
    VOTER_KEY = "VOTER_KEY"
    UNIQUE_IDS = "UNIQUE_IDS"
    DEMO = "DEMO"
    DISTRICTS = "DISTRICTS"
    EMAILS = "EMAILS"
    FACEBOOK_UID = "FACEBOOK_UID"
    FEDERAL_DO_NOT_CALL = "FEDERAL_DO_NOT_CALL"
    FUNDRAISER = "FUNDRAISER"
    VOLUNTEER = "VOLUNTEER"
    CUSTOM_FIELDS = "CUSTOM_FIELDS"
    NATION_SPECIFIC = "NATION_SPECIFIC"


class Audience(StrEnum):
    """Between which nations a field may travel."""

    ANY = "ANY"
    NETWORK = "NETWORK"
    VOTERS = "VOTERS"


class Sync(StrEnum):
    """When a share that syncs profiles carries a field."""

    ALWAYS = "ALWAYS"
    VOTERS = "VOTERS"
    CHOSEN = "CHOSEN"


class Matching(StrEnum):
    """What part a field plays when people are matched."""

    NONE = "NONE"
    ID = "ID"
    CHOSEN_ID = "CHOSEN_ID"
    EMAIL = "EMAIL"
    EVIDENCE = "EVIDENCE"


OPTIONAL_GROUPS: tuple[Group, ...] = (
    Group.UNIQUE_IDS,
    Group.DEMO,
    Group.DISTRICTS,
    Group.EMAILS,
    Group.FACEBOOK_UID,
    Group.FEDERAL_DO_NOT_CALL,
    Group.FUNDRAISER,
    Group.VOLUNTEER,
    Group.CUSTOM_FIELDS,
    Group.NATION_SPECIFIC,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the catalogue.

    Attributes:
        key: the name everywhere: column, import header, GraphQL name (camel-cased) and enum value (upper-cased).
        label: the name a person reads.
        group: the part of the catalogue it stands in.
        kind: what it holds.
        sync: when a share that syncs profiles carries it.
        matching: its part in matching people.
        audience: between which nations it may travel.
        choices: allowed codes and what they mean, for CHOICE fields.
        also: further groups that list the same field (meetup_id is social and a unique id).
        scope: for an id that is unique only within a place: the components of the registered address that name it.
    """

    key: str
    label: str
    group: Group
    kind: Kind
    sync: Sync
    matching: Matching = Matching.NONE
    audience: Audience = Audience.ANY
    choices: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Group, ...] = ()
    scope: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group that lists this field."""
        return (self.group, *self.also)
