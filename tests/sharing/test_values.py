"""What fields take, what they refuse, and in which form they keep it."""

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.addresses import ZIP
from sharing.errors import InvalidValue
from sharing.fields import ADDRESS_COMPONENTS, FIELDS, OPT_OUTS, of_kind
from sharing.kinds import Kind
from sharing.values import PARSERS, parse, text

COUNTRIES = ["US", "CA", "GB", "AU", "DE", "IT", "AR", "MX", "BR", "IN", "NA"]
BLANKS = [None, "", " ", "\t\n", "\u00a0", "\u200b", "\ufeff "]

TAKEN = [
    # Text
    ("first_name", "Ann", "Ann"),
    ("first_name", "  Mary \t Ann\n", "Mary Ann"),
    ("first_name", "Jose\u0301", "José"),
    ("first_name", "José\u00a0Luis", "José Luis"),
    ("first_name", "\ufeffAnn\u200b", "Ann"),
    ("first_name", "نَجْلاء\u200cها", "نَجْلاء\u200cها"),
    ("last_name", "O'Brien-Smith", "O'Brien-Smith"),
    ("precinct_id", 12, "12"),
    ("employer", "x" * 5_000, "x" * 5_000),
    ("bio", " One\r\ntwo\rthree\u2028four\n\n five ", "One\ntwo\nthree\nfour\n\n five"),
    # Ids and logins
    ("external_id", " aB-01 ", "aB-01"),
    ("external_id", 90_071_992_547_409_930, "90071992547409930"),
    ("twitter_login", "@@Jack_1", "jack_1"),
    ("twitter_login", "https://www.twitter.com/Jack/", "jack"),
    # Web addresses
    ("website", "Example.org", "https://example.org"),
    ("website", "HTTP://Example.ORG:8080/Path?q=A#b", "http://example.org:8080/Path?q=A#b"),
    ("website", "example.org:8080", "https://example.org:8080"),
    ("website", "//example.org/x", "https://example.org/x"),
    ("website", "https://bücher.example/ä", "https://bücher.example/ä"),
    # Dates
    ("birthdate", "1980-12-31", date(1980, 12, 31)),
    ("birthdate", "12/31/1980", date(1980, 12, 31)),
    ("birthdate", "1/2/1980", date(1980, 1, 2)),
    ("birthdate", "19801231", date(1980, 12, 31)),
    ("birthdate", "1980-12-31T23:30:00-05:00", date(1980, 12, 31)),
    ("birthdate", "1980-12-31 00:00:00 UTC", date(1980, 12, 31)),
    ("birthdate", "2000-02-29", date(2000, 2, 29)),
    ("birthdate", "1800-01-01", date(1800, 1, 1)),
    ("birthdate", date(1980, 12, 31), date(1980, 12, 31)),
    ("birthdate", datetime(1980, 12, 31, 8, tzinfo=UTC), date(1980, 12, 31)),
    # Yes and no, levels, choices
    *[("is_volunteer", raw, True) for raw in (True, 1, "true", "TRUE", "yes", "Y", "t", "1")],
    *[("is_volunteer", raw, False) for raw in (False, 0, "false", "No", "n", "f", "0")],
    ("support_level", 1, 1),
    ("support_level", " 5 ", 5),
    ("sex", "f", "F"),
    ("sex", "female", "F"),
    ("marital_status", "Domestic Partnership", "P"),
    ("demo", "african american", "B"),
    # Phones
    ("phone", "(415) 555-0123", "+14155550123"),
    ("phone", "415.555.0123", "+14155550123"),
    ("phone", "4155550123", "+14155550123"),
    ("phone", "1-415-555-0123", "+14155550123"),
    ("phone", "+14155550123", "+14155550123"),
    ("phone", "tel:+1-415-555-0123", "+14155550123"),
    ("phone", "\u202a415\u2011555\u20110123\u202c", "+14155550123"),
    ("phone", "٤١٥ ٥٥٥ ٠١٢٣", "+14155550123"),
    ("phone", "415 555 0123 ext. 12", "+14155550123 x12"),
    ("phone", "415-555-0123x12", "+14155550123 x12"),
    ("phone", "415-555-0123 #7", "+14155550123 x7"),
    ("phone", "+44 (0)7700 900123", "+447700900123"),
    ("phone", "011 44 7700 900123", "+447700900123"),
    ("phone", " 555-0123 ", "555-0123"),
    ("phone", "+999 12345", "+999 12345"),
    ("phone", 4155550123, "+14155550123"),
    # Emails
    ("emails", "Ann@Example.ORG", ("ann@example.org",)),
    ("emails", "a@x.org, b@x.org; c@x.org\nd@x.org", ("a@x.org", "b@x.org", "c@x.org", "d@x.org")),
    ("emails", ["b@x.org", "", "A@x.org", "B@X.org", None], ("b@x.org", "a@x.org")),
    ("emails", "ann+news@localhost", ("ann+news@localhost",)),
    ("emails", "ann@bücher.example", ("ann@bücher.example",)),
    ("emails", "用户@例子.广告", ("用户@例子.广告",)),
    ("emails", [], None),
]  # fmt: skip

