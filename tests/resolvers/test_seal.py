"""Seals, and the cursors made with them: what comes back is what was given, or nothing."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.positions import cursor_at, position_of
from resolvers.seal import Seal
from schema.scalars import EventCursor
from sharing.errors import InvalidInput

SEAL = Seal(b"a key")


@given(st.binary(max_size=64), st.text(max_size=20))
def test_what_was_sealed_comes_back(body: bytes, use: str):
    sealed = SEAL.close(use, body)
    assert SEAL.open(use, sealed) == body
    assert SEAL.open(use + "!", sealed) is None
    assert Seal(b"another key").open(use, sealed) is None


@given(st.binary(max_size=32), st.data())
def test_whoever_changes_a_byte_breaks_the_seal(body: bytes, data: st.DataObject):
    sealed = SEAL.close("use", body)
    raw = bytearray(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    assert SEAL.open("use", base64.urlsafe_b64encode(raw).decode()) is None


@given(st.text(max_size=60))
def test_anything_else_is_no_seal(text: str):
    assert SEAL.open("use", text) is None


@given(st.integers(0, 2**63 - 1), st.integers(1, 2**31 - 1))
def test_a_cursor_of_a_log_is_good_for_its_nation_alone(position: int, nation_id: int):
    cursor = cursor_at(SEAL, nation_id, position)
    assert position_of(SEAL, nation_id, cursor) == position
    with pytest.raises(InvalidInput) as refusal:
        position_of(SEAL, nation_id + 1, cursor, "after")
    assert refusal.value.path == ("after",)


def test_a_cursor_that_is_none_is_refused():
    with pytest.raises(InvalidInput, match="no cursor of this nation's events"):
        position_of(SEAL, 1, EventCursor("junk"))
