"""What a share's settings may ask for, and which fields it then carries and matches on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sharing.errors import InvalidInput
from sharing.fields import ALWAYS, CUSTOM_PREFIX, FIELDS, VOTER, in_group
from sharing.kinds import OPTIONAL_GROUPS, Audience, Group, Matching


@dataclass(frozen=True, slots=True)
class Settings:
    """What the sender asks for.

    Attributes:
        sync_profiles: whether profile data travels with the tag.
        groups: optional groups chosen whole.
        fields: optional fields chosen one by one, by catalogue key.
        customs: custom fields chosen one by one, by slug.
        offer_new_profiles: whether people whom the receiver lacks are offered.
    """

    sync_profiles: bool = False
    groups: tuple[Group, ...] = ()
    fields: tuple[str, ...] = ()
    customs: tuple[str, ...] = ()
    offer_new_profiles: bool = False

    @property
    def chosen(self) -> frozenset[str]:
        """The catalogue keys chosen, those of whole groups included; custom fields count when any is chosen."""
        keys = {key for group in self.groups for key in in_group(group)} | set(self.fields)
        if self.customs:
            keys.add("custom_fields")
        return frozenset(keys)


@dataclass(frozen=True, slots=True)
class Pairing:
    """What the two nations are to each other.

    Attributes:
        one_network: both are in the same network.
        hq_shares_customs: the network's HQ shares its custom field settings.
        both_voters: both have voters enabled.
        customs: slugs of the custom fields that both have, of the same kind.
        auto_districting: either has its districts filled in by itself: shared districts then overwrite.
    """

    one_network: bool = False
    hq_shares_customs: bool = False
    both_voters: bool = False
    customs: tuple[str, ...] = ()
    auto_districting: bool = False

    def may_carry(self, key: str) -> bool:
        """Whether a catalogue field may travel between the two."""
        audience = FIELDS[key].audience
        if key == "custom_fields":
            return self.one_network and self.hq_shares_customs
        if audience is Audience.NETWORK:
            return self.one_network
        if audience is Audience.VOTERS:
            return self.both_voters
        return True


MATCH_ONLY: frozenset[str] = frozenset(
    key for key, field in FIELDS.items() if field.matching in (Matching.CHOSEN_ID, Matching.EMAIL)
)
_OPTIONAL: frozenset[str] = frozenset(key for group in OPTIONAL_GROUPS for key in in_group(group))


def covered(settings: Settings, pairing: Pairing) -> tuple[str, ...]:
    """The fields that travel, in catalogue order, custom ones as ``custom:slug``; none where no profile is synced."""
    if not settings.sync_profiles:
        return ()
    wanted = set(ALWAYS) | settings.chosen
    if pairing.both_voters:
        wanted |= {"voter_guid", *VOTER}
    carried = [key for key in FIELDS if key in wanted and key != "custom_fields" and pairing.may_carry(key)]
    return (*carried, *_customs(settings, pairing))


def overwrites_districts(settings: Settings, pairing: Pairing) -> bool:
    """Whether shared districts overwrite, whatever the sync mode: districts travel, and either has auto-districting."""
    return pairing.auto_districting and not set(in_group(Group.DISTRICTS)).isdisjoint(covered(settings, pairing))


def _customs(settings: Settings, pairing: Pairing) -> Iterable[str]:
    if not pairing.may_carry("custom_fields"):
        return ()
    whole = Group.CUSTOM_FIELDS in settings.groups or "custom_fields" in settings.fields
    return (CUSTOM_PREFIX + slug for slug in pairing.customs if whole or slug in settings.customs)


def matching_ids(settings: Settings, pairing: Pairing) -> tuple[str, ...]:
    """The unique ids that take part in matching, in the order in which they name the stage."""
    ids = ["voter_guid"] if pairing.both_voters else []
    ids += ["twitter_id", "twitter_login"]
    chosen = settings.chosen
    if "facebook_uid" in chosen and pairing.may_carry("facebook_uid"):
        ids.append("facebook_uid")
    return (*ids, *(key for key in sorted(in_group(Group.UNIQUE_IDS)) if key in chosen))


def matches_on_emails(settings: Settings) -> bool:
    """Whether email addresses take part in matching."""
    return "emails" in settings.chosen


def check(settings: Settings, pairing: Pairing, receiver: str) -> list[InvalidInput]:
    """What is wrong with asking one receiver for these settings.

    Args:
        settings: what the sender asks for.
        pairing: what sender and receiver are to each other.
        receiver: the receiver's slug, for the messages.

    Returns:
        The problems, each naming the input and what to do; empty where there are none.
    """
    problems = [
        InvalidInput(f"{FIELDS[key].label} cannot be chosen: it is not an optional field.", "optionalFields")
        for key in settings.fields
        if key not in _OPTIONAL
    ]
    if not settings.sync_profiles:
        problems += _check_tag_only(settings)
    problems += [
        InvalidInput(_refusal(key, receiver), _path(settings, key))
        for key in sorted(settings.chosen & _OPTIONAL)
        if not pairing.may_carry(key) and not _is_repeated(key, settings.chosen)
    ]
    if pairing.may_carry("custom_fields"):
        problems += [
            InvalidInput(f"There is no custom field “{slug}” that both nations have: remove it.", "customFields")
            for slug in settings.customs
            if slug not in pairing.customs
        ]
    return problems


def _check_tag_only(settings: Settings) -> list[InvalidInput]:
    problems = [
        InvalidInput(
            f"{FIELDS[key].label} can be chosen only where profiles are synced: set syncProfiles, or remove it.",
            _path(settings, key),
        )
        for key in sorted(settings.chosen & _OPTIONAL)
        if key not in MATCH_ONLY and not _is_repeated(key, settings.chosen)
    ]
    if settings.offer_new_profiles:
        problems.append(
            InvalidInput(
                "New profiles can be offered only where profiles are synced: set syncProfiles.", "offerNewProfiles"
            )
        )
    return problems


def _is_repeated(key: str, chosen: Iterable[str]) -> bool:
    districts: Sequence[str] = in_group(Group.DISTRICTS)
    return key in districts and any(earlier in chosen for earlier in districts[: districts.index(key)])


def _path(settings: Settings, key: str) -> str:
    if key in settings.fields:
        return "optionalFields"
    if key == "custom_fields" and settings.customs:
        return "customFields"
    return "optionalGroups"


def _refusal(key: str, receiver: str) -> str:
    field = FIELDS[key]
    if field.audience is Audience.VOTERS:
        what = "Districts" if field.group is Group.DISTRICTS else field.label
        return f"{what} can be shared with {receiver} only when both nations have voters enabled: remove it."
    if key == "custom_fields":
        return (
            f"Custom fields can be shared with {receiver} only within a network whose HQ shares its custom field "
            "settings: remove them."
        )
    return f"{field.label} can be shared with {receiver} only within a network: remove it."
