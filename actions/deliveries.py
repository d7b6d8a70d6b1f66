"""Webhooks on their way: taken when they are due, and what came of each attempt."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from actions.unit import Unit
from models.queries import query
from sharing.events import Noun
from sharing.webhooks import FORMER_SIGNS, GONE, headers, pause_after, payload

LEASE = timedelta(seconds=60)  # who has not said by then what came of an attempt is dead
AT_ONCE_OF_A_NATION = 4
KEEP_DELIVERIES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """A webhook that is to be sent now.

    Attributes:
        id: the delivery, and what the receiver knows it by.
        automation_id: the automation that owes it.
        nation_id: its nation.
        url: where it goes; None where that was taken away.
        secrets: what signs it.
        body: what is sent.
    """

    id: UUID
    automation_id: UUID
    nation_id: int
    url: str | None
    secrets: tuple[str, ...]
    body: bytes

    def headers(self, moment: datetime) -> dict[str, str]:
        """What is sent above the body at a moment."""
        return headers(self.secrets, str(self.id), int(moment.timestamp()), self.body)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt.

    Attributes:
        status: the HTTP status of the answer; None where there was none.
        error: what went wrong; None where it was taken.
        is_last: whether there is no use in trying again.
    """

    status: int | None = None
    error: str | None = None
    is_last: bool = False


async def claim_deliveries(unit: Unit, room: int, busy: Collection[int]) -> list[Due]:
    """Take webhooks that are due, for a minute, by which time it has to be noted what came of them.

    Args:
        unit: a transaction of its own.
        room: how many at most.
        busy: nations of which enough are on their way.
    """
    rows = await unit.pg.fetch(query("claim_webhooks"), room, AT_ONCE_OF_A_NATION, list(busy), LEASE, FORMER_SIGNS)
    return [_due(row) for row in rows]


def _due(row: asyncpg.Record) -> Due:
    secrets = (row["secret"], row["former"]) if row["former"] else (row["secret"],)
    named = _named("Automation", row["automation_id"]), _named("Profile", row["profile_id"])
    body = payload(row["created_at"], row["slug"], *named, row["field"], row["from_value"], row["to_value"])
    return Due(row["id"], row["automation_id"], row["nation_id"], row["webhook_url"], secrets, body)


def _named(kind: str, row: UUID) -> str:
    """A thing by the global id that the API gives it."""
    return base64.b64encode(f"{kind}:{row}".encode()).decode()


async def note_attempt(unit: Unit, due: Due, attempt: Attempt) -> None:
    """Write down what came of an attempt. What was taken stays so, whatever another attempt came to."""
    if attempt.error is None:
        await unit.pg.execute(query("note_delivered"), due.id, attempt.status)
        return
    attempts = await unit.pg.fetchval(query("hold_delivery"), due.id)
    if attempts is None:
        return
    useless = attempt.is_last or attempt.status == GONE
    pause = None if useless else pause_after(attempts + 1)
    await unit.pg.execute(query("note_failed"), due.id, attempt.status, attempt.error, pause)
    if pause is None:
        unit.changed(due.nation_id, Noun.WEBHOOK_DELIVERY, [due.id])
