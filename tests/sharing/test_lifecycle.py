"""The life of a share: the table of section 4 of the rules, cell by cell."""

import pytest

from sharing.errors import IllegalTransition
from sharing.lifecycle import RECEIVER_SEES, Party, ShareAction, ShareStatus, allowed_actions, next_status

PENDING, APPROVED, DENIED, STOPPED = ShareStatus.PENDING, ShareStatus.APPROVED, ShareStatus.DENIED, ShareStatus.STOPPED
SENDER, RECEIVER = Party.SENDER, Party.RECEIVER

# Where an action leads, by who does it and in which status the share is; everything else is refused.
TABLE = {
    (ShareAction.ACCEPT, RECEIVER, PENDING): APPROVED,
    (ShareAction.REJECT, RECEIVER, PENDING): DENIED,
    (ShareAction.STOP, SENDER, PENDING): STOPPED,
    (ShareAction.STOP, RECEIVER, PENDING): STOPPED,
    (ShareAction.STOP, SENDER, APPROVED): STOPPED,
    (ShareAction.STOP, RECEIVER, APPROVED): STOPPED,
    (ShareAction.UPDATE, SENDER, STOPPED): STOPPED,
    (ShareAction.UPDATE, SENDER, DENIED): DENIED,
    (ShareAction.REQUEST, SENDER, STOPPED): PENDING,
    (ShareAction.REQUEST, SENDER, DENIED): PENDING,
    (ShareAction.SYNC, SENDER, APPROVED): APPROVED,
    (ShareAction.SYNC, RECEIVER, APPROVED): APPROVED,
}


@pytest.mark.parametrize("status", ShareStatus)
@pytest.mark.parametrize("party", Party)
@pytest.mark.parametrize("action", ShareAction)
def test_an_action_leads_where_the_table_says_and_everything_else_is_refused(action, party, status):
    target = TABLE.get((action, party, status))
    assert (action in allowed_actions(status, party)) == (target is not None)
    if target is not None:
        assert next_status(status, action, party) is target
        return
    with pytest.raises(IllegalTransition) as refusal:
        next_status(status, action, party)
    assert refusal.value.status == status.value
    assert refusal.value.message.endswith(".")


def test_a_share_is_approved_pending_denied_or_stopped():
    assert {status.value for status in ShareStatus} == {"APPROVED", "PENDING", "DENIED", "STOPPED"}


def test_a_stopped_share_shows_no_more_at_the_receiver_and_a_denied_one_does():
    assert {PENDING, APPROVED, DENIED} == RECEIVER_SEES
