"""The names under which columns of a CSV file are known, and what each stands for.

Catalogue keys and labels, address components, emails and tags, and NationBuilder's own names of the same: those of its
CSV export and of its API, v1 and v2.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from sharing.addresses import ZIP
from sharing.fields import ADDRESS_COMPONENTS, ADDRESSES, FIELDS, MAX_EMAILS
from sharing.kinds import Kind

# The address that a file gives without saying which.
PRIMARY = "primary_address"


class TargetKind(StrEnum):
    """What a column feeds."""

    FIELD = "FIELD"
    COMPONENT = "COMPONENT"
    WHOLE = "WHOLE"
    EMAIL = "EMAIL"
    TAGS = "TAGS"
    FLAG = "FLAG"
    CUSTOM = "CUSTOM"


class Target(NamedTuple):
    """What a column stands for: a catalogue key, a flag or ``custom:slug``, and which component of an address."""

    kind: TargetKind
    key: str
    component: str = ""


TAG_LIST = "tag_list"
FLAGS: tuple[str, ...] = ("is_supporter", "is_prospect")

_FIELD_ALIASES = {
    "birthdate": ("born_at", "date_of_birth", "dob"),
    "phone": ("phone_number",),
    "mobile": ("mobile_number", "mobile_phone"),
    "work_phone": ("work_phone_number",),
    "fax": ("fax_number",),
    "twitter_login": ("twitter_name", "twitter_username"),
    "facebook_uid": ("facebook_id",),
    "voter_guid": ("nbec_guid",),
    "precinct_code": ("nbec_precinct_code",),
    "is_party_member": ("party_member",),
    "federal_do_not_call": ("federal_donotcall",),
}

_ADDRESS_PREFIXES = {
    "home_address": ("home", "home_address"),
    "registered_address": ("registered", "registered_address"),
    "mailing_address": ("mailing", "mailing_address"),
    "work_address": ("work", "work_address"),
    "billing_address": ("billing", "billing_address"),
    "user_submitted_address": ("user_submitted", "submitted", "user_submitted_address", "submitted_address"),
    PRIMARY: ("primary", "primary_address", "address", ""),
}

_COMPONENT_ALIASES = {
    "address": "address1",
    "street_address": "address1",
    "zip": ZIP,
    "zip_code": ZIP,
    "zipcode": ZIP,
    "postcode": ZIP,
    "postal_code": ZIP,
    "country": "country_code",
    "latitude": "lat",
    "longitude": "lng",
}


def normalised(header: str) -> str:
    """A header as it is looked up: lower case, words joined by underscores, no byte order mark."""
    return "_".join(header.replace("\ufeff", " ").replace("-", " ").replace("_", " ").casefold().split())


def _names() -> Iterator[tuple[str, Target]]:
    fields = [field for field in FIELDS.values() if field.kind not in (Kind.ADDRESS, Kind.EMAILS, Kind.CUSTOM)]
    yield from ((field.key, Target(TargetKind.FIELD, field.key)) for field in fields)
    for key, aliases in _FIELD_ALIASES.items():
        yield from ((alias, Target(TargetKind.FIELD, key)) for alias in aliases)
    yield from ((normalised(field.label), Target(TargetKind.FIELD, field.key)) for field in fields)
    for name in (
        "email",
        "primary_email",
        *(f"email{slot + 1}" for slot in range(MAX_EMAILS)),
        "emails",
        "email_address",
    ):
        yield name, Target(TargetKind.EMAIL, "emails")
    yield from ((name, Target(TargetKind.TAGS, TAG_LIST)) for name in (TAG_LIST, "tags"))
    yield from ((flag, Target(TargetKind.FLAG, flag)) for flag in FLAGS)
    yield from ((key, Target(TargetKind.WHOLE, key)) for key in (*ADDRESSES, PRIMARY))
    components = {component: component for component in ADDRESS_COMPONENTS} | _COMPONENT_ALIASES
    for key, prefixes in _ADDRESS_PREFIXES.items():
        for prefix, (name, component) in product(prefixes, components.items()):
            yield f"{prefix}_{name}".removeprefix("_"), Target(TargetKind.COMPONENT, key, component)


def _first_of_each() -> dict[str, Target]:
    names: dict[str, Target] = {}
    for name, target in _names():
        names.setdefault(name, target)
    return names


# Header, normalised, to what it stands for; earlier ones take precedence where a file has several for one target.
HEADERS: Mapping[str, Target] = MappingProxyType(_first_of_each())
