"""Headers of imports, and what rows under them say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.addresses import ZIP
from sharing.customs import CustomKind
from sharing.errors import InvalidFile
from sharing.fields import ADDRESS_COMPONENTS, ADDRESSES, FIELDS
from sharing.header_names import HEADERS, PRIMARY, Target, TargetKind
from sharing.headers import CustomColumn, HeaderPlan
from sharing.kinds import Kind
from sharing.values import text

CUSTOMS = [
    CustomColumn("shirt", CustomKind.CHOICE, ("Small", "Large"), "Shirt size"),
    CustomColumn("Score-1", CustomKind.NUMBER),
]


def _read(columns, **settings):
    """What one row says, given as header to cell."""
    return HeaderPlan(list(columns), **settings).row_to_values(list(columns.values()))


NATIONBUILDER = [
    ("phone_number", "phone"),
    ("mobile_number", "mobile"),
    ("work_phone_number", "work_phone"),
    ("fax_number", "fax"),
    ("born_at", "birthdate"),
    ("twitter_name", "twitter_login"),
    ("nbec_guid", "voter_guid"),
    ("nbec_precinct_code", "precinct_code"),
    ("party_member", "is_party_member"),
    ("federal_donotcall", "federal_do_not_call"),
    ("mobile_opt_in", "mobile_opt_in"),
    ("civicrm_id", "civicrm_id"),
    ("is_volunteer", "is_volunteer"),
    ("is_fundraiser", "is_fundraiser"),
    ("rnc_regid", "rnc_regid"),
    ("Mobile number", "mobile"),
    ("Place of worship", "church"),
    ("Text message opt-in", "mobile_opt_in"),
]


@pytest.mark.parametrize(("header", "key"), NATIONBUILDER)
def test_nationbuilders_names_are_known(header, key):
    """A file that NationBuilder exported, or that was made from its API, is imported as it is."""
    assert HeaderPlan([header]).targets == (Target(TargetKind.FIELD, key),)


@pytest.mark.parametrize("key", [key for key, field in FIELDS.items() if field.kind is not Kind.CUSTOM])
def test_every_catalogue_key_is_a_header(key):
    """The catalogue's own names are known, all of them."""
    assert HEADERS[key].key == key


@pytest.mark.parametrize("key", ADDRESSES)
@pytest.mark.parametrize("component", [*ADDRESS_COMPONENTS, ZIP])
def test_every_component_of_every_address_is_a_header(key, component):
    """An address is spread over columns named by its kind and the component."""
    assert HEADERS[f"{key.removesuffix('_address')}_{component}"] == Target(TargetKind.COMPONENT, key, component)


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("home_address1", Target(TargetKind.COMPONENT, "home_address", "address1")),
        ("submitted_city", Target(TargetKind.COMPONENT, "user_submitted_address", "city")),
        ("user_submitted_zip", Target(TargetKind.COMPONENT, "user_submitted_address", "zip")),
        ("primary_address1", Target(TargetKind.COMPONENT, PRIMARY, "address1")),
        ("address1", Target(TargetKind.COMPONENT, PRIMARY, "address1")),
        ("zip", Target(TargetKind.COMPONENT, PRIMARY, "zip")),
        ("email", Target(TargetKind.EMAIL, "emails")),
        ("email4", Target(TargetKind.EMAIL, "emails")),
        ("tag_list", Target(TargetKind.TAGS, "tag_list")),
        ("is_prospect", Target(TargetKind.FLAG, "is_prospect")),
        ("\ufeff First  NAME ", Target(TargetKind.FIELD, "first_name")),
        ("Home-City", Target(TargetKind.COMPONENT, "home_address", "city")),
        ("custom:shirt", Target(TargetKind.CUSTOM, "custom:shirt")),
        ("score_1", Target(TargetKind.CUSTOM, "custom:Score-1")),
    ],
)
def test_a_header_stands_for(header, target):
    """Case, white space, hyphens and a byte order mark make no difference."""
    assert HeaderPlan([header, "last_name"], customs=CUSTOMS).targets[0] == target


def test_unknown_headers_are_reported_and_passed_over():
    """A column that nobody knows does no harm."""
    plan = HeaderPlan(["Shoe size", "", "first_name", "custom:nope", ""], customs=CUSTOMS)
    assert plan.unknown == ("Shoe size", "custom:nope")
    assert plan.row_to_values(["44", "x", "Ann", "x", "x"]) == ({"first_name": "Ann"}, (), {}, [])


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["email", "First Name", " first_name"], 'The header "first_name" stands over columns 2 and 3; rename or remove one.'),
        (
            ["Vorname", "tag_list", "is_supporter"],
            "No column of the header is known; name columns after fields, such as first_name, last_name, email1, home_address1 "
            'or external_id. It has: "Vorname", "tag_list", "is_supporter".',
        ),
        (
            list("abcdefgh"),
            "No column of the header is known; name columns after fields, such as first_name, last_name, email1, home_address1 "
            'or external_id. It has: "a", "b", "c", "d", "e" and 3 more.',
        ),
    ],
)  # fmt: skip
def test_an_unusable_header_is_refused(header, message):
    """Two columns of one name, or none that says anything about a person, stop the import before it begins."""
    with pytest.raises(InvalidFile) as refusal:
        HeaderPlan(header, at=4)
    assert (str(refusal.value), refusal.value.line) == (message, 4)


