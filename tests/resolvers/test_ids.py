"""Global ids: opaque, exact, and each of one type."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.ids import as_number, as_uuid, decode, encode, number_of, uuid_of, uuids_of
from sharing.errors import InvalidInput, NotFound

ROW = UUID("01a2004d-394b-70ca-a274-4251563a0ef9")


@given(st.uuids())
def test_an_id_names_its_row(row: UUID):
    assert uuid_of("Profile", encode("Profile", row)) == row


@given(st.integers(0, 999_999_999))
def test_a_numbered_id_names_its_row(number: int):
    assert number_of("Nation", encode("Nation", number)) == number


def test_an_id_of_another_type_is_of_nothing_of_this_one():
    with pytest.raises(NotFound, match="There is no such profile"):
        uuid_of("Profile", encode("Tag", ROW), "profileId")
    with pytest.raises(NotFound, match="There is no such share"):
        uuid_of("TagShare", encode("TagShare", 7))
    with pytest.raises(NotFound, match="There is no such nation"):
        number_of("Nation", encode("Nation", ROW))


@pytest.mark.parametrize("text", ["", "x", "====", "é", "UHJvZmlsZQ==", "OnJvdw==", "UHJvZmlsZTo=", "x" * 500])
def test_what_is_no_id_is_refused_with_its_path(text: str):
    with pytest.raises(InvalidInput, match="This is no id") as refusal:
        decode(text, "input", "id")
    assert refusal.value.path == ("input", "id")


@given(st.text(max_size=80))
def test_any_text_is_an_id_or_is_refused(text: str):
    try:
        kind, row = decode(text)
    except InvalidInput:
        return
    assert kind.isalpha()
    assert row


def test_the_place_in_a_list_is_named():
    with pytest.raises(InvalidInput) as refusal:
        uuids_of("Profile", [encode("Profile", ROW), "junk"], "profileIds")
    assert refusal.value.path == ("profileIds", "1")


def test_a_row_is_written_in_one_way_only():
    """Two ids of one thing would be two things to a client that keeps what it read."""
    for text in (str(ROW).upper(), ROW.hex, f"{{{ROW}}}", f"urn:uuid:{ROW}", "7", ""):
        assert as_uuid(text) is None
    for text in ("007", "-1", "+1", "1 ", "²", "1" * 10, ""):
        assert as_number(text) is None
