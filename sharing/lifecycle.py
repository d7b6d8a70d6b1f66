"""The life of a share: one table of who may take it from which status to which."""

from dataclasses import dataclass
from enum import StrEnum

from sharing.errors import IllegalTransition


class ShareStatus(StrEnum):
    """Where a share stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    STOPPED = "STOPPED"


class Party(StrEnum):
    """The two sides of a share."""

    SENDER = "SENDER"
    RECEIVER = "RECEIVER"


class ShareAction(StrEnum):
    """What a party can do to a share that exists."""

    ACCEPT = "ACCEPT"
    REJECT = "REJECT"
    STOP = "STOP"
    UPDATE = "UPDATE"
    REQUEST = "REQUEST"
    SYNC = "SYNC"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: who may act, from which statuses, and where it leads (None: the status stays)."""

    by: frozenset[Party]
    sources: frozenset[ShareStatus]
    target: ShareStatus | None


_BOTH = frozenset({Party.SENDER, Party.RECEIVER})
_SENDER = frozenset({Party.SENDER})
_RECEIVER = frozenset({Party.RECEIVER})
_PENDING = frozenset({ShareStatus.PENDING})
_LIVE = frozenset({ShareStatus.PENDING, ShareStatus.APPROVED})
_OVER = frozenset({ShareStatus.STOPPED, ShareStatus.DENIED})

TRANSITIONS: dict[ShareAction, Transition] = {
    ShareAction.ACCEPT: Transition(_RECEIVER, _PENDING, ShareStatus.APPROVED),
    ShareAction.REJECT: Transition(_RECEIVER, _PENDING, ShareStatus.DENIED),
    ShareAction.STOP: Transition(_BOTH, _LIVE, ShareStatus.STOPPED),
    ShareAction.UPDATE: Transition(_SENDER, _OVER, None),
    ShareAction.REQUEST: Transition(_SENDER, _OVER, ShareStatus.PENDING),
    ShareAction.SYNC: Transition(_BOTH, frozenset({ShareStatus.APPROVED}), None),
}

# A stopped share, with its figures, is no longer shown to its receiver.
RECEIVER_SEES: frozenset[ShareStatus] = frozenset(ShareStatus) - {ShareStatus.STOPPED}

_WHAT_TO_DO = {
    ShareAction.ACCEPT: "only a pending share can be accepted",
    ShareAction.REJECT: "only a pending share can be rejected",
    ShareAction.STOP: "only a pending or approved share can be stopped",
    ShareAction.UPDATE: "stop the share before you change its settings",
    ShareAction.REQUEST: "only a stopped or denied share can be requested again",
    ShareAction.SYNC: "only an approved share syncs",
}


def next_status(status: ShareStatus, action: ShareAction, by: Party) -> ShareStatus:
    """The status that an action leads to.

    Raises:
        IllegalTransition: the share does not allow the action now, or not to this party; the message says what to do.
    """
    transition = TRANSITIONS[action]
    if by not in transition.by:
        side = "receiving" if Party.RECEIVER in transition.by else "sending"
        raise IllegalTransition(f"Only the {side} nation can do this to the share.", status=status.value)
    if status not in transition.sources:
        raise IllegalTransition(
            f"The share is {status.value.lower()}: {_WHAT_TO_DO[action]}.",
            status=status.value,
        )
    return transition.target or status


def allowed_actions(status: ShareStatus, by: Party) -> tuple[ShareAction, ...]:
    """What a party can do to a share in this status, so that a client need not copy the table."""
    return tuple(action for action, row in TRANSITIONS.items() if by in row.by and status in row.sources)