def test_a_row_says():
    """Cells become values in the form in which they are kept; a blank cell says nothing."""
    said = _read(
        {
            "first_name": " Ann ",
            "last_name": "",
            "born_at": "12/31/1980",
            "home_address1": "1 Main St",
            "home_zip": "2134-7",
            "home_country": "United States",
            "mailing_city": " ",
            "email2": "B@x.org",
            "email": "a@x.org",
            "email1": "A@X.org",
            "support_level": "2",
            "tag_list": " petition, Donor  2020 ,PETITION,,",
            "is_supporter": "no",
            "is_prospect": "",
            "custom:shirt": "large",
            "score_1": "7.50",
        },
        customs=CUSTOMS,
    )
    assert said.values == {
        "first_name": "Ann",
        "birthdate": date(1980, 12, 31),
        "home_address": {"address1": "1 Main St", "zip5": "02134", "zip4": "0007", "country_code": "US"},
        "emails": ("a@x.org", "b@x.org"),
        "support_level": 2,
        "custom:shirt": "Large",
        "custom:Score-1": "7.5",
    }
    assert said.tags == ("petition", "Donor 2020")
    assert said.flags == {"is_supporter": False}
    assert said.errors == []


def test_every_error_of_a_row_is_told():
    """A row that cannot be taken says all that is wrong with it, not only the first."""
    said = _read(
        {
            "first_name": "Ann",
            "birthdate": "soon",
            "home_zip": "12",
            "state": "a\x07",
            "email1": "ann",
            "tag_list": "ok,\x07",
            "is_prospect": "perhaps",
            "custom:shirt": "Huge",
        },
        customs=CUSTOMS,
    )
    assert [(error.key, str(error).partition(":")[0]) for error in said.errors] == [
        ("birthdate", "Birthday"),
        ("home_address", "Home address"),
        ("home_address", "Home address"),
        ("emails", "Emails"),
        ("custom:shirt", "Shirt size"),
        ("tag_list", "Tags"),
        ("is_prospect", "Is prospect"),
    ]


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ({"born_at": "1980-01-01", "birthdate": "1981-01-01"}, {"birthdate": date(1981, 1, 1)}),
        ({"born_at": "1980-01-01", "birthdate": ""}, {"birthdate": date(1980, 1, 1)}),
        ({"phone_number": "555-0100", "phone": " 555-0199"}, {"phone": "555-0199"}),
        ({"home_zip_code": "10001", "home_zip": "94103"}, {"home_address": {"zip5": "94103"}}),
        ({"home_zip_code": "10001", "home_zip": ""}, {"home_address": {"zip5": "10001"}}),
    ],
)
def test_of_two_columns_for_one_field_the_catalogues_own_takes_precedence(columns, values):
    """NationBuilder's export names some things twice."""
    assert _read(columns).values == values


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ({"primary_city": "Salem"}, {"home_address": {"city": "Salem"}}),
        ({"address": "1 Main St", "city": "Salem"}, {"home_address": {"address1": "1 Main St", "city": "Salem"}}),
        ({"primary_city": "Salem", "home_state": "OR"}, {"home_address": {"state": "OR"}}),
        ({"primary_city": "Salem", "mailing_city": "Salem"}, {"mailing_address": {"city": "Salem"}}),
        (
            {"primary_city": "Salem", "mailing_city": "Bend"},
            {"mailing_address": {"city": "Bend"}, "home_address": {"city": "Salem"}},
        ),
    ],
)
def test_a_primary_address_is_the_home_address_where_there_is_no_other(columns, values):
    """An address is whole: a primary one never fills up a home address."""
    assert _read(columns).values == values


def test_an_address_may_stand_in_one_column():
    """As the document that an export shows, or as its street line."""
    document = text({"city": "Salem", "state": "OR"})
    assert _read({"home_address": document}).values == {"home_address": {"city": "Salem", "state": "OR"}}
    assert _read({"home_address": " 1 Main St ", "home_city": "Salem"}).values == {
        "home_address": {"address1": "1 Main St", "city": "Salem"}
    }


def test_the_nations_country_reads_its_phones_and_postcodes():
    """A number that names no country is the nation's."""
    said = _read({"phone": "07700 900123", "home_zip": "SW1A 1AA"}, country="GB")
    assert said.values == {"phone": "+447700900123", "home_address": {"zip5": "SW1A 1AA"}}


@given(
    header=st.lists(st.one_of(st.sampled_from(sorted(HEADERS)), st.text(max_size=5)), min_size=1, max_size=12),
    data=st.data(),
)
def test_any_row_is_read_or_refused(header, data):
    """No cell, however odd, breaks the import; what a row says is never blank."""
    try:
        plan = HeaderPlan(header, customs=CUSTOMS)
    except InvalidFile:
        return
    cells = data.draw(st.lists(st.text(max_size=12), min_size=len(header), max_size=len(header)))
    said = plan.row_to_values(cells)
    assert None not in said.values.values()
    assert all(text(value) for value in said.values.values())
    assert all(error.message.endswith(".") for error in said.errors)
