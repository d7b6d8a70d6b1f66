"""Profiles: the people of a nation."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.nation import Nation
from sharing.visibility import Caller


class Profile(Model):
    """One person (or organisation) in one nation: a column for each field of the catalogue, each address whole.

    ``times`` holds when a field last changed, in microseconds since 1970, only for fields changed since creation;
    ``cleared`` names the fields that somebody blanked on purpose; ``version`` counts the writes.
    """

    id = fields.UUIDField(primary_key=True)
    nation: fields.ForeignKeyRelation[Nation] = fields.ForeignKeyField(
        "models.Nation", related_name="profiles", on_delete=fields.RESTRICT
    )
    nation_id: int
    version = fields.IntField(default=1)
    is_supporter = fields.BooleanField(default=False)
    is_prospect = fields.BooleanField(default=False)
    custom_fields = fields.JSONField[dict[str, Any]](default=dict)
    times = fields.JSONField[dict[str, int]](default=dict)
    cleared = ArrayField("text", default=list)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    archived_at = fields.DatetimeField(null=True)
    # Names
    first_name = fields.TextField(null=True)
    middle_name = fields.TextField(null=True)
    last_name = fields.TextField(null=True)
    legal_name = fields.TextField(null=True)
    prefix = fields.TextField(null=True)
    suffix = fields.TextField(null=True)
    # Personal
    birthdate = fields.DateField(null=True)
    employer = fields.TextField(null=True)
    occupation = fields.TextField(null=True)
    sex = fields.TextField(null=True)
    bio = fields.TextField(null=True)
    website = fields.TextField(null=True)
    is_deceased = fields.BooleanField(null=True)
    religion = fields.TextField(null=True)
    ethnicity = fields.TextField(null=True)
    church = fields.TextField(null=True)
    marital_status = fields.TextField(null=True)
    # Social
    twitter_id = fields.TextField(null=True)
    twitter_login = fields.TextField(null=True)
    meetup_id = fields.TextField(null=True)
    # Phones
    phone = fields.TextField(null=True)
    work_phone = fields.TextField(null=True)
    mobile = fields.TextField(null=True)
    fax = fields.TextField(null=True)
    # Addresses
    home_address = fields.JSONField[dict[str, str] | None](null=True)
    registered_address = fields.JSONField[dict[str, str] | None](null=True)
    mailing_address = fields.JSONField[dict[str, str] | None](null=True)
    work_address = fields.JSONField[dict[str, str] | None](null=True)
    billing_address = fields.JSONField[dict[str, str] | None](null=True)
    user_submitted_address = fields.JSONField[dict[str, str] | None](null=True)
    # Voter key
    voter_guid = fields.TextField(null=True)
    # Voter
    is_party_member = fields.BooleanField(null=True)
    is_absentee_voter = fields.BooleanField(null=True)
    is_active_voter = fields.BooleanField(null=True)
    is_permanent_absentee_voter = fields.BooleanField(null=True)
    precinct_id = fields.TextField(null=True)
    precinct_code = fields.TextField(null=True)
    precinct_name = fields.TextField(null=True)
    # Unique ids
    civicrm_id = fields.TextField(null=True)
    county_file_id = fields.TextField(null=True)
    dw_id = fields.TextField(null=True)
    datatrust_id = fields.TextField(null=True)
    external_id = fields.TextField(null=True)
    ngp_id = fields.TextField(null=True)
    rnc_id = fields.TextField(null=True)
    rnc_regid = fields.TextField(null=True)
    salesforce_id = fields.TextField(null=True)
    state_file_id = fields.TextField(null=True)
    van_id = fields.TextField(null=True)
    # Demo
    demo = fields.TextField(null=True)
    # Districts
    supranational_district = fields.TextField(null=True)
    federal_district = fields.TextField(null=True)
    state_upper_district = fields.TextField(null=True)
    state_lower_district = fields.TextField(null=True)
    county_district = fields.TextField(null=True)
    city_district = fields.TextField(null=True)
    city_sub_district = fields.TextField(null=True)
    village_district = fields.TextField(null=True)
    judicial_district = fields.TextField(null=True)
    school_district = fields.TextField(null=True)
    school_sub_district = fields.TextField(null=True)
    fire_district = fields.TextField(null=True)
    labour_region = fields.TextField(null=True)
    ward = fields.TextField(null=True)
    township = fields.TextField(null=True)
    # Facebook uid
    facebook_uid = fields.TextField(null=True)
    # Federal do not call
    federal_do_not_call = fields.BooleanField(null=True)
    # Fundraiser
    is_fundraiser = fields.BooleanField(null=True)
    # Volunteer
    is_volunteer = fields.BooleanField(null=True)
    # Nation specific
    do_not_call = fields.BooleanField(null=True)
    do_not_contact = fields.BooleanField(null=True)
    email_opt_in = fields.BooleanField(null=True)
    priority_level = fields.SmallIntField(null=True)
    support_level = fields.SmallIntField(null=True)
    mobile_opt_in = fields.BooleanField(null=True)

    class Meta:
        """Where it is stored."""

        table = "profiles"

    @classmethod
    def of(cls, caller: Caller) -> QuerySet[Profile]:
        """The profiles of the nations that the caller belongs to."""
        return cls.filter(nation_id__in=list(caller.nations))