REFUSED = [
    ("first_name", "a\x00b", 'First name: it holds the unprintable character U+0000; take that out.'),
    ("first_name", "a\x1bb", 'First name: it holds the unprintable character U+001B; take that out.'),
    ("first_name", "a\x92b", 'First name: it holds the unprintable character U+0092; take that out.'),
    ("first_name", "a\ud800b", 'First name: it holds the unprintable character U+D800; take that out.'),
    ("bio", "a\x00b", 'Bio: it holds the unprintable character U+0000; take that out.'),
    ("first_name", True, "First name: True does not fit here; write plain text."),
    ("first_name", ["Ann"], "First name: ['Ann'] does not fit here; write plain text."),
    ("first_name", 10**100, f"First name: {str(10**100)[:41]} does not fit here; write plain text."),
    ("employer", "x" * 5_001, "Employer: it is 5,001 characters long; shorten it to 5,000."),
    ("bio", "x" * 50_001, "Bio: it is 50,001 characters long; shorten it to 50,000."),
    ("van_id", "x" * 256, "VAN ID: it is 256 characters long; shorten it to 255."),
    ("twitter_login", "two words", 'Twitter login: "two words" is not a login; write letters, digits and underscores, without the @.'),
    ("website", "javascript:alert(1)", 'Website: "javascript:alert(1)" is not a web address; it has to begin with https:// or http://.'),
    ("website", "ftp://example.org", 'Website: "ftp://example.org" is not a web address; it has to begin with https:// or http://.'),
    *[
        ("website", raw, f'Website: "{raw}" is not a web address; write it as https://example.org.')
        for raw in ("none", "https://", "https://a b.org", "https://u:p@example.org", "https://x.org:99999", "javascript:1", "https://[::1")
    ],
    ("birthdate", "1/1/80", 'Birthday: "1/1/80" is not a date; write it as 1980-12-31 or 12/31/1980.'),
    ("birthdate", "31.12.1980", 'Birthday: "31.12.1980" is not a date; write it as 1980-12-31 or 12/31/1980.'),
    ("birthdate", "١٩٨٠-١٢-٣١", 'Birthday: "١٩٨٠-١٢-٣١" is not a date; write it as 1980-12-31 or 12/31/1980.'),
    ("birthdate", "1981-02-29", 'Birthday: there is no such day as "1981-02-29"; write it as 1980-12-31 or 12/31/1980.'),
    ("birthdate", "31/12/1980", 'Birthday: there is no such day as "31/12/1980"; write it as 1980-12-31 or 12/31/1980.'),
    ("birthdate", "0000-00-00", 'Birthday: there is no such day as "0000-00-00"; write it as 1980-12-31 or 12/31/1980.'),
    ("birthdate", "1799-12-31", "Birthday: 1799-12-31 is out of range; write a year from 1800 to 2200."),
    ("birthdate", date(2201, 1, 1), "Birthday: 2201-01-01 is out of range; write a year from 1800 to 2200."),
    ("is_volunteer", "maybe", 'Volunteer: "maybe" is neither yes nor no; write true or false.'),
    ("is_volunteer", 2, 'Volunteer: "2" is neither yes nor no; write true or false.'),
    *[
        ("support_level", raw, f'Support level: "{raw}" is not a level; write a number from 1 to 5.')
        for raw in ("0", "6", "1.5", "-1", "²", "9" * 30)
    ],
    ("sex", "X", 'Sex: "X" is not one of its options; write one of M (Male), F (Female), O (Other).'),
    *[
        ("phone", raw, f'Phone number: "{raw}" is not a phone number; write the digits, with + and the country code if it is abroad.')
        for raw in ("1-800-FLOWERS", "911", "n/a", "1234567890123456", "415-555-0123 or 415-555-0124", "++", "ext. 12")
    ],
    *[
        ("emails", [raw], f'Emails: "{raw}" is not an email address; write it as name@example.org.')
        for raw in ("ann", "a@b@c.org", "@x.org", "ann@", "a b@x.org", "ann@x..org", "ann@-x.org", ".a@x.org", "a..b@x.org", "<ann@x.org>", "ann@x_y.org")
    ],
    ("emails", [f"{letter}@x.org" for letter in "abcde"], "Emails: there are 5 addresses; keep at most 4."),
    ("emails", "a" * 65 + "@x.org", f'Emails: "{"a" * 40}…" is longer than an email address can be; write it as name@example.org.'),
    ("emails", "a@" + "x." * 126 + "org", f'Emails: "{("a@" + "x." * 126)[:40]}…" is longer than an email address can be; write it as name@example.org.'),
    ("emails", 7, "Emails: 7 is not a list of email addresses; write it as name@example.org."),
    ("emails", [7], "Emails: 7 is not an email address; write it as name@example.org."),
]  # fmt: skip


@pytest.mark.parametrize(("key", "raw", "value"), TAKEN)
def test_a_field_takes(key, raw, value):
    """What a field takes is kept in one form, of one type."""
    taken = parse(key, raw)
    assert taken == value
    assert type(taken) is type(value)


