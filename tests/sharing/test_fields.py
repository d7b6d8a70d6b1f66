"""The catalogue against section 3 of the rules, name by name: how many fields there are, and which."""

import pytest

from sharing.customs import CustomKind
from sharing.fields import (
    ADDRESS_COMPONENTS,
    ADDRESSES,
    ALWAYS,
    FIELDS,
    MAX_EMAILS,
    OPT_OUTS,
    UNIQUE_IDS,
    VOTER,
    in_group,
)
from sharing.kinds import OPTIONAL_GROUPS, Audience, Group, Kind, Sync

NAMES = "first_name middle_name last_name legal_name prefix suffix"
PERSONAL = "birthdate employer occupation sex bio website is_deceased religion ethnicity church marital_status"
SOCIAL = "twitter_id twitter_login meetup_id"
PHONES = "phone work_phone mobile fax"
PLACES = "home_address registered_address mailing_address work_address billing_address user_submitted_address"
VOTERS = """
is_party_member is_absentee_voter is_active_voter is_permanent_absentee_voter precinct_id precinct_code precinct_name
"""
TWELVE = """
civicrm_id county_file_id dw_id datatrust_id external_id meetup_id ngp_id rnc_id rnc_regid salesforce_id state_file_id
van_id
"""
DISTRICTS = """
supranational_district federal_district state_upper_district state_lower_district county_district city_district
city_sub_district village_district judicial_district school_district school_sub_district fire_district labour_region
ward township
"""
NATION_SPECIFIC = "do_not_call do_not_contact email_opt_in priority_level support_level mobile_opt_in"
COMPONENTS = """
address1 address2 address3 unit_number street_number street_prefix street_name street_type street_suffix city county
state zip5 zip4 country_code lat lng fips carrier_route delivery_point lot sort_sequence
"""
GROUPS = """
UNIQUE_IDS DEMO DISTRICTS EMAILS FACEBOOK_UID FEDERAL_DO_NOT_CALL FUNDRAISER VOLUNTEER CUSTOM_FIELDS NATION_SPECIFIC
"""


def test_thirty_fields_always_travel_and_they_are_these():
    assert set(ALWAYS) == set(" ".join((NAMES, PERSONAL, SOCIAL, PHONES, PLACES)).split())
    assert len(ALWAYS) == 30


def test_seven_voter_fields_travel_besides_and_their_key():
    """Thirty and seven make the 37; the key, by which people are matched, comes on top."""
    assert set(VOTER) == set(VOTERS.split())
    assert len(VOTER) == 7
    assert len(ALWAYS) + len(VOTER) == 37
    assert {key for key, field in FIELDS.items() if field.sync is Sync.VOTERS} == {*VOTER, "voter_guid"}


def test_ten_groups_are_optional():
    assert [group.value for group in OPTIONAL_GROUPS] == GROUPS.split()
    assert len(OPTIONAL_GROUPS) == 10


@pytest.mark.parametrize(
    ("group", "count", "keys"),
    [
        (Group.UNIQUE_IDS, 12, TWELVE),
        (Group.DEMO, 1, "demo"),
        (Group.DISTRICTS, 15, DISTRICTS),
        (Group.EMAILS, 1, "emails"),
        (Group.FACEBOOK_UID, 1, "facebook_uid"),
        (Group.FEDERAL_DO_NOT_CALL, 1, "federal_do_not_call"),
        (Group.FUNDRAISER, 1, "is_fundraiser"),
        (Group.VOLUNTEER, 1, "is_volunteer"),
        (Group.CUSTOM_FIELDS, 1, "custom_fields"),
        (Group.NATION_SPECIFIC, 6, NATION_SPECIFIC),
    ],
)
def test_an_optional_group_holds_these_fields(group, count, keys):
    """Twelve unique ids, of which the Meetup id travels anyway; fifteen districts; six nation-specific ones."""
    assert set(in_group(group)) == set(keys.split())
    assert len(in_group(group)) == count
    assert {FIELDS[key].sync for key in in_group(group)} <= {Sync.CHOSEN, Sync.ALWAYS}
    assert [key for key in in_group(group) if FIELDS[key].sync is Sync.ALWAYS] == (
        ["meetup_id"] if group is Group.UNIQUE_IDS else []
    )


def test_the_twelve_ids_are_named_in_one_order_everywhere():
    assert set(UNIQUE_IDS) == set(TWELVE.split())
    assert list(UNIQUE_IDS) == sorted(UNIQUE_IDS)


def test_six_addresses_have_twenty_two_components_each():
    assert set(ADDRESSES) == set(PLACES.split())
    assert list(ADDRESS_COMPONENTS) == COMPONENTS.split()
    assert (len(ADDRESSES), len(ADDRESS_COMPONENTS)) == (6, 22)


@pytest.mark.parametrize(("key", "codes"), [("sex", "MFO"), ("marital_status", "CDMPSW"), ("demo", "ABHWOU")])
def test_a_choice_has_these_codes(key, codes):
    """Demo is one of six categories of the U.S. Census."""
    assert set(FIELDS[key].choices) == set(codes)


def test_every_id_is_text_and_yes_and_no_are_booleans():
    ids = [key for key in FIELDS if key.endswith(("_id", "_uid", "_guid", "_regid")) and key != "precinct_id"]
    assert {FIELDS[key].kind for key in ids} == {Kind.IDENTIFIER}
    assert {FIELDS[key].kind for key in OPT_OUTS} == {Kind.BOOLEAN}
    assert [key for key, field in FIELDS.items() if field.kind is Kind.LEVEL] == ["priority_level", "support_level"]


def test_opt_outs_are_these_six_and_which_way_they_hold():
    assert OPT_OUTS == {
        "do_not_call": True,
        "do_not_contact": True,
        "federal_do_not_call": True,
        "is_deceased": True,
        "email_opt_in": False,
        "mobile_opt_in": False,
    }


def test_facebook_uid_and_custom_fields_are_for_a_network_and_voter_fields_for_nations_with_voters():
    audiences = {
        audience: {key for key, field in FIELDS.items() if field.audience is audience} for audience in Audience
    }
    assert audiences[Audience.NETWORK] == {"facebook_uid", "custom_fields"}
    assert audiences[Audience.VOTERS] == {"voter_guid", *VOTERS.split(), *DISTRICTS.split()}


def test_a_profile_holds_up_to_four_emails_and_custom_fields_of_four_kinds():
    assert MAX_EMAILS == 4
    assert set(CustomKind) == {"TEXT", "NUMBER", "CHECKBOX", "CHOICE"}


def test_file_ids_are_unique_within_their_place():
    scopes = {key: field.scope for key, field in FIELDS.items() if field.scope}
    assert scopes == {"state_file_id": ("state",), "county_file_id": ("state", "county")}
