"""The support status of new people (section 6 of the rules)."""

import pytest

from sharing.support import SupportStatus, starting_values, support_status

SUPPORTER, NON_SUPPORTER, PROSPECT = SupportStatus.SUPPORTER, SupportStatus.NON_SUPPORTER, SupportStatus.PROSPECT
ALL = ("support_level", "email_opt_in", "mobile_opt_in", "is_volunteer")


@pytest.mark.parametrize(
    ("values", "fields", "expected"),
    [
        pytest.param({"support_level": 1}, ALL, SUPPORTER, id="strong support"),
        pytest.param({"support_level": 2}, ALL, SUPPORTER, id="weak support"),
        pytest.param({"support_level": 3}, ALL, NON_SUPPORTER, id="undecided"),
        pytest.param({"support_level": 4}, ALL, NON_SUPPORTER, id="weak oppose"),
        pytest.param({"support_level": 5}, ALL, NON_SUPPORTER, id="strong oppose"),
        pytest.param({"support_level": 5, "is_volunteer": True}, ALL, NON_SUPPORTER, id="the level comes first"),
        pytest.param({"support_level": 1, "email_opt_in": False}, ALL, SUPPORTER, id="the level comes first, again"),
        pytest.param({"email_opt_in": True}, ALL, SUPPORTER, id="opted in to email"),
        pytest.param({"mobile_opt_in": True}, ALL, SUPPORTER, id="opted in to text"),
        pytest.param({"is_volunteer": True}, ALL, SUPPORTER, id="a volunteer"),
        pytest.param(
            {"email_opt_in": False, "mobile_opt_in": False, "is_volunteer": False}, ALL, NON_SUPPORTER, id="no"
        ),
        pytest.param({}, ALL, NON_SUPPORTER, id="nothing known"),
        pytest.param(
            {"support_level": None, "mobile_opt_in": True}, ALL, SUPPORTER, id="a blank level decides nothing"
        ),
        pytest.param({"support_level": 1}, ("is_volunteer",), NON_SUPPORTER, id="the level is not shared"),
        pytest.param({"support_level": 5, "is_volunteer": True}, ("is_volunteer",), SUPPORTER, id="level not shared"),
        pytest.param({"is_volunteer": True}, ("email_opt_in",), NON_SUPPORTER, id="volunteering is not shared"),
        pytest.param({"email_opt_in": True}, (), NON_SUPPORTER, id="the opt-in is not shared"),
    ],
)
def test_the_level_decides_and_failing_that_opt_in_or_volunteering_as_far_as_the_share_tells(values, fields, expected):
    assert support_status(values, fields, as_prospect=False) is expected
    assert support_status(values, fields, as_prospect=True) is PROSPECT


def test_opt_ins_start_false_unless_they_are_shared():
    assert starting_values(()) == {"email_opt_in": False, "mobile_opt_in": False}
    assert starting_values(("email_opt_in",)) == {"mobile_opt_in": False}
    assert starting_values(ALL) == {}
