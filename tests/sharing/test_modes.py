"""The mode that governs where several shares meet (section 6 of the rules: the stricter one)."""

import pytest

from sharing.modes import SyncMode, Terms, effective_modes, strictest

REVIEW, ALL, BLANK_ONLY = SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_ALL, SyncMode.ACCEPT_BLANK_ONLY


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        ((ALL,), ALL),
        ((ALL, BLANK_ONLY), BLANK_ONLY),
        ((BLANK_ONLY, ALL), BLANK_ONLY),
        ((BLANK_ONLY, REVIEW), REVIEW),
        ((ALL, REVIEW), REVIEW),
        ((ALL, BLANK_ONLY, REVIEW), REVIEW),
    ],
)
def test_review_is_stricter_than_blank_only_and_that_than_all(modes, expected):
    assert strictest(modes) is expected


def test_no_modes_have_no_strictest():
    with pytest.raises(ValueError, match="empty"):
        strictest(())


def test_every_mode_has_its_place():
    assert strictest(SyncMode) is REVIEW


def test_a_share_alone_governs_its_fields():
    assert effective_modes(Terms(("phone", "bio"), ALL), ()) == {"phone": ALL, "bio": ALL}


def test_a_stricter_share_governs_the_fields_that_it_covers_too_and_no_others():
    own = Terms(("phone", "bio", "custom:shirt"), ALL)
    others = (Terms(("phone", "church"), REVIEW), Terms(("phone", "custom:shirt"), BLANK_ONLY))
    assert effective_modes(own, others) == {"phone": REVIEW, "bio": ALL, "custom:shirt": BLANK_ONLY}


def test_a_laxer_share_loosens_nothing():
    assert effective_modes(Terms(("phone",), REVIEW), (Terms(("phone",), ALL),)) == {"phone": REVIEW}


def test_modes_keep_the_order_of_the_fields():
    own = Terms(("phone", "bio", "church"), ALL)
    assert list(effective_modes(own, (Terms(("church", "phone"), REVIEW),))) == ["phone", "bio", "church"]
