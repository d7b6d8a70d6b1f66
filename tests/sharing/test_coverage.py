"""What a share carries and matches on, by its settings and by what its two nations are to each other."""

import pytest

from sharing.coverage import Pairing, Settings, check, covered, matches_on_emails, matching_ids
from sharing.fields import ALWAYS, UNIQUE_IDS, VOTER, in_group
from sharing.kinds import OPTIONAL_GROUPS, Group

STRANGERS = Pairing()
VOTING = Pairing(both_voters=True)
NETWORK = Pairing(one_network=True)
SHARING = Pairing(one_network=True, hq_shares_customs=True, customs=("shift", "size"))
EVERYTHING = Pairing(one_network=True, hq_shares_customs=True, both_voters=True, customs=("shift", "size"))
ALL_GROUPS = Settings(True, OPTIONAL_GROUPS)


@pytest.mark.parametrize(
    ("settings", "pairing", "besides"),
    [
        pytest.param(Settings(True), STRANGERS, (), id="nothing chosen: the thirty"),
        pytest.param(Settings(True), VOTING, ("voter_guid", *VOTER), id="both have voters: eight more"),
        pytest.param(Settings(True), EVERYTHING, ("voter_guid", *VOTER), id="what was not chosen does not travel"),
        pytest.param(Settings(True, (Group.UNIQUE_IDS,)), STRANGERS, UNIQUE_IDS, id="a group whole"),
        pytest.param(Settings(True, fields=("van_id",)), STRANGERS, ("van_id",), id="a field of a group"),
        pytest.param(
            Settings(True, (Group.NATION_SPECIFIC,)), STRANGERS, in_group(Group.NATION_SPECIFIC), id="all six at once"
        ),
        pytest.param(Settings(True, fields=("priority_level",)), STRANGERS, ("priority_level",), id="one of the six"),
        pytest.param(Settings(True, (Group.DISTRICTS,)), STRANGERS, (), id="districts stay without voters"),
        pytest.param(Settings(True, (Group.FACEBOOK_UID,)), STRANGERS, (), id="Facebook's id stays outside a network"),
        pytest.param(Settings(True, (Group.FACEBOOK_UID,)), NETWORK, ("facebook_uid",), id="and travels within one"),
        pytest.param(Settings(True, (Group.CUSTOM_FIELDS,)), NETWORK, (), id="HQ does not share its custom fields"),
        pytest.param(
            Settings(True, (Group.CUSTOM_FIELDS,)), SHARING, ("custom:shift", "custom:size"), id="custom fields whole"
        ),
        pytest.param(Settings(True, customs=("size",)), SHARING, ("custom:size",), id="a custom field by itself"),
        pytest.param(Settings(True, customs=("gone",)), SHARING, (), id="a custom field that one of them lacks"),
    ],
)
def test_the_thirty_travel_and_besides_what_was_chosen_and_may(settings, pairing, besides):
    fields = covered(settings, pairing)
    assert set(fields) == {*ALWAYS, *besides}
    assert len(fields) == len(set(fields))


@pytest.mark.parametrize("settings", [Settings(), Settings(False, (Group.UNIQUE_IDS, Group.EMAILS))])
def test_a_tag_alone_carries_no_field(settings):
    assert covered(settings, EVERYTHING) == ()


@pytest.mark.parametrize(
    ("settings", "pairing", "ids"),
    [
        pytest.param(Settings(True), STRANGERS, ("twitter_id", "twitter_login"), id="the social ids always"),
        pytest.param(
            Settings(True), VOTING, ("voter_guid", "twitter_id", "twitter_login"), id="the voter key first of all"
        ),
        pytest.param(
            Settings(True, (Group.UNIQUE_IDS,)), STRANGERS, ("twitter_id", "twitter_login", *UNIQUE_IDS), id="all twelve"
        ),
        pytest.param(
            Settings(True, fields=("van_id",)), STRANGERS, ("twitter_id", "twitter_login", "van_id"), id="one of twelve"
        ),
        pytest.param(
            Settings(False, fields=("meetup_id",)), STRANGERS, ("twitter_id", "twitter_login", "meetup_id"),
            id="a tag alone matches on what was chosen",
        ),
        pytest.param(
            Settings(True, (Group.FACEBOOK_UID,)), NETWORK, ("twitter_id", "twitter_login", "facebook_uid"),
            id="Facebook's id within a network",
        ),
        pytest.param(
            Settings(True, (Group.FACEBOOK_UID,)), STRANGERS, ("twitter_id", "twitter_login"), id="and not outside of one"
        ),
    ],
)  # fmt: skip
def test_ids_match_where_they_are_shared_and_the_twelve_only_where_chosen(settings, pairing, ids):
    assert matching_ids(settings, pairing) == ids


@pytest.mark.parametrize("syncs", [True, False])
def test_emails_match_only_where_they_are_chosen(syncs):
    assert matches_on_emails(Settings(syncs, (Group.EMAILS,)))
    assert matches_on_emails(Settings(syncs, fields=("emails",)))
    assert not matches_on_emails(Settings(syncs, (Group.UNIQUE_IDS,)))


def test_whatever_may_travel_may_be_asked_for_and_nothing_else():
    assert check(ALL_GROUPS, EVERYTHING, "south") == []
    assert [problem.path for problem in check(ALL_GROUPS, STRANGERS, "south")] == [("optionalGroups",)] * 3
    assert [problem.path for problem in check(ALL_GROUPS, VOTING, "south")] == [("optionalGroups",)] * 2
    assert [problem.path for problem in check(ALL_GROUPS, NETWORK, "south")] == [("optionalGroups",)] * 2