@pytest.mark.parametrize(("key", "raw", "message"), REFUSED)
def test_a_field_refuses(key, raw, message):
    """What a field refuses is named by its label, with what to do."""
    with pytest.raises(InvalidValue) as refusal:
        parse(key, raw)
    assert refusal.value.key == key
    assert str(refusal.value) == refusal.value.message == message


@pytest.mark.parametrize("key", PARSERS)
@pytest.mark.parametrize("raw", BLANKS)
def test_blank_is_none(key, raw):
    """Blank means unset, for every field, apart from false and 0."""
    assert parse(key, raw) is None


def test_every_field_but_the_custom_ones_is_parsed():
    """The catalogue decides what can be read."""
    assert list(PARSERS) == [key for key, field in FIELDS.items() if field.kind is not Kind.CUSTOM]
    with pytest.raises(KeyError):
        parse("custom_fields", "x")
    with pytest.raises(KeyError):
        parse("no_such_field", "x")


def test_opt_outs_are_booleans():
    """Whatever holds against a sync is read as a boolean."""
    assert all(parse(key, "yes") is True for key in OPT_OUTS)


@pytest.mark.parametrize(
    ("country", "raw", "value"),
    [
        ("GB", "07700 900123", "+447700900123"),
        ("US", "07700 900123", "07700 900123"),
        ("GB", "+1 415 555 0123", "+14155550123"),
        ("GB", "415 555 0123", "+444155550123"),
        ("CA", "416-555-0123", "+14165550123"),
        ("AU", "(02) 5550 1234", "+61255501234"),
        ("IT", "02 1234567", "+39021234567"),
        ("NU", "4002", "+6834002"),
        ("DE", "10000000000000", "10000000000000"),
    ],
)
def test_a_phone_is_read_as_dialled_in_the_nations_country(country, raw, value):
    """A number that names no country belongs to the nation's."""
    assert parse("phone", raw, country=country) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        ("", None),
        ((), None),
        ({}, None),
        ("Ann", "Ann"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (5, "5"),
        (date(1980, 1, 2), "1980-01-02"),
        (("a@x.org", "b@x.org"), "a@x.org, b@x.org"),
        ({"state": "OR", "city": "Åmål"}, '{"city":"Åmål","state":"OR"}'),
    ],
)
def test_text_of_a_value(value, shown):
    """One text for one value, whatever the order of an address's parts."""
    assert text(value) == shown


_digits = st.text("0123456789 +-().x/", max_size=24)
_odd = st.text("aZ09 \t\n\u00a0é\u0301ßİΣς\u200bﬁＡ１@.,-_'\"{}:/", max_size=30)
_names = st.sampled_from(["Ann", "José", "o'neil", "Ünal", "李"])
_hosts = st.sampled_from(["x.org", "Mail.Example.com", "bücher.example", "localhost", "İx.org"])
_addresses_of_email = st.builds("{}@{}".format, _names, _hosts)
_places = st.dictionaries(
    st.sampled_from([*ADDRESS_COMPONENTS, ZIP]),
    st.one_of(
        st.text("0123456789- ", max_size=10),
        _odd,
        st.sampled_from(["US", "gb", "Canada"]),
        st.floats(-200, 200),
        st.none(),
    ),
    max_size=6,
)
_raws = st.one_of(
    st.text(max_size=40),
    _odd,
    _digits,
    st.booleans(),
    st.integers(),
    st.dates().map(date.isoformat),
    st.builds("{}/{}/{}".format, st.integers(0, 13), st.integers(0, 32), st.integers(1790, 2210)),
    st.lists(_addresses_of_email, max_size=5),
    st.builds("https://{}/{}".format, _hosts, _odd),
    _places,
)


@given(key=st.sampled_from(list(PARSERS)), raw=_raws, country=st.sampled_from(COUNTRIES))
def test_a_value_parses_to_itself(key, raw, country):
    """What parse has taken, it takes again, from the value and from its text, and leaves as it is."""
    try:
        value = parse(key, raw, country=country)
    except InvalidValue:
        return
    assert parse(key, value, country=country) == value
    shown = text(value)
    assert parse(key, shown, country=country) == value
    assert (shown is None) == (value is None)
    if shown is not None:
        shown.encode()
        assert unicodedata.is_normalized("NFC", shown)
        assert "\x00" not in shown


@given(key=st.sampled_from(of_kind(Kind.PHONE)), raw=_digits, country=st.sampled_from(COUNTRIES))
def test_a_phone_parses_to_itself(key, raw, country):
    """However a number was dialled, E.164 stays E.164."""
    test_a_value_parses_to_itself.hypothesis.inner_test(key, raw, country)


@given(key=st.sampled_from(of_kind(Kind.ADDRESS)), raw=_places, country=st.sampled_from(COUNTRIES))
def test_an_address_parses_to_itself(key, raw, country):
    """Whatever the parts, an address that was taken stays as it is."""
    test_a_value_parses_to_itself.hypothesis.inner_test(key, raw, country)
