"""The catalogue: every profile field, what it is, whether it syncs and matches, and who may share it.

This is the one place that knows the fields. Table columns, GraphQL types and enums, matching, syncing, import headers
and the documentation are derived from it or checked against it.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sharing.kinds import Audience, Field, Group, Kind, Matching, Sync

ADDRESS_COMPONENTS: tuple[str, ...] = (
    "address1",
    "address2",
    "address3",
    "unit_number",
    "street_number",
    "street_prefix",
    "street_name",
    "street_type",
    "street_suffix",
    "city",
    "county",
    "state",
    "zip5",
    "zip4",
    "country_code",
    "lat",
    "lng",
    "fips",
    "carrier_route",
    "delivery_point",
    "lot",
    "sort_sequence",
)

MAX_EMAILS = 4
CUSTOM_PREFIX = "custom:"

SEX = MappingProxyType({"M": "Male", "F": "Female", "O": "Other"})
MARITAL_STATUS = MappingProxyType(
    {"C": "Civil union", "D": "Divorced", "M": "Married", "P": "Domestic partnership", "S": "Single", "W": "Widowed"}
)
DEMO = MappingProxyType(
    {"A": "Asian", "B": "African American", "H": "Hispanic", "W": "White", "O": "Other", "U": "Unknown"}
)


def _always(group: Group, kind: Kind, *pairs: tuple[str, str], matching: Matching = Matching.NONE) -> Iterator[Field]:
    for key, label in pairs:
        yield Field(key, label, group, kind, Sync.ALWAYS, matching)


def _chosen(group: Group, kind: Kind, *pairs: tuple[str, str], audience: Audience = Audience.ANY) -> Iterator[Field]:
    for key, label in pairs:
        yield Field(key, label, group, kind, Sync.CHOSEN, audience=audience)


def _unique_ids() -> Iterator[Field]:
    scopes = {"county_file_id": ("state", "county"), "state_file_id": ("state",)}
    for key, label in (
        ("civicrm_id", "CiviCRM ID"),
        ("county_file_id", "County file ID"),
        ("dw_id", "DW ID"),
        ("datatrust_id", "Data Trust ID"),
        ("external_id", "External ID"),
        ("ngp_id", "NGP ID"),
        ("rnc_id", "RNC ID"),
        ("rnc_regid", "RNC Registration ID"),
        ("salesforce_id", "Salesforce ID"),
        ("state_file_id", "State file ID"),
        ("van_id", "VAN ID"),
    ):
        yield Field(
            key,
            label,
            Group.UNIQUE_IDS,
            Kind.IDENTIFIER,
            Sync.CHOSEN,
            Matching.CHOSEN_ID,
            scope=scopes.get(key, ()),
        )


def _voter() -> Iterator[Field]:
    yield Field(
        "voter_guid",
        "Voter GUID",
        Group.VOTER_KEY,
        Kind.IDENTIFIER,
        Sync.VOTERS,
        Matching.ID,
        Audience.VOTERS,
    )
    for key, label, kind in (
        ("is_party_member", "Is party member", Kind.BOOLEAN),
        ("is_absentee_voter", "Is absentee voter", Kind.BOOLEAN),
        ("is_active_voter", "Is active voter", Kind.BOOLEAN),
        ("is_permanent_absentee_voter", "Is permanent absentee voter", Kind.BOOLEAN),
        ("precinct_id", "Precinct ID", Kind.TEXT),
        ("precinct_code", "Precinct code", Kind.TEXT),
        ("precinct_name", "Precinct name", Kind.TEXT),
    ):
        yield Field(key, label, Group.VOTER, kind, Sync.VOTERS, audience=Audience.VOTERS)


def _catalogue() -> Iterator[Field]:
    yield from _always(
        Group.NAMES,
        Kind.TEXT,
        ("first_name", "First name"),
        ("middle_name", "Middle name"),
        ("last_name", "Last name"),
        ("legal_name", "Legal name"),
        ("prefix", "Prefix"),
        ("suffix", "Suffix"),
        matching=Matching.EVIDENCE,
    )
    yield Field("birthdate", "Birthday", Group.PERSONAL, Kind.DATE, Sync.ALWAYS, Matching.EVIDENCE)
    yield from _always(Group.PERSONAL, Kind.TEXT, ("employer", "Employer"), ("occupation", "Occupation"))
    yield Field("sex", "Sex", Group.PERSONAL, Kind.CHOICE, Sync.ALWAYS, Matching.EVIDENCE, choices=SEX)
    yield from _always(Group.PERSONAL, Kind.LONG_TEXT, ("bio", "Bio"))
    yield from _always(Group.PERSONAL, Kind.URL, ("website", "Website"))
    yield from _always(Group.PERSONAL, Kind.BOOLEAN, ("is_deceased", "Is deceased"))
    yield from _always(
        Group.PERSONAL,
        Kind.TEXT,
        ("religion", "Religion"),
        ("ethnicity", "Ethnicity"),
        ("church", "Place of worship"),
    )
    yield Field("marital_status", "Marital status", Group.PERSONAL, Kind.CHOICE, Sync.ALWAYS, choices=MARITAL_STATUS)
    yield Field("twitter_id", "Twitter ID", Group.SOCIAL, Kind.IDENTIFIER, Sync.ALWAYS, Matching.ID)
    yield Field("twitter_login", "Twitter login", Group.SOCIAL, Kind.LOGIN, Sync.ALWAYS, Matching.ID)
    yield Field(
        "meetup_id",
        "Meetup ID",
        Group.SOCIAL,
        Kind.IDENTIFIER,
        Sync.ALWAYS,
        Matching.CHOSEN_ID,
        also=(Group.UNIQUE_IDS,),
    )
    yield from _always(
        Group.PHONES,
        Kind.PHONE,
        ("phone", "Phone number"),
        ("work_phone", "Work phone number"),
        ("mobile", "Mobile number"),
        matching=Matching.EVIDENCE,
    )
    yield from _always(Group.PHONES, Kind.PHONE, ("fax", "Fax number"))
    yield from _always(
        Group.ADDRESSES,
        Kind.ADDRESS,
        ("home_address", "Home address"),
        ("registered_address", "Registered address"),
        ("mailing_address", "Mailing address"),
        ("work_address", "Work address"),
        ("billing_address", "Billing address"),
        ("user_submitted_address", "User-submitted address"),
        matching=Matching.EVIDENCE,
    )
    yield from _voter()
    yield from _unique_ids()
    yield Field("demo", "Demo", Group.DEMO, Kind.CHOICE, Sync.CHOSEN, choices=DEMO)
    yield from _chosen(
        Group.DISTRICTS,
        Kind.TEXT,
        ("supranational_district", "Supranational district"),
        ("federal_district", "Federal district"),
        ("state_upper_district", "State upper district"),
        ("state_lower_district", "State lower district"),
        ("county_district", "County district"),
        ("city_district", "City district"),
        ("city_sub_district", "City sub-district"),
        ("village_district", "Village district"),
        ("judicial_district", "Judicial district"),
        ("school_district", "School district"),
        ("school_sub_district", "School sub-district"),
        ("fire_district", "Fire district"),
        ("labour_region", "Labour region"),
        ("ward", "Ward"),
        ("township", "Township"),
        audience=Audience.VOTERS,
    )
    yield Field("emails", "Emails", Group.EMAILS, Kind.EMAILS, Sync.CHOSEN, Matching.EMAIL)
    yield Field(
        "facebook_uid",
        "Facebook UID",
        Group.FACEBOOK_UID,
        Kind.IDENTIFIER,
        Sync.CHOSEN,
        Matching.ID,
        Audience.NETWORK,
    )
    yield from _chosen(Group.FEDERAL_DO_NOT_CALL, Kind.BOOLEAN, ("federal_do_not_call", "Federal do not call"))
    yield from _chosen(Group.FUNDRAISER, Kind.BOOLEAN, ("is_fundraiser", "Fundraiser"))
    yield from _chosen(Group.VOLUNTEER, Kind.BOOLEAN, ("is_volunteer", "Volunteer"))
    yield from _chosen(Group.CUSTOM_FIELDS, Kind.CUSTOM, ("custom_fields", "Custom fields"), audience=Audience.NETWORK)
    yield from _chosen(
        Group.NATION_SPECIFIC,
        Kind.BOOLEAN,
        ("do_not_call", "Do not call"),
        ("do_not_contact", "Do not contact"),
        ("email_opt_in", "Email opt-in"),
    )
    yield from _chosen(
        Group.NATION_SPECIFIC, Kind.LEVEL, ("priority_level", "Priority level"), ("support_level", "Support level")
    )
    yield from _chosen(Group.NATION_SPECIFIC, Kind.BOOLEAN, ("mobile_opt_in", "Text message opt-in"))


FIELDS: Mapping[str, Field] = MappingProxyType({field.key: field for field in _catalogue()})

# Once one of these holds its value, no sync weakens it: only a person of that nation does.
OPT_OUTS: Mapping[str, bool] = MappingProxyType(
    {
        "do_not_call": True,
        "do_not_contact": True,
        "federal_do_not_call": True,
        "is_deceased": True,
        "email_opt_in": False,
        "mobile_opt_in": False,
    }
)


def in_group(group: Group) -> tuple[str, ...]:
    """The keys of the fields that a group lists, in catalogue order."""
    return tuple(key for key, field in FIELDS.items() if group in field.groups)


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """The keys of the fields of these kinds, in catalogue order."""
    return tuple(key for key, field in FIELDS.items() if field.kind in kinds)


def field_of(key: str) -> Field:
    """The catalogue field behind a key; ``custom:slug`` stands for the custom fields as a whole.

    Raises:
        KeyError: no field bears this key.
    """
    return FIELDS["custom_fields"] if key.startswith(CUSTOM_PREFIX) else FIELDS[key]


ALWAYS: tuple[str, ...] = tuple(key for key, field in FIELDS.items() if field.sync is Sync.ALWAYS)
VOTER: tuple[str, ...] = in_group(Group.VOTER)
UNIQUE_IDS: tuple[str, ...] = tuple(sorted(in_group(Group.UNIQUE_IDS)))
ADDRESSES: tuple[str, ...] = of_kind(Kind.ADDRESS)
PHONES: tuple[str, ...] = of_kind(Kind.PHONE)
# Fields that are one column each of a profile: emails have a table, custom fields one document.
COLUMNS: tuple[str, ...] = tuple(key for key, field in FIELDS.items() if field.kind not in (Kind.EMAILS, Kind.CUSTOM))
