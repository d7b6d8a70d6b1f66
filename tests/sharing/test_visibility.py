"""Who may do what: the table, cell by cell."""

import pytest

from sharing.errors import Forbidden
from sharing.visibility import BY_NETWORK_ROLE, Caller, Deed, NetworkRole, Plan, Role, manages, presides, require

NATION, NETWORK = 7, 3

# By deed: what a member may; what a leader plan includes; what a manager of a network may in all of it. An admin may
# everything, and every other plan includes everything.
TABLE = {
    Deed.READ: (True, True, False),
    Deed.EDIT_PROFILES: (True, True, False),
    Deed.EDIT_TAGS: (True, True, False),
    Deed.EDIT_GROUPS: (True, True, False),
    Deed.EDIT_SEGMENTS: (True, True, False),
    Deed.IMPORT: (True, True, False),
    Deed.REVIEW_CONFLICTS: (True, True, False),
    Deed.RESOLVE_MATCHES: (False, True, False),
    Deed.CREATE_SHARE: (False, False, False),
    Deed.DECIDE_SHARE: (False, True, False),
    Deed.STOP_SHARE: (False, True, False),
    Deed.SYNC_SHARE: (False, True, False),
    Deed.SET_LIMITS: (False, True, False),
    Deed.RESUME_RUN: (False, True, False),
    Deed.CANCEL_RUN: (False, True, False),
    Deed.EDIT_CUSTOM_FIELDS: (False, True, False),
    Deed.EDIT_AUTOMATIONS: (False, True, False),
    Deed.SHARE_CUSTOM_FIELDS: (False, True, True),
    Deed.EDIT_NATION: (False, True, False),
    Deed.LEAVE_NETWORK: (False, True, False),
    Deed.NAME_MANAGERS: (False, True, True),
    Deed.ENABLE_AUDIENCES: (False, True, True),
    Deed.SHARE_AUDIENCE: (False, False, False),
}


def is_allowed(caller: Caller, plan: Plan, deed: Deed) -> bool:
    try:
        require(caller, NATION, plan, deed)
    except Forbidden:
        return False
    return True


def test_every_deed_is_in_the_table():
    assert TABLE.keys() >= set(Deed)


@pytest.mark.parametrize("deed", TABLE)
@pytest.mark.parametrize("plan", Plan)
def test_who_may_do_what(deed: Deed, plan: Plan):
    member, leader, _ = TABLE[deed]
    included = leader or plan is not Plan.LEADER
    assert is_allowed(Caller(roles={NATION: Role.ADMIN}), plan, deed) is included
    assert is_allowed(Caller(roles={NATION: Role.MEMBER}), plan, deed) is (member and included)
    for stranger in (Caller(), Caller(roles={NATION + 1: Role.ADMIN}), Caller(networks=frozenset({NATION, NETWORK}))):
        assert not is_allowed(stranger, plan, deed)


@pytest.mark.parametrize("deed", TABLE)
def test_what_a_manager_may_do_in_a_network(deed: Deed):
    assert manages(Caller(networks=frozenset({NETWORK})), NETWORK, deed) is TABLE[deed][2]
    assert not manages(Caller(networks=frozenset({NETWORK + 1}), roles={NETWORK: Role.ADMIN}), NETWORK, deed)


@pytest.mark.parametrize("deed", TABLE)
def test_who_may_do_a_deed_for_a_whole_network(deed: Deed):
    """Its managers, and whoever may do it in its HQ."""
    member, _, manager = TABLE[deed]
    for caller, allowed in (
        (Caller(networks=frozenset({NETWORK})), manager),
        (Caller(networks=frozenset({NETWORK + 1})), False),
        (Caller(roles={NATION: Role.ADMIN}), True),
        (Caller(roles={NATION: Role.MEMBER}), member),
        (Caller(roles={NATION + 1: Role.ADMIN}), False),
        (Caller(), False),
    ):
        assert presides(caller, NETWORK, NATION, deed) is allowed
        assert presides(caller, NETWORK, None, deed) is (allowed and NETWORK in caller.networks)


def test_every_role_in_a_network_has_its_row():
    assert BY_NETWORK_ROLE.keys() == set(NetworkRole)


@pytest.mark.parametrize("deed", TABLE)
def test_a_refusal_says_what_and_why(deed: Deed):
    with pytest.raises(Forbidden, match=r"Your role does not let you .+: ask an admin"):
        require(Caller(), NATION, Plan.NETWORK, deed)


def test_a_plan_that_refuses_is_named():
    with pytest.raises(Forbidden, match="The Leader plan does not let a nation share tags"):
        require(Caller(roles={NATION: Role.ADMIN}), NATION, Plan.LEADER, Deed.CREATE_SHARE)
